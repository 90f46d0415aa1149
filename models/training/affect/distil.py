"""python -m affect.distil --data ferplus.npz --soft soft.npz --release ../mien-affect --rendered … --prototypes … --photos lfw --named fer-train … --keys keys.json --out runs/small:
a network a quarter as dear, which learns what a release sees in the very picture it is shown.

Function matching (Beyer et al. 2022): the wide network and the narrow one look at the same changed picture, and the narrow one learns
emotions, action units, and through linear maps that are thrown away the wide one's features (FitNets, Romero et al. 2015); beside
them the truth that affect.joint learns from. Resumes where it stopped.
"""

import copy
import json
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, IterableDataset

from . import joint, shipped
from .au_network import ActionUnits, loss_of, weak_loss_of
from .au_train import TeacherScale, swapped
from .network import Network
from .schedule import run_schedule
from .slim import slimmed
from .train import changed
from .trunk import Form, normalised

CONFIG = {name: value for name, value in joint.CONFIG.items() if name not in ("freeze", "headRate")} | {"epochs": 20, "steps": 400, "warmup": 200, "rate": 8e-4, "dropout": 0.0, "decay": 0.02, "rare": 0.4, "looseness": 0.5,
          "share": {"whole": 34, "named": 14, "photos": 16, "rendered": 20, "prototypes": 12}, "widths": [16, 32, 80, 160, 320, 640], "size": 112, "activation": "relu",
          "matched": 0.6, "features": 0.3, "unitsMatched": 0.6, "echoes": 2}  # fmt: skip
# Batches between a batch and its echo.
APART = 20
T = TypeVar("T")


class Matching(nn.Module):
    """From the narrow network's features [n, f] and detail map to the wide one's, of as many cells; thrown away after training."""

    def __init__(self, narrow: Form, wide: Form) -> None:
        super().__init__()
        self.features = nn.Linear(narrow.widths[-1], wide.widths[-1])
        self.detail = nn.Conv2d(narrow.widths[-2], wide.widths[-2], 1)

    def forward(self, seen: tuple[torch.Tensor, torch.Tensor], told: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        """Mean squared differences, each as a share of what varies between faces."""
        parts = ((self.features(seen[0].float()), told[0]), (self.detail(seen[1].float()), told[1]))
        return sum(((a - b).square().mean() / b.var(0).mean()) for a, b in parts)


def narrow_of(wide: joint.Joint, config: dict, pictures: torch.Tensor, keys: list[str]) -> joint.Joint:
    """A network to begin with; pictures [n, 1, size, size] normalised for the trunk, of the narrow one's size."""
    form = Form(tuple(config["widths"]), config["size"], config["activation"])
    trunk = slimmed(wide.trunk, form, pictures)
    network = Network(trunk, wide.emotion.out_features, 0.0)
    with torch.no_grad():
        seen, told = trunk(pictures), wide.emotion(wide.trunk(pictures))
        given = torch.cat([seen, torch.ones(len(seen), 1)], 1)
        solution = torch.linalg.solve(given.T @ given + 0.05 * len(seen) * torch.eye(given.shape[1]), given.T @ told)
        network.emotion.weight.data, network.emotion.bias.data = solution[:-1].T.contiguous(), solution[-1].contiguous()
    old = wide.units
    units = ActionUnits(len(keys), old.mean.clone(), old.spread.clone(), form.size // 16, detail=form.widths[-2])
    units.shape.load_state_dict(old.shape.state_dict())
    return joint.Joint(network, units)


@dataclass(frozen=True)
class Lesson:
    """A changed batch, and what the wide network sees in it. `parts`: of each kind the shares, targets and weak presence; the first kind has no mesh."""

    pictures: torch.Tensor
    marks: torch.Tensor
    parts: dict[str, tuple[torch.Tensor, ...]]
    told: tuple[torch.Tensor, torch.Tensor]
    logits: torch.Tensor
    presence: torch.Tensor
    intensity: torch.Tensor


@dataclass(frozen=True)
class Lessons(IterableDataset):
    """Without end, of one random generator."""

    wide: joint.Joint
    pools: dict[str, joint.Pool]
    config: dict
    twin: torch.Tensor
    columns: list[int]
    rng: np.random.Generator

    def __iter__(self) -> Iterator[Lesson]:
        while True:
            yield self.drawn()

    @torch.no_grad()
    def drawn(self) -> Lesson:
        config, rng, parts = self.config, self.rng, {}
        for name, count in config["share"].items():
            pool = self.pools[name]
            parts[name] = joint.shaken(pool, joint.drawn_rows(pool, count, config["rare"], rng), self.twin, self.columns, config, rng, loose=name == "whole")
        x, marks = (torch.cat([part[i] for part in parts.values()]) for i in (0, 1))
        with torch.autocast("cpu", torch.bfloat16):
            features, detail = self.wide.trunk.both(x.contiguous(memory_format=torch.channels_last))
        features, detail = features.float(), detail.float()
        marks = marks[config["share"]["whole"] :]
        presence, intensity = self.wide.units(marks, detail[len(x) - len(marks) :])
        small = F.interpolate(x, size=config["size"], mode="bilinear", antialias=True)
        told = (features, F.adaptive_avg_pool2d(detail, config["size"] // 16))
        return Lesson(small, marks, {name: part[2:] for name, part in parts.items()}, told, self.wide.emotion(features), presence, intensity.clamp(0, 5))


def echoed(items: Iterable[T], times: int) -> Iterator[T]:
    """Each item `times` times, `APART` other items apart (data echoing, Choi et al. 2019): the wide network's pass costs more than the narrow one's training."""
    kept: deque[T] = deque(maxlen=APART * (times - 1) + 1)
    for item in items:
        kept.append(item)
        for back in range(0, len(kept), APART):
            yield kept[-1 - back]


def step_loss(narrow: joint.Joint, matching: Matching, teacher: TeacherScale, photos: dict[str, bool], config: dict, lesson: Lesson) -> torch.Tensor:
    """`photos`: of which kinds the targets are a teacher's."""
    count_all, whole = len(lesson.pictures), config["share"]["whole"]
    with torch.autocast("cpu", torch.bfloat16):
        seen = narrow.trunk.both(lesson.pictures.contiguous(memory_format=torch.channels_last))
    logits = narrow.emotion(narrow.dropout(seen[0].float()))
    presence, intensity = narrow.units(lesson.marks, seen[1][whole:].float())
    matched = F.kl_div(F.log_softmax(logits, 1), F.log_softmax(lesson.logits, 1), reduction="batchmean", log_target=True)
    units_matched = 0.5 * F.binary_cross_entropy_with_logits(presence, torch.sigmoid(lesson.presence)) + F.huber_loss(intensity, lesson.intensity)
    loss = config["matched"] * matched + config["features"] * matching(seen, lesson.told) + config["unitsMatched"] * units_matched
    at = 0
    for name, (shares, targets, weak) in lesson.parts.items():
        count = config["share"][name]
        loss = loss + (1 - config["matched"]) * joint.emotion_loss(logits[at : at + count], shares) * count / count_all
        if name != "whole":
            rows = slice(at - whole, at - whole + count)
            p, i = presence[rows], intensity[rows]
            exact = loss_of(*(teacher(p, i) if photos[name] else (p, i)), targets, torch.ones(count, 1))
            named = weak_loss_of(p, i, weak, config["restIntensity"])
            loss = loss + config["units"] * count / (count_all - whole) * (exact * (config["photoUnits"] if photos[name] else 1.0) + config["namedUnits"] * named)
        at += count
    return loss


def train(narrow: joint.Joint, wide: joint.Joint, pools: dict, watched: dict, twin: torch.Tensor, keys: list[str], config: dict, out: Path, ahead: bool = False) -> joint.Joint:
    """`ahead`: a process of its own draws the batches and looks at them with the wide network; the numbers are the same."""
    average, teacher, matching, columns = copy.deepcopy(narrow), TeacherScale(len(keys)), Matching(narrow.trunk.form, wide.trunk.form), swapped(keys)
    narrow.dropout.p = config["dropout"]
    wide.eval()
    groups = [{"params": list(narrow.parameters()), "factor": 1.0}, {"params": list(matching.parameters()), "factor": 2.0}, {"params": list(teacher.parameters()), "factor": 5.0, "weight_decay": 0.0}]
    things = {"model": narrow, "average": average, "teacher": teacher, "matching": matching}
    photos = {name: pool.photo for name, pool in pools.items()}

    def lessons(rng: np.random.Generator) -> Iterator[Lesson]:
        drawn = Lessons(wide, pools, config, twin, columns, rng)
        # A generator of its own: the loader's seed must not be drawn from the one that dropout draws from.
        return echoed(DataLoader(drawn, batch_size=None, num_workers=1, prefetch_factor=4, generator=torch.Generator()) if ahead else drawn, config["echoes"])

    run_schedule(things, groups, config, out, lessons, lambda lesson: step_loss(narrow, matching, teacher, photos, config, lesson), lambda: joint.told(average, watched, keys))
    return average.eval()


def main() -> None:
    options = joint.options(__doc__)
    # Of several threads one is the process that draws batches.
    torch.set_num_threads(max(1, options.threads - 1))
    config = changed(CONFIG, options.set)
    keys = json.loads(Path(options.keys).read_text())["keys"]
    pools, watched, twin = joint.learned(options, config, keys)
    wide = joint.Joint(shipped.load(options.release), shipped.load_units(options.release, len(keys)))
    wide.trunk.to(memory_format=torch.channels_last)
    rng = np.random.default_rng(config["seed"])
    sample = np.concatenate([p.crops[rng.integers(0, len(p.crops), 40)] for p in pools.values() if p.crops.shape[-1] == wide.trunk.size])
    pictures = F.interpolate(normalised(torch.from_numpy(sample), wide.trunk.size), size=config["size"], mode="bilinear", antialias=True)
    narrow = narrow_of(wide, config, pictures, keys)
    narrow.trunk.to(memory_format=torch.channels_last)
    if not (options.out / "checkpoint.pt").exists():
        print(json.dumps({"wide": joint.told(wide, watched, keys), "start": joint.told(narrow, watched, keys), "faces": {n: len(p.crops) for n, p in pools.items()}}), flush=True)
    train(narrow, wide, pools, watched, twin, keys, config, options.out, ahead=options.threads > 1)


if __name__ == "__main__":
    main()
