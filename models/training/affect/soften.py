"""python -m affect.soften --data ferplus.npz --weights a.onnx b.onnx --out soft.npz: what finished models see in the train faces.

Vote shares of ten annotators are coarse. The mean probability of several models, mirrored too, fills in what ten votes
leave open; `affect.train --soft` mixes it in (self-distillation, Furlanello et al. 2018).
"""

import argparse

import numpy as np
import onnxruntime

from . import data
from .metrics import softmax


def probabilities(session: onnxruntime.InferenceSession, images: np.ndarray) -> np.ndarray:
    """float64 [n, 8] of uint8 images [n, 48, 48], averaged with the mirror image."""
    wanted = {i.name for i in session.get_inputs()}
    parts = []
    for start in range(0, len(images), 64):
        crops = images[start : start + 64]
        feeds = {"crops": crops, "landmarks": np.zeros((len(crops), 468, 3), np.float32)}
        sides = []
        for side in (crops, np.ascontiguousarray(crops[:, :, ::-1])):
            feeds["crops"] = side
            sides.append(softmax(session.run(["emotion_logits"], {k: v for k, v in feeds.items() if k in wanted})[0]))
        parts.append((sides[0] + sides[1]) / 2)
    return np.concatenate(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--weights", nargs="+", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    faces = data.load(options.data, "train")
    means = [probabilities(onnxruntime.InferenceSession(path), faces.images) for path in options.weights]
    np.savez(options.out, ids=faces.ids, probabilities=np.mean(means, 0).astype(np.float32))


if __name__ == "__main__":
    main()
