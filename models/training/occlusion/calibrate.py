"""python -m occlusion.calibrate --run RUN --gathered FILES...: a slope and a shift per part on valid, so that hardly a face that nothing covers reads as covered.

The shift puts the part of the plain faces that read as covered to at most `FALSE`; RUN/calibration.json has both.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from .data import PLAIN, load
from .measure import load_network
from .parts import MIRRORED
from .train import visible_of

FALSE = 0.004


def fitted(logits: np.ndarray, plain: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope (1 for all) and shift per part, the same on both sides."""
    both = np.concatenate([logits[plain], logits[plain][:, MIRRORED]])
    lowest = np.quantile(both, FALSE, axis=0)
    # Only ever towards visible.
    return np.ones(logits.shape[1]), np.maximum(0, -lowest)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--gathered", type=Path, nargs="+", required=True)
    parser.add_argument("--drop", type=Path)
    options = parser.parse_args()
    dropped = frozenset(json.loads(options.drop.read_text())) if options.drop else frozenset()
    faces = load(options.gathered, "valid", dropped)
    slope, shift = fitted(visible_of(load_network(options.run), faces.crops), faces.kind == PLAIN)
    (options.run / "calibration.json").write_text(json.dumps({"slope": slope.round(4).tolist(), "shift": shift.round(4).tolist()}) + "\n")


if __name__ == "__main__":
    main()
