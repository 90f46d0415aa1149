"""python -m occlusion.gather DATA KIND OUT.npz [--first N --last N]: crops of faces as they are and covered, with the visibility of each part.

KIND lfw | fairface | ferplus | rendered (then DATA is a folder of mien_render --covers). OUT holds crops uint8 [n, 64, 64], visible float32
[n, 9] (parts.PARTS; NaN where a part has no pixels), kind (index into `kinds`; -1 as it is), person (a number), picture (index into `names`).
What is drawn is drawn before the mesh is fitted, as things are before a camera sees them.
"""

import argparse
import hashlib
import io
import tarfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image

from .mesh import Mesher, alignment_matrix, sample
from .occluders import KINDS, Face, laid_over
from .parts import PARTS, visibility

# Side of the pictures that are drawn on, pixels, and what is added around them.
SIDE, BORDER = 112, 16
COVERED = 3  # pictures with something over the face for one as it is


def number_of(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def part_of(person: int) -> str:
    """train, valid or test: 12 % and 13 % of the people are kept."""
    share = person % 100
    return "train" if share < 75 else "valid" if share < 87 else "test"


def framed(picture: Image.Image) -> np.ndarray:
    """uint8 [h, w]: of one size, with a border for what is drawn beyond the face."""
    return np.pad(np.asarray(picture.resize((SIDE, SIDE), Image.BICUBIC if picture.width < SIDE else Image.BOX)), BORDER, mode="edge")


def photographs(archive: Path, of_person: bool) -> Iterator[tuple[str, int, np.ndarray]]:
    """Name, person and picture; `of_person`: files are named PERSON_NNNN.jpg, else each is a person."""
    with tarfile.open(archive) as tar:
        for member in sorted((m for m in tar.getmembers() if m.name.endswith(".jpg")), key=lambda m: number_of(m.name)):
            name = Path(member.name).name
            yield name, number_of(name.rsplit("_", 1)[0] if of_person else name), framed(Image.open(io.BytesIO(tar.extractfile(member).read())).convert("L"))


def faces_of_ferplus(archive: Path) -> Iterator[tuple[str, int, np.ndarray]]:
    with np.load(archive) as stored:
        images, split, ids = stored["images"], stored["split"], stored["ids"]
    # Persons are not known: FER+'s own splits stand for them.
    residue = {0: 0, 1: 80, 2: 95}
    for index in np.random.default_rng(3).permutation(len(images)):
        yield f"fer{ids[index]:07d}", int(index) * 100 + residue[int(split[index])], framed(Image.fromarray(images[index]))


def pictures(data: Path, kind: str) -> Iterator[tuple[str, int, np.ndarray]]:
    if kind == "ferplus":
        return faces_of_ferplus(data / "ferplus.npz")
    return photographs(data / {"lfw": "faces-lfw.tar", "fairface": "fairface.tar"}[kind], kind == "lfw")


class Gathered:
    """Rows as they come."""

    def __init__(self) -> None:
        self.rows: dict[str, list] = {"crops": [], "visible": [], "kind": [], "person": [], "picture": []}
        self.names: list[str] = []

    def add(self, crop: np.ndarray, visible: np.ndarray, kind: int, person: int) -> None:
        for key, value in zip(self.rows, (crop, visible, kind, person, len(self.names) - 1), strict=True):
            self.rows[key].append(value)

    def save(self, path: Path) -> None:
        np.savez(path, **{key: np.array(values) for key, values in self.rows.items()}, names=np.array(self.names), kinds=np.array(list(KINDS)))


def covered_faces(face: Face, mesher: Mesher, rng: np.random.Generator, count: int) -> Iterator[tuple[np.ndarray, np.ndarray, int]]:
    """Crop, visibility and kind of a face with something drawn over it; nothing where the mesh then finds no face."""
    for kind in rng.choice(len(KINDS), count, replace=False):
        cover = KINDS[list(KINDS)[kind]](face, rng)
        picture, hidden = laid_over(face, cover, rng)
        mesh = mesher.followed(picture, face.mesh, rng)
        if mesh is not None:
            yield sample(picture, alignment_matrix(mesh)), visibility(face.mesh, hidden), int(kind)


def gather(data: Path, kind: str, first: int, last: int, seed: int) -> Gathered:
    mesher, gathered = Mesher(), Gathered()
    other: np.ndarray | None = None
    for name, person, gray in islice(pictures(data, kind), first, last):
        mesh = mesher.filling(gray)
        if mesh is None:
            continue
        rng = np.random.default_rng([seed, number_of(name)])
        gathered.names.append(name)
        gathered.add(sample(gray, alignment_matrix(mesh)), np.ones(len(PARTS), np.float32), -1, person)
        face = Face(gray, mesh, gray if other is None else other)
        for crop, visible, drawn in covered_faces(face, mesher, rng, COVERED):
            gathered.add(crop, visible, drawn, person)
        other = gray
    return gathered


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("kind", choices=["lfw", "fairface", "ferplus"])
    parser.add_argument("out", type=Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--last", type=int, default=None)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    gather(options.data, options.kind, options.first, options.last, options.seed).save(options.out)


if __name__ == "__main__":
    main()
