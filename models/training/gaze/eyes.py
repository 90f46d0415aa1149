"""What mien sees of eyes (features.mjs) as arrays, and where they truly look."""

import base64
import csv
import json
from pathlib import Path

import numpy as np

SIDES = ("right", "left")
WINDOW = (34, 46)  # rows and columns of the strip around an eye (features.mjs)
USUAL_PX = 40
MIRROR = np.array([[1, 1], [-1, 1]])  # x of each eye is towards the nose


def unit(yaw, pitch):
    """The direction [..., 3] with these angles, camera axes (x right, y down, z away)."""
    return np.stack([-np.sin(yaw) * np.cos(pitch), -np.sin(pitch), -np.cos(yaw) * np.cos(pitch)], -1)


def angle_between(a, b):
    return np.arccos(np.clip((a * b).sum(-1), -1, 1))


class Eyes:
    """Both eyes of a set of faces, the right one first: arrays [faces, 2, ...]."""

    def __init__(self, rows: list[dict], truth: dict[str, dict]):
        self.rows = rows
        take = lambda key: np.array([[r["feats"][side][key] for side in SIDES] for r in rows], float)
        self.turn, self.nod, self.opening = (take(key) for key in ("turn", "nod", "opening"))
        self.points = np.array([[[(p["x"], p["y"]) for p in r["feats"][side]["points"]] for side in SIDES] for r in rows])
        self.lean = np.array([r["lean"] for r in rows])
        self.eye_distance = np.array([r["quality"]["interocularPx"] for r in rows])
        pixels = lambda text: np.frombuffer(base64.b64decode(text), np.uint8).reshape(WINDOW)
        self.windows = np.array([[pixels(r["windows"][side]["pixels"]) for side in SIDES] for r in rows])
        self.places = np.array([[(r["windows"][side]["x"], r["windows"][side]["y"]) for side in SIDES] for r in rows], np.float32)
        # Left eyes are mirrored, so that both eyes of a face teach the same network.
        self.windows[:, 1] = self.windows[:, 1, :, ::-1].copy()
        self.places[:, 1, 0] *= -1
        told = [truth[r["file"]] for r in rows]
        angles = lambda who: unit(*(np.array([float(t[f"{who}_{axis}"]) for t in told]) for axis in ("yaw", "pitch")))
        self.true = np.stack([angles(side) for side in SIDES], 1)
        self.joined_true = angles("gaze")
        self.kind = np.array([t["kind"] for t in told])
        self.head_yaw = np.array([float(t["head_yaw"]) for t in told])
        self.person = np.array([t["person"] for t in told])

    def numbers(self):
        """What the network is told beside the picture [faces, 2, 41], in the order of src/gaze/gaze-of.ts."""
        t, n = self.turn, self.nod
        size = np.repeat(np.log(self.eye_distance / USUAL_PX)[:, None], 2, 1)
        more = np.stack([t, n, t * t, n * n, t * n, self.opening, size], -1)
        return np.concatenate([self.points.reshape(len(self.rows), 2, -1), more], -1).astype(np.float32)

    def error_design(self):
        """Terms [faces, 2, 6] that the logarithm of an eye's error is linear in; turned away from the camera is the far eye."""
        t = self.turn
        size = np.repeat(np.log(self.eye_distance / USUAL_PX)[:, None], 2, 1)
        return np.stack([np.ones_like(t), np.maximum(0, t), np.maximum(0, -t), np.abs(self.nod), size, self.opening], -1)

    def level(self, directions):
        """Directions in the frame [faces, 2, 3] as x, y of the levelled, mirrored eyes."""
        c, s = np.cos(self.lean)[:, None], np.sin(self.lean)[:, None]
        x, y = directions[..., 0], directions[..., 1]
        return np.stack([c * x + s * y, -s * x + c * y], -1) * MIRROR

    def direction(self, level):
        """The other way: unit vectors [faces, 2, 3]."""
        level = level * np.minimum(1, 0.95 / np.maximum(np.linalg.norm(level, axis=-1), 1e-9))[..., None] * MIRROR
        x, y = level[..., 0], level[..., 1]
        c, s = np.cos(self.lean)[:, None], np.sin(self.lean)[:, None]
        return np.stack([c * x - s * y, s * x + c * y, -np.sqrt(1 - x * x - y * y)], -1)

    def only(self, chosen):
        """The same of some faces."""
        some = object.__new__(Eyes)
        for name, values in vars(self).items():
            setattr(some, name, [r for r, c in zip(values, chosen, strict=True) if c] if name == "rows" else values[chosen])
        return some


def load(features, truth, least_px=0.0):
    """Faces whose eyes are open and at least so far apart, and the rows without a face. `features` and `truth`: paths, pairwise; people of different lists differ."""
    rows, told = [], {}
    for k, (seen, listed) in enumerate(zip(features, truth, strict=True)):
        with open(listed, newline="") as lines:
            told |= {f"{k}/{r['file']}": r | {"person": f"{k}/{r['person']}"} for r in csv.DictReader(lines)}
        rows += [r | {"file": f"{k}/{r['file']}"} for r in map(json.loads, Path(seen).read_text().splitlines())]
    lost = [r for r in rows if not r["found"]]
    chosen = [r for r in rows if r["found"] and float(told[r["file"]]["lids"]) == 0 and r["quality"]["interocularPx"] >= least_px]
    return Eyes(chosen, told), lost
