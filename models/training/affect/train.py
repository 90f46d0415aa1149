"""python -m affect.train --data ferplus.npz --out runs/a [--config affect/config.json]: trains, resumes where it stopped."""

import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from . import data
from .augment import augment
from .network import Network, normalised

CONFIG = Path(__file__).with_name("config.json")


def build(config: dict) -> Network:
    return Network(config["widths"], config["depths"], len(data.EMOTIONS), config["dropout"])


def logits_of(network: torch.nn.Module, images: np.ndarray, flip: bool = False) -> torch.Tensor:
    """Uncalibrated logits [n, 8] of uint8 images, in batches."""
    network.eval()
    device = next(network.parameters()).device
    parts = []
    with torch.no_grad():
        for start in range(0, len(images), 256):
            x = normalised(torch.from_numpy(images[start : start + 256])).to(device)
            parts.append((network(x.flip(3)) if flip else network(x)).float().cpu())
    return torch.cat(parts)


def train(faces: data.Faces, valid: data.Faces, config: dict, out: Path, device: str) -> Network:
    """Trains for config["epochs"], continuing from out/checkpoint.pt, and returns the averaged network."""
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(config["seed"])
    network = build(config).to(device, memory_format=torch.channels_last)
    average = copy.deepcopy(network)
    optimiser = torch.optim.AdamW(network.parameters(), lr=config["rate"], weight_decay=config["decay"])
    batch = min(config["batch"], len(faces.images))
    batches = len(faces.images) // batch
    total = config["epochs"] * batches
    first = 0
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device)
        network.load_state_dict(saved["network"])
        average.load_state_dict(saved["average"])
        optimiser.load_state_dict(saved["optimiser"])
        first = saved["epoch"] + 1
    images, targets = torch.from_numpy(faces.images), torch.from_numpy(faces.targets)
    for epoch in range(first, config["epochs"]):
        started, losses = time.time(), []
        # Each epoch has its own generator, so that a resumed run sees the same batches.
        rng = np.random.default_rng([config["seed"], epoch])
        torch.manual_seed(config["seed"] * 1_000 + epoch)  # dropout
        order = rng.permutation(len(faces.images))
        network.train()
        for index in range(batches):
            step = epoch * batches + index
            rate = config["rate"] * min(1, (step + 1) / config["warmup"]) * (0.5 + 0.5 * math.cos(math.pi * step / total))
            for group in optimiser.param_groups:
                group["lr"] = rate
            chosen = torch.from_numpy(order[index * batch : (index + 1) * batch])
            x = augment(images[chosen], rng).to(device, memory_format=torch.channels_last)
            with torch.autocast(device, torch.bfloat16):
                logits = network(x)
            loss = -(targets[chosen].to(device) * F.log_softmax(logits.float(), 1)).sum(1).mean()
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimiser.step()
            losses.append(loss.item())
            keep = min(config["averaging"], (1 + step) / (10 + step))
            with torch.no_grad():
                for mean, value in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
                    mean.mul_(keep).add_(value, alpha=1 - keep) if mean.is_floating_point() else mean.copy_(value)
        right = logits_of(average, valid.images).argmax(1) == torch.from_numpy(valid.targets).argmax(1)
        line = {"epoch": epoch, "loss": float(np.mean(losses)), "valid": float(right.float().mean()), "s": time.time() - started}
        print(json.dumps(line), flush=True)
        state = {"network": network.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict()}
        torch.save({**state, "epoch": epoch, "config": config}, checkpoint.with_suffix(".part"))
        checkpoint.with_suffix(".part").replace(checkpoint)
    return average


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--config", type=Path, default=CONFIG)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    config = json.loads(options.config.read_text())
    device = "cuda" if torch.cuda.is_available() else "cpu"
    train(data.load(options.data, "train"), data.load(options.data, "valid"), config, options.out, device)


if __name__ == "__main__":
    main()
