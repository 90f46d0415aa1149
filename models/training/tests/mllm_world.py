"""What the tests of the trainers share: a recipe, pictures whose shade decides the answer, and a batch of them."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

pytest.importorskip("peft", reason="needs requirements-mllm.txt")
from PIL import Image

from mllm import bases, items, recipes, tiny
from mllm.parts import FaceParts

BASES = ("llava", "qwen")
ALL = FaceParts(prior="after", prior_size=6, clues=2, window=16, views=(1, 2, 3, 4), heads=4)
RECIPE = recipes.Recipe(parts=ALL, rank=4, alpha=8, dropout=0.0, rate=1e-2, projector_rate=1e-2, batch=4, total_batch=4, epochs=1)

torch.set_num_threads(1)


def data(folder: Path, count: int = 8) -> list[items.Item]:
    """Pictures whose shade decides the answer."""
    listed = []
    for index in range(count):
        shade = 40 if index % 2 else 200
        Image.fromarray(np.full((40, 40, 3), shade, np.uint8)).save(folder / f"{index}.png")
        turns = [{"from": "human", "value": "<image>\nWhich?"}, {"from": "gpt", "value": "dark" if index % 2 else "light"}]
        listed.append({"id": f"face-{index}", "image": f"{index}.png", "conversations": turns, "landmark": [index % 2] * 6})
    (folder / "data.json").write_text(json.dumps(listed))
    return items.read(folder / "data.json", folder)


def batch_of(found: list[items.Item], parts: FaceParts, base: str = "llava") -> dict[str, torch.Tensor]:
    return items.Collator(tiny.processor(parts, base=base), parts.prior_size if parts.prior != "none" else 0)(found)


def based(folder: Path, parts: FaceParts, base: str) -> bases.FaceModel:
    """A tiny base, saved once to `folder` and read from there."""
    if not folder.is_dir():
        tiny.save(folder, parts, base=base)
    return bases.base_model(str(folder), parts)
