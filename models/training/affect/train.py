"""python -m affect.train --data ferplus.npz --pretrained faceres-deep.json --out runs/a: fine-tunes, resumes where it stopped."""

import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from . import data, facenet, trunk
from .augment import augment
from .calibration import top_label_temperature
from .metrics import report, softmax
from .network import Network
from .trunk import normalised

CONFIG = Path(__file__).with_name("config-first.json")
# config["trunk"], MobileNet unless told: the network, and what reads its pretrained weights.
TRUNKS = {"mobilenet": (trunk.Trunk, trunk.pretrained), "facenet": (facenet.FaceNet, facenet.pretrained)}


def logits_of(network: torch.nn.Module, images: np.ndarray, size: int, flip: bool = False, exact: bool = False) -> torch.Tensor:
    """Uncalibrated logits [n, 8] of uint8 images, in batches; `flip` averages with the mirror image, `exact` computes in float32."""
    network.eval()
    device = next(network.parameters()).device
    parts = []
    with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=not exact):
        for start in range(0, len(images), 128):
            x = normalised(torch.from_numpy(images[start : start + 128]), size).to(device, memory_format=torch.channels_last)
            logits = network(x).float()
            parts.append(((logits + network(x.flip(3)).float()) / 2 if flip else logits).cpu())
    return torch.cat(parts)


def load_average(checkpoint: Path, dropout: float = 0.0) -> Network:
    """The averaged network of a run, in evaluation mode."""
    saved = torch.load(checkpoint / "checkpoint.pt", map_location="cpu")
    empty, _ = TRUNKS[saved["config"].get("trunk", "mobilenet")]
    network = Network(empty(), len(data.EMOTIONS), dropout)
    network.load_state_dict(saved["average"])
    return network.eval()


def draw(targets: np.ndarray, count: int, balance: float, rng: np.random.Generator) -> np.ndarray:
    """Which faces an epoch sees: rarer majorities more often, by the power `balance` of how much rarer they are."""
    labels = targets.argmax(1)
    sizes = np.bincount(labels, minlength=targets.shape[1])
    weights = (sizes.max() / sizes[labels]) ** balance
    return rng.choice(len(targets), count, replace=True, p=weights / weights.sum())


def softened(faces: data.Faces, soft: str, share: float) -> data.Faces:
    """Targets mixed with what `affect.soften` wrote: (1 - share) of the votes, share of the models."""
    with np.load(soft) as archive:
        if not np.array_equal(archive["ids"], faces.ids):
            raise ValueError(f"{soft} was made from other faces; run affect.soften on the same data")
        return data.Faces(faces.images, (1 - share) * faces.targets + share * archive["probabilities"], faces.ids)


def mixed(batch: torch.Tensor, share: float) -> torch.Tensor:
    """A batch mixed with itself in reverse (mixup, Zhang et al. 2018)."""
    return share * batch + (1 - share) * batch.flip(0)


class Teacher:
    """What a finished run sees in the very pictures its pupil is shown, changed and mixed as they are (Beyer et al. 2022)."""

    def __init__(self, run: Path, valid: data.Faces, device: str = "cpu") -> None:
        self.network = load_average(run).to(device, memory_format=torch.channels_last).requires_grad_(False)
        self.size = torch.load(run / "checkpoint.pt", map_location="cpu")["config"]["size"]
        self.temperature = top_label_temperature(logits_of(self.network, valid.images, self.size), torch.from_numpy(valid.targets.argmax(1)))

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Probabilities [n, 8] of normalised pictures [n, 1, s, s]."""
        with torch.no_grad(), torch.autocast(x.device.type, torch.bfloat16):
            return F.softmax(self.network(x).float() / self.temperature, 1)


def train(faces: data.Faces, valid: data.Faces, config: dict, start: Network, out: Path, device: str, teacher: Teacher | None = None) -> Network:
    """Trains `start` for config["epochs"], continuing from out/checkpoint.pt, and returns the averaged network.

    config["mixed"] (none unless told) of the batches are mixed, pictures and targets alike;
    config["taught"] of every target is what `teacher` sees. ValueError: one without the other, or a checkpoint of another configuration.
    """
    if ("taught" in config) != (teacher is not None):
        raise ValueError("a teacher and config.taught, its share of the targets, go together: give both or neither")
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(config["seed"])
    network = start.to(device, memory_format=torch.channels_last).train()
    average = copy.deepcopy(network)
    network.trunk.freeze(config["freeze"])
    body = [p for p in network.trunk.parameters() if p.requires_grad]
    groups = [{"params": body, "factor": 1.0}, {"params": list(network.emotion.parameters()), "factor": config["headRate"]}]
    optimiser = torch.optim.AdamW(groups, lr=config["rate"], weight_decay=config["decay"])
    batch = min(config["batch"], len(faces.images))
    batches = len(faces.images) // batch
    total, first = config["epochs"] * batches, 0
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device)
        if saved["config"] != config:
            raise ValueError(f"{checkpoint} was made with another configuration; choose another --out or delete it")
        network.load_state_dict(saved["network"])
        average.load_state_dict(saved["average"])
        optimiser.load_state_dict(saved["optimiser"])
        first = saved["epoch"] + 1
    targets = torch.from_numpy(faces.targets)
    labels = valid.targets.argmax(1)
    for epoch in range(first, config["epochs"]):
        started, losses = time.time(), []
        # Each epoch has its own generators, so that a resumed run sees the same batches.
        rng = np.random.default_rng([config["seed"], epoch])
        torch.manual_seed(config["seed"] * 1_000 + epoch)  # dropout
        order = draw(faces.targets, batches * batch, config["balance"], rng)
        network.train()
        for index in range(batches):
            step = epoch * batches + index
            pace = min(1, (step + 1) / config["warmup"]) * (0.5 + 0.5 * math.cos(math.pi * step / total))
            for group in optimiser.param_groups:
                group["lr"] = config["rate"] * pace * group["factor"]
            chosen = order[index * batch : (index + 1) * batch]
            x, goal = augment(faces.images[chosen], rng, config["size"], config["augmentation"]).to(device), targets[chosen].to(device)
            if "mixed" in config and rng.random() < config["mixed"]:
                share = rng.random()
                x, goal = mixed(x, share), mixed(goal, share)
            if teacher:
                goal = (1 - config["taught"]) * goal + config["taught"] * teacher(x)
            with torch.autocast(device, torch.bfloat16):
                logits = network(x)
            loss = -(goal * F.log_softmax(logits.float(), 1)).sum(1).mean()
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimiser.step()
            losses.append(loss.item())
            keep = min(config["averaging"], (1 + step) / (10 + step))
            with torch.no_grad():
                for mean, value in zip(average.parameters(), network.parameters(), strict=True):
                    if value.requires_grad:
                        mean.mul_(keep).add_(value, alpha=1 - keep)
        found = report(softmax(logits_of(average, valid.images, config["size"]).numpy()), labels)
        line = {"epoch": epoch, "loss": float(np.mean(losses)), "valid": found["accuracy"], "macroF1": found["macroF1"], "s": time.time() - started}
        print(json.dumps(line), flush=True)
        state = {"network": network.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict()}
        torch.save({**state, "epoch": epoch, "config": config}, checkpoint.with_suffix(".part"))
        checkpoint.with_suffix(".part").replace(checkpoint)
    return average


def changed(config: dict, changes: list[str]) -> dict:
    """The configuration with changes given as name=value, the value in JSON."""
    return config | {name: json.loads(value) for name, value in (item.split("=") for item in changes)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    first = parser.add_mutually_exclusive_group(required=True)
    first.add_argument("--pretrained", type=Path, help="faceres-deep.json, or graph_final.pb for config.trunk facenet")
    first.add_argument("--start", type=Path, help="a finished run, whose averaged network goes on with a new schedule")
    parser.add_argument("--soft", help="targets written by affect.soften, mixed in by the share config.soft")
    parser.add_argument("--teacher", type=Path, help="a finished run whose view of each changed picture is mixed in by the share config.taught")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--config", type=Path, default=CONFIG)
    parser.add_argument("--set", nargs="*", default=[], help="changes to the configuration, as name=value")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    config = changed(json.loads(options.config.read_text()), options.set)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    faces, valid = data.load(options.data, "train"), data.load(options.data, "valid")
    if options.soft:
        faces = softened(faces, options.soft, config["soft"])
    if options.start:
        network = load_average(options.start, config["dropout"])
    else:
        _, read = TRUNKS[config.get("trunk", "mobilenet")]
        network = Network(read(options.pretrained), len(data.EMOTIONS), config["dropout"])
    teacher = Teacher(options.teacher, valid, device) if options.teacher else None
    train(faces, valid, config, network, options.out, device, teacher)


if __name__ == "__main__":
    main()
