"""python -m affect.read_train --weights weights.onnx --units runs/units --named fer-train --photos lfw --rendered expressions --valid fer-valid --unseen faces --out runs/reader

The reader of emotions over a released trunk and trained action-unit heads. It learns from faces whose emotion people named, from
photographs with one vote each, and from rendered people who show the prototypes of an emotion; the trunk's part is made to lean to
neutral and to fade, as it does away from FER+ (`reader.leaning`). Prints accuracy, balanced accuracy and ECE of the trunk alone and
of the reader, on each set as it is and with a trunk that leans.
"""

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from . import au_data, shipped
from .au_network import ActionUnits
from .au_train import held_out
from .data import EMOTIONS
from .export import load_units
from .metrics import calibration_error, report, softmax
from .network import Network
from .reader import READ, EmotionReader, leaning
from .trunk import normalised

CONFIG = {"seed": 0, "epochs": 30, "batch": 512, "rate": 3e-3, "decay": 0.02, "rare": 0.2, "lean": 3.0, "fade": 0.6, "tremble": 0.3, "photos": 1.2, "rendered": 0.35}
# Of a rendered prototype, how sure a person would be.
PROTOTYPE = 0.9
TEMPERATURES = [round(0.5 + 0.05 * step, 2) for step in range(21)]


@dataclass(frozen=True)
class Evidence:
    """What the released network says of faces: logits [n, 8], presence and intensity [n, READ]; and the shares [n, 8] people named."""

    logits: torch.Tensor
    presence: torch.Tensor
    intensity: torch.Tensor
    shares: torch.Tensor

    def at(self, chosen: torch.Tensor | np.ndarray) -> "Evidence":
        index = torch.as_tensor(chosen)
        return Evidence(*(getattr(self, name)[index] for name in Evidence.__dataclass_fields__))

    def read(self, reader: EmotionReader) -> torch.Tensor:
        return reader(self.logits, self.presence, self.intensity, torch.ones(len(self.logits), 1))


def evidence_of(network: Network, units: ActionUnits, keys: list[str], faces: au_data.Faces) -> Evidence:
    columns, parts = [keys.index(key) for key in READ], []
    with torch.no_grad():
        for start in range(0, len(faces.crops), 64):
            x = normalised(torch.from_numpy(faces.crops[start : start + 64]), network.trunk.size).contiguous(memory_format=torch.channels_last)
            features, detail = network.trunk.both(x)
            presence, intensity = units(torch.from_numpy(faces.landmarks[start : start + 64]), detail)
            parts.append((network.emotion(features), presence[:, columns], intensity[:, columns]))
    return Evidence(*(torch.cat(part) for part in zip(*parts, strict=True)), torch.from_numpy(faces.shares))


def joined(sets: list[Evidence]) -> Evidence:
    return Evidence(*(torch.cat([getattr(e, name) for e in sets]) for name in Evidence.__dataclass_fields__))


def shares_of(emotions: np.ndarray) -> np.ndarray:
    """Shares [n, 8] of rendered prototypes."""
    shares = np.full((len(emotions), len(EMOTIONS)), (1 - PROTOTYPE) / (len(EMOTIONS) - 1), np.float32)
    shares[np.arange(len(emotions)), emotions] = PROTOTYPE
    return shares


def balanced(shares: torch.Tensor, rare: float) -> torch.Tensor:
    """Weights [n], mean 1: faces of an emotion that is seen in the share s of a set count s^-rare."""
    seen = shares.mean(0).clamp(min=0.002)
    weight = (shares * seen[None] ** -rare).sum(1)
    return weight / weight.mean()


def fit(sets: list[tuple[Evidence, float]], config: dict) -> EmotionReader:
    """`sets`: evidence, and how much the whole set counts beside the first."""
    torch.manual_seed(config["seed"])
    first = len(sets[0][0].logits)
    weights = torch.cat([balanced(e.shares, config["rare"]) * share * first / len(e.logits) for e, share in sets])
    seen = joined([e for e, _ in sets])
    reader, count, batch = EmotionReader(), len(weights), config["batch"]
    optimiser = torch.optim.AdamW(reader.parameters(), lr=config["rate"], weight_decay=config["decay"])
    steps = config["epochs"] * -(-count // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, config["rate"], total_steps=steps)
    for _ in range(config["epochs"]):
        reader.train()
        order = torch.randperm(count)
        for start in range(0, count, batch):
            chosen = order[start : start + batch]
            face, weight = seen.at(chosen), weights[chosen]
            shaken = face.presence + config["tremble"] * torch.randn_like(face.presence)
            logits = replace(face, logits=leaning(face.logits, config["lean"], config["fade"]), presence=shaken).read(reader)
            loss = (-(face.shares * F.log_softmax(logits, 1)).sum(1) * weight).sum() / weight.sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return reader.eval()


def temper(reader: EmotionReader, sets: list[Evidence]) -> float:
    """Divides the reader's logits by the temperature whose calibration error is least in the set where it is worst; returns it.

    Shares that people gave make it too humble at home, faces unlike those it learned make it too sure: one set must not decide."""
    with torch.no_grad():
        read = [(face.read(reader).numpy(), face.shares.numpy().argmax(1)) for face in sets]
    worst = {t: max(calibration_error(softmax(logits / t), labels) for logits, labels in read) for t in TEMPERATURES}
    best = min(worst, key=worst.__getitem__)
    with torch.no_grad():
        for layer in (reader.trust, reader.weigh[-1]):
            layer.weight /= best
            layer.bias /= best
    return best


def row(name: str, logits: torch.Tensor, shares: torch.Tensor) -> str:
    result = report(softmax(logits.numpy()), shares.numpy().argmax(1))
    recall = " ".join(f"{round(100 * value):3d}" for value in result["recall"])
    return f"{name:34} {result['accuracy']:.3f} balanced {result['balancedAccuracy']:.3f} ECE {result['ece']:.3f} recall {recall}"


def tell(name: str, evidence: Evidence, reader: EmotionReader) -> None:
    neutral = F.one_hot(torch.zeros(len(evidence.logits), dtype=torch.long), len(EMOTIONS)).float()
    leant = replace(evidence, logits=evidence.logits * 0.8 + 3 * neutral)
    with torch.no_grad():
        for tag, seen in ((name, evidence), (f"{name}, leaning", leant)):
            print(row(f"{tag}: trunk", seen.logits, seen.shares))
            print(row(f"{tag}: reader", seen.read(reader), seen.shares))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("named", "photos", "valid"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--rendered", nargs="+", required=True, help="rendered prototypes")
    parser.add_argument("--weights", type=Path, required=True, help="the weights.onnx of a release")
    parser.add_argument("--units", type=Path, required=True, help="a run of affect.au_train")
    parser.add_argument("--unseen", nargs="*", default=[], help="rendered prototypes of people kept from training")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--set", nargs="*", default=[], help="configuration, as name=value")
    options = parser.parse_args()
    config = CONFIG | {name: json.loads(value) for name, value in (item.split("=") for item in options.set)}
    network = shipped.load(options.weights)
    units, keys = load_units(options.units)

    def load(prefix: str) -> tuple[Evidence, np.ndarray]:
        faces = au_data.load(prefix, keys)
        if np.isnan(faces.shares).all():
            with np.load(f"{prefix}.truth.npz") as truth:
                emotions = truth["emotion"][np.load(f"{prefix}.facts.npy")[:, 0] > 0]
            faces = replace(faces, shares=shares_of(emotions))
        return evidence_of(network, units, keys, faces), faces.person

    (named, _), (photos, people) = (load(prefix) for prefix in (options.named, options.photos))
    rendered = joined([load(prefix)[0] for prefix in options.rendered])
    kept = held_out(people)
    reader = fit([(named, 1.0), (photos.at(~kept), config["photos"]), (rendered, config["rendered"])], config)
    valid, apart = load(options.valid)[0], photos.at(kept)
    unseen = {Path(prefix).name: load(prefix)[0] for prefix in options.unseen}
    print(f"temperature {temper(reader, [valid, apart, *unseen.values()])}")
    options.out.mkdir(parents=True, exist_ok=True)
    torch.save({"model": reader.state_dict(), "config": config}, options.out / "reader.pt")
    for name, evidence in {"valid": valid, "photographs kept from training": apart, **unseen}.items():
        tell(name, evidence, reader)


if __name__ == "__main__":
    main()
