"""python -m speech.fit --features features.jsonl [--test test.jsonl]

Fits SPEECH_WEIGHTS (src/speech/speech-weights.ts): a logistic regression of whose a voice is, on the frames in which one is
heard, held to the hand-made weights by a ridge; each clip weighs alike. Prints the weights, and the F1 per frame of
"voice times share of at least 0.5" on clips left out one after another, and on the test clips.
"""

import argparse
import json

import numpy as np

PRIOR = np.array([9.0, 2.0, 3.0, 1.5, 2.0])
RIDGE = 0.02


def load(path: str) -> dict[str, np.ndarray]:
    rows = [json.loads(line) for line in open(path, encoding="utf-8")]
    return {
        "clip": np.array([r["clip"] for r in rows]),
        "voice": np.array([r["voice"] for r in rows]),
        "speaks": np.array([r["speaks"] for r in rows]),
        "x": np.array([r["features"] for r in rows]),
    }


def fit(data: dict[str, np.ndarray], use: np.ndarray) -> np.ndarray:
    use = use & (data["voice"] >= 0.5)
    x, y = data["x"][use], data["speaks"][use].astype(float)
    clips, inverse, counts = np.unique(data["clip"][use], return_inverse=True, return_counts=True)
    weight = 1 / counts[inverse] / len(clips)
    w = PRIOR.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (weight * (p - y)) + RIDGE * (w - PRIOR) / 10
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + RIDGE / 10 * np.eye(len(w))
        w -= np.linalg.solve(hessian, gradient)
    return w


def f1(data: dict[str, np.ndarray], use: np.ndarray, w: np.ndarray) -> float:
    said = data["voice"][use] / (1 + np.exp(-data["x"][use] @ w)) >= 0.5
    truth = data["speaks"][use]
    return 2 * (said & truth).sum() / max(1, said.sum() + truth.sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", required=True)
    parser.add_argument("--test")
    options = parser.parse_args()
    data = load(options.features)
    everything = np.ones(len(data["clip"]), bool)
    for clip in np.unique(data["clip"]):
        own = data["clip"] == clip
        print(f"{clip}: left out {f1(data, own, fit(data, ~own)):.3f}, by hand {f1(data, own, PRIOR):.3f}")
    weights = fit(data, everything)
    print("weights", [round(float(w), 2) for w in weights], f"F1 {f1(data, everything, weights):.3f}, by hand {f1(data, everything, PRIOR):.3f}")
    if options.test:
        test = load(options.test)
        every = np.ones(len(test["clip"]), bool)
        print(f"test F1 {f1(test, every, weights):.3f}, by hand {f1(test, every, PRIOR):.3f}")


if __name__ == "__main__":
    main()
