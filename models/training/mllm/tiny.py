"""python -m mllm.tiny --out FOLDER [--recipe RECIPE.json]: a random model of half a million weights as a base to train, with a recipe's parts.

Random models and a tokenizer made on the spot: what tests train, save, serve and compare (a few thousand weights), and `npm run train:tiny`.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from tokenizers import decoders as token_decoders
from transformers import CLIPImageProcessor, CLIPVisionConfig, LlamaConfig, LlavaProcessor, PreTrainedTokenizerFast

from .face_llava import FaceLlava, FaceLlavaConfig
from .parts import FaceParts
from .recipes import load

IMAGE = "<image>"
CHAT = (
    "{% for message in messages %}{{ message['role'] + ': ' }}"
    "{% for part in message['content'] %}{{ '<image>\\n' if part['type'] == 'image' else part['text'] }}{% endfor %}"
    "{{ '</s>' if message['role'] == 'assistant' else '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)


@dataclass(frozen=True)
class Size:
    """Sides of pictures and patches in pixels, widths, layers of the language model, and the longest text in tokens (bytes)."""

    side: int
    patch: int
    vision: int
    text: int
    layers: int
    length: int


TEST = Size(side=28, patch=7, vision=32, text=64, layers=2, length=1024)
TRIED = Size(side=56, patch=7, vision=64, text=128, layers=3, length=4096)
SIDE = TEST.side


def tokenizer() -> PreTrainedTokenizerFast:
    """Bytes as tokens: nothing is unknown to it."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<pad>", "<s>", "</s>", IMAGE]
    made = Tokenizer(models.BPE(vocab={token: index for index, token in enumerate([*special, *letters])}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = token_decoders.ByteLevel()
    found = PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<pad>", bos_token="<s>", eos_token="</s>")
    found.add_special_tokens({"additional_special_tokens": [IMAGE]})
    return found


def processor(parts: FaceParts, size: Size = TEST) -> LlavaProcessor:
    pictures = CLIPImageProcessor(size={"shortest_edge": size.side}, crop_size={"height": size.side, "width": size.side})
    return LlavaProcessor(
        pictures, tokenizer(), patch_size=size.patch, vision_feature_select_strategy="default", chat_template=CHAT, num_additional_image_tokens=1 + parts.tokens
    )


def model(parts: FaceParts, seed: int = 1, size: Size = TEST) -> FaceLlava:
    torch.manual_seed(seed)
    words = tokenizer()
    vision = CLIPVisionConfig(
        hidden_size=size.vision,
        intermediate_size=2 * size.vision,
        num_hidden_layers=6,
        num_attention_heads=4,
        image_size=size.side,
        patch_size=size.patch,
        projection_dim=size.vision,
    )
    text = LlamaConfig(
        vocab_size=len(words),
        hidden_size=size.text,
        intermediate_size=3 * size.text // 2,
        num_hidden_layers=size.layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=size.length,
        initializer_range=0.15,  # wide enough that a frozen head can be sure of something
        pad_token_id=words.pad_token_id,
        bos_token_id=words.bos_token_id,
        eos_token_id=words.eos_token_id,
    )
    image = words.convert_tokens_to_ids(IMAGE)
    config = FaceLlavaConfig(vision_config=vision, text_config=text, image_token_index=image, face_parts=parts.to_dict())
    return FaceLlava(config)


def save(folder: Path, parts: FaceParts, seed: int = 1, size: Size = TEST) -> None:
    """A model and its processor as a folder that everything here takes for a downloaded one."""
    model(parts, seed, size).save_pretrained(folder)
    processor(parts, size).save_pretrained(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--recipe", required=True, help="whose parts it has: a name of recipes.json, or a file of the same form")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    save(options.out, load(options.recipe).parts, options.seed, TRIED)
    weights = sum(p.numel() for p in FaceLlava.from_pretrained(options.out).parameters())
    print(f"{options.out}: {weights:,} random weights")


if __name__ == "__main__":
    main()
