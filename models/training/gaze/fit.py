"""From what mien sees of rendered eyes (features.mjs) to where they look: fits models/eye-mesh/looks.onnx and gaze.json and measures them.

    python -m gaze.fit --truth TAUGHT/gaze.csv --features TAUGHT.jsonl --test-truth TEST/gaze.csv --test-features TEST.jsonl --out ../eye-mesh

A fifth of the people teach errors and contact only. The people of the test are others.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from .eyes import angle_between, load
from .network import numbers_of, predict, train, write_onnx

CONTACT = np.radians(5)
AHEAD = np.array([0, 0, -1.0])
EPOCHS = 50


def huber_ridge(a, b, penalty=1e-2, knee=0.08, rounds=12):
    """Coefficients [terms, outputs]; columns are scaled, the first is not held back."""
    scale = np.where(a.std(0) > 1e-9, a.std(0), 1)
    weights = np.ones(len(a))
    hold = np.eye(a.shape[1]) * penalty * len(a)
    hold[0, 0] = 0
    for _ in range(rounds):
        scaled = a / scale
        found = np.linalg.solve((scaled * weights[:, None]).T @ scaled + hold, (scaled * weights[:, None]).T @ b) / scale[:, None]
        weights = knee / np.maximum(np.linalg.norm(np.atleast_2d((a @ found - b).T).T, axis=1), knee)
    return found


def logistic(a, label, penalty=1e-3, rounds=50):
    w = np.zeros(a.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-a @ w))
        hessian = (a * (p * (1 - p))[:, None]).T @ a + penalty * np.eye(len(w)) * len(a) * 1e-2
        w -= np.linalg.solve(hessian, a.T @ (p - label) + penalty * 1e-2 * len(a) * w)
    return w


def join(directions, errors):
    """Both eyes [faces, 2, 3] as one [faces, 3], and its expected error."""
    w = errors**-2.0
    both = (directions * w[..., None]).sum(1)
    return both / np.linalg.norm(both, axis=1, keepdims=True), (w * errors).sum(1) / w.sum(1)


def contact_terms(angle, error):
    return np.stack([np.ones_like(angle), error, angle / error], 1)


class Model:
    """A network with its errors and contact, which are learned from people whom it has not seen."""

    def __init__(self, network, unseen):
        self.network = network
        directions = predict(network, unseen)
        design = unseen.error_design().reshape(-1, 6)
        off = angle_between(directions, unseen.true).reshape(-1)
        self.error = huber_ridge(design, np.log(off + 0.01)[:, None], 1e-2, 1.0)[:, 0]
        # The exponent of a mean logarithm is a median; the expected angle is larger.
        self.error[0] += np.log(off.mean() / np.exp(design @ self.error).mean())
        joined, expected = join(directions, self.errors(unseen))
        label = angle_between(unseen.joined_true, AHEAD) < CONTACT
        self.contact = logistic(contact_terms(angle_between(joined, AHEAD), expected), label.astype(float))

    def errors(self, eyes):
        return np.clip(np.exp(eyes.error_design() @ self.error), 0.03, 0.7)

    def joined(self, eyes):
        return join(predict(self.network, eyes), self.errors(eyes))

    def contacts(self, eyes):
        joined, expected = self.joined(eyes)
        return 1 / (1 + np.exp(-contact_terms(angle_between(joined, AHEAD), expected) @ self.contact))


def held_out(eyes):
    """Faces of every fifth person."""
    people = sorted(set(eyes.person))
    return np.isin(eyes.person, people[::5])


def table(model, eyes):
    """Mean and median angle to the truth, degrees, by group of faces."""
    joined, expected = model.joined(eyes)
    off = np.degrees(angle_between(joined, eyes.joined_true))
    n = len(off)
    iod = eyes.eye_distance
    yaw = np.degrees(np.abs(eyes.head_yaw))
    groups = {"all": np.ones(n, bool)}
    groups |= {f"head yaw {a} to {b}": (yaw >= a) & (yaw < b) for a, b in ((0, 10), (10, 20), (20, 31))}
    groups |= {kind: eyes.kind == kind for kind in ("plain", "glasses", "dark", "glasses-dark")}
    groups |= {f"eye distance {a} to {b} px": (iod >= a) & (iod < b) for a, b in ((0, 12), (12, 18), (18, 25), (25, 40), (40, 60), (60, 200))}
    for name, chosen in groups.items():
        if chosen.any():
            print(f"| {name} | {chosen.sum()} | {off[chosen].mean():.1f} | {np.median(off[chosen]):.1f} | {np.degrees(expected[chosen].mean()):.1f} |")
    return off


def reliability(model, eyes):
    p = model.contacts(eyes)
    label = angle_between(eyes.joined_true, np.array([0, 0, -1.0])) < CONTACT
    print(f"looks at the camera: {label.mean():.2f} of {len(label)}; accuracy {((p > 0.5) == label).mean():.3f}, Brier {((p - label) ** 2).mean():.3f}")
    ece = 0.0
    for a in np.arange(0, 1, 0.2):
        chosen = (p >= a) & (p < a + 0.2 + 1e-9)
        if chosen.any():
            ece += chosen.mean() * abs(p[chosen].mean() - label[chosen].mean())
            print(f"| {a:.1f} to {a + 0.2:.1f} | {chosen.sum()} | {p[chosen].mean():.2f} | {label[chosen].mean():.2f} |")
    print(f"ECE {ece:.3f}")


TAUGHT_PX, LEAST_PX = 14.0, 18.0  # eyes nearer to each other say little: src/gaze/gaze-stage.ts


def main():
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("truth", "features", "test-truth", "test-features"):
        parser.add_argument(f"--{name}", required=True, nargs="+", help="one or more, pairwise")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    eyes, _ = load(args.features, args.truth, TAUGHT_PX)
    unseen = held_out(eyes)
    model = Model(train(eyes.only(~unseen), args.epochs), eyes.only(unseen & (eyes.eye_distance >= LEAST_PX)))
    print(f"{(~unseen).sum()} faces of {len(set(eyes.person[~unseen]))} people taught; errors of {len(set(eyes.person[unseen]))} others:")
    table(model, eyes.only(unseen & (eyes.eye_distance >= LEAST_PX)))
    test, lost = load(args.test_features, args.test_truth)
    print(f"test: {len(test.rows)} faces of {len(set(test.person))} people, {len(lost)} not found")
    table(model, test)
    seen = test.only(test.eye_distance >= LEAST_PX)
    print(f"of at least {LEAST_PX:.0f} px:")
    table(model, seen)
    reliability(model, seen)
    if args.out:
        write_onnx(model.network, args.out / "looks.onnx")
        numbers = numbers_of(model.network) | {"error": model.error, "contact": model.contact}
        (args.out / "gaze.json").write_text(json.dumps({k: np.round(v.astype(float), 5).tolist() for k, v in numbers.items()}) + "\n")


if __name__ == "__main__":
    main()
