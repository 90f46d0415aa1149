"""Things that lie before a face, drawn over a photograph where its mesh says: exact truth for what is covered.

A drawer takes a `Face` and gives a `Cover`: what it looks like, and how opaque it is.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from . import textures
from .parts import SUPERSAMPLED

JAW = [234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454]
FOREHEAD = [127, 162, 21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251, 389, 356]
BRIDGE, TIP, BELOW_NOSE, CHIN, LIPS = 197, 4, 2, 152, 13
EYES = (((33, 133), (159, 145)), ((263, 362), (386, 374)))


@dataclass(frozen=True)
class Face:
    """A photograph [h, w], its mesh, and another photograph whose patches may lie over it."""

    gray: np.ndarray
    mesh: np.ndarray
    other: np.ndarray

    def at(self, vertex: int) -> np.ndarray:
        return self.mesh[vertex, :2]

    @property
    def axes(self) -> tuple[np.ndarray, np.ndarray, float]:
        """Unit vectors to the left of the face and down it, and its width in pixels."""
        across = self.at(454) - self.at(234)
        down = self.at(CHIN) - self.at(10)
        # Of a face seen from the side the height is the better measure.
        width = max(float(np.hypot(*across)), 0.75 * float(np.hypot(*down)))
        down = down / np.hypot(*down)
        return np.array([down[1], -down[0]]), down, width

    @property
    def skin(self) -> float:
        """Gray level of the cheeks."""
        spots = np.clip(self.mesh[[50, 280, 205, 425], :2].round().astype(int), 0, np.array(self.gray.shape[::-1]) - 1)
        return float(np.median(self.gray[spots[:, 1], spots[:, 0]]))


@dataclass(frozen=True)
class Cover:
    """`alpha` 0..1 [h, w] of `gray` [h, w]; `counts`: whether what is under it counts as covered."""

    alpha: np.ndarray
    gray: np.ndarray
    counts: bool = True


def shape_of(corners: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    picture = Image.new("L", (shape[1] * SUPERSAMPLED, shape[0] * SUPERSAMPLED))
    ImageDraw.Draw(picture).polygon([tuple(p) for p in corners * SUPERSAMPLED], fill=255)
    return np.asarray(picture.reduce(SUPERSAMPLED), np.float32) / 255


def lines_of(lines: list[tuple[np.ndarray, float]], shape: tuple[int, int]) -> np.ndarray:
    """Lines with round ends: points [n, 2] and widths in pixels."""
    picture = Image.new("L", (shape[1] * SUPERSAMPLED, shape[0] * SUPERSAMPLED))
    draw = ImageDraw.Draw(picture)
    for points, width in lines:
        scaled, radius = points * SUPERSAMPLED, max(0.5, width * SUPERSAMPLED / 2)
        draw.line([tuple(p) for p in scaled], fill=255, width=max(1, round(2 * radius)), joint="curve")
        if radius > 1:
            for x, y in (scaled[0], scaled[-1]):
                draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=255)
    return np.asarray(picture.reduce(SUPERSAMPLED), np.float32) / 255


def smooth(corners: np.ndarray, count: int = 48) -> np.ndarray:
    """A closed curve through the middles of a polygon's sides (quadratic B-spline)."""
    n = len(corners)
    t = np.linspace(0, n, count, endpoint=False)
    i, f = t.astype(int), (t % 1)[:, None]
    a, b, c = corners[i - 1], corners[i % n], corners[(i + 1) % n]
    return (a + b) / 2 * (1 - f) ** 2 + 2 * b * f * (1 - f) + (b + c) / 2 * f**2


def ellipse(middle: np.ndarray, across: np.ndarray, down: np.ndarray, count: int = 32) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)[:, None]
    return middle + np.cos(angle) * across + np.sin(angle) * down


def mask(face: Face, rng: np.random.Generator) -> Cover:
    """Surgical, cloth or respirator: from the nose, or from below it, to under the chin."""
    across, down, width = face.axes
    shape = face.gray.shape
    bare_nose = rng.random() < 0.2
    first = int(rng.integers(1, 4))
    jaw = face.mesh[JAW[first : len(JAW) - first], :2] + down * width * rng.uniform(0.0, 0.12)
    jaw = jaw + (jaw - face.at(LIPS)) * rng.uniform(-0.05, 0.1)
    top = face.at(BELOW_NOSE) * 0.8 + face.at(LIPS) * 0.2 if bare_nose else face.at(BRIDGE) * (f := rng.uniform(0, 1)) + face.at(TIP) * (1 - f)
    sides = [face.mesh[v, :2] * 0.5 + top * 0.5 + down * width * rng.uniform(0.0, 0.08) for v in (454, 234)]
    corners = np.concatenate([jaw, [sides[0], top, sides[1]]])
    alpha = shape_of(corners if rng.random() < 0.5 else smooth(corners, 80), shape)
    gray = textures.cloth(rng, shape, width)
    if rng.random() < 0.4:
        gray = gray * 0 + rng.choice([rng.uniform(140, 240), rng.uniform(10, 50)]) * textures.light(rng, shape)
    # Round like what is under it: darker at the sides; with pleats.
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
    place = np.stack([x, y], -1) - face.at(LIPS)
    bulge = 1 - rng.uniform(0.1, 0.7) * np.clip(np.abs(place @ across) / (0.5 * width), 0, 1) ** 2
    gray = gray * bulge
    if rng.random() < 0.6:
        for offset in np.linspace(-0.12, 0.25, int(rng.integers(2, 5))):
            rise = place @ down - width * (offset - 0.1 * (np.abs(place @ across) / (0.5 * width)) ** 2)
            gray = gray - rng.uniform(5, 40) * np.exp(-((rise / (0.012 * width + 0.5)) ** 2))
    if rng.random() < 0.3:  # edge or wire
        rim = alpha - np.asarray(Image.fromarray((alpha * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(2)), np.float32) / 255
        gray = gray + rng.uniform(-60, 60) * np.clip(rim * 3, 0, 1)
    ears = [(np.array([side, face.at(v) + down * width * d]), width * 0.015) for side, v in zip(sides, (454, 234)) for d in (0.0, 0.15)]
    straps = lines_of(ears, shape) * 0.9
    return Cover(np.maximum(alpha, straps), gray)


def _lenses(face: Face, rng: np.random.Generator) -> tuple[list[np.ndarray], list[tuple[np.ndarray, float]], float]:
    across, down, width = face.axes
    high, wide, drop = rng.uniform(0.09, 0.17), rng.uniform(0.15, 0.2), rng.uniform(-0.01, 0.05)
    square = rng.random() < 0.5
    shapes, middles = [], []
    for corners, _ in EYES:
        middle = face.mesh[list(corners), :2].mean(0) + down * width * drop
        eye = max(float(np.hypot(*(face.at(corners[0]) - face.at(corners[1])))), 0.05 * width) / 0.2
        a, b = across * min(wide * width, wide * eye * 1.1), down * width * high
        box = np.array([middle - a - b, middle + a - b, middle + a * 0.85 + b, middle - a * 0.85 + b])
        shapes.append(smooth(np.repeat(box, 2, 0) if square else box * 1.35 - middle * 0.35, 40))
        middles.append(middle)
    right, left = middles
    inner = (left - right) * 0.3
    bars = [(np.array([right + inner, left - inner]) - down * width * 0.03, width * 0.03)]
    for middle, ear in ((right, 127), (left, 356)):
        bars.append((np.array([middle + (middle - (right + left) / 2) * 0.6, face.at(ear)]), width * 0.025))
    return shapes, bars, width


def sunglasses(face: Face, rng: np.random.Generator) -> Cover:
    shape = face.gray.shape
    lenses, bars, width = _lenses(face, rng)
    dense = rng.uniform(0.8, 1.0)
    glass = np.maximum(shape_of(lenses[0], shape), shape_of(lenses[1], shape))
    frame = np.maximum(lines_of(bars, shape), lines_of([(np.concatenate([lens, lens[:1]]), width * rng.uniform(0.005, 0.03)) for lens in lenses], shape))
    dark = rng.uniform(5, 60) if rng.random() < 0.8 else rng.uniform(60, 200)
    y = np.mgrid[0:1 : shape[0] * 1j, 0:1 : shape[1] * 1j][0]
    gray = dark * (1 + rng.uniform(-0.6, 0.9) * (y - 0.4)) + np.clip(textures.clouds(rng, shape, int(rng.integers(6, 14))), 0, 1) * rng.choice([0.0, rng.uniform(0, 120)])
    gray = gray * (1 - frame) + frame * textures.tone(rng)
    return Cover(np.maximum(glass * dense, frame), gray)


def glasses(face: Face, rng: np.random.Generator) -> Cover:
    """Clear ones: nothing counts as covered."""
    shape = face.gray.shape
    lenses, bars, width = _lenses(face, rng)
    edge = [(np.concatenate([lens, lens[:1]]), width * rng.uniform(0.006, 0.03)) for lens in lenses]
    frame = lines_of([*bars, *edge], shape)
    glass = np.maximum(shape_of(lenses[0], shape), shape_of(lenses[1], shape))
    tint = glass * rng.choice([0.0, rng.uniform(0, 0.3)])
    glare = glass * np.clip(textures.clouds(rng, shape, int(rng.integers(6, 16))) - 0.5, 0, 1) * rng.choice([0.0, rng.uniform(0, 1)])
    alpha = np.clip(np.maximum(frame, np.maximum(tint, glare)), 0, 1)
    gray = np.where(frame > 0.3, textures.tone(rng), np.where(glare > tint, 240.0, rng.uniform(0, 80)))
    return Cover(alpha, gray, counts=False)


def hand(face: Face, rng: np.random.Generator) -> Cover:
    """A palm and fingers from below or from a side, in the person's tone or another's."""
    across, down, width = face.axes
    shape = face.gray.shape
    target = face.at(int(rng.choice([LIPS, LIPS, CHIN, TIP, 205, 425, 159, 386, 9]))) + rng.normal(0, 0.06, 2) * width
    away = rng.normal(0, 0.6)
    side = rng.choice([-1, 1])
    heading = -down if rng.random() < 0.55 else side * across  # towards which the fingers point
    heading = np.cos(away) * heading + np.sin(away) * np.array([-heading[1], heading[0]])
    aside = np.array([-heading[1], heading[0]])
    long, thick = width * rng.uniform(0.35, 0.6), width * rng.uniform(0.085, 0.13)
    spread = rng.uniform(0.85, 1.6) * thick
    count = int(rng.choice([1, 2, 3, 4, 4, 4]))
    palm = target - heading * long * rng.uniform(0.4, 0.9)
    lines, shade = [], np.zeros(shape, np.float32)
    for k in range(count):
        root = palm + aside * spread * (k - (count - 1) / 2)
        fan = rng.normal(0, 0.08) + (k - (count - 1) / 2) * rng.uniform(0, 0.12)
        way = np.cos(fan) * heading + np.sin(fan) * aside
        reach = long * (1 - 0.12 * abs(k - (count - 1) / 2)) * rng.uniform(0.85, 1)
        bend = root + way * reach * 0.5 + aside * rng.normal(0, 0.03) * width
        lines.append((np.array([root, bend, root + way * reach]), thick))
    fingers = lines_of(lines, shape)
    half = max(spread * count, thick * 2.2) / 2
    back = ellipse(palm - heading * half * 0.5, aside * half * 1.15, heading * half * 1.2)
    wrist = palm - heading * width * 1.2
    arm = np.array([palm - aside * half * 0.7, palm + aside * half * 0.7, wrist + aside * half * 0.6, wrist - aside * half * 0.6])
    alpha = np.maximum(fingers, np.maximum(shape_of(back, shape), shape_of(arm, shape)))
    for points, thickness in lines:  # between the fingers
        gap = points + aside * thickness * 0.5
        shade = np.maximum(shade, lines_of([(gap, max(1.0, thickness * 0.14))], shape))
    soft = np.asarray(Image.fromarray((alpha * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(max(1.0, width * 0.03))), np.float32) / 255
    gray = textures.skin(rng, shape, face.skin) * (0.7 + 0.3 * soft) * (1 - shade * rng.uniform(0.2, 0.6))
    return Cover(alpha, gray)


def microphone(face: Face, rng: np.random.Generator) -> Cover:
    across, down, width = face.axes
    shape = face.gray.shape
    head = face.at(LIPS) + (across * rng.normal(0, 0.12) + down * rng.uniform(-0.02, 0.3)) * width
    lean = rng.normal(0, 0.5)
    way = np.cos(lean) * down + np.sin(lean) * across
    radius = width * rng.uniform(0.09, 0.19)
    ball = ellipse(head, across * radius, down * radius * rng.uniform(0.9, 1.3))
    stick = (np.array([head, head + way * width * 1.5]), radius * rng.uniform(0.8, 1.4))
    alpha = np.maximum(shape_of(ball, shape), lines_of([stick], shape))
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    round_off = 1 - 0.6 * np.clip(np.hypot(x - head[0] + radius * 0.3, y - head[1] + radius * 0.4) / (1.6 * radius), 0, 1)
    grid = 1 + rng.choice([0.0, 0.35]) * np.sin(x * 2.1) * np.sin(y * 2.1)
    return Cover(alpha, textures.tone(rng) * round_off * grid + textures.clouds(rng, shape, 10) * 10)


def hair(face: Face, rng: np.random.Generator) -> Cover:
    """A fringe over brows and eyes, or strands and a curtain from one side."""
    across, down, width = face.axes
    shape = face.gray.shape
    top = face.at(10) - down * width * 0.25
    curtain = rng.random() < 0.4
    side = rng.choice([-1, 1])
    lines = []
    reach = rng.uniform(0.3, 0.75) if not curtain else rng.uniform(0.7, 1.5)
    middle, spread = (side * rng.uniform(0.2, 0.5), rng.uniform(0.08, 0.2)) if curtain else (rng.normal(0, 0.1), rng.uniform(0.12, 0.35))
    sweep = rng.normal(0, 0.15)
    for _ in range(int(rng.integers(40, 160))):
        start = top + across * width * (0.6 * rng.normal(middle, spread)) + down * rng.uniform(-0.1, 0.1) * width
        end = start + across * width * (rng.normal(sweep, 0.06) + (0.35 * side if curtain else 0)) * 1.0 + down * width * (reach + rng.normal(0, 0.08))
        bow = (start + end) / 2 + across * width * rng.normal(0.05 * side, 0.03)
        t = np.linspace(0, 1, 8)[:, None]
        lines.append((start * (1 - t) ** 2 + 2 * bow * t * (1 - t) + end * t**2, width * rng.uniform(0.004, 0.02)))
    alpha = lines_of(lines, shape)
    base = float(rng.choice([rng.uniform(8, 50), rng.uniform(50, 120), rng.uniform(120, 220)]))
    streaks = np.zeros(shape, np.float32)
    for part in np.array_split(np.arange(len(lines)), 4):
        streaks = np.maximum(streaks, lines_of([lines[i] for i in part[:: 2]], shape) * rng.uniform(0, 1))
    return Cover(alpha, base * (0.8 + rng.uniform(0.1, 0.7) * streaks) * textures.light(rng, shape))


def hat(face: Face, rng: np.random.Generator) -> Cover:
    """A cap, helmet or headscarf down to the brows or the eyes."""
    across, down, width = face.axes
    shape = face.gray.shape
    line = face.at(9) + down * width * rng.uniform(-0.12, 0.2)
    dip = rng.uniform(-0.06, 0.1) * width
    edge = [line + across * width * k * 0.35 + down * dip * (1 - (k / 2) ** 2) for k in np.linspace(-2, 2, 9)]
    above = [line + across * width * k - down * width * 1.2 for k in (0.8, -0.8)]
    return Cover(shape_of(np.array([*edge, *above]), shape), textures.cloth(rng, shape, width))


def cup(face: Face, rng: np.random.Generator) -> Cover:
    """A cup, glass, can, or food held to the mouth; at times with fingers around it."""
    across, down, width = face.axes
    shape = face.gray.shape
    lean = rng.normal(0, 0.35)
    long = np.cos(lean) * down + np.sin(lean) * across
    flat = np.array([long[1], -long[0]])
    rim = face.at(LIPS) + (across * rng.normal(0, 0.05) + down * rng.uniform(-0.12, 0.03)) * width
    a, taper, height = width * rng.uniform(0.1, 0.3), rng.uniform(0.6, 1.0), width * rng.uniform(0.25, 0.8)
    body = np.array([rim - flat * a, rim + flat * a, rim + long * height + flat * a * taper, rim + long * height - flat * a * taper])
    alpha = np.maximum(shape_of(body, shape), shape_of(ellipse(rim, flat * a, long * a * 0.25), shape))
    if rng.random() < 0.35:
        lumps = [ellipse(rim + rng.normal(0, 0.08, 2) * width, across * width * rng.uniform(0.08, 0.2), down * width * rng.uniform(0.05, 0.15)) for _ in range(4)]
        alpha = np.max([shape_of(lump, shape) for lump in lumps], 0)
    gray = textures.cloth(rng, shape, width)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
    place = (np.stack([x, y], -1) - rim) @ flat / a
    gray = gray * (1 - rng.uniform(0.2, 0.6) * np.clip(np.abs(place + rng.uniform(-0.4, 0.4)), 0, 1) ** 2)
    if rng.random() < 0.4:
        held = hand(face, rng)
        gray = np.where(held.alpha > 0.5, held.gray, gray)
        alpha = np.maximum(alpha, held.alpha)
    return Cover(alpha, gray)


def scarf(face: Face, rng: np.random.Generator) -> Cover:
    """A scarf, collar or sheet from below: over the chin, the mouth, or up to the nose."""
    across, down, width = face.axes
    shape = face.gray.shape
    line = face.at(CHIN) + (face.at(TIP) - face.at(CHIN)) * rng.uniform(0.05, 1.1)
    waves = rng.normal(0, 0.03, 9) * width
    edge = [line + across * width * k * 0.4 + down * (wave + abs(k) * rng.uniform(-0.05, 0.02) * width) for k, wave in zip(np.linspace(-2.5, 2.5, 9), waves)]
    below = [line + across * width * k + down * width * 2 for k in (1.2, -1.2)]
    return Cover(shape_of(np.array([*edge, *below]), shape), textures.cloth(rng, shape, width))


def thing(face: Face, rng: np.random.Generator) -> Cover:
    """Any object, paper, telephone, book or other head: a shape with a surface of its own, or a patch of another photograph."""
    across, down, width = face.axes
    shape = face.gray.shape
    middle = face.mesh[int(rng.integers(468)), :2] + rng.normal(0, 0.15, 2) * width
    turn = rng.uniform(0, np.pi)
    a = np.array([np.cos(turn), np.sin(turn)]) * width * rng.uniform(0.08, 0.45)
    b = np.array([-np.sin(turn), np.cos(turn)]) * width * rng.uniform(0.08, 0.6)
    kind = rng.choice(["box", "round", "blob"])
    if kind == "box":
        corners = np.array([middle - a - b, middle + a - b, middle + a + b, middle - a + b])
    elif kind == "round":
        corners = ellipse(middle, a, b)
    else:
        corners = smooth(ellipse(middle, a, b, 9) + rng.normal(0, 0.06, (9, 2)) * width)
    surface = textures.picture(rng, shape, face.other) if rng.random() < 0.6 else textures.cloth(rng, shape, width)
    return Cover(shape_of(corners, shape), surface)


KINDS: dict[str, Callable[[Face, np.random.Generator], Cover]] = {
    "mask": mask, "sunglasses": sunglasses, "hand": hand, "microphone": microphone, "hair": hair, "hat": hat, "cup": cup,
    "scarf": scarf, "thing": thing, "glasses": glasses,
}  # fmt: skip


def laid_over(face: Face, cover: Cover, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The picture uint8 [h, w] with the cover and the shadow it throws, and what of the face counts as covered, 0..1 [h, w]."""
    alpha = np.asarray(Image.fromarray((cover.alpha * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(rng.uniform(0, 1.2))), np.float32) / 255
    _, _, width = face.axes
    thrown = np.asarray(Image.fromarray((cover.alpha * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.03 * width)), np.float32) / 255
    thrown = np.roll(thrown, tuple(rng.normal(0, 0.02 * width, 2).round().astype(int)), (0, 1))
    under = face.gray.astype(np.float32) * (1 - rng.uniform(0, 0.5) * thrown)
    # A camera exposes cover and face together: what is brighter than the whole picture is held back a little.
    over = np.clip(cover.gray, 0, 255)
    picture = under * (1 - alpha) + over * alpha
    return np.clip(picture + 0.5, 0, 255).astype(np.uint8), cover.alpha * cover.counts
