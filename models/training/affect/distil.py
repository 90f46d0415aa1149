"""python -m affect.distil --data ferplus.npz --soft soft.npz --release ../mien-affect --rendered … --prototypes … --photos lfw --named fer-train … --keys keys.json --out runs/small:
a network a quarter as dear, which learns what a release sees in the very picture it is shown.

Function matching (Beyer et al. 2022): the wide network and the narrow one look at the same changed picture, and the narrow one learns
emotions, action units, and through linear maps that are thrown away the wide one's features (FitNets, Romero et al. 2015); beside
them the truth that affect.joint learns from. Resumes where it stopped.
"""

import copy
import json
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from . import joint, shipped
from .au_network import ActionUnits, loss_of, weak_loss_of
from .au_train import TeacherScale, swapped
from .network import Network
from .schedule import run_schedule
from .slim import slimmed
from .train import changed
from .trunk import Form, normalised

CONFIG = {name: value for name, value in joint.CONFIG.items() if name not in ("freeze", "headRate")} | {"epochs": 20, "steps": 400, "warmup": 200, "rate": 8e-4, "dropout": 0.1, "decay": 0.02,
          "share": {"whole": 34, "named": 14, "photos": 16, "rendered": 20, "prototypes": 12}, "widths": [16, 32, 80, 160, 320, 640], "size": 112, "activation": "relu",
          "matched": 0.6, "features": 0.3, "unitsMatched": 0.6}  # fmt: skip


class Matching(nn.Module):
    """From the narrow network's features [n, f] and detail map to the wide one's; thrown away after training."""

    def __init__(self, narrow: Form, wide: Form) -> None:
        super().__init__()
        self.features = nn.Linear(narrow.widths[-1], wide.widths[-1])
        self.detail = nn.Conv2d(narrow.widths[-2], wide.widths[-2], 1)
        self.cells = narrow.size // 16

    def forward(self, seen: tuple[torch.Tensor, torch.Tensor], told: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        """Mean squared differences, each as a share of what varies between faces."""
        wide = F.adaptive_avg_pool2d(told[1].float(), self.cells)
        parts = ((self.features(seen[0].float()), told[0].float()), (self.detail(seen[1].float()), wide))
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


def step_loss(narrow: joint.Joint, wide: joint.Joint, matching: Matching, teacher: TeacherScale, pools: dict, config: dict, twin: torch.Tensor, columns: list[int], rng: np.random.Generator) -> torch.Tensor:  # fmt: skip
    parts = {}
    for name, count in config["share"].items():
        pool = pools[name]
        parts[name] = joint.shaken(pool, rng.integers(0, len(pool.crops), count), twin, columns, config, rng, loose=name == "whole")
    x, marks = (torch.cat([part[i] for part in parts.values()]) for i in (0, 1))
    whole = config["share"]["whole"]
    with torch.autocast("cpu", torch.bfloat16):
        with torch.no_grad():
            told = wide.trunk.both(x.contiguous(memory_format=torch.channels_last))
        small = F.interpolate(x, size=config["size"], mode="bilinear", antialias=True)
        seen = narrow.trunk.both(small.contiguous(memory_format=torch.channels_last))
    with torch.no_grad():
        wide_logits = wide.emotion(told[0].float())
        wide_presence, wide_intensity = wide.units(marks[whole:], told[1][whole:].float())
    logits = narrow.emotion(narrow.dropout(seen[0].float()))
    presence, intensity = narrow.units(marks[whole:], seen[1][whole:].float())
    matched = F.kl_div(F.log_softmax(logits, 1), F.log_softmax(wide_logits, 1), reduction="batchmean", log_target=True)
    likely, strong = torch.sigmoid(wide_presence), wide_intensity.clamp(0, 5)
    units_matched = 0.5 * F.binary_cross_entropy_with_logits(presence, likely) + F.huber_loss(intensity, strong)
    loss = config["matched"] * matched + config["features"] * matching(seen, told) + config["unitsMatched"] * units_matched
    at = 0
    for name, (_, _, shares, targets, weak) in parts.items():
        count = config["share"][name]
        loss = loss + (1 - config["matched"]) * joint.emotion_loss(logits[at : at + count], shares) * count / len(x)
        if name != "whole":
            rows = slice(at - whole, at - whole + count)
            p, i = presence[rows], intensity[rows]
            photo = pools[name].photo
            exact = loss_of(*(teacher(p, i) if photo else (p, i)), targets, torch.ones(count, 1))
            named = weak_loss_of(p, i, weak, config["restIntensity"])
            loss = loss + config["units"] * count / (len(x) - whole) * (exact * (config["photoUnits"] if photo else 1.0) + config["namedUnits"] * named)
        at += count
    return loss


def train(narrow: joint.Joint, wide: joint.Joint, pools: dict, watched: dict, twin: torch.Tensor, keys: list[str], config: dict, out: Path) -> joint.Joint:
    average, teacher, matching, columns = copy.deepcopy(narrow), TeacherScale(len(keys)), Matching(narrow.trunk.form, wide.trunk.form), swapped(keys)
    narrow.dropout.p = config["dropout"]
    wide.eval()
    groups = [{"params": list(narrow.parameters()), "factor": 1.0}, {"params": list(matching.parameters()), "factor": 2.0}, {"params": list(teacher.parameters()), "factor": 5.0, "weight_decay": 0.0}]
    things = {"model": narrow, "average": average, "teacher": teacher, "matching": matching}

    def loss_of(rng: np.random.Generator) -> torch.Tensor:
        return step_loss(narrow, wide, matching, teacher, pools, config, twin, columns, rng)

    run_schedule(things, groups, config, out, loss_of, lambda: joint.told(average, watched, keys))
    return average.eval()


def main() -> None:
    options = joint.options(__doc__)
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
    print(json.dumps({"wide": joint.told(wide, watched, keys), "start": joint.told(narrow, watched, keys), "faces": {n: len(p.crops) for n, p in pools.items()}}), flush=True)
    train(narrow, wide, pools, watched, twin, keys, config, options.out)


if __name__ == "__main__":
    main()
