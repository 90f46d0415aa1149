"""python -m affect.gather rendered FOLDER PREFIX | photos TAR PREFIX: pictures as one array, ready for extract.mjs.

Writes PREFIX.npy (uint8 [n, h, w], gray, with a border as on a wider photo) and, rendered, PREFIX.truth.npz, or, photos,
PREFIX.people.npy: a number per name, so that the same person never is on both sides of a split.
"""

import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image

BORDER = 40


def rendered(folder: Path, prefix: str) -> None:
    files = sorted(f for f in folder.glob("people-*.npz") if ".part" not in f.name)
    people = [dict(np.load(file)) for file in files]
    np.save(f"{prefix}.npy", np.concatenate([p["images"] for p in people]))
    numbers = np.repeat([int(f.stem.split("-")[1]) for f in files], [len(p["images"]) for p in people])
    columns = {name: np.concatenate([p[name] for p in people]) for name in ("au", "pose", "points")}
    keys = json.loads((folder / "keys.json").read_text())["keys"]
    np.savez(f"{prefix}.truth.npz", keys=np.array(keys), person=numbers, **columns)


def photos(archive: Path, prefix: str) -> None:
    """Photographs named PERSON_NNNN.jpg in a tar file."""
    pictures, numbers = [], []
    with tarfile.open(archive) as tar:
        for member in sorted(tar.getmembers(), key=lambda m: m.name):
            if not member.name.endswith(".jpg"):
                continue
            pictures.append(np.asarray(Image.open(io.BytesIO(tar.extractfile(member).read())).convert("L")))
            person = Path(member.name).name.rsplit("_", 1)[0]
            numbers.append(int.from_bytes(hashlib.sha256(person.encode()).digest()[:4], "big"))
    np.save(f"{prefix}.npy", np.pad(np.stack(pictures), ((0, 0), (BORDER, BORDER), (BORDER, BORDER)), mode="edge"))
    np.save(f"{prefix}.people.npy", np.array(numbers))


if __name__ == "__main__":
    kind, source, target = sys.argv[1:4]
    {"rendered": rendered, "photos": photos}[kind](Path(source), target)
