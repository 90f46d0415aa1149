"""Changes to training faces that video makes: pose and framing, blur, light, noise, occlusion."""

import numpy as np
import torch
from torch.nn import functional as F

from .network import MEAN, SPREAD


def augment(images: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """uint8 [n, size, size] -> float32 [n, 1, size, size], normalised, each changed at random."""
    count, size = images.shape[0], images.shape[-1]

    def normal(spread: float, *shape: int) -> torch.Tensor:
        return torch.from_numpy(rng.normal(0, spread, (count, *shape)).astype(np.float32))

    x = images[:, None].float() / 255
    flip = torch.from_numpy(np.where(rng.random(count) < 0.5, -1, 1).astype(np.float32))
    angle, scale = normal(0.14), torch.exp(normal(0.09))
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    rows = [torch.stack([cos * flip, -sin, normal(0.08)], 1), torch.stack([sin * flip, cos, normal(0.08)], 1)]
    grid = F.affine_grid(torch.stack(rows, 1), [count, 1, size, size], align_corners=False)
    padding = "border" if rng.random() < 0.7 else "zeros"
    x = F.grid_sample(x, grid, padding_mode=padding, align_corners=False)
    if rng.random() < 0.25:  # a face of fewer pixels, enlarged
        small = int(rng.choice([size // 3, size * 5 // 12, size // 2, size * 2 // 3]))
        x = F.interpolate(F.interpolate(x, size=small, mode="area"), size=size, mode="bilinear", align_corners=False)
    x = ((x - 0.5) * torch.exp(normal(0.25, 1, 1, 1)) + 0.5 + normal(0.1, 1, 1, 1)).clamp(1e-4, 1)
    x = x ** torch.exp(normal(0.2, 1, 1, 1))
    noise = torch.from_numpy(rng.random((count, 1, 1, 1)).astype(np.float32)) * 0.06
    x = x + normal(1, 1, size, size) * noise
    for index in np.flatnonzero(rng.random(count) < 0.4):  # something in front of the face
        height, width = rng.integers(size // 8, size * 5 // 12, 2)
        top, left = rng.integers(0, size - height), rng.integers(0, size - width)
        x[index, :, top : top + height, left : left + width] = float(rng.random())
    return (x - MEAN) / SPREAD
