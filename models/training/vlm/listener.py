"""A listener that knows texts and faces from training only: it must find the face a text is about among others with the same labels.

It never hears the model it judges while it learns: its texts are written from the facts of the training faces.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from . import tokenizer as tokens
from .batches import Sampler, asked
from .model import Vlm
from .tokenizer import Tokenizer

TEXTS = ["movement", "units", "summary", "strongest", "emotion-cues", "describe"]
SIZE = 128


class Listener(nn.Module):
    """Texts int [n, t] (padded) and face features [n, f] -> unit vectors [n, SIZE] each; likeness is their product times a scale."""

    def __init__(self, vocabulary: int, features: int) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, SIZE)
        self.reader = nn.GRU(SIZE, SIZE, batch_first=True, bidirectional=True)
        self.text = nn.Linear(2 * SIZE, SIZE)
        self.face = nn.Sequential(nn.LayerNorm(features), nn.Linear(features, 256), nn.GELU(), nn.Linear(256, SIZE))
        self.scale = nn.Parameter(torch.tensor(2.3))

    def read(self, texts: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
        hidden, _ = self.reader(self.words(texts))
        mean = (hidden * real[..., None]).sum(1) / real.sum(1, keepdim=True).clamp(min=1)
        return F.normalize(self.text(mean), dim=1)

    def look(self, faces: torch.Tensor) -> torch.Tensor:
        return F.normalize(self.face(faces), dim=1)


@torch.no_grad()
def features_of(model: Vlm, crops: torch.Tensor, meshes: torch.Tensor) -> torch.Tensor:
    """[n, 1024 + 256]: frozen features of mien-affect and of its action-unit heads; nothing that the speaker learned."""
    from affect.trunk import BLOCKS, CENTRE, DETAIL_AT, SPREAD

    from .vision import maps_of

    maps = maps_of(model.trunk, (crops[:, None].float() - CENTRE) / SPREAD, (DETAIL_AT // 2, BLOCKS))
    return torch.cat([maps[BLOCKS].mean((2, 3)), model.hidden_units(meshes, maps[DETAIL_AT // 2])], 1)


def padded(lines: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    longest = max(1, *map(len, lines))
    texts, real = torch.zeros(len(lines), longest, dtype=torch.long), torch.zeros(len(lines), longest)
    for row, line in enumerate(lines):
        texts[row, : len(line)], real[row, : len(line)] = torch.tensor(line, dtype=torch.long), 1
    return texts, real


def train(model: Vlm, sampler: Sampler, tokenizer: Tokenizer, steps: int, faces: int = 48) -> Listener:
    """Contrastive: each text must find its face among those of the batch, and the other way round."""
    listener = Listener(tokenizer.size, 1024 + 256)
    optimizer = torch.optim.AdamW(listener.parameters(), lr=1e-3)
    for step in range(steps):
        rng = np.random.default_rng([77, step])
        chosen = sampler.sets[int(rng.choice(len(sampler.sets), p=sampler.share))]
        rows, lines = rng.permutation(len(chosen)), []
        kept = []
        for row in rows:
            pairs = [pair for kind in TEXTS if (pair := asked(kind, chosen.facts[row], rng))]
            if pairs:
                kept.append(int(row))
                lines.append(tokenizer.encode(pairs[rng.integers(len(pairs))][1]))
            if len(kept) == faces:
                break
        crops = torch.from_numpy(np.stack([chosen.crop(row) for row in kept]))
        meshes = torch.from_numpy(np.stack([chosen.mesh(row) for row in kept]))
        likeness = listener.read(*padded(lines)) @ listener.look(features_of(model, crops, meshes)).T * listener.scale.exp()
        wanted = torch.arange(len(kept))
        loss = F.cross_entropy(likeness, wanted) + F.cross_entropy(likeness.T, wanted)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        if (step + 1) % 25 == 0:
            print(step + 1, round(loss.item(), 3), flush=True)
    return listener.eval()


def load(path: Path, tokenizer: Tokenizer) -> Listener:
    listener = Listener(tokenizer.size, 1024 + 256)
    listener.load_state_dict(torch.load(path, map_location="cpu"))
    return listener.eval()


def main() -> None:
    from .export import load_run
    from .train import load_sets

    parser = argparse.ArgumentParser(description="python -m vlm.listener --run RUN --sets sets.json --affect weights.onnx --out listener.pt")
    for name in ("run", "sets", "affect", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=300)
    options = parser.parse_args()
    torch.set_num_threads(1)
    model, _ = load_run(options.run, options.affect)
    tokenizer = tokens.load(options.run / "tokenizer.json")
    torch.save(train(model, Sampler(load_sets(options.sets), tokenizer, model.config.prefix), tokenizer, options.steps).state_dict(), options.out)


if __name__ == "__main__":
    main()
