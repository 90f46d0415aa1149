"""Skin that folds: furrows and bulges that follow the movement, as a height map over the rest face seen from the front.

The mesh is smooth; what tells a tightened lid or a raised chin on a real face is mostly its skin. Every region has strokes (furrows)
and pads (bulges) for the subject's left half, mirrored for the right, and the action units that fold it, with how much. Where each
is follows the FACS manual's appearance changes (Ekman, Friesen & Hager 2002). Heights are in mesh units (about a centimetre).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .paint import HIGH, LEFT, LOW, RIGHT, spline

SIZE = (704, 832)
FURROW, PAD = 0.085, 0.16  # depth of a furrow, height of a pad at full movement, before a person's own factor
FURROW_WIDTH, FURROW_BLUR, PAD_BLUR = 0.07, 0.06, 0.40
Stroke = list[tuple[float, float]]


@dataclass(frozen=True)
class Region:
    """`by`: action unit -> share of the full depth. Strokes and pads (x, y, half width, half height) lie on the left half, x > 0.
    `grain`: skin like orange peel on the pads."""

    by: Mapping[str, float]
    strokes: tuple[Stroke, ...] = ()
    pads: tuple[tuple[float, float, float, float], ...] = ()
    grain: bool = False


REGIONS: dict[str, Region] = {
    "forehead, inner": Region({"1": 1.0, "2": 0.35}, tuple([(-0.3, y), (1.3, y + 0.1), (2.9, y + 0.1)] for y in (7.0, 7.9, 8.8))),
    "forehead, outer": Region({"2": 1.0, "1": 0.15}, tuple([(2.5, y + 0.1), (4.3, y + 0.15), (5.9, y - 0.5)] for y in (7.1, 8.0, 8.9))),
    "between the brows": Region({"4": 1.0, "9": 0.35}, ([(0.62, 4.2), (0.78, 5.2), (0.6, 6.4)], [(1.15, 5.0), (1.3, 5.7), (1.2, 6.5)]), ((1.6, 5.5, 0.7, 0.5),)),
    "root of the nose": Region({"9": 1.0, "4": 0.3}, ([(-0.2, 3.9), (0.4, 3.85), (0.8, 3.6)], [(-0.2, 3.3), (0.45, 3.2), (0.85, 2.9)])),
    "side of the nose": Region({"9": 1.0, "10": 0.1}, ([(0.6, 2.7), (1.1, 2.4), (1.6, 1.7)], [(0.65, 2.0), (1.15, 1.6), (1.6, 0.9)])),
    "crow's feet": Region({"6": 1.0, "7": 0.2, "12": 0.1, "45": 0.1}, tuple([(5.7, 3.3 + 0.5 * d), (6.5, 3.4 + 1.4 * d), (7.4, 3.4 + 2.6 * d)] for d in (-0.55, 0.0, 0.5))),
    "under the eye": Region({"6": 1.0, "7": 0.45, "9": 0.2}, ([(1.6, 1.7), (2.9, 0.9), (4.5, 0.95), (5.8, 1.8)],), ((3.5, 1.45, 1.5, 0.35),)),
    "lower lid": Region({"7": 1.0, "6": 0.35}, ([(1.9, 2.2), (3.2, 1.75), (4.8, 2.1)],), ((3.3, 2.05, 1.1, 0.18),)),
    "wing of the nose": Region({"10": 0.8, "9": 0.6, "12": 0.2}, ([(1.25, 0.4), (1.8, -0.2), (2.4, -1.1)],), ((1.9, 0.6, 0.5, 0.4),)),
    "nasolabial": Region({"12": 0.8, "10": 0.4, "6": 0.15, "20": 0.15}, ([(2.2, -0.9), (3.0, -2.1), (3.5, -3.4)],)),
    "cheek": Region({"6": 0.8, "12": 0.5}, (), ((4.2, 0.2, 1.6, 1.0),)),
    "corner, dimple": Region({"14": 1.0, "12": 0.15, "20": 0.2}, ([(2.95, -2.8), (3.3, -3.5), (3.0, -4.2)],), ((3.7, -3.5, 0.35, 0.6),)),
    "beside the mouth": Region({"20": 1.0, "12": 0.2}, ([(3.5, -2.5), (4.0, -3.5), (3.8, -4.8)],)),
    "below the corner": Region({"15": 1.0, "17": 0.15}, ([(2.5, -3.9), (2.9, -4.6), (2.85, -5.5)],), ((3.1, -5.0, 0.3, 0.6),)),
    "chin": Region({"17": 1.0, "15": 0.15}, ([(-0.2, -5.55), (0.8, -5.5), (1.5, -5.9)],), ((0.0, -6.9, 1.3, 0.8),), grain=True),
    "lips, pursed": Region({"23": 0.9, "18": 0.9, "24": 0.25}, tuple([(x, -1.7), (x * 1.03, -2.5)] for x in (0.35, 0.85, 1.35)) + tuple([(x, -5.0), (x * 1.05, -5.6)] for x in (0.4, 1.0))),
    "lips, pressed": Region({"24": 1.0, "28": 0.7, "23": 0.4}, ([(-0.2, -5.2), (1.0, -5.15), (1.9, -4.7)],), ((0.0, -2.1, 1.7, 0.3), (0.0, -5.5, 1.3, 0.3))),
}  # fmt: skip


def _pixels(points: Stroke) -> Stroke:
    w, h = SIZE
    return [((x - LEFT) / (RIGHT - LEFT) * w, (HIGH - y) / (HIGH - LOW) * h) for x, y in points]


def _blurred(image: Image.Image, units: float) -> np.ndarray:
    return np.asarray(image.filter(ImageFilter.GaussianBlur(units / (RIGHT - LEFT) * SIZE[0])), np.float32)[::-1] / 255


class Skin:
    """How one person's skin folds: where its lines run, how deep, and which stay at rest. `age`: 0 smooth .. 1 deeply lined."""

    def __init__(self, rng: np.random.Generator) -> None:
        age = self.age = float(rng.beta(1.6, 2.0))
        self.depth = {name: float((0.45 + 1.3 * age) * rng.uniform(0.6, 1.4)) for name in REGIONS}
        # Lines that a face has at rest tell its age, not a movement.
        self.rest = {name: float(max(0.0, age - 0.35) * rng.uniform(0, 0.7)) for name in REGIONS}
        across = np.linspace(LEFT, RIGHT, SIZE[0], dtype=np.float32)
        self.left = np.clip(across / 1.0 + 0.5, 0, 1)[None]
        self.layers = {name: self._layer(region, rng) for name, region in REGIONS.items()}

    def _layer(self, region: Region, rng: np.random.Generator) -> tuple[slice, np.ndarray]:
        """Heights [h, w] float32 of both sides in the rows that the region spans."""
        shift, bend = rng.normal(0, 0.12, 2), rng.normal(0, 0.05, (2, len(region.strokes) + 1))
        furrows, pads = Image.new("L", SIZE, 0), Image.new("L", SIZE, 0)
        draw, paint = ImageDraw.Draw(furrows), ImageDraw.Draw(pads)
        for index, stroke in enumerate(region.strokes):
            moved = [(x + shift[0] + bend[0, index] * k, y + shift[1] + bend[1, index] * k) for k, (x, y) in enumerate(stroke)]
            for side in (1, -1):
                draw.line(_pixels([(side * x, y) for x, y in spline(moved, False)]), fill=255, width=max(1, round(FURROW_WIDTH / (RIGHT - LEFT) * SIZE[0])), joint="curve")  # fmt: skip
        for x, y, rx, ry in region.pads:
            for side in (1, -1):
                (x0, y0), (x1, y1) = _pixels([(side * x - rx, y + ry), (side * x + rx, y - ry)])
                paint.ellipse([x0, y0, x1, y1], fill=255)
        height = -FURROW * _normal(_blurred(furrows, FURROW_BLUR))
        if region.pads:
            bulge = _blurred(pads, PAD_BLUR)
            height += PAD * bulge
            if region.grain:
                height += 0.05 * bulge * _smooth_noise(rng)
        rows = np.flatnonzero(np.abs(height).max(1) > 1e-3)
        span = slice(int(rows[0]), int(rows[-1]) + 1)
        return span, height[span]

    def relief(self, movements: Mapping[str, float]) -> np.ndarray:
        """[H, W, 3] float16, row 0 at the chin: height, and its slopes along x and y, for intensities 0..1 by key (L and R allowed)."""
        height = np.zeros(SIZE[::-1], np.float32)
        for name, region in REGIONS.items():
            sides = [self._fold(name, region, movements, side) for side in "RL"]
            if max(sides) > 0:
                span, layer = self.layers[name]
                height[span] += layer * (sides[0] + (sides[1] - sides[0]) * self.left)
        down, along = np.gradient(height, (HIGH - LOW) / SIZE[1], (RIGHT - LEFT) / SIZE[0])
        return np.stack([height, along, down], -1).astype(np.float16)

    def _fold(self, name: str, region: Region, movements: Mapping[str, float], side: str) -> float:
        moved = sum(share * max(movements.get(au, 0.0), movements.get(f"{au}{side}", 0.0)) for au, share in region.by.items())
        return self.depth[name] * min(moved, 1.2) + self.rest[name]


def _normal(drawn: np.ndarray) -> np.ndarray:
    """A blurred line is faint; its middle is brought back to 1."""
    return drawn / max(float(drawn.max()), 1e-6)


def _smooth_noise(rng: np.random.Generator) -> np.ndarray:
    """[H, W], spots of about 0.35 mesh units, -1..1."""
    coarse = Image.fromarray(rng.integers(0, 256, (SIZE[1] // 11, SIZE[0] // 11), dtype=np.uint8))
    return np.asarray(coarse.resize(SIZE, Image.BICUBIC), np.float32) / 127.5 - 1
