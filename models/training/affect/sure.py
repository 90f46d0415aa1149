"""python -m affect.sure --weights weights.onnx --pictures PREFIX: what a released network is sure of, as if people had named it.

Writes PREFIX.shares.npy, float32 [n, 8]: the network's probabilities where the top one is at least SURE, NaN elsewhere.
"""

import argparse

import numpy as np
import onnxruntime

from .metrics import softmax

SURE = 0.8


def sure(probabilities: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Probabilities [n, 8] of found faces whose top is at least SURE; NaN rows for all others."""
    kept = found & (probabilities.max(1) >= SURE)
    return np.where(kept[:, None], probabilities, np.nan).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--pictures", required=True)
    options = parser.parse_args()
    crops, landmarks = np.load(f"{options.pictures}.crops.npy"), np.load(f"{options.pictures}.landmarks.npy")
    found = np.load(f"{options.pictures}.facts.npy")[:, 0] > 0
    session = onnxruntime.InferenceSession(options.weights)
    fed = ({"crops": crops[i : i + 64], "landmarks": landmarks[i : i + 64]} for i in range(0, len(crops), 64))
    shares = sure(softmax(np.concatenate([session.run(["emotion_logits"], inputs)[0] for inputs in fed])), found)
    np.save(f"{options.pictures}.shares.npy", shares)
    print(f"{int(np.isfinite(shares[:, 0]).sum())} of {len(shares)} faces")


if __name__ == "__main__":
    main()
