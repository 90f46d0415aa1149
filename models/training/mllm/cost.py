"""python -m mllm.cost [RECIPE ...]: hours and memory of the papers' runs, computed. Nothing here was measured.

Arithmetic of a token: 2 operations a weight forwards; backwards 2 for what comes through a frozen weight, and with checkpointing forwards once more:
6 a weight (the tower is frozen: 2). A GPU does SHARE of what its maker states. Memory: weights, what is trained (32 bits, gradient and two moments: 16
bytes a weight), the inputs of each layer, one layer's inside, and the logits of a batch (10 bytes each).
"""

import argparse
import json
from dataclasses import dataclass

from .recipes import RECIPES, Recipe, load
from .sizes import Sizes, sizes_of

SHARE = 0.35
BYTES_OF_FOUR_BITS = 0.55
GIB = 2**30


@dataclass(frozen=True)
class Gpu:
    """Operations a second in bfloat16 (dense, as its maker states) and GiB of memory."""

    name: str
    operations: float
    memory: float


GPUS = (Gpu("H100 80 GB", 989e12, 80), Gpu("A100 80 GB", 312e12, 80), Gpu("RTX 4090 24 GB", 165e12, 24))


@dataclass(frozen=True)
class Load:
    """How many questions a run learns from, and their tokens: of the picture, and of question and answer. `known` says where the numbers are from."""

    items: int
    picture: int
    words: int
    known: str


LOADS = {
    "emola-emotion": Load(19_474, 577, 40 + 68, "the paper's count and mean of 50 words"),
    "emola-au": Load(15_838, 577, 40 + 280, "the paper's count and mean of 207 words"),
    "feallm-align": Load(558_000, 577, 30 + 30, "LCS-558K; lengths assumed"),
    "feallm-tune": Load(3 * 14_892, 577, 40 + 140, "the paper's count, three texts a face; lengths assumed"),
    "compound-basic": Load(12_271, 576, 120, "RAF-DB's training part; lengths assumed"),
    "compound-compound": Load(3_162, 576, 150, "RAF-DB's compound training part; lengths assumed"),
    "unifer-cold": Load(230_000, 64, 150 + 200, "the paper's count, pictures of 224 pixels; lengths assumed"),
}
SHAPES = {"llava": (32, 4096, 11008, 32064), "qwen": (28, 3584, 18944, 152064)}
"""Layers, width, width inside, vocabulary."""


def hours(recipe: Recipe, load_: Load, sizes: Sizes, gpu: Gpu) -> float:
    tokens = load_.picture + load_.words
    cells = load_.picture * (4 if recipe.base == "qwen" else 1)  # Qwen2.5-VL's tower sees four cells for each token
    of_item = 6 * tokens * (sizes.language + sizes.low_rank) + 2 * cells * sizes.tower
    return recipe.epochs * load_.items * of_item / (SHARE * gpu.operations) / 3600


def memory(recipe: Recipe, load_: Load, sizes: Sizes, batch: int, four_bits: bool) -> float:
    """GiB at the most."""
    layers, width, inside, words = SHAPES[recipe.base]
    tokens = batch * (load_.picture + load_.words)
    head = 2 * words * width  # embedding and head stay in 16 bits
    language = BYTES_OF_FOUR_BITS * (sizes.language - head) + 2 * head if four_bits else 2 * sizes.language
    weights = language + 2 * (sizes.tower + sizes.projector + sizes.parts) + 16 * sizes.trained
    work = tokens * (2 * layers * width + 2 * (16 * width + 6 * inside) + 10 * words)
    return (weights + work) / GIB


def fitting(recipe: Recipe, load_: Load, sizes: Sizes, gpu: Gpu) -> tuple[int, bool]:
    """The largest batch up to the recipe's that leaves a tenth of a GPU free, in 16 bits if any does; 0 where none fits."""
    for four_bits in (False, True):
        batch = recipe.batch
        while batch and memory(recipe, load_, sizes, batch, four_bits) > 0.9 * gpu.memory:
            batch //= 2
        if batch:
            return batch, four_bits
    return 0, True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipes", nargs="*", help="names of recipes.json; all without any")
    print(f"| recipe | questions x epochs | {' | '.join(f'{gpu.name}: hours, batch, GiB' for gpu in GPUS)} |\n| --- | --- |{' --- |' * len(GPUS)}")
    for name in parser.parse_args().recipes or json.loads(RECIPES.read_text()):
        recipe, load_ = load(name), LOADS[name]
        sizes = sizes_of(recipe)
        cells = []
        for gpu in GPUS:
            batch, four_bits = fitting(recipe, load_, sizes, gpu)
            taken = memory(recipe, load_, sizes, batch, four_bits)
            cells.append(f"{hours(recipe, load_, sizes, gpu):.1f} h, {batch}{' in 4 bits' if four_bits else ''}, {taken:.0f}" if batch else "does not fit")
        print(f"| {name} | {load_.items:,} x {recipe.epochs:g} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
