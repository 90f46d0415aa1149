"""Paint maps on the rest face, seen from the front: brows, lips, redness.

The map covers x -11..11 and y -12..14 of the rest (neutral, mean identity) shape; one map serves every person because all
identities share the mesh. Outlines are for the subject's left half and are mirrored.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

LEFT, RIGHT, LOW, HIGH = -11.0, 11.0, -12.0, 14.0
SIZE = (1408, 1664)

BROW = [(1.3, 4.6), (1.35, 5.3), (2.6, 5.7), (4.2, 5.95), (5.4, 5.55), (6.4, 4.75), (5.3, 5.05), (4.1, 5.25), (2.7, 5.0)]
LIPS = [(0.0, -2.75), (0.6, -2.5), (1.4, -2.8), (2.5, -3.5), (1.9, -4.2), (1.0, -4.75), (0.0, -4.9)]


def _pixels(points: list[tuple[float, float]], side: int) -> list[tuple[float, float]]:
    w, h = SIZE
    return [((side * x - LEFT) / (RIGHT - LEFT) * w, (HIGH - y) / (HIGH - LOW) * h) for x, y in points]


def spline(points: list[tuple[float, float]], closed: bool) -> list[tuple[float, float]]:
    """Catmull-Rom curve through the points."""
    p = np.asarray(points, float)
    ext = np.vstack([p[-1], p, p[0], p[1]]) if closed else np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    out = []
    for i in range(len(ext) - 3):
        a, b, c, d = ext[i : i + 4]
        for t in np.linspace(0, 1, 12, endpoint=False):
            out.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    if not closed:
        out.append(p[-1])
    return [tuple(q) for q in out]


def _layer() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("L", SIZE, 0)
    return image, ImageDraw.Draw(image)


def _array(image: Image.Image, blur_units: float) -> np.ndarray:
    radius = blur_units / (RIGHT - LEFT) * SIZE[0]
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), np.uint8)[::-1]


def paint_map() -> np.ndarray:
    """[H, W, 4] uint8, row 0 at the chin: brows, lips, redness (cheeks, nose, chin), nothing."""
    brow, draw = _layer()
    for side in (1, -1):
        draw.polygon(_pixels(spline(BROW, True), side), fill=255)
    lips, draw = _layer()
    outline = LIPS + [(-x, y) for x, y in LIPS[-2:0:-1]]
    draw.polygon(_pixels(spline(outline, True), 1), fill=255)
    red, draw = _layer()
    for cx, cy, rx, ry, value in (
        (4.6, -0.4, 2.2, 1.6, 170),
        (-4.6, -0.4, 2.2, 1.6, 170),
        (0, 0.2, 1.5, 1.4, 200),
        (0, -7.2, 1.6, 0.9, 90),
    ):
        (x0, y0), (x1, y1) = _pixels([(cx - rx, cy + ry), (cx + rx, cy - ry)], 1)
        draw.ellipse([x0, y0, x1, y1], fill=value)
    return np.stack([_array(brow, 0.16), _array(lips, 0.09), _array(red, 0.8), np.zeros(SIZE[::-1], np.uint8)], -1)
