"""python -m occlusion.train --gathered FILES... --out RUN [--start RUN] [--without KIND] [--epochs N]: trains the network; the last weights, averaged."""

import argparse
import copy
import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from .data import PLAIN, Faces, augmented, load
from .network import Visibility, normalised
from .parts import PARTS

BATCH, RATE, AVERAGED = 128, 4e-3, 0.99
# A part that nothing covers is what most parts are: calling it covered costs more than the other way round.
VISIBLE_WEIGHT = 2.0


def loss_of(logits: torch.Tensor, visible: torch.Tensor) -> torch.Tensor:
    """Cross-entropy to the visible share; parts without pixels do not count."""
    known = ~torch.isnan(visible)
    wanted = torch.where(known, visible, 1.0)
    weight = known * torch.where(wanted >= 1, VISIBLE_WEIGHT, 1.0)
    return (F.binary_cross_entropy_with_logits(logits, wanted, reduction="none") * weight).sum() / weight.sum()


def fit(faces: Faces, epochs: int, seed: int = 1, start: Path | None = None) -> Visibility:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = Visibility().to(memory_format=torch.channels_last)
    if start:
        network.load_state_dict(torch.load(start / "network.pt", map_location="cpu"))
    average = copy.deepcopy(network)
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=0.02)
    steps = max(1, len(faces) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=epochs * steps, pct_start=0.15)
    done = 0
    for epoch in range(epochs):
        network.train()
        order, total = rng.permutation(len(faces)), 0.0
        for step in range(steps):
            chosen = order[step * BATCH : (step + 1) * BATCH]
            crops, visible = augmented(faces.crops[chosen], faces.visible[chosen], rng)
            loss = loss_of(network(normalised(crops).contiguous(memory_format=torch.channels_last)), visible)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            done += 1
            share = min(AVERAGED, 1 - 10 / (done + 10))
            with torch.no_grad():
                for kept, new in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
                    kept.copy_(share * kept + (1 - share) * new if kept.is_floating_point() else new)
            total += loss.item()
        print(json.dumps({"epoch": epoch, "loss": round(total / steps, 4)}), flush=True)
    return average.eval()


def visible_of(network: torch.nn.Module, crops: np.ndarray) -> np.ndarray:
    """Logits float32 [n, 9]."""
    with torch.no_grad():
        parts = [network(normalised(torch.from_numpy(crops[at : at + 512]))).numpy() for at in range(0, len(crops), 512)]
    return np.concatenate(parts) if parts else np.zeros((0, len(PARTS)), np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gathered", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="a run whose weights it goes on from")
    parser.add_argument("--without", help="a kind of cover to leave out")
    parser.add_argument("--drop", type=Path, help="JSON list of pictures that something real covers")
    parser.add_argument("--epochs", type=int, default=16)
    options = parser.parse_args()
    dropped = frozenset(json.loads(options.drop.read_text())) if options.drop else frozenset()
    faces = load(options.gathered, "train", dropped)
    if options.without:
        faces = faces.of(faces.kind != faces.kinds.index(options.without))
    print(json.dumps({"crops": len(faces), "plain": int((faces.kind == PLAIN).sum())}))
    network = fit(faces, options.epochs, start=options.start)
    options.out.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), options.out / "network.pt")


if __name__ == "__main__":
    main()
