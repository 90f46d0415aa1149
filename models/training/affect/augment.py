"""Changes to training faces that video makes: compression, few pixels, blur, sharpening, pose, light, noise, occlusion."""

import io

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

from .trunk import CENTRE, SPREAD


def recompressed(image: np.ndarray, quality: int) -> np.ndarray:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=int(quality))
    return np.asarray(Image.open(buffer))


def _detail(x: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """One change of sharpness for the whole batch, or none: x is [n, 1, s, s] in 0..1."""
    kind, size = rng.random(), x.shape[-1]
    if kind < 0.2:  # a face of fewer pixels, enlarged
        small = int(rng.choice([16, 20, 24, 32]))
        x = F.interpolate(F.interpolate(x, size=small, mode="area"), size=size, mode="bilinear", align_corners=False)
    elif kind < 0.35:
        sigma = rng.uniform(0.4, 1.6)
        line = torch.exp(-(torch.arange(-3, 4).float() ** 2) / (2 * sigma * sigma))
        line /= line.sum()
        x = F.conv2d(F.pad(x, (3, 3, 3, 3), mode="replicate"), (line[:, None] * line[None])[None, None])
    elif kind < 0.5:
        soft = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)
        x = (x + (x - soft) * rng.uniform(0.3, 1.5)).clamp(0, 1)
    return x


def lit(x: torch.Tensor, rng: np.random.Generator, strength: float) -> torch.Tensor:
    """Contrast, gamma, light from one side, grain and things in front of the face, each at random: x is [n, 1, s, s] in 0..1."""
    count, size = len(x), x.shape[-1]

    def normal(spread: float, *shape: int) -> torch.Tensor:
        return torch.from_numpy(rng.normal(0, spread, (count, *shape)).astype(np.float32))

    x = ((x - 0.5) * torch.exp(normal(0.25, 1, 1, 1)) + 0.5 + normal(0.1, 1, 1, 1)).clamp(1e-4, 1) ** torch.exp(normal(0.2, 1, 1, 1))
    ramp = torch.linspace(-1, 1, size)  # light from one side
    x = x * (1 + normal(0.15, 1, 1, 1) * ramp[None, None, None] + normal(0.1, 1, 1, 1) * ramp[None, None, :, None])
    grain = F.interpolate(normal(1, 1, size // 2, size // 2), size=size, mode="nearest")
    x = x + grain * torch.from_numpy(rng.random((count, 1, 1, 1)).astype(np.float32)) * 0.05 * strength
    for index in np.flatnonzero(rng.random(count) < 0.4 * strength):  # something in front of the face
        height, width = rng.integers(size // 8, size * 5 // 12, 2)
        top, left = rng.integers(0, size - height), rng.integers(0, size - width)
        x[index, :, top : top + height, left : left + width] = float(rng.random())
    return x


def augment(images: np.ndarray, rng: np.random.Generator, size: int, strength: float = 1.0) -> torch.Tensor:
    """uint8 [n, s, s] -> float32 [n, 1, size, size], normalised for the trunk, each changed at random."""
    count = len(images)

    def normal(spread: float, *shape: int) -> torch.Tensor:
        return torch.from_numpy(rng.normal(0, spread, (count, *shape)).astype(np.float32))

    images = images.copy()
    for index in np.flatnonzero(rng.random(count) < 0.15):
        images[index] = recompressed(images[index], rng.integers(15, 80))
    x = _detail(torch.from_numpy(images)[:, None].float() / 255, rng)
    flip = torch.from_numpy(np.where(rng.random(count) < 0.5, -1, 1).astype(np.float32))
    angle, scale, aspect = normal(0.14 * strength), torch.exp(normal(0.09 * strength)), torch.exp(normal(0.05 * strength))
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    rows = [
        torch.stack([cos * flip * aspect, -sin, normal(0.07 * strength)], 1),
        torch.stack([sin * flip * aspect, cos, normal(0.07 * strength)], 1),
    ]
    grid = F.affine_grid(torch.stack(rows, 1), [count, 1, size, size], align_corners=False)
    padding = "border" if rng.random() < 0.7 else "zeros"
    x = F.grid_sample(x, grid, padding_mode=padding, align_corners=False, mode="bilinear")
    x = lit(x, rng, strength)
    return ((x * 255 - CENTRE) / SPREAD).contiguous(memory_format=torch.channels_last)
