"""python -m affect.soften --data ferplus.npz --models a.onnx runs/teacher --out soft.npz: what finished models see in the train faces.

Vote shares of ten annotators are coarse. The mean probability of several models, mirrored too, fills in what ten votes
leave open; `affect.train --soft` mixes it in (self-distillation, Furlanello et al. 2018).
"""

import argparse
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from . import data
from .metrics import softmax
from .train import Teacher, logits_of
from .trunk import resampled


def probabilities(session: onnxruntime.InferenceSession, images: np.ndarray) -> np.ndarray:
    """float64 [n, 8] of uint8 images [n, 48, 48], averaged with the mirror image."""
    shapes = {i.name: i.shape for i in session.get_inputs()}
    images = resampled(images, shapes["crops"][-1])
    parts = []
    for start in range(0, len(images), 64):
        crops = images[start : start + 64]
        feeds = {"crops": crops, "landmarks": np.zeros((len(crops), 468, 3), np.float32)}
        sides = []
        for side in (crops, np.ascontiguousarray(crops[:, :, ::-1])):
            feeds["crops"] = side
            sides.append(softmax(session.run(["emotion_logits"], {k: v for k, v in feeds.items() if k in shapes})[0]))
        parts.append((sides[0] + sides[1]) / 2)
    return np.concatenate(parts)


def of_run(run: Path, images: np.ndarray, valid: data.Faces) -> np.ndarray:
    """The same of a run of `affect.train`, at the temperature fitted on valid."""
    teacher = Teacher(run, valid)
    sides = [softmax((logits_of(teacher.network, side, teacher.size) / teacher.temperature).numpy()) for side in (images, images[:, :, ::-1].copy())]
    return (sides[0] + sides[1]) / 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--models", type=Path, nargs="+", required=True, help="weights.onnx of an export, or a run; named twice, it counts twice")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    faces, valid = data.load(options.data, "train"), data.load(options.data, "valid")
    means = [
        of_run(model, faces.images, valid) if model.is_dir() else probabilities(onnxruntime.InferenceSession(model), faces.images)
        for model in options.models
    ]
    np.savez(options.out, ids=faces.ids, probabilities=np.mean(means, 0).astype(np.float32))


if __name__ == "__main__":
    main()
