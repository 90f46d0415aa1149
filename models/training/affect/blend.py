"""python -m affect.blend --runs runs/second runs/third --share 0.7 --out runs/emotions: the mean of two networks of one line.

A network fine-tuned from another lies in the same basin, and their weighted mean is often better than either (Wortsman
et al. 2022, model soups). `share` is the weight of the second; choose it on valid.
"""

import argparse
from pathlib import Path

import torch


def blend(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor], share: float) -> dict[str, torch.Tensor]:
    if first.keys() != second.keys():
        raise ValueError("the two runs hold different networks; blend a run with the one it started from")
    return {name: (1 - share) * value + share * second[name] for name, value in first.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=Path, nargs=2, required=True)
    parser.add_argument("--share", type=float, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    first, second = (torch.load(run / "checkpoint.pt", map_location="cpu") for run in options.runs)
    options.out.mkdir(parents=True, exist_ok=True)
    # The input size is that of the second.
    blended = {"average": blend(first["average"], second["average"], options.share), "config": second["config"]}
    torch.save(blended, options.out / "checkpoint.pt")


if __name__ == "__main__":
    main()
