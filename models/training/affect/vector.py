"""python -m affect.vector --weights weights.onnx --pattern 320x240.luma --out vector.json

Records what PyTorch's exported network must give at the end of mien's run-time graph: the crop is sampled here, by numpy.
Every output of the network is recorded. `--pattern` is the picture that `testPattern` in src/models/verify-vector.ts makes (width 320, height 240, seed 7).
"""

import argparse
import json

import numpy as np
import onnxruntime

WIDTH, HEIGHT, SEED = 320, 240, 7
MATRICES = [[150, 0, 85, 0, 150, 45], [140, -30, 110, 30, 140, 40]]
# Samples per axis of an affect crop, at most three a pixel (affectOversampling in models/convert/runtime-graphs.ts).
SAMPLES = 144


def crop(luma: np.ndarray, matrix: list[float], size: int, oversampling: int) -> np.ndarray:
    """uint8 [size, size]: bilinear samples, averaged, limited range expanded, rounded half to even."""
    side = size * oversampling
    u, v = np.meshgrid((np.arange(side) + 0.5) / side, (np.arange(side) + 0.5) / side)
    m = np.array(matrix).reshape(2, 3)
    x = np.clip(m[0, 0] * u + m[0, 1] * v + m[0, 2] - 0.5, 0, WIDTH - 1)
    y = np.clip(m[1, 0] * u + m[1, 1] * v + m[1, 2] - 0.5, 0, HEIGHT - 1)
    x0, y0 = np.minimum(x.astype(int), WIDTH - 2), np.minimum(y.astype(int), HEIGHT - 2)
    fx, fy = x - x0, y - y0
    top = luma[y0, x0] * (1 - fx) + luma[y0, x0 + 1] * fx
    bottom = luma[y0 + 1, x0] * (1 - fx) + luma[y0 + 1, x0 + 1] * fx
    samples = (top * (1 - fy) + bottom * fy).reshape(size, oversampling, size, oversampling).mean((1, 3))
    return np.clip((samples - 16) * 255 / 219, 0, 255).round().astype(np.uint8)


def landmarks(faces: int) -> np.ndarray:
    """float32 [faces, 468, 3]: landmarksPattern() of src/models/verify-vector.ts, where the formula is written down."""
    i = np.arange(468)
    angle, radius = 2.399963 * i, np.sqrt((i + 0.5) / 468)
    disc = np.stack([radius * np.cos(angle), radius * np.sin(angle), -0.5 * np.cos(np.pi * radius / 2)], 1)
    sizes = 0.4 - 0.03 * np.arange(faces)
    return (np.array([0.5, 0.55, 0.0]) + sizes[:, None, None] * disc).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--pattern", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--oversampling", type=int, help="samples per pixel and axis of the run-time graph; those of mien-affect where not given")
    options = parser.parse_args()
    luma = np.fromfile(options.pattern, np.uint8).reshape(HEIGHT, WIDTH).astype(np.float64)
    session = onnxruntime.InferenceSession(options.weights)
    inputs = {value.name: value for value in session.get_inputs()}
    size = inputs["crops"].shape[1]
    oversampling = options.oversampling or max(1, min(3, round(SAMPLES / size)))
    feeds = {"crops": np.stack([crop(luma, m, size, oversampling) for m in MATRICES])}
    if "landmarks" in inputs:
        feeds["landmarks"] = landmarks(len(MATRICES))
    names = [value.name for value in session.get_outputs()]
    outputs = dict(zip(names, (value.ravel() for value in session.run(names, feeds))))
    vector = {
        "engine": f"onnxruntime {onnxruntime.__version__} (Python) on the trained network, crops by numpy in float64",
        "pattern": {"widthPx": WIDTH, "heightPx": HEIGHT, "seed": SEED},
        "matrices": MATRICES,
        # A sample that falls on a rounding edge may differ by one gray level.
        "tolerance": 0.01,
        "outputs": {
            name: {"at": list(range(len(values))), "values": [float(f"{value:.6g}") for value in values]}
            for name, values in outputs.items()
        },
    }
    with open(options.out, "w", encoding="utf8") as file:
        file.write(json.dumps(vector) + "\n")


if __name__ == "__main__":
    main()
