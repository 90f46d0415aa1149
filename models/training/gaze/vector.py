"""What looks.onnx gives for the eyes of the test pattern, in float64, operator by operator: `looks` of models/eye-mesh/vector.json.

    python -m gaze.vector --pattern pattern.bin --model ../eye-mesh

pattern.bin: the picture of vector.json (models/training/README.md says how it is written).
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional

from affect.vector import landmarks

from .network import CONTRAST_FLOOR, PATCH

STRIP = (96, 160)
CORNERS = ((33, 133), (263, 362))
EVERY = 5  # of the values that are recorded


def strip(picture: np.ndarray, matrix: list[float]) -> np.ndarray:
    """The crop [96, 160] that a 2x3 matrix names, full range, bilinear, the border repeated."""
    v, u = ((np.arange(size) + 0.5) / size for size in STRIP)
    a, b, c, d, e, f = matrix
    x = np.clip(a * u[None] + b * v[:, None] + c - 0.5, 0, picture.shape[1] - 1)
    y = np.clip(d * u[None] + e * v[:, None] + f - 0.5, 0, picture.shape[0] - 1)
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    right, below = np.minimum(left + 1, picture.shape[1] - 1), np.minimum(top + 1, picture.shape[0] - 1)
    upper = picture[top, left] * (1 - x + left) + picture[top, right] * (x - left)
    lower = picture[below, left] * (1 - x + left) + picture[below, right] * (x - left)
    return np.clip((upper * (1 - y + top) + lower * (y - top) - 16) * 255 / 219, 0, 255)


def pictures(crop: np.ndarray, mesh: np.ndarray) -> np.ndarray:
    """Both eyes of a strip, even [2, 1, 24, 36]; a left eye is mirrored."""
    out = []
    for side, corners in enumerate(CORNERS):
        middle = mesh[list(corners)].mean(0) * [STRIP[1], STRIP[0]]
        rows, columns = (np.arange(size) + 0.5 - size / 2 for size in PATCH)
        x = np.clip(middle[0] + columns * (-1 if side else 1) - 0.5, 0, STRIP[1] - 1)
        y = np.clip(middle[1] + rows - 0.5, 0, STRIP[0] - 1)
        left, top = np.minimum(np.floor(x).astype(int), STRIP[1] - 2), np.minimum(np.floor(y).astype(int), STRIP[0] - 2)
        down, aside = (y - top)[:, None], (x - left)[None]
        here = lambda dy, dx: crop[np.ix_(top + dy, left + dx)]
        seen = (here(0, 0) * (1 - aside) + here(0, 1) * aside) * (1 - down) + (here(1, 0) * (1 - aside) + here(1, 1) * aside) * down
        out.append((seen - seen.mean()) / (seen.std() + CONTRAST_FLOOR))
    return np.stack(out)[:, None]


def looks(path: Path, eyes: np.ndarray) -> np.ndarray:
    """The network's values [eyes, values], by its weights in float64."""
    weights = {w.name: torch.tensor(numpy_helper.to_array(w)).double() for w in onnx.load(str(path)).graph.initializer}
    names = sorted({name.rsplit(".", 1)[0] for name in weights})
    x = torch.from_numpy(eyes)
    for k, name in enumerate(name for name in names if name.startswith("layers.")):
        x = torch.relu(functional.conv2d(x, weights[f"{name}.weight"], weights[f"{name}.bias"], 1 if k == 0 else 2, 1))
    return torch.relu(x.flatten(1) @ weights["out.weight"].T + weights["out.bias"]).numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pattern", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    args = parser.parse_args()
    path = args.model / "vector.json"
    vector = json.loads(path.read_text())
    size = vector["pattern"]
    picture = np.frombuffer(args.pattern.read_bytes(), np.uint8).reshape(size["heightPx"], size["widthPx"]).astype(float)
    meshes = landmarks(len(vector["matrices"]))[..., :2]
    eyes = [pictures(strip(picture, matrix), mesh) for mesh, matrix in zip(meshes, vector["matrices"], strict=True)]
    values = looks(args.model / "looks.onnx", np.concatenate(eyes)).reshape(-1)
    at = list(range(0, len(values), EVERY))
    vector["outputs"]["looks"] = {"at": at, "values": [round(float(values[k]), 7) for k in at]}
    path.write_text(json.dumps(vector) + "\n")


if __name__ == "__main__":
    main()
