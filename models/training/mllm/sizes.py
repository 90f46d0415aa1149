"""python -m mllm.sizes [RECIPE ...]: weights of the full-size models without loading any, and how many of them a recipe trains.

Bases: LLaVA-1.5-7B (CLIP ViT-L/14 at 336 px, two linear layers, a Llama of 32 layers of 4,096) and Qwen2.5-VL-7B.
"""

import argparse
import json
from dataclasses import dataclass

import torch
from torch import nn
from transformers import CLIPVisionConfig, LlamaConfig

from .bases import FaceModel
from .face_llava import FaceLlava, FaceLlavaConfig
from .face_qwen import FaceQwen, FaceQwenConfig
from .low_rank import tuned
from .recipes import RECIPES, Recipe, load


# The published configuration of Qwen2.5-VL-7B-Instruct.
QWEN_VISION = {"depth": 32, "hidden_size": 1280, "intermediate_size": 3420, "num_heads": 16, "out_hidden_size": 3584}
QWEN_TEXT = {
    "vocab_size": 152064,
    "hidden_size": 3584,
    "intermediate_size": 18944,
    "num_hidden_layers": 28,
    "num_attention_heads": 28,
    "num_key_value_heads": 4,
    "max_position_embeddings": 128000,
    "rope_parameters": {"rope_type": "default", "rope_theta": 1e6, "mrope_section": [16, 24, 24]},
}


def full_size(recipe: Recipe) -> FaceModel:
    """The model of a recipe at its full size; on the meta device it takes no memory."""
    if recipe.base == "qwen":
        return FaceQwen(FaceQwenConfig(vision_config=QWEN_VISION, text_config=QWEN_TEXT, face_parts=recipe.parts.to_dict()))
    vision = CLIPVisionConfig(
        hidden_size=1024, intermediate_size=4096, num_hidden_layers=24, num_attention_heads=16, image_size=336, patch_size=14, projection_dim=768
    )
    text = LlamaConfig(
        vocab_size=32064,
        hidden_size=4096,
        intermediate_size=11008,
        num_hidden_layers=32,
        num_attention_heads=32,
        num_key_value_heads=32,
        max_position_embeddings=4096,
    )
    return FaceLlava(FaceLlavaConfig(vision_config=vision, text_config=text, image_token_index=32000, face_parts=recipe.parts.to_dict()))


@dataclass(frozen=True)
class Sizes:
    """Numbers of weights. `trained` counts what a step changes; shares are of `total`, the low-rank changes among it."""

    total: int
    tower: int
    language: int
    projector: int
    parts: int
    low_rank: int
    trained: int

    @property
    def share(self) -> float:
        return self.trained / self.total


def count(module: nn.Module | None, trained: bool = False) -> int:
    return 0 if module is None else sum(p.numel() for p in module.parameters() if p.requires_grad or not trained)


def sizes_of(recipe: Recipe) -> Sizes:
    """Counted on the meta device: a model of any size needs no memory."""
    with torch.device("meta"):
        model = full_size(recipe)
        inner = model.model
        plain = {"tower": inner.tower, "language": inner.language_model, "projector": inner.projector, "parts": inner.face_tokens}
        numbers = {name: count(module) for name, module in plain.items()}
        if recipe.base == "qwen":  # whose projector is the tower's last part
            numbers["tower"] -= numbers["projector"]
        numbers["language"] += count(model.lm_head)
        base = sum(numbers.values())
        changed = tuned(model, recipe, low_memory=True)
    low_rank = sum(p.numel() for name, p in changed.named_parameters() if "lora_" in name)
    return Sizes(base + low_rank, **numbers, low_rank=low_rank, trained=count(changed, trained=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipes", nargs="*", help="names of recipes.json; all without any")
    for name in parser.parse_args().recipes or json.loads(RECIPES.read_text()):
        s = sizes_of(load(name))
        millions = {k: round(getattr(s, k) / 1e6, 1) for k in ("total", "tower", "language", "projector", "parts", "low_rank", "trained")}
        print(f"{name:18} {'  '.join(f'{k} {v} M' for k, v in millions.items())}  ({100 * s.share:.1f} % trained)")


if __name__ == "__main__":
    main()
