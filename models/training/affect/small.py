"""python -m affect.small DATA OUT: a little of each data set, to rehearse reproduce.sh in minutes instead of hours."""

import shutil
import sys
import tarfile
from pathlib import Path

import numpy as np

FACES = 400  # of each split of FER+
PHOTOS = 240


def faces(source: Path, target: Path) -> None:
    with np.load(source) as archive:
        chosen = np.sort(np.concatenate([np.flatnonzero(archive["split"] == split)[:FACES] for split in range(3)]))
        whole = {name: archive[name] for name in archive.files}
    count = len(whole["ids"])
    np.savez(target, **{name: values[chosen] if len(values) == count else values for name, values in whole.items()})


def photos(source: Path, target: Path) -> None:
    with tarfile.open(source) as whole, tarfile.open(target, "w") as part:
        for member in [m for m in whole.getmembers() if m.name.endswith(".jpg")][:PHOTOS]:
            part.addfile(member, whole.extractfile(member))


def main() -> None:
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    faces(data / "ferplus.npz", out / "ferplus.npz")
    for name in ("faces-lfw.tar", "fairface.tar"):
        photos(data / name, out / name)
    for name in ("faces-lfw.csv", "ict-facekit.npz", "face_landmarker.task"):
        shutil.copyfile(data / name, out / name)


if __name__ == "__main__":
    main()
