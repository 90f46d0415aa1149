"""python -m occlusion.measure --run RUN --gathered FILES... [--split valid]: AUC and error per part, false covered rates, by kind of cover."""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from .data import PLAIN, Faces, load
from .network import Visibility
from .parts import PARTS
from .train import visible_of

# What counts as covered in truth and in the reading (temporal options coverBelow).
COVERED, SEEN = 0.35, 0.9
THRESHOLD = 0.5


def load_network(run: Path) -> Visibility:
    network = Visibility()
    network.load_state_dict(torch.load(run / "network.pt", map_location="cpu"))
    return network.eval()


def auc(scores: np.ndarray, positive: np.ndarray) -> float:
    """Area under the ROC curve; NaN without both classes."""
    n, m = int(positive.sum()), int((~positive).sum())
    if n == 0 or m == 0:
        return float("nan")
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    # Equal scores share their rank.
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.bincount(inverse, ranks) / counts)[inverse]
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * m))


def per_part(said: np.ndarray, faces: Faces) -> dict[str, dict[str, float]]:
    """Of covered pictures: AUC of visible shares up to COVERED against those from SEEN on, mean absolute error, and how many covered parts are told."""
    found = {}
    for index, part in enumerate(PARTS):
        truth, value = faces.visible[:, index], said[:, index]
        known = ~np.isnan(truth)
        clear = known & ((truth <= COVERED) | (truth >= SEEN))
        hidden = truth[clear] <= COVERED
        found[part] = {
            "covered": int(hidden.sum()),
            "auc": round(auc(1 - value[clear], hidden), 4),
            "error": round(float(np.abs(value[known] - truth[known]).mean()), 4),
            "told": round(float((value[clear][hidden] < THRESHOLD).mean()), 4) if hidden.any() else float("nan"),
        }
    return found


def false_rates(said: np.ndarray, plain: np.ndarray) -> dict[str, float]:
    """Share of faces that nothing covers whose parts count as covered; `any`: at least one of them."""
    wrong = said[plain] < THRESHOLD
    rates = {part: round(float(wrong[:, index].mean()), 4) for index, part in enumerate(PARTS)}
    return {**rates, "any": round(float(wrong.any(1).mean()), 4), "faces": int(plain.sum())}


def told(run: Path, crops: np.ndarray) -> np.ndarray:
    """Visibility as it is exported."""
    logits = visible_of(load_network(run), crops)
    calibration = run / "calibration.json"
    if calibration.exists():
        fitted = json.loads(calibration.read_text())
        logits = logits * np.array(fitted["slope"], np.float32) + np.array(fitted["shift"], np.float32)
    return 1 / (1 + np.exp(-logits))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--gathered", type=Path, nargs="+", required=True)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--drop", type=Path)
    parser.add_argument("--only", help="a kind of cover")
    options = parser.parse_args()
    dropped = frozenset(json.loads(options.drop.read_text())) if options.drop else frozenset()
    faces = load(options.gathered, options.split, dropped)
    said = told(options.run, faces.crops)
    covered = faces.kind != PLAIN
    if options.only:
        covered = faces.kind == faces.kinds.index(options.only)
    report = {"covered": per_part(said[covered], faces.of(covered)), "plain": false_rates(said, faces.kind == PLAIN)}
    by_kind = {}
    for index, kind in enumerate(faces.kinds):
        own = faces.kind == index
        if own.any():
            truth, value = faces.visible[own], said[own]
            clear = ~np.isnan(truth) & ((truth <= COVERED) | (truth >= SEEN))
            by_kind[kind] = {"pictures": int(own.sum()), "auc": round(auc(1 - value[clear], truth[clear] <= COVERED), 4), "error": round(float(np.nanmean(np.abs(value - truth))), 4)}
    print(json.dumps({**report, "kinds": by_kind}, indent=1))


if __name__ == "__main__":
    main()
