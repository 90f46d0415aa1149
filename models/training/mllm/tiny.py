"""python -m mllm.tiny --out FOLDER --recipe RECIPE.json --text train.json: a random model of a million weights as a base to train, with a recipe's parts.

Random models and a tokenizer made on the spot: what tests train, save, serve and compare (a few thousand weights), and `npm run train:tiny`.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from tokenizers import decoders as token_decoders
from transformers import CLIPImageProcessor, CLIPVisionConfig, LlamaConfig, LlavaProcessor, PreTrainedTokenizerFast, ProcessorMixin
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

from .bases import FaceModel
from .face_llava import FaceLlava, FaceLlavaConfig
from .face_qwen import FaceQwen, FaceQwenConfig, FaceQwenProcessor
from .face_qwen import IMAGE as QWEN_IMAGE
from .parts import FaceParts
from .recipes import load

IMAGE = "<image>"
QWEN_MARKS = ["<|vision_start|>", "<|vision_end|>"]
CHAT = (
    "{% for message in messages %}{{ message['role'] + ':\\n' }}"
    "{% for part in message['content'] %}{{ 'PICTURE\\n' if part['type'] == 'image' else part['text'] }}{% endfor %}"
    "{{ '</s>' if message['role'] == 'assistant' else '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'assistant:\\n' }}{% endif %}"
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
MERGE = 2  # cells a side that Qwen2.5-VL makes one token of
HEADS = 4
WORDS = 1024


def tokenizer(texts: Sequence[str] = ()) -> PreTrainedTokenizerFast:
    """Bytes as tokens, so that nothing is unknown to it; and what is frequent in the texts, up to whole words."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<pad>", "<s>", "</s>", IMAGE, QWEN_IMAGE, *QWEN_MARKS]
    made = Tokenizer(models.BPE(vocab={token: index for index, token in enumerate([*special, *letters])}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = token_decoders.ByteLevel()
    if texts:
        made.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=WORDS, special_tokens=special, initial_alphabet=letters, show_progress=False))
    found = PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<pad>", bos_token="<s>", eos_token="</s>")
    found.add_special_tokens({"additional_special_tokens": [IMAGE, QWEN_IMAGE, *QWEN_MARKS]})
    return found


def processor(parts: FaceParts, size: Size = TEST, base: str = "llava", words: PreTrainedTokenizerFast | None = None) -> ProcessorMixin:
    words = words or tokenizer()
    if base == "qwen":
        one = {"min_pixels": size.side**2, "max_pixels": size.side**2}
        pictures = Qwen2VLImageProcessorPil(patch_size=size.patch, merge_size=MERGE, **one)
        chat = CHAT.replace("PICTURE", QWEN_IMAGE.join(QWEN_MARKS))
        return FaceQwenProcessor(pictures, words, chat_template=chat, extra_tokens=parts.tokens)
    pictures = CLIPImageProcessor(size={"shortest_edge": size.side}, crop_size={"height": size.side, "width": size.side})
    return LlavaProcessor(
        pictures,
        words,
        patch_size=size.patch,
        vision_feature_select_strategy="default",
        chat_template=CHAT.replace("PICTURE", IMAGE),
        num_additional_image_tokens=1 + parts.tokens,
    )


def model(parts: FaceParts, seed: int = 1, size: Size = TEST, base: str = "llava", words: PreTrainedTokenizerFast | None = None) -> FaceModel:
    torch.manual_seed(seed)
    return (_qwen if base == "qwen" else _llava)(parts, size, words or tokenizer())


def _text(size: Size, words: PreTrainedTokenizerFast) -> dict:
    return {
        "vocab_size": len(words),
        "hidden_size": size.text,
        "intermediate_size": 3 * size.text // 2,
        "num_hidden_layers": size.layers,
        "num_attention_heads": HEADS,
        "num_key_value_heads": HEADS // 2,
        "max_position_embeddings": size.length,
        "initializer_range": 0.15,  # wide enough that a frozen head can be sure of something
        "pad_token_id": words.pad_token_id,
        "bos_token_id": words.bos_token_id,
        "eos_token_id": words.eos_token_id,
    }


def _llava(parts: FaceParts, size: Size, words: PreTrainedTokenizerFast) -> FaceLlava:
    vision = CLIPVisionConfig(
        hidden_size=size.vision,
        intermediate_size=2 * size.vision,
        num_hidden_layers=6,
        num_attention_heads=HEADS,
        image_size=size.side,
        patch_size=size.patch,
        projection_dim=size.vision,
    )
    image = words.convert_tokens_to_ids(IMAGE)
    text = LlamaConfig(**_text(size, words))
    return FaceLlava(FaceLlavaConfig(vision_config=vision, text_config=text, image_token_index=image, face_parts=parts.to_dict()))


def _qwen(parts: FaceParts, size: Size, words: PreTrainedTokenizerFast) -> FaceQwen:
    vision = {
        "depth": 6,
        "hidden_size": size.vision,
        "intermediate_size": 2 * size.vision,
        "num_heads": HEADS,
        "patch_size": size.patch,
        "spatial_merge_size": MERGE,
        "window_size": MERGE * size.patch,  # so that a picture has several windows
        "out_hidden_size": size.text,
        "fullatt_block_indexes": [1, 3, 5],
    }
    half = size.text // HEADS // 2  # of a head's width: times, rows and columns share it
    rope = {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [half - 2 * (3 * half // 8), 3 * half // 8, 3 * half // 8]}
    special = {"image_token_id": QWEN_IMAGE, "vision_start_token_id": QWEN_MARKS[0], "vision_end_token_id": QWEN_MARKS[1]}
    ids = {name: words.convert_tokens_to_ids(token) for name, token in special.items()}
    text = _text(size, words) | {"rope_parameters": rope}
    return FaceQwen(FaceQwenConfig(vision_config=vision, text_config=text, face_parts=parts.to_dict(), **ids))


def save(folder: Path, parts: FaceParts, seed: int = 1, size: Size = TEST, base: str = "llava", words: PreTrainedTokenizerFast | None = None) -> int:
    """A model and its processor as a folder that everything here takes for a downloaded one; returns how many weights it has."""
    made = model(parts, seed, size, base, words)
    made.save_pretrained(folder)
    processor(parts, size, base, words).save_pretrained(folder)
    return sum(weights.numel() for weights in made.parameters())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--recipe", required=True, help="whose parts it has: a name of recipes.json, or a file of the same form")
    parser.add_argument("--text", type=Path, required=True, help="instructions in the LLaVA form, whose words become tokens")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    recipe = load(options.recipe)
    texts = [turn["value"] for item in json.loads(options.text.read_text()) for turn in item["conversations"]]
    words = tokenizer(texts)
    weights = save(options.out, recipe.parts, options.seed, TRIED, recipe.base, words)
    print(f"{options.out}: {weights:,} random weights, {len(words)} tokens")


if __name__ == "__main__":
    main()
