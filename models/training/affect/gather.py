"""python -m affect.gather rendered FOLDER PREFIX | photos TAR PREFIX | faces TAR PREFIX | votes NPZ PREFIX: pictures as one array, ready for extract.mjs.

Writes PREFIX.npy (uint8 [n, h, w], gray) and
- rendered: PREFIX.truth.npz;
- photos: PREFIX.people.npy, a number per name, so that the same person never is on both sides of a split, and PREFIX.shares.npy
  from the CSV of coarse emotions beside the tar;
- faces: PREFIX-a and PREFIX-b instead, for affect.sure;
- votes: PREFIX-train and PREFIX-valid instead, with .shares.npy, vote shares over EMOTIONS: faces of FER+, all of valid, and of train
  those that people agree on, no emotion more than `MOST` times.
"""

import csv

import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image

from . import data
from .emotion_units import clear

BORDER = 40
# One annotator names what most others name for about this share of the faces that are clear (affect.annotators: 0.74 of all).
ONE_VOTE = 0.85
MOST, ENLARGED = 2600, 144


def rendered(folder: Path, prefix: str) -> None:
    files = sorted(f for f in folder.glob("people-*.npz") if ".part" not in f.name)
    people = [dict(np.load(file)) for file in files]
    np.save(f"{prefix}.npy", np.concatenate([p["images"] for p in people]))
    numbers = np.repeat([int(f.stem.split("-")[1]) for f in files], [len(p["images"]) for p in people])
    columns = {name: np.concatenate([p[name] for p in people]) for name in ("au", "pose", "points", "looks", "emotion") if name in people[0]}
    keys = json.loads((folder / "keys.json").read_text())["keys"]
    np.savez(f"{prefix}.truth.npz", keys=np.array(keys), person=numbers, **columns)


def photos(archive: Path, prefix: str) -> None:
    """Photographs named PERSON_NNNN.jpg in a tar file."""
    pictures, numbers, shares = [], [], []
    with open(archive.with_suffix(".csv")) as text:
        labels = {row["file"]: row["coarse_emotion"] for row in csv.DictReader(text)}
    with tarfile.open(archive) as tar:
        for member in sorted(tar.getmembers(), key=lambda m: m.name):
            if not member.name.endswith(".jpg"):
                continue
            pictures.append(np.asarray(Image.open(io.BytesIO(tar.extractfile(member).read())).convert("L")))
            label = labels[Path(member.name).name]
            rest = (1 - ONE_VOTE) / (len(data.EMOTIONS) - 1)
            shares.append([ONE_VOTE if name == label else rest for name in data.EMOTIONS])
            person = Path(member.name).name.rsplit("_", 1)[0]
            numbers.append(int.from_bytes(hashlib.sha256(person.encode()).digest()[:4], "big"))
    np.save(f"{prefix}.npy", np.pad(np.stack(pictures), ((0, 0), (BORDER, BORDER), (BORDER, BORDER)), mode="edge"))
    np.save(f"{prefix}.people.npy", np.array(numbers))
    np.save(f"{prefix}.shares.npy", np.array(shares, np.float32))


def faces(archive: Path, prefix: str) -> None:
    """Photographs of faces that nobody named, in a tar file: every second one in PREFIX-a, to learn from, the others in PREFIX-b."""
    with tarfile.open(archive) as tar:
        members = sorted((m for m in tar.getmembers() if m.isfile()), key=lambda m: m.name)
        pictures = np.stack([np.asarray(Image.open(io.BytesIO(tar.extractfile(m).read())).convert("L")) for m in members])
    np.save(f"{prefix}-a.npy", pictures[0::2])
    np.save(f"{prefix}-b.npy", pictures[1::2])


def votes(archive: Path, prefix: str) -> None:
    """Faces of FER+, enlarged so that the mesh finds them."""
    rng = np.random.default_rng(7)
    with np.load(archive) as stored:
        images, cast, split = stored["images"], stored["votes"].astype(np.float32), stored["split"]
    shares = cast[:, : len(data.EMOTIONS)] / np.maximum(cast[:, : len(data.EMOTIONS)].sum(1, keepdims=True), 1)
    usable = data.usable(cast)
    learned = usable & (split == data.SPLITS["train"]) & clear(shares)
    few = [rng.permutation(np.flatnonzero(learned & (shares.argmax(1) == emotion)))[:MOST] for emotion in range(len(data.EMOTIONS))]
    for name, picked in (("train", np.sort(np.concatenate(few))), ("valid", np.flatnonzero(usable & (split == data.SPLITS["valid"])))):
        enlarged = [np.asarray(Image.fromarray(images[i]).resize((ENLARGED, ENLARGED), Image.BICUBIC)) for i in picked]
        np.save(f"{prefix}-{name}.npy", np.stack(enlarged))
        np.save(f"{prefix}-{name}.shares.npy", shares[picked])


if __name__ == "__main__":
    kind, source, target = sys.argv[1:4]
    {"rendered": rendered, "photos": photos, "faces": faces, "votes": votes}[kind](Path(source), target)
