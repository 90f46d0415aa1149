"""Faces to learn from and to be asked about, with their facts: rendered people, FER+ with and without mesh, photographs of LFW."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from affect import data
from affect.action_units import teacher_columns
from affect.emotion_units import clear, weak_presence

from .facts import PRESENT, Facts
from .names import KEYS, REGIONS, SIDED

CROP, FULL = 144, 5.0
# A measured unit counts where the fast path is this sure; between the two it is not known.
SURE_PRESENT, SURE_ABSENT = 0.7, 0.25
CONTRADICTED = 0.05  # a unit that the named emotion makes less likely than this is not believed
# Boxes of the regions in an aligned crop: left, top, right, bottom in shares of its side.
BOXES = {"brows": (0.08, 0.1, 0.92, 0.32), "eyes": (0.08, 0.31, 0.92, 0.46), "nose": (0.36, 0.44, 0.64, 0.66), "mouth": (0.22, 0.65, 0.78, 0.96)}


@dataclass
class FaceSet:
    """crops uint8 [n, 144, 144] or [n, 48, 48], landmarks float32 [n, 468, 3] or None, facts [n], person int [n], logits of the fast path [n, 8] or None."""

    crops: np.ndarray
    landmarks: np.ndarray | None
    facts: list[Facts]
    person: np.ndarray
    measured: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.facts)

    def crop(self, index: int) -> np.ndarray:
        picture = self.crops[index]
        return picture if picture.shape[0] == CROP else np.asarray(Image.fromarray(picture).resize((CROP, CROP), Image.BILINEAR))

    def mesh(self, index: int) -> np.ndarray:
        return np.zeros((468, 3), np.float32) if self.landmarks is None else self.landmarks[index]

    def chosen(self, rows: np.ndarray) -> "FaceSet":
        def take(values: np.ndarray | None) -> np.ndarray | None:
            return None if values is None else values[rows]

        return FaceSet(self.crops[rows], take(self.landmarks), [self.facts[i] for i in rows], self.person[rows], take(self.measured))


def _files(prefix: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    facts = np.load(f"{prefix}.facts.npy")
    return np.load(f"{prefix}.crops.npy", mmap_mode="r"), np.load(f"{prefix}.landmarks.npy", mmap_mode="r"), np.flatnonzero(facts[:, 0] > 0), facts[:, 1]


def rendered(prefix: str) -> FaceSet:
    """Exact units, sides and degrees; shares are a certain vote where the set was drawn by emotion."""
    crops, landmarks, found, yaw = _files(prefix)
    with np.load(f"{prefix}.truth.npz") as truth:
        keys, au, person = [str(k) for k in truth["keys"]], truth["au"] * FULL, truth["person"]
        emotion = truth["emotion"] if "emotion" in truth else None
    facts = []
    for row in found:
        value = dict(zip(keys, au[row].tolist(), strict=True))
        shares = None if emotion is None else np.eye(8)[emotion[row]]
        sides = {u: (value[f"{u}L"], value[f"{u}R"]) for u in SIDED if f"{u}L" in value}
        facts.append(Facts(shares, {u: value[u] for u in KEYS if u in value}, sides, float(yaw[row]), exact=True))
    return FaceSet(crops[found], landmarks[found], facts, person[found])


def measured_units(presence: np.ndarray, intensity: np.ndarray, weak: np.ndarray, agreed: np.ndarray | None = None) -> dict[str, float]:
    """What the fast path is sure of on one face (presence logits and intensity [19]), less what the emotion (weak [19]) or a second
    teacher (agreed [19], bool) contradicts. The manifest's first 19 action units are KEYS, in that order."""
    units = {}
    for column, unit in enumerate(KEYS):
        sure = 1 / (1 + np.exp(-presence[column]))
        if agreed is not None and not agreed[column]:
            continue
        if sure >= SURE_PRESENT and not weak[column] < CONTRADICTED:
            units[unit] = max(PRESENT, float(intensity[column]))
        elif sure <= SURE_ABSENT:
            units[unit] = 0.0
    return units


def _fast(cache: Path, name: str, found: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    with np.load(cache / f"{name}.npz") as stored:
        return stored["logits"][found], stored["presence"][found][:, : len(KEYS)], stored["intensity"][found][:, : len(KEYS)]


def voted(prefix: str, cache: Path) -> FaceSet:
    """FER+ faces that have a mesh: votes, and units that the fast path is sure of."""
    crops, landmarks, found, yaw = _files(prefix)
    shares = np.load(f"{prefix}.shares.npy")[found]
    logits, presence, intensity = _fast(cache, Path(prefix).name, found)
    weak = np.where(clear(shares)[:, None], weak_presence(shares, KEYS), np.nan)
    facts = [Facts(shares[i], measured_units(presence[i], intensity[i], weak[i]), {}, float(yaw[found[i]])) for i in range(len(found))]
    return FaceSet(crops[found], landmarks[found], facts, np.arange(len(found)), logits)


def plain(npz: Path, without: np.ndarray) -> FaceSet:
    """FER+ train faces as they are, without mesh, except the rows `without`: mostly those that people do not agree on."""
    with np.load(npz) as stored:
        votes = stored["votes"].astype(np.float32)
        rows = np.setdiff1d(np.flatnonzero((stored["split"] == data.SPLITS["train"]) & data.usable(votes)), without)
        images = stored["images"][rows]
    shares = votes[rows, :8] / votes[rows, :8].sum(1, keepdims=True)
    return FaceSet(images, None, [Facts(s) for s in shares], rows)


def photographed(prefix: str, cache: Path) -> FaceSet:
    """LFW: units where the fast path and the teacher's blendshapes agree, the teacher's threshold set to the same share of faces."""
    crops, landmarks, found, yaw = _files(prefix)
    logits, presence, intensity = _fast(cache, Path(prefix).name, found)
    with np.load(f"{prefix}.teacher.npz") as stored:
        names, scores = [str(n) for n in stored["names"]], stored["blendshapes"][found]
    agreed = np.zeros(presence.shape, bool)
    for column, unit in enumerate(KEYS):
        columns = teacher_columns(unit, names)
        if columns:
            second = scores[:, columns].mean(1)
            agreed[:, column] = (second > np.quantile(second, 1 - (presence[:, column] > 0).mean())) == (presence[:, column] > 0)
    unknown = np.full(len(KEYS), np.nan)
    facts = [Facts(None, measured_units(presence[i], intensity[i], unknown, agreed[i]), {}, float(yaw[found[i]])) for i in range(len(found))]
    return FaceSet(crops[found], landmarks[found], facts, np.load(f"{prefix}.people.npy")[found], logits)


def covered(crop: np.ndarray, mesh: np.ndarray, facts: Facts, regions: tuple[str, ...], rest: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, Facts]:
    """The face with something drawn over regions; the mesh there is that of a resting face (`rest` [468, 3]), since a mesh of what cannot be seen is a guess."""
    crop, mesh = crop.copy(), mesh.copy()
    for region in regions:
        left, top, right, bottom = (round(v * CROP + rng.integers(-3, 4)) for v in BOXES[region])
        patch = np.clip(rng.integers(20, 236) + rng.normal(0, rng.uniform(0, 25), (bottom, right)), 0, 255)
        crop[max(0, top) : bottom, max(0, left) : right] = patch[max(0, top) : bottom, max(0, left) : right].astype(np.uint8)
        if mesh.any():
            x0, y0, x1, y1 = BOXES[region]
            hidden = (rest[:, 0] > x0) & (rest[:, 0] < x1) & (rest[:, 1] > y0) & (rest[:, 1] < y1)
            mesh[hidden] = rest[hidden] + rng.normal(0, 0.004, (int(hidden.sum()), 3))
    return crop, mesh, replace(facts, covered=tuple(r for r in REGIONS if r in regions))
