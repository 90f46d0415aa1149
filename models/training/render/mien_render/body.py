"""A plain torso under the neck, and how far each head vertex follows the head's turn."""

import numpy as np

# Height and depth about which the head turns, and the heights between which the neck bends, in rest coordinates.
PIVOT = np.array([0.0, -4.0, -1.5], np.float32)
NECK_LOW, NECK_HIGH = -14.8, -7.0


def follow(rest: np.ndarray) -> np.ndarray:
    """Share [V] of the head's rotation each rest position takes: 1 on the head, 0 at the foot of the neck."""
    # The chin hangs in front of the neck and must follow the head although it is low.
    high = NECK_HIGH - 5.0 * np.clip(rest[:, 2] / 9.0, 0, 1)
    t = np.clip((rest[:, 1] - NECK_LOW) / (high - NECK_LOW), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def torso(columns: int = 96, rows: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Shoulders as a loft of ellipses: positions [V, 3] in rest coordinates and triangles [T, 3]."""
    t = np.linspace(0, 1, rows)
    heights = np.interp(t, [0, 0.1, 0.28, 0.5, 1], [-12.9, -13.4, -15.6, -19.5, -46.0])
    half_width = np.interp(t, [0, 0.1, 0.28, 0.5, 0.7, 1], [10.2, 13.0, 16.5, 20.0, 22.0, 22.5])
    half_depth = np.interp(t, [0, 0.1, 0.28, 0.5, 1], [6.5, 6.9, 8.2, 10.9, 13.0])
    kernel = np.hanning(13) / np.hanning(13).sum()

    def soften(x: np.ndarray) -> np.ndarray:
        return np.convolve(np.pad(x, 6, mode="reflect", reflect_type="odd"), kernel, "valid")

    heights, half_width, half_depth = soften(heights), soften(half_width), soften(half_depth)
    angle = np.linspace(0, 2 * np.pi, columns, endpoint=False)
    x = half_width[:, None] * np.cos(angle)[None, :]
    z = half_depth[:, None] * np.sin(angle)[None, :] - 2.6
    # The collar lies lower in front than behind.
    y = np.broadcast_to(heights[:, None], x.shape) - 1.3 * np.sin(angle)[None, :] * (1 - t[:, None]) ** 2
    positions = np.stack([x, y, z], -1).reshape(-1, 3).astype(np.float32)
    r, c = np.meshgrid(np.arange(rows - 1), np.arange(columns), indexing="ij")
    a, b = r * columns + c, r * columns + (c + 1) % columns
    d, e = a + columns, b + columns
    quads = np.stack([a, b, d, b, e, d], -1).reshape(-1, 3)
    return positions, quads.astype(np.int32)
