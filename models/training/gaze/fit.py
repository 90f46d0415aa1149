"""From what mien sees of rendered eyes (features.mjs) to where they look: fits models/eye-mesh/gaze.json and measures it.

    python -m gaze.fit --truth CALIB/gaze.csv --features CALIB.jsonl --test-truth TEST/gaze.csv --test-features TEST.jsonl --out ../eye-mesh/gaze.json

One network reads one eye, levelled and mirrored, so that both eyes of a face teach it. The people of the test are others.
"""

import argparse
import csv
import json
from pathlib import Path

import numpy as np
import torch

SIDES = ("right", "left")
CONTACT = np.radians(5)


def unit(yaw, pitch):
    """The direction [..., 3] with these angles, camera axes (x right, y down, z away)."""
    return np.stack([-np.sin(yaw) * np.cos(pitch), -np.sin(pitch), -np.cos(yaw) * np.cos(pitch)], -1)


def angle_between(a, b):
    return np.arccos(np.clip((a * b).sum(-1), -1, 1))


class Eyes:
    """All eyes of a set of faces: the right ones, then the left ones."""

    def __init__(self, rows: list[dict], truth: dict[str, dict]):
        self.rows = rows
        take = lambda key: np.array([r["feats"][side][key] for side in SIDES for r in rows], float)
        self.x, self.y, self.sx, self.sy = (take(k) for k in ("x", "y", "shiftX", "shiftY"))
        self.turn, self.nod, self.opening, self.contrast, self.moved = (take(k) for k in ("turn", "nod", "opening", "contrast", "moved"))
        self.seen = np.stack([take("seenX"), take("seenY")], 1)
        self.lids = np.array([[v for p in r["feats"][side]["lids"] for v in (p["x"], p["y"])] for side in SIDES for r in rows])
        self.mirror = np.repeat([1.0, -1.0], len(rows))
        self.lean = np.tile([r["lean"] for r in rows], 2)
        self.eye_distance = np.tile([r["quality"]["interocularPx"] for r in rows], 2)
        if truth:
            told = [truth[r["file"]] for r in rows]
            self.true = np.concatenate([unit(*(np.array([float(t[f"{side}_{k}"]) for t in told]) for k in ("yaw", "pitch"))) for side in SIDES])
            self.joined_true = unit(*(np.array([float(t[f"gaze_{k}"]) for t in told]) for k in ("yaw", "pitch")))
            self.kind = np.array([t["kind"] for t in told])
            self.head_yaw = np.array([float(t["head_yaw"]) for t in told])
            self.person = np.array([t["person"] for t in told])

    def design(self):
        x, y, t, n = self.x, self.y, self.turn, self.nod
        own = np.stack([np.ones_like(x), x, y, self.sx, self.sy, t, n, t * t, n * n, t * n, x * t, x * n, y * t, y * n, self.opening], 1)
        opposite = np.stack([-x, y, -self.sx, self.sy], 1)
        return np.concatenate([own, self.seen, self.lids, np.roll(opposite, len(self.rows), 0)], 1)

    def inputs(self):
        """What the network takes [N, terms], in the order of gazeInputs in src/gaze/gaze-of.ts."""
        other = lambda values: np.roll(values, len(self.rows), 0)
        mirrored = other(self.lids * np.tile([-1, 1], 4))
        more = [self.contrast, self.moved, other(self.contrast), other(self.moved), np.log(self.eye_distance / 40)]
        return np.concatenate([self.design()[:, 1:], np.stack(more, 1), mirrored], 1)

    def error_design(self):
        # Turned away from the camera: the far eye.
        away = np.maximum(0, self.turn)
        near = np.maximum(0, -self.turn)
        return np.stack([np.ones_like(away), away, near, np.abs(self.nod), np.log(self.eye_distance / 40), self.contrast, self.moved, self.opening], 1)

    def level(self, directions):
        """Directions in the frame as x, y [N, 2] of the levelled, mirrored eye."""
        c, s = np.cos(self.lean), np.sin(self.lean)
        return np.stack([self.mirror * (c * directions[:, 0] + s * directions[:, 1]), -s * directions[:, 0] + c * directions[:, 1]], 1)

    def direction(self, level):
        """The other way: unit vectors [N, 3]."""
        level = level * np.minimum(1, 0.95 / np.maximum(np.linalg.norm(level, axis=1), 1e-9))[:, None]
        x, y = self.mirror * level[:, 0], level[:, 1]
        c, s = np.cos(self.lean), np.sin(self.lean)
        return np.stack([c * x - s * y, s * x + c * y, -np.sqrt(1 - x * x - y * y)], 1)


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
    """Both eyes [2 N, 3] as one [N, 3], and its expected error."""
    n = len(directions) // 2
    w = errors**-2.0
    both = directions[:n] * w[:n, None] + directions[n:] * w[n:, None]
    return both / np.linalg.norm(both, axis=1, keepdims=True), (w[:n] * errors[:n] + w[n:] * errors[n:]) / (w[:n] + w[n:])


def contact_terms(angle, error):
    return np.stack([np.ones_like(angle), error, angle / error], 1)


NETWORKS, HIDDEN, STEPS, FOLDS = 4, 24, 1200, 4


def train(inputs, level, seed):
    """One small network: weights [terms, HIDDEN], bias [HIDDEN], weights [HIDDEN, 2], bias [2]."""
    torch.manual_seed(seed)
    x, y = torch.tensor(inputs).float(), torch.tensor(level).float()
    net = torch.nn.Sequential(torch.nn.Linear(x.shape[1], HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, 2))
    optimiser = torch.optim.AdamW(net.parameters(), 3e-3, weight_decay=0.3)
    for _ in range(STEPS):
        batch = torch.randint(len(x), (128,))
        off = net(x[batch] + 0.15 * torch.randn(128, x.shape[1])) - y[batch]
        # A distance that is round near zero: an eye that is hidden does not rule the rest.
        loss = torch.sqrt((off**2).sum(1) + 0.05**2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return [net[0].weight.detach().numpy().T, net[0].bias.detach().numpy(), net[2].weight.detach().numpy().T, net[2].bias.detach().numpy()]


class Network:
    """The mean of NETWORKS small ones, as one: inputs are centred, scaled and held to four deviations."""

    def __init__(self, eyes, chosen, networks):
        raw = eyes.inputs()[chosen]
        self.mean, self.scale = raw.mean(0), raw.std(0) + 1e-6
        parts = [train(self.prepared(eyes)[chosen], eyes.level(eyes.true)[chosen], seed) for seed in range(networks)]
        self.hidden, self.hidden_bias = np.concatenate([p[0] for p in parts], 1), np.concatenate([p[1] for p in parts])
        self.out, self.out_bias = np.concatenate([p[2] for p in parts]) / networks, np.mean([p[3] for p in parts], 0)

    def prepared(self, eyes):
        return np.clip((eyes.inputs() - self.mean) / self.scale, -4, 4)

    def __call__(self, eyes):
        return np.tanh(self.prepared(eyes) @ self.hidden + self.hidden_bias) @ self.out + self.out_bias


class Model:
    def __init__(self, eyes: Eyes):
        everyone = np.ones(len(eyes.x), bool)
        # Errors and contact are learnt from people whom the network that reads them has not seen.
        people = sorted(set(eyes.person))
        fold = np.tile([people.index(p) % FOLDS for p in eyes.person], 2)
        level = np.zeros((len(eyes.x), 2))
        for k in range(FOLDS):
            level[fold == k] = Network(eyes, fold != k, 2)(eyes)[fold == k]
        self.network = None
        unseen = eyes.direction(level)
        off = angle_between(unseen, eyes.true)
        self.error = huber_ridge(eyes.error_design(), np.log(off + 0.01)[:, None], 1e-2, 1.0)[:, 0]
        # The exponent of a mean logarithm is a median; the expected angle is larger.
        self.error[0] += np.log(off.mean() / np.exp(eyes.error_design() @ self.error).mean())
        joined, expected = join(unseen, self.errors(eyes))
        angle = angle_between(joined, np.array([0, 0, -1.0]))
        label = angle_between(eyes.joined_true, np.array([0, 0, -1.0])) < CONTACT
        self.contact = logistic(contact_terms(angle, expected), label.astype(float))
        self.network = Network(eyes, everyone, NETWORKS)

    def directions(self, eyes):
        return eyes.direction(self.network(eyes))

    def errors(self, eyes):
        return np.clip(np.exp(eyes.error_design() @ self.error), 0.03, 0.7)

    def joined(self, eyes):
        return join(self.directions(eyes), self.errors(eyes))

    def contacts(self, eyes):
        joined, expected = self.joined(eyes)
        return 1 / (1 + np.exp(-contact_terms(angle_between(joined, np.array([0, 0, -1.0])), expected) @ self.contact))


def load(features, truth, least_px=0.0):
    with open(truth, newline="") as lines:
        told = {r["file"]: r for r in csv.DictReader(lines)}
    rows = [json.loads(line) for line in Path(features).read_text().splitlines()]
    lost = [r for r in rows if not r["found"]]
    chosen = [r for r in rows if r["found"] and float(told[r["file"]]["lids"]) == 0 and r["quality"]["interocularPx"] >= least_px]
    return Eyes(chosen, told), lost


def table(model, eyes):
    """Mean and median angle to the truth, degrees, by group of faces."""
    joined, expected = model.joined(eyes)
    off = np.degrees(angle_between(joined, eyes.joined_true))
    n = len(off)
    iod = eyes.eye_distance[:n]
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


LEAST_PX = 18.0  # eyes nearer to each other say little: src/gaze/gaze-stage.ts


def main():
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("truth", "features", "test-truth", "test-features"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    eyes, _ = load(args.features, args.truth, LEAST_PX)
    model = Model(eyes)
    print(f"{len(eyes.rows)} faces of {len(set(eyes.person))} people taught")
    table(model, eyes)
    test, lost = load(args.test_features, args.test_truth)
    print(f"test: {len(test.rows)} faces of {len(set(test.person))} people, {len(lost)} not found")
    table(model, test)
    seen, _ = load(args.test_features, args.test_truth, LEAST_PX)
    print(f"of at least {LEAST_PX:.0f} px:")
    table(model, seen)
    reliability(model, seen)
    if args.out:
        n = model.network
        numbers = {
            "mean": n.mean, "scale": n.scale, "hidden": n.hidden.T, "hiddenBias": n.hidden_bias, "out": n.out.T, "outBias": n.out_bias,
            "error": model.error, "contact": model.contact,
        }  # fmt: skip
        args.out.write_text(json.dumps({k: np.round(v.astype(float), 5).tolist() for k, v in numbers.items()}) + "\n")


if __name__ == "__main__":
    main()
