"""python -m affect.joint --data ferplus.npz --soft soft.npz --release ../mien-affect --rendered … --photos lfw --named fer-train … --keys keys.json --out runs/joint: trunk,
emotion layer and action-unit heads trained together, on crops as sharp as the trunk takes them.

Goes on from a release. Every batch holds whole FER+ pictures (the linear layer keeps what it knows of them), aligned faces whose
emotion people named, photographs with the teacher's blendshapes, and rendered people with exact truth. Half of the sharp crops are
shrunk first, as small faces are. Resumes where it stopped.
"""

import argparse
import copy
import json
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from . import au_data, data, shipped
from .au_metrics import auc
from .au_network import ActionUnits, loss_of, weak_loss_of
from .au_train import TeacherScale, held_out, mirror, photo_targets, swapped, teacher_scales
from .augment import lit, recompressed
from .geometry import HeadFrame, mirrored
from .network import Network
from .read_train import shares_of
from .schedule import run_schedule
from .train import changed, softened
from .trunk import CENTRE, FULL, SPREAD, normalised

CONFIG = {"seed": 1, "epochs": 5, "steps": 320, "warmup": 100, "rate": 1.5e-4, "headRate": 8, "decay": 0.05, "averaging": 0.998, "freeze": 12,
          "share": {"whole": 18, "named": 10, "photos": 12, "rendered": 14, "prototypes": 6}, "small": 0.5, "soft": 0.6, "units": 0.6, "restIntensity": 0.1,
          "namedUnits": 0.4, "photoUnits": 0.5, "tremble": 0.001, "dropout": 0.2, "rare": 0.0, "looseness": 1.0}  # fmt: skip


@dataclass(frozen=True)
class Pool:
    """Faces of one kind: crops uint8 [n, s, s]; landmarks [n, 468, 3] (zeros: no mesh); shares [n, 8], targets and weak [n, keys], NaN unknown; photo [n]: the targets are a teacher's."""

    crops: np.ndarray
    landmarks: torch.Tensor
    shares: torch.Tensor
    targets: torch.Tensor
    weak: torch.Tensor
    photo: bool


class Joint(torch.nn.Module):
    """x float32 [n, 1, 144, 144] normalised, landmarks [n, 468, 3] -> emotion logits [n, 8], presence logits and intensity [n, keys]."""

    def __init__(self, network: Network, units: ActionUnits) -> None:
        super().__init__()
        self.trunk, self.emotion, self.units = network.trunk, network.emotion, units
        self.dropout = torch.nn.Dropout(0.0)

    def forward(self, x: torch.Tensor, landmarks: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        features, detail = self.trunk.both(x)
        return self.emotion(self.dropout(features.float())), *self.units(landmarks, detail.float())


def drawn_rows(pool: Pool, count: int, rare: float, rng: np.random.Generator) -> np.ndarray:
    """Rows of a pool; an emotion that is rare is drawn more often, by the power `rare` of its share (0: as often as it comes). Faces that nobody named are one kind more."""
    named = torch.isfinite(pool.shares).all(1)
    if rare == 0 or not named.any():
        return rng.integers(0, len(pool.crops), count)
    kind = torch.where(named, pool.shares.nan_to_num().argmax(1), pool.shares.shape[1]).numpy()
    common = np.maximum(np.bincount(kind) / len(kind), 0.002)
    # A row is kept by the power of its emotion's share: rejection, so that no list of chances is held.
    chance = (common / common[common > 0].min()) ** -rare
    rows = np.empty(0, int)
    while len(rows) < count:
        tried = rng.integers(0, len(kind), count * 8)
        rows = np.concatenate([rows, tried[rng.random(len(tried)) < chance[kind[tried]]]])
    return rows[:count]


def shrunk(x: torch.Tensor, share: float, rng: np.random.Generator) -> torch.Tensor:
    """The share of a batch [n, 1, s, s] as faces of fewer pixels are seen: shrunk to 28 to 100 px, mostly to 48, and enlarged again."""
    size = x.shape[-1]
    few = np.flatnonzero(rng.random(len(x)) < share)
    for part in np.array_split(few, 3):
        if len(part):
            small = int(48 if rng.random() < 0.6 else rng.integers(28, 100))
            x[part] = F.interpolate(F.interpolate(x[part], size=small, mode="bilinear", antialias=True), size=size, mode="bilinear")
    return x


def shaken(pool: Pool, chosen: np.ndarray, twin: torch.Tensor, columns: list[int], config: dict, rng: np.random.Generator, loose: bool) -> tuple[torch.Tensor, ...]:
    """A batch, changed at random: pictures normalised for the trunk, landmarks, shares, targets, weak. `loose`: not aligned, so moved about by more, `looseness` times as much."""
    count, strength = len(chosen), config["looseness"] if loose else 0.35
    images = pool.crops[chosen]
    for index in np.flatnonzero(rng.random(count) < 0.15):
        images[index] = recompressed(images[index], rng.integers(15, 80))
    x = torch.from_numpy(images)[:, None].float() / 255
    if not loose:
        x = shrunk(x, config["small"], rng)

    def normal(spread: float, *shape: int) -> torch.Tensor:
        return torch.from_numpy(rng.normal(0, spread, (count, *shape)).astype(np.float32))

    angle, scale, aspect = normal(0.14 * strength), torch.exp(normal(0.09 * strength)), torch.exp(normal(0.05 * strength))
    shift = normal(0.07 * strength, 2)
    flip = bool(rng.random() < 0.5)
    turn = torch.stack([torch.cos(angle) * scale * aspect, -torch.sin(angle) * scale, torch.sin(angle) * scale * aspect, torch.cos(angle) * scale], 1).view(-1, 2, 2)
    # Input coordinates are turn @ output + shift, so that a point moves by the inverse.
    grid = F.affine_grid(torch.cat([turn, shift[:, :, None]], 2), [count, 1, FULL.size, FULL.size], align_corners=False)
    x = F.grid_sample(x, grid, padding_mode="border", align_corners=False, mode="bilinear")
    marks = pool.landmarks[chosen]
    known = (marks.abs().sum((1, 2)) > 0)[:, None, None]
    flat = torch.linalg.solve(turn, (marks[:, :, :2] * 2 - 1 - shift[:, None]).transpose(1, 2)).transpose(1, 2)
    moved = torch.cat([(flat + 1) / 2, marks[:, :, 2:] / scale[:, None, None]], 2)
    moved = moved + normal(1.0, *moved.shape[1:]) * torch.from_numpy(rng.gamma(1.0, config["tremble"], (count, 1, 1)).astype(np.float32))
    marks = torch.where(known, moved, marks)
    shares, targets, weak = pool.shares[chosen], pool.targets[chosen], pool.weak[chosen]
    if flip:
        x, targets, weak = x.flip(3), targets[:, columns], weak[:, columns]
        marks = torch.where(known, mirror(marks, twin), marks)
    x = lit(x, rng, strength)
    return ((x * 255 - CENTRE) / SPREAD).contiguous(memory_format=torch.channels_last), marks, shares, targets, weak


def emotion_loss(logits: torch.Tensor, shares: torch.Tensor) -> torch.Tensor:
    known = torch.isfinite(shares).all(1)
    if not known.any():
        return logits.sum() * 0
    return -(shares[known] * F.log_softmax(logits[known], 1)).sum(1).mean()


def step_loss(model: Joint, teacher: TeacherScale, pools: dict[str, Pool], config: dict, twin: torch.Tensor, columns: list[int], rng: np.random.Generator) -> torch.Tensor:
    """All kinds in one forward pass."""
    parts = {}
    for name, count in config["share"].items():
        pool = pools[name]
        parts[name] = shaken(pool, drawn_rows(pool, count, config["rare"], rng), twin, columns, config, rng, loose=name == "whole")
    x, marks = (torch.cat([part[i] for part in parts.values()]) for i in (0, 1))
    with torch.autocast("cpu", torch.bfloat16):
        features, detail = model.trunk.both(x.contiguous(memory_format=torch.channels_last))
    logits = model.emotion(model.dropout(features.float()))
    whole = config["share"]["whole"]
    presence, intensity = model.units(marks[whole:], detail[whole:].float())
    loss, at = torch.zeros(()), 0
    for name, (_, _, shares, targets, weak) in parts.items():
        count = config["share"][name]
        loss = loss + emotion_loss(logits[at : at + count], shares) * count / len(x)
        if name != "whole":
            seen = slice(at - whole, at - whole + count)
            p, i = presence[seen], intensity[seen]
            named = weak_loss_of(p, i, weak, config["restIntensity"])
            photo = pools[name].photo
            exact = loss_of(*(teacher(p, i) if photo else (p, i)), targets, torch.ones(count, 1))
            loss = loss + config["units"] * count / (len(x) - whole) * (exact * (config["photoUnits"] if photo else 1.0) + config["namedUnits"] * named)
        at += count
    return loss


def pool_of(faces: au_data.Faces, targets: np.ndarray, photo: bool) -> Pool:
    return Pool(faces.crops, *(torch.from_numpy(v) for v in (faces.landmarks, faces.shares, targets, faces.weak)), photo)


def whole_pictures(path: str, soft: str, share: float, keys: int) -> Pool:
    """FER+ train as it is: votes, mixed with what affect.soften wrote."""
    faces = softened(data.load(path, "train"), soft, share)
    nothing = torch.full((len(faces.images), keys), torch.nan)
    return Pool(faces.images, torch.zeros(len(faces.images), 468, 3), torch.from_numpy(faces.targets), nothing, nothing, False)


def joined(pools: list[Pool]) -> Pool:
    return Pool(np.concatenate([p.crops for p in pools]), *(torch.cat([getattr(p, n) for p in pools]) for n in ("landmarks", "shares", "targets", "weak")), pools[0].photo)


def seen_by(model: Joint, crops: np.ndarray, landmarks: np.ndarray, small: bool = False) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Logits, presence and intensity of aligned crops; `small`: shrunk to 48 px first."""
    model.eval()
    parts = []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(crops), 64):
            x = torch.from_numpy(crops[start : start + 64])
            if small and x.shape[-1] > 48:
                x = F.interpolate(x[:, None].float(), size=48, mode="bilinear", antialias=True)[:, 0]
            x = normalised(x, model.trunk.size).contiguous(memory_format=torch.channels_last)
            features, detail = model.trunk.both(x)
            with torch.autocast("cpu", enabled=False):
                parts.append((model.emotion(features.float()), *model.units(torch.from_numpy(landmarks[start : start + 64]), detail.float())))
    return tuple(torch.cat(part) for part in zip(*parts, strict=True))


def told(model: Joint, watched: dict[str, au_data.Faces], keys: list[str]) -> dict[str, float]:
    """Accuracy of the linear layer and mean AUC of the whole units, sharp and small, on each set."""
    out = {}
    for name, faces in watched.items():
        for small in (False, True) if faces.crops.shape[-1] > 48 else (False,):
            logits, presence, _ = seen_by(model, faces.crops, faces.landmarks, small)
            tag = f"{name} small" if small else name
            if np.isfinite(faces.shares).all():
                out[tag] = round(float((logits.argmax(1).numpy() == faces.shares.argmax(1)).mean()), 4)
            if np.isfinite(faces.targets).any():
                units = [k for k in range(len(keys)) if keys[k][-1] not in "LR"]
                out[f"{tag} AUC"] = round(float(np.nanmean([auc(presence[:, k].numpy(), faces.targets[:, k] >= 1) for k in units])), 4)
    return out


def train(model: Joint, pools: dict[str, Pool], watched: dict[str, au_data.Faces], twin: torch.Tensor, keys: list[str], config: dict, out: Path) -> Joint:
    average, teacher, columns = copy.deepcopy(model), TeacherScale(len(keys)), swapped(keys)
    model.dropout.p = config["dropout"]
    model.trunk.freeze(config["freeze"])
    body = [p for p in model.trunk.parameters() if p.requires_grad]
    heads = [*model.emotion.parameters(), *model.units.parameters()]
    groups = [{"params": body, "factor": 1.0}, {"params": heads, "factor": config["headRate"]}, {"params": list(teacher.parameters()), "factor": 30.0, "weight_decay": 0.0}]
    things = {"model": model, "average": average, "teacher": teacher}
    run_schedule(things, groups, config, out, repeat, lambda rng: step_loss(model, teacher, pools, config, twin, columns, rng), lambda: told(average, watched, keys))
    return average.eval()


def options(about: str | None) -> argparse.Namespace:
    """What a training of all outputs is asked for; sets the threads."""
    parser = argparse.ArgumentParser(description=about)
    for name in ("data", "soft", "photos", "keys", "valid"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("rendered", "prototypes", "named", "unseen"):
        parser.add_argument(f"--{name}", nargs="+", required=True)
    parser.add_argument("--release", type=Path, required=True, help="the weights.onnx of a release to go on from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--set", nargs="*", default=[], help="configuration, as name=value")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    return given


def prototypes_of(prefix: str, keys: list[str]) -> au_data.Faces:
    """Rendered faces, with shares where they show the prototype of an emotion."""
    faces = au_data.load(prefix, keys)
    if not Path(f"{prefix}.truth.npz").exists() or np.isfinite(faces.shares).all():
        return faces
    with np.load(f"{prefix}.truth.npz") as truth:
        found = np.load(f"{prefix}.facts.npy")[:, 0] > 0
        return replace(faces, shares=shares_of(truth["emotion"][found])) if "emotion" in truth else faces


def learned(given: argparse.Namespace, config: dict, keys: list[str]) -> tuple[dict[str, Pool], dict[str, au_data.Faces], torch.Tensor]:
    """The pools of all kinds, the sets kept from training that are watched, and each landmark's mirrored one."""
    rendered, shown = (au_data.joined([prototypes_of(prefix, keys) for prefix in prefixes]) for prefixes in (given.rendered, given.prototypes))
    photos, valid = au_data.load(given.photos, keys), au_data.load(given.valid, keys)
    kept = held_out(photos.person)
    scales = teacher_scales(rendered, keys)
    named = [au_data.load(prefix, keys) for prefix in given.named]
    seen = au_data.subset(photos, ~kept)
    pools = {
        "whole": whole_pictures(given.data, given.soft, config["soft"], len(keys)),
        "named": joined([pool_of(faces, photo_targets(faces, scales, keys), True) for faces in named]),
        "photos": pool_of(seen, photo_targets(seen, scales, keys), True),
        "rendered": pool_of(rendered, rendered.targets, False),
        "prototypes": pool_of(shown, shown.targets, False),
    }
    mean_face = HeadFrame()(pools["rendered"].landmarks)[:, :-9].mean(0).reshape(-1, 3)
    watched = {"fer": valid, "lfw": au_data.subset(photos, kept), **{Path(prefix).name: prototypes_of(prefix, keys) for prefix in given.unseen}}
    return pools, watched, mirrored(mean_face)


def main() -> None:
    given = options(__doc__)
    config = changed(CONFIG, given.set)
    keys = json.loads(Path(given.keys).read_text())["keys"]
    pools, watched, twin = learned(given, config, keys)
    release = shipped.load(given.release)
    release.trunk.to(memory_format=torch.channels_last)
    model = Joint(release, shipped.load_units(given.release, len(keys)))
    print(json.dumps({"start": told(model, watched, keys), "faces": {name: len(pool.crops) for name, pool in pools.items()}}), flush=True)
    train(model, pools, watched, twin, keys, config, given.out)


if __name__ == "__main__":
    main()
