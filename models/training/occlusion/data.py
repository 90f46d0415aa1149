"""Gathered crops, split by person, and what a camera may do to them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from .gather import part_of
from .parts import MIRRORED

PLAIN = -1


@dataclass(frozen=True)
class Faces:
    crops: np.ndarray
    visible: np.ndarray
    kind: np.ndarray
    picture: np.ndarray
    names: np.ndarray
    kinds: list[str]

    def __len__(self) -> int:
        return len(self.crops)

    def of(self, chosen: np.ndarray) -> "Faces":
        return Faces(self.crops[chosen], self.visible[chosen], self.kind[chosen], self.picture[chosen], self.names, self.kinds)


def load(files: list[Path], split: str, dropped: frozenset[str] = frozenset()) -> Faces:
    """All crops of one split. `dropped`: names of pictures that something real covers."""
    parts: list[Faces] = []
    names: list[str] = []
    for file in files:
        with np.load(file) as stored:
            own = stored["names"]
            keep = np.array([part_of(int(p)) == split for p in stored["person"]], bool)
            keep &= ~np.isin(own[stored["picture"]], list(dropped))
            parts.append(Faces(stored["crops"][keep], stored["visible"][keep], stored["kind"][keep], stored["picture"][keep] + len(names), own, list(stored["kinds"])))
            names.extend(own)
    join = lambda field: np.concatenate([getattr(part, field) for part in parts])
    return Faces(join("crops"), join("visible"), join("kind"), join("picture"), np.array(names), parts[0].kinds)


def augmented(crops: np.ndarray, visible: np.ndarray, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Crops float32 [n, s, s] 0..255 as cameras, distance and alignment change them, some mirrored, and their visibility."""
    count, size = len(crops), crops.shape[-1]
    normal = lambda spread, *shape: torch.from_numpy(rng.normal(0, spread, (count, *shape)).astype(np.float32))
    x = torch.from_numpy(crops).float()[:, None]
    y = torch.from_numpy(visible.copy())
    flip = torch.from_numpy(rng.random(count) < 0.5)
    y[flip] = y[flip][:, MIRRORED]
    sign = torch.where(flip, -1.0, 1.0)
    angle, scale = normal(0.06), torch.exp(normal(0.06))
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    rows = [torch.stack([cos * sign, -sin, normal(0.04)], 1), torch.stack([sin * sign, cos, normal(0.04)], 1)]
    grid = F.affine_grid(torch.stack(rows, 1), [count, 1, size, size], align_corners=False)
    x = F.grid_sample(x, grid, padding_mode="border", align_corners=False, mode="bilinear")
    kind = rng.random()
    if kind < 0.35:  # few pixels
        small = int(rng.choice([20, 24, 32, 44]))
        x = F.interpolate(F.interpolate(x, size=small, mode="area"), size=size, mode="bilinear", align_corners=False)
    elif kind < 0.55:
        sigma = rng.uniform(0.5, 1.8)
        line = torch.exp(-(torch.arange(-4, 5).float() ** 2) / (2 * sigma * sigma))
        line /= line.sum()
        x = F.conv2d(F.pad(x, (4, 4, 4, 4), mode="replicate"), (line[:, None] * line[None])[None, None])
    x = x / 255
    ramp = torch.linspace(-1, 1, size)
    x = x * (1 + normal(0.2, 1, 1, 1) * ramp + normal(0.15, 1, 1, 1) * ramp[:, None])
    x = x.clamp(1e-4, 1) ** torch.exp(normal(0.25, 1, 1, 1))
    dim = torch.from_numpy(np.where(rng.random(count) < 0.2, rng.uniform(0.08, 0.5, count), 1.0).astype(np.float32))[:, None, None, None]
    level = torch.from_numpy((rng.random((count, 1, 1, 1)) ** 2 * 0.06).astype(np.float32))
    x = (x * dim + normal(1, 1, size, size) * level).clamp(0, 1)
    return (x * 255).round()[:, 0], y
