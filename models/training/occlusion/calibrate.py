"""python -m occlusion.calibrate --run RUN --gathered FILES...: a line per part through its logits, on valid.

The share `FALSE` of the faces that nothing covers comes out as covered (visibility under 0.5, the temporal option coverBelow), and their
median at `OPEN`. RUN/calibration.json has slopes and shifts.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from .data import PLAIN, load
from .measure import load_network
from .parts import MIRRORED
from .train import visible_of

FALSE, OPEN = 0.003, 4.0


def fitted(logits: np.ndarray, plain: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope and shift per part, the same on both sides."""
    both = np.concatenate([logits[plain], logits[plain][:, MIRRORED]])
    low, middle = np.quantile(both, [FALSE, 0.5], axis=0)
    slope = OPEN / np.maximum(middle - low, 1e-3)
    return slope, -low * slope


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
