"""Makes a tiny LLaVA with random weights: the real protocol, batching and generate loop without a real model.

Writes a folder that Hugging Face transformers loads (config, safetensors, byte-level tokenizer, chat template, image
processor) and, with --onnx, the three graphs that @huggingface/transformers loads in Node: onnx/vision_encoder,
onnx/embed_tokens and onnx/decoder_model_merged. Its words are noise. Needs torch, transformers, pillow; --onnx needs onnx
and onnxruntime, by which the exported graphs are compared with the PyTorch model.

    python make_tiny_vlm.py --out /tmp/tiny-vlm --onnx
"""

import argparse
import json
import pathlib

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    CLIPImageProcessor,
    CLIPVisionConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
    PreTrainedTokenizerFast,
)

IMAGE_PX = 56
PATCH_PX = 14
SPECIAL = ["<pad>", "<s>", "</s>", "<image>"]
TEMPLATE = (
    "{{ '<s>' }}{% for message in messages %}{{ message['role'] + ': ' }}"
    "{% if message['content'] is string %}{{ message['content'] }}{% else %}"
    "{% for part in message['content'] %}{% if part['type'] == 'text' %}{{ part['text'] }}"
    "{% else %}{{ '<image>\n' }}{% endif %}{% endfor %}{% endif %}"
    "{% if not loop.last or add_generation_prompt %}{{ '\n' }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}"
)


def byte_tokenizer() -> PreTrainedTokenizerFast:
    """One token per byte: knows every text, and letters are single tokens."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: index for index, token in enumerate(SPECIAL + alphabet)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        extra_special_tokens={"image_token": "<image>"},
        padding_side="left",
        model_max_length=4096,
    )


# All features are used, that of the class token too ("full"): there both libraries count as many image tokens.
def make_model(hidden: int, layers: int, vocabulary: int) -> LlavaForConditionalGeneration:
    vision = CLIPVisionConfig(
        hidden_size=hidden,
        intermediate_size=hidden * 2,
        num_hidden_layers=2,
        num_attention_heads=4,
        image_size=IMAGE_PX,
        patch_size=PATCH_PX,
        projection_dim=hidden,
    )
    text = LlamaConfig(
        hidden_size=hidden,
        intermediate_size=hidden * 2,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=hidden // 4,
        vocab_size=vocabulary,
        max_position_embeddings=4096,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
    )
    config = LlavaConfig(
        vision_config=vision,
        text_config=text,
        image_token_index=SPECIAL.index("<image>"),
        vision_feature_layer=-2,
        vision_feature_select_strategy="full",
        image_seq_length=(IMAGE_PX // PATCH_PX) ** 2 + 1,
    )
    config.pad_token_id, config.bos_token_id, config.eos_token_id = 0, 1, 2
    return LlavaForConditionalGeneration(config).eval()


class Vision(torch.nn.Module):
    def __init__(self, model: LlavaForConditionalGeneration):
        super().__init__()
        self.tower, self.projector = model.model.vision_tower, model.model.multi_modal_projector

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        states = self.tower(pixel_values, output_hidden_states=True).hidden_states[-2]
        return self.projector(states)


class Decoder(torch.nn.Module):
    """Llama with its key and value cache as plain inputs and outputs, on the weights of a transformers model."""

    def __init__(self, model: LlavaForConditionalGeneration):
        super().__init__()
        self.text, self.head = model.model.language_model, model.lm_head
        self.config = model.config.text_config

    def forward(self, inputs_embeds, attention_mask, position_ids, *past):
        config = self.config
        groups = config.num_attention_heads // config.num_key_value_heads
        rope = getattr(config, "rope_parameters", None) or {}
        theta = rope.get("rope_theta", getattr(config, "rope_theta", 10000.0))
        frequency = theta ** (-torch.arange(0, config.head_dim, 2, dtype=torch.float32) / config.head_dim)
        angle = position_ids[:, :, None].float() * frequency
        cos, sin = (torch.cat([f(angle)] * 2, -1)[:, None] for f in (torch.cos, torch.sin))

        def rotate(x):
            a, b = x.chunk(2, -1)
            return x * cos + torch.cat([-b, a], -1) * sin

        length, total = inputs_embeds.shape[1], attention_mask.shape[1]
        column = torch.arange(total)[None, :]
        row = torch.arange(length)[:, None] + (total - length)
        visible = (column <= row)[None, None] & (attention_mask[:, None, None, :] > 0)
        bias = torch.where(visible, 0.0, -1e9)
        states, present = inputs_embeds, []
        for index, layer in enumerate(self.text.layers):
            x = layer.input_layernorm(states)
            attention = layer.self_attn
            split = lambda y: y.reshape(y.shape[0], y.shape[1], -1, config.head_dim).transpose(1, 2)
            query, key = rotate(split(attention.q_proj(x))), rotate(split(attention.k_proj(x)))
            key = torch.cat([past[2 * index], key], 2)
            value = torch.cat([past[2 * index + 1], split(attention.v_proj(x))], 2)
            present += [key, value]
            keys, values = key.repeat_interleave(groups, 1), value.repeat_interleave(groups, 1)
            scores = query @ keys.transpose(-1, -2) / config.head_dim**0.5 + bias
            mixed = (scores.softmax(-1) @ values).transpose(1, 2)
            states = states + attention.o_proj(mixed.reshape(x.shape[0], x.shape[1], -1))
            states = states + layer.mlp(layer.post_attention_layernorm(states))
        return (self.head(self.text.norm(states)), *present)


def export_onnx(model: LlavaForConditionalGeneration, folder: pathlib.Path) -> float:
    """Exports the three graphs; returns the largest difference of their logits from PyTorch's."""
    import numpy
    import onnxruntime

    folder.mkdir(parents=True, exist_ok=True)
    text = model.config.text_config
    names = [f"{index}.{kind}" for index in range(text.num_hidden_layers) for kind in ("key", "value")]
    cache = lambda batch, size: torch.randn(batch, text.num_key_value_heads, size, text.head_dim)
    pixels = torch.randn(2, 3, IMAGE_PX, IMAGE_PX)

    def export(module, arguments, name, inputs, outputs, axes):
        torch.onnx.export(
            module, arguments, str(folder / f"{name}.onnx"),
            input_names=inputs, output_names=outputs, dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip

    export(Vision(model), (pixels,), "vision_encoder", ["pixel_values"], ["image_features"],
           {"pixel_values": {0: "images"}, "image_features": {0: "images"}})  # fmt: skip
    ids = torch.randint(4, 200, (2, 7))
    export(model.get_input_embeddings(), (ids,), "embed_tokens", ["input_ids"], ["inputs_embeds"],
           {"input_ids": {0: "batch", 1: "length"}, "inputs_embeds": {0: "batch", 1: "length"}})  # fmt: skip
    embeds = torch.randn(2, 5, text.hidden_size)
    past = [cache(2, 3) for _ in names]
    arguments = (embeds, torch.ones(2, 8, dtype=torch.int64), torch.arange(3, 8).repeat(2, 1), *past)
    axes = {
        "inputs_embeds": {0: "batch", 1: "length"},
        "attention_mask": {0: "batch", 1: "total"},
        "position_ids": {0: "batch", 1: "length"},
        "logits": {0: "batch", 1: "length"},
        **{f"past_key_values.{name}": {0: "batch", 2: "past"} for name in names},
        **{f"present.{name}": {0: "batch", 2: "total"} for name in names},
    }
    inputs = ["inputs_embeds", "attention_mask", "position_ids", *(f"past_key_values.{name}" for name in names)]
    export(Decoder(model), arguments, "decoder_model_merged", inputs, ["logits", *(f"present.{name}" for name in names)], axes)

    prompt = [1, *range(20, 30), *[SPECIAL.index("<image>")] * model.config.image_seq_length, *range(40, 60)]
    ids = torch.tensor([prompt, prompt[::-1]])
    with torch.no_grad():
        expected = model(input_ids=ids, pixel_values=pixels, attention_mask=torch.ones_like(ids)).logits.numpy()
    run = lambda name, feed: onnxruntime.InferenceSession(str(folder / f"{name}.onnx")).run(None, feed)[0]
    merged = run("embed_tokens", {"input_ids": ids.numpy()})
    merged[ids.numpy() == SPECIAL.index("<image>")] = run("vision_encoder", {"pixel_values": pixels.numpy()}).reshape(-1, text.hidden_size)
    feed = {
        "inputs_embeds": merged,
        "attention_mask": numpy.ones(ids.shape, dtype=numpy.int64),
        "position_ids": numpy.tile(numpy.arange(ids.shape[1], dtype=numpy.int64), (2, 1)),
        **{f"past_key_values.{name}": cache(2, 0).numpy() for name in names},
    }
    return float(numpy.abs(run("decoder_model_merged", feed) - expected).max())


def add_settings(path: pathlib.Path, **more: str) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **more}, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder to write")
    parser.add_argument("--hidden", type=int, default=64, help="width of both transformers; raise it to make it slower")
    parser.add_argument("--layers", type=int, default=2, help="layers of the language model")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--onnx", action="store_true", help="also write the graphs for @huggingface/transformers")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    tokenizer = byte_tokenizer()
    model = make_model(options.hidden, options.layers, len(tokenizer))
    image_processor = CLIPImageProcessor(
        size={"shortest_edge": IMAGE_PX}, crop_size={"height": IMAGE_PX, "width": IMAGE_PX}
    )
    processor = LlavaProcessor(
        image_processor=image_processor,
        tokenizer=tokenizer,
        patch_size=PATCH_PX,
        vision_feature_select_strategy="full",
        chat_template=TEMPLATE,
        num_additional_image_tokens=1,
    )
    model.save_pretrained(options.out)
    processor.save_pretrained(options.out)
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(options.out)
    image_processor.save_pretrained(options.out)
    # @huggingface/transformers looks for the kind of processor and for the chat template in these two files.
    add_settings(options.out / "preprocessor_config.json", processor_class="LlavaProcessor")
    add_settings(options.out / "tokenizer_config.json", chat_template=TEMPLATE)
    print(f"{options.out}: {sum(p.numel() for p in model.parameters())} parameters")
    if options.onnx:
        difference = export_onnx(model, options.out / "onnx")
        print(f"{options.out / 'onnx'}: largest difference of logits from PyTorch {difference:.2e}")
        if difference > 1e-3:
            raise SystemExit("the exported graphs do not compute what the model does")


if __name__ == "__main__":
    main()
