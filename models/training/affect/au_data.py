"""Faces with action units: rendered people with exact truth, and photographs with a teacher's blendshapes.

A set is the files that extract.mjs writes (PREFIX.crops.npy, .landmarks.npy, .facts.npy) and beside them PREFIX.truth.npz
(rendered: au [n, keys] 0..1, keys, person; what an older renderer did not draw is unknown), PREFIX.teacher.npz (blendshapes [n, 52], names) and PREFIX.shares.npy (shares [n, 8]
of the emotions people named), each where there is one.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .action_units import teacher_columns
from .data import EMOTIONS
from .emotion_units import weak_presence

FULL = 5.0  # intensity of a movement at its most, FACS degree E


@dataclass(frozen=True)
class Faces:
    """crops uint8 [n, s, s]; landmarks float32 [n, 468, 3]; targets float32 [n, keys] 0..5, NaN where nothing is known;
    teacher float32 [n, keys] 0..1, NaN likewise; weak float32 [n, keys], probability of presence as the emotion tells it, NaN
    likewise; shares float32 [n, 8] of the emotions people named, NaN where nobody was asked; person int [n]; yaw in radians [n]."""

    crops: np.ndarray
    landmarks: np.ndarray
    targets: np.ndarray
    teacher: np.ndarray
    weak: np.ndarray
    shares: np.ndarray
    person: np.ndarray
    yaw: np.ndarray


def load(prefix: str, keys: list[str]) -> Faces:
    """The faces of a set that the product finds."""
    facts = np.load(f"{prefix}.facts.npy")
    found = np.flatnonzero(facts[:, 0] > 0)
    count = len(found)
    targets = np.full((count, len(keys)), np.nan, np.float32)
    teacher = np.full((count, len(keys)), np.nan, np.float32)
    person = np.arange(count)
    people = Path(f"{prefix}.people.npy")
    if people.exists():
        person = np.load(people)[found]
    if Path(f"{prefix}.truth.npz").exists():
        with np.load(f"{prefix}.truth.npz") as truth:
            columns = [str(key) for key in truth["keys"]]
            drawn = [key in columns for key in keys]
            targets[:, drawn] = truth["au"][found][:, [columns.index(key) for key in keys if key in columns]] * FULL
            person = truth["person"][found]
    if Path(f"{prefix}.teacher.npz").exists():
        with np.load(f"{prefix}.teacher.npz") as archive:
            names, scores = [str(name) for name in archive["names"]], archive["blendshapes"][found]
        for index, key in enumerate(keys):
            columns = teacher_columns(key, names)
            if columns:
                teacher[:, index] = scores[:, columns].mean(1)
    named = Path(f"{prefix}.shares.npy")
    shares = np.load(named)[found] if named.exists() else np.full((count, len(EMOTIONS)), np.nan, np.float32)
    weak = weak_presence(shares, keys)
    crops, landmarks = np.load(f"{prefix}.crops.npy"), np.load(f"{prefix}.landmarks.npy")
    return Faces(crops[found], landmarks[found], targets, teacher, weak, shares, person, facts[found, 1])


def subset(faces: Faces, chosen: np.ndarray) -> Faces:
    return Faces(*(getattr(faces, name)[chosen] for name in Faces.__dataclass_fields__))


def joined(sets: list[Faces]) -> Faces:
    return Faces(*(np.concatenate([getattr(s, name) for s in sets]) for name in Faces.__dataclass_fields__))
