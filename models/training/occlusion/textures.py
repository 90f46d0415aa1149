"""Gray surfaces of what may lie before a face: cloth, skin, plastic, other pictures. All are uint8-like float32 [h, w]."""

import numpy as np
from PIL import Image


def clouds(rng: np.random.Generator, shape: tuple[int, int], grain: int) -> np.ndarray:
    """Smooth noise, about -1..1, with `grain` blobs along a side."""
    small = rng.normal(0, 0.5, (grain, grain)).astype(np.float32)
    return np.asarray(Image.fromarray(small).resize(shape[::-1], Image.BICUBIC))


def light(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """A factor about 1: light that falls from one side."""
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    return np.clip(1 + rng.uniform(0, 0.4) * (np.cos(angle) * x + np.sin(angle) * y) + 0.12 * clouds(rng, shape, 4), 0.3, 1.7)


def tone(rng: np.random.Generator) -> float:
    """A gray level, the dark and the bright ones as likely as the others."""
    return float(rng.choice([rng.uniform(8, 60), rng.uniform(60, 170), rng.uniform(170, 250)]))


def cloth(rng: np.random.Generator, shape: tuple[int, int], scale: float) -> np.ndarray:
    """Plain, striped, checked, woven, dotted or printed cloth; `scale` is the width of the face in pixels."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    base, other = tone(rng), tone(rng)
    angle = rng.choice([0.0, np.pi / 2, rng.uniform(0, np.pi)])
    along, across = np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x
    period = scale * rng.uniform(0.03, 0.3)
    kind = rng.choice(["plain", "plain", "plain", "stripes", "checks", "weave", "dots", "print"])
    wave = lambda t, p: 0.5 + 0.5 * np.clip(3 * np.sin(2 * np.pi * t / p), -1, 1)
    if kind == "plain":
        mix = np.zeros(shape, np.float32)
    elif kind == "stripes":
        mix = wave(along, period)
    elif kind == "checks":
        mix = (wave(along, period) + wave(across, period)) / 2
    elif kind == "weave":
        mix = 0.3 * (np.sin(2 * np.pi * along / 3.1) * np.sin(2 * np.pi * across / 2.7) + 1)
    elif kind == "dots":
        mix = (np.sin(2 * np.pi * along / period) * np.sin(2 * np.pi * across / period) > 0.5).astype(np.float32)
    else:
        mix = (clouds(rng, shape, int(rng.integers(5, 16))) > 0.15).astype(np.float32)
    folds = clouds(rng, shape, int(rng.integers(3, 9))) * rng.uniform(0, 18)
    return (base + (other - base) * rng.uniform(0.1, 1) * mix + folds) * light(rng, shape)


def skin(rng: np.random.Generator, shape: tuple[int, int], level: float) -> np.ndarray:
    """Skin of about this gray level."""
    return (level * np.exp(rng.normal(0, 0.2)) + 6 * clouds(rng, shape, 12)) * light(rng, shape)


def picture(rng: np.random.Generator, shape: tuple[int, int], other: np.ndarray) -> np.ndarray:
    """A patch of another photograph, turned and enlarged at random."""
    side = int(min(other.shape) * rng.uniform(0.25, 0.7))
    top, left = rng.integers(0, other.shape[0] - side), rng.integers(0, other.shape[1] - side)
    patch = np.rot90(other[top : top + side, left : left + side], int(rng.integers(4)))
    return np.asarray(Image.fromarray(np.ascontiguousarray(patch)).resize(shape[::-1], Image.BILINEAR), np.float32) * light(rng, shape)
