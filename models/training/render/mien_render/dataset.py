"""Stills of many random people with random movements, poses and lights, as arrays: training data for action units."""

import json
from copy import deepcopy
from dataclasses import replace
from math import radians
from pathlib import Path

import numpy as np

from . import GENERATOR_VERSION
from .clip import EXPOSURE, IDENTITY_MODES
from .mesh import FaceModel
from .movements import shape_weights, sided
from .person import Person, State
from .renderer import Camera, Drawn, Light, Look, Renderer, Wall
from .truth import face_points
from .wrinkles import Skin

PER_PERSON = 12
FOCAL_RATIO = 2.6
HAIR_LAYERS, SKY_DIRECTIONS = 7, 20
METERED = 0.28  # reflectance of the skin that EXPOSURE suits

# Movements that are drawn. A jaw that drops beyond 26 is 27.
SIDED = ["1", "2", "4", "5", "6", "7", "9", "10", "12", "14", "15", "16", "20", "45"]
WHOLE = ["17", "18", "22", "24", "25", "26", "28", "34"]
KEYS = [*SIDED, *WHOLE, *(f"{au}{side}" for au in SIDED for side in "LR"), "23", "27"]
DRAWN = [*SIDED, *WHOLE, "23", "27"]

TYPICAL = [
    {"6": 0.7, "12": 0.9}, {"6": 0.8, "12": 1.0, "25": 0.7}, {"12": 0.6}, {"1": 0.9, "2": 0.9, "5": 0.8, "26": 0.7},
    {"4": 1.0, "5": 0.5, "7": 0.7, "24": 0.6}, {"4": 0.8, "7": 0.5}, {"1": 0.9, "4": 0.6, "15": 0.9, "17": 0.5},
    {"9": 1.0, "10": 0.7}, {"9": 0.7, "10": 0.6, "15": 0.5}, {"1": 0.8, "2": 0.6, "4": 0.6, "5": 0.9, "20": 0.8, "25": 0.5},
    {"12R": 0.4, "14R": 1.0}, {"12L": 0.4, "14L": 1.0}, {"18": 1.0}, {"22": 0.9, "25": 0.4}, {"25": 0.8}, {"26": 0.9, "25": 0.4},
    {"45": 1.0}, {"45": 0.6}, {"34": 1.0}, {"28": 1.0}, {"17": 1.0, "15": 0.4}, {"24": 1.0}, {"2L": 1.0}, {"2R": 1.0},
    {"45L": 1.0}, {"45R": 1.0}, {"16": 0.9, "20": 0.5}, {"23": 1.0}, {"4": 0.9, "7": 0.7, "23": 0.9}, {"1": 0.9, "2": 0.9, "5": 0.7, "27": 0.9},
    {"27": 1.0, "25": 0.6}, {"17": 1.0}, {"17": 0.9, "24": 0.8}, {"7": 1.0}, {"6": 0.9}, {"20": 1.0}, {"20": 1.0, "25": 0.6}, {"5": 1.0},
]  # fmt: skip
# Movements that stand for an emotion (EMFACS: Friesen & Ekman 1983; FACS Investigator's Guide 2002), each in some of its variants.
EXPRESSIONS: dict[str, list[dict[str, float]]] = {
    "neutral": [{}],
    "happiness": [{"6": 0.8, "12": 1.0}, {"6": 0.9, "12": 1.0, "25": 0.7}, {"12": 1.0}, {"6": 0.7, "12": 0.9, "26": 0.5, "25": 0.6}],
    "surprise": [{"1": 1.0, "2": 1.0, "5": 0.8, "26": 0.8, "25": 0.5}, {"1": 1.0, "2": 1.0, "5": 0.7}, {"1": 0.8, "2": 1.0, "26": 0.7, "25": 0.5}, {"1": 1.0, "2": 1.0, "5": 0.8, "27": 0.8, "25": 0.5}],
    "sadness": [{"1": 1.0, "4": 0.6, "15": 1.0}, {"1": 0.9, "4": 0.5, "15": 0.8, "17": 0.7}, {"1": 1.0, "15": 1.0}, {"4": 0.5, "15": 1.0, "17": 0.6}],
    "anger": [{"4": 1.0, "5": 0.6, "7": 0.8, "24": 0.8}, {"4": 1.0, "7": 0.9, "17": 0.6, "24": 0.8}, {"4": 1.0, "5": 0.7, "7": 0.6, "10": 0.6, "25": 0.6},
              {"4": 1.0, "7": 0.8}, {"4": 0.9, "24": 1.0}, {"4": 0.9, "5": 0.5, "23": 0.9}, {"4": 1.0, "7": 0.7, "17": 0.7, "23": 0.8}],
    "disgust": [{"9": 1.0, "10": 0.6}, {"9": 1.0, "15": 0.5, "17": 0.6}, {"10": 1.0, "17": 0.7, "4": 0.4}, {"9": 0.9, "10": 0.8, "25": 0.5, "7": 0.5}],
    "fear": [{"1": 1.0, "2": 0.8, "4": 0.6, "5": 1.0, "20": 0.9, "25": 0.5}, {"1": 1.0, "2": 0.7, "4": 0.6, "5": 0.9, "26": 0.6, "25": 0.5},
             {"1": 0.9, "4": 0.6, "20": 1.0, "25": 0.6}, {"1": 1.0, "2": 0.6, "4": 0.5, "5": 1.0}],
    "contempt": [{"14R": 1.0}, {"14L": 1.0}, {"12R": 0.5, "14R": 0.9}, {"12L": 0.5, "14L": 0.9}],
}  # fmt: skip
EMOTIONS = list(EXPRESSIONS)


def expression_movements(rng: np.random.Generator, emotion: str) -> dict[str, float]:
    """One variant of an emotion at a random degree (0.25 is about B, 1 is E), often uneven between the sides, at times with a lowered lid or parted lips."""
    chosen = EXPRESSIONS[emotion][rng.integers(len(EXPRESSIONS[emotion]))]
    degree = rng.uniform(0.25, 1.0)
    moves: dict[str, float] = {}
    for key, value in chosen.items():
        value = min(1.0, float(value * degree * rng.uniform(0.8, 1.2)))
        if key in SIDED and rng.random() < 0.25:
            weaker = rng.uniform(0.5, 1.0)
            left = rng.random() < 0.5
            moves |= {f"{key}L": value * (weaker if left else 1.0), f"{key}R": value * (1.0 if left else weaker)}
        else:
            moves[key] = value
    if rng.random() < 0.15 and not {"23", "24", "25", "26", "27"} & set(moves):
        moves["25"] = float(rng.uniform(0.1, 0.5))
    return moves


CONTRARY = [("26", "27"), ("23", "24"), ("23", "25"), ("23", "28"), ("23", "22"), ("23", "18"), ("23", "27"), ("24", "27"), ("28", "27"), ("34", "27"), ("17", "27"), ("5", "45"), ("24", "26"), ("24", "25"), ("24", "22"), ("24", "18"), ("28", "22"), ("28", "18"), ("28", "25"),
            ("28", "26"), ("18", "20"), ("18", "12"), ("34", "26"), ("34", "25"), ("22", "20"), ("12", "15"), ("7", "5")]  # fmt: skip


def random_movements(rng: np.random.Generator, dense: bool = False) -> dict[str, float]:
    """Intensities 0..1 by key. One fifth of the faces rest; `dense`: one in twenty, and the others move more at once."""
    kind = rng.random()
    if kind < (0.05 if dense else 0.2):
        return {}
    chosen: dict[str, float] = {}
    if kind < 0.55:
        scale = rng.uniform(0.3, 1.1)
        chosen = {k: min(1.0, v * scale * rng.uniform(0.7, 1.2)) for k, v in TYPICAL[rng.integers(len(TYPICAL))].items()}
    count = rng.integers(2, 7) if dense else rng.integers(0 if chosen else 1, 3 if chosen else 6)
    for au in rng.choice(DRAWN, count, replace=False):
        au, value = str(au), float(rng.uniform(0.1, 1.0))
        if any(k.rstrip("LR") == au for k in chosen):
            continue
        if au in SIDED and rng.random() < 0.3:
            left = rng.random() < 0.5
            chosen[f"{au}{'L' if left else 'R'}"] = value
            if rng.random() < 0.5:
                chosen[f"{au}{'R' if left else 'L'}"] = value * float(rng.uniform(0.1, 0.8))
        else:
            chosen[au] = value
    for a, b in CONTRARY:
        pair = [[k for k in chosen if k.rstrip("LR") == au] for au in (a, b)]
        if pair[0] and pair[1]:
            for key in pair[int(rng.random() < 0.5)]:
                del chosen[key]
    return chosen


# The shape that shows each action unit most, and its weight at intensity 1: what a picture holds is told by the shapes, not by
# what was asked for (25 is drawn with the shapes of 16 and 10, a blink takes the raised lid away).
MAIN_SHAPE = {
    "1": ("browInnerUp", 1.0), "2": ("browOuterUp", 1.0), "4": ("browDown", 1.2), "5": ("eyeWide", 1.2), "6": ("cheekRaiser", 0.7),
    "7": ("eyeSquint", 1.0), "9": ("noseSneer", 1.0), "10": ("mouthUpperUp", 1.0), "12": ("mouthSmile", 0.8),
    "14": ("mouthDimple", 0.8), "15": ("mouthFrown", 1.2), "16": ("mouthLowerDown", 1.0), "17": ("mouthShrugLower", 0.6),
    "18": ("mouthPucker", 0.9), "20": ("mouthStretch", 0.9), "22": ("mouthFunnel", 0.9), "24": ("mouthPress", 1.0),
    "26": ("jawOpen", 0.9), "28": ("mouthRollLower", 0.7), "34": ("cheekPuff", 0.9), "45": ("eyeBlink", 1.0),
}  # fmt: skip


WIDE = 0.5  # share of the jaw's way at which 26 turns into 27


class Truth:
    """Intensities 0..1 of all KEYS from shape weights: sides where the mesh has them, 25 from the gap between the lips."""

    def __init__(self, model: FaceModel) -> None:
        names, self.gap = model.expression_names, LipGap(model)
        self.rolled, self.pursed = ([names.index(half) for half in sided(shape, names)] for shape in ("mouthRollLower", "mouthPucker"))
        self.columns: dict[str, tuple[list[int], float]] = {}
        for au, (shape, full) in MAIN_SHAPE.items():
            halves = sided(shape, names)
            for key in (au, f"{au}L", f"{au}R"):
                if key in KEYS:
                    chosen = [h for h in halves if key == au or h.endswith(f"_{key[-1]}")]
                    self.columns[key] = ([names.index(h) for h in chosen], full)

    def __call__(self, weights: np.ndarray) -> list[float]:
        out = {key: float(np.clip(weights[index].mean() / full, 0, 1)) for key, (index, full) in self.columns.items()}
        jaw, full = self.columns["26"]
        out["27"] = float(np.clip((weights[jaw].mean() / full - WIDE) / (1 - WIDE), 0, 1))
        # Lips that are tightened roll in and purse a little; what they roll in is not sucked in.
        out["23"] = float(np.clip(min(weights[self.rolled].mean() / 0.4, weights[self.pursed].mean() / 0.15), 0, 1))
        out["28"] = max(0.0, out["28"] - out["23"] * 0.4 / 0.7)
        out["25"] = self.gap(weights)
        return [out[key] for key in KEYS]


class LipGap:
    """How far the lips are apart at their middle, in mesh units, from the shape weights: the truth of action unit 25."""

    FULL = 1.6

    def __init__(self, model: FaceModel) -> None:
        names = model.expression_names
        skin = np.unique(model.parts["skin"])
        x, y, z = model.neutral[skin].T
        middle = skin[(np.abs(x) < 0.25) & (y > -6) & (y < -1.5) & (z > 8)]
        jaw = model.expression[[names.index(name) for name in sided("jawOpen", names)]].sum(0)
        drop = jaw[middle, 1].astype(float)
        upper, lower = middle[drop > 0.15 * drop.min()], middle[drop < 0.6 * drop.min()]
        # The edges of the lips are the pair of an upper and a lower vertex that touch at rest.
        gaps = model.neutral[upper, 1][:, None] - model.neutral[lower, 1][None]
        depth = np.abs(model.neutral[upper, 2][:, None] - model.neutral[lower, 2][None])
        a, b = np.unravel_index(np.argmin(np.abs(gaps) + depth), gaps.shape)
        moves = model.expression[:, :, 1].astype(np.float32)
        self.slope = moves[:, upper[a]] - moves[:, lower[b]]

    def __call__(self, weights: np.ndarray) -> float:
        """0 closed .. 1 as far apart as LipGap.FULL."""
        return float(np.clip(self.slope @ weights / self.FULL, 0, 1))


DARK, LIGHT = np.array([0.035, 0.018, 0.011]), np.array([0.70, 0.46, 0.36])  # linear reflectance of the ends of skin tones
LOOKS = ["tone", "age", "stubble"]


def looks(look: Look, skin: Skin) -> list[float]:
    """What a person looks like, by LOOKS: skin tone 0 darkest .. 1 lightest, lines of the skin 0 .. 1, stubble 0 .. 1. Shapes have no sex."""
    low, high = np.log(DARK).mean(), np.log(LIGHT).mean()
    tone = (np.log(np.array(look.skin)).mean() - low) / (high - low)
    return [float(np.clip(tone, 0, 1)), skin.age, look.stubble]


def random_look(rng: np.random.Generator) -> Look:
    tone = rng.random()
    skin = np.exp(np.log(DARK) * (1 - tone) + np.log(LIGHT) * tone) * rng.uniform(0.9, 1.1, 3)
    hair = np.array([0.02, 0.014, 0.01]) * np.exp(rng.uniform(0, 2.8)) * rng.uniform(0.85, 1.15, 3)
    iris = np.array([[0.16, 0.09, 0.045], [0.06, 0.035, 0.02], [0.12, 0.17, 0.22], [0.12, 0.15, 0.08]])[rng.integers(4)]
    return Look(
        skin=tuple(skin), hair=tuple(hair), iris=tuple(iris), cloth=tuple(rng.uniform(0.02, 0.5, 3)),
        hair_length=float(rng.choice([0.0, 0.5, 1.0, 1.6])), hairline=float(rng.normal(0, 0.5)),
        stubble=float(rng.choice([0.0, 0.0, 0.4, 0.9])), lip_tint=float(rng.uniform(0.5, 1.0)), brow_tint=float(rng.uniform(0.5, 1.0)),
    )  # fmt: skip


def random_light(rng: np.random.Generator) -> Light:
    azimuth, height = radians(rng.uniform(-75, 75)), radians(rng.uniform(-10, 60))
    key_dir = (np.sin(azimuth) * np.cos(height), np.sin(height), np.cos(azimuth) * np.cos(height))
    warm = rng.uniform(0.85, 1.15)
    key = np.array([warm, 1.0, 2 - warm]) * rng.uniform(0.6, 2.6)
    around = rng.uniform(0.15, 0.8)
    return Light(
        key_dir=tuple(map(float, key_dir)), key=tuple(key), fill_dir=(float(-np.sign(azimuth) * 0.75), 0.05, 0.65),
        fill=(around * 0.8,) * 3, sky=(around,) * 3, ground=(around * rng.uniform(0.2, 0.7),) * 3,
    )  # fmt: skip


def random_pose(rng: np.random.Generator) -> tuple[float, float, float]:
    """Yaw, pitch, roll in radians: half the faces look nearly straight ahead."""
    near = rng.random() < 0.5
    yaw = rng.uniform(-15, 15) if near else rng.uniform(-45, 45)
    pitch = rng.uniform(-10, 10) if near else rng.uniform(-25, 25)
    return radians(yaw), radians(pitch), radians(rng.normal(0, 7))


def _centred(drawn: Drawn, model: FaceModel, aside: np.ndarray) -> Drawn:
    """Moves a person sideways so that the point between the eyes is a little above the middle, `aside` mesh units off."""
    eyes = np.mean([drawn.positions[np.unique(model.parts[f"eye{side}"])].mean(0) for side in "LR"], 0)
    shift = np.array([aside[0] - eyes[0], aside[1] - eyes[1] + 2.5, 0], np.float32)
    return replace(drawn, positions=drawn.positions + shift, body_offset=drawn.body_offset + shift)


def one_more(rng: np.random.Generator, moves: dict[str, float]) -> dict[str, float]:
    """The same movements and one unit more, clearly (0.6 to 1), that goes with all of them."""
    there = {key.rstrip("LR") for key in moves}
    contrary = {b for pair in CONTRARY for a, b in (pair, pair[::-1]) if a in there}
    free = [au for au in DRAWN if au not in there and au not in contrary]
    return moves | {str(rng.choice(free)): float(rng.uniform(0.6, 1.0))}


def render_people(model: FaceModel, folder: Path, seed: int, people: int, size_px: int, dense: bool = False, expressions: bool = False, pairs: bool = False) -> None:
    """Writes people-NNNN.npz, PER_PERSON stills each; files that exist are kept, so that a stopped run goes on.

    Each holds images uint8 [n, size, size] (BT.601 luma), au float32 [n, KEYS] 0..1, pose float32 [n, 3] (yaw, pitch, roll in
    radians, signs of HeadPose), looks float32 [n, LOOKS], the person's own, and points float32 [n, 3, 2] (right eye, left eye, nose in pixels). keys.json names the columns.
    `expressions`: movements that stand for an emotion, and emotion int8 [n] over EMOTIONS. `pairs`: every second still is the one
    before it, same pose, gaze and light, with one unit more.
    """
    folder.mkdir(parents=True, exist_ok=True)
    header = {"schema": "mien-rendered-people/1", "version": GENERATOR_VERSION, "seed": seed, "dense": dense, "keys": KEYS, "looks": LOOKS} | ({"emotions": EMOTIONS} if expressions else {})
    (folder / "keys.json").write_text(json.dumps(header) + "\n")
    camera = Camera(size_px, size_px, size_px * FOCAL_RATIO)
    renderer = Renderer(model, camera, HAIR_LAYERS)
    truth, nose = Truth(model), face_points(model)["nose"]
    try:
        for number in range(people):
            path = folder / f"people-{number:04d}.npz"
            if path.exists():
                continue
            rng = np.random.default_rng([seed, number])
            look = random_look(rng)
            # A camera that exposes for the face makes dark skin lighter and light skin darker, by half of the way.
            metered = (METERED / float(np.mean(look.skin))) ** 0.5
            coefficients = rng.normal(0, rng.uniform(0.3, 0.9), min(len(model.identity), IDENTITY_MODES))
            skin = Skin(rng)
            person = Person(model, renderer, coefficients, look, skin, SKY_DIRECTIONS)
            images, aus, poses, points, emotions = [], [], [], [], []
            moving, moves = np.random.default_rng([seed, number, 1]), {}
            for still in range(PER_PERSON):
                if pairs:
                    again = still % 2 == 1
                    moves = one_more(moving, moves) if again else random_movements(moving)
                    rng = kept if again else rng
                    kept = deepcopy(rng)
                elif expressions:
                    emotions.append(int(rng.integers(len(EMOTIONS))))
                    moves = expression_movements(rng, EMOTIONS[emotions[-1]])
                else:
                    moves = random_movements(rng, dense)
                yaw, pitch, roll = random_pose(rng)
                gaze = rng.normal(0, 0.15, 2)
                offset = (0.0, 0.0, -float(rng.uniform(58, 80)))
                state = State(moves, yaw, pitch, roll, float(gaze[0]), float(gaze[1]), offset)
                renderer.light = random_light(rng)
                back = rng.uniform(0.02, 0.6, 3)
                drawn = _centred(person.drawn(state), model, rng.normal(0, 0.9, 2))
                exposure = EXPOSURE * metered * float(np.exp(rng.normal(0, 0.25)))
                picture = renderer.draw([drawn], Wall(tuple(back * rng.uniform(0.2, 1)), tuple(back)), exposure).astype(np.float32)
                luma = picture @ np.array([0.299, 0.587, 0.114], np.float32) + rng.normal(0, rng.uniform(0, 4), picture.shape[:2])
                images.append(np.clip(luma + 0.5, 0, 255).astype(np.uint8))
                aus.append(truth(shape_weights(moves, model.expression_names)))
                poses.append([yaw, pitch, roll])
                eyes = [drawn.positions[np.unique(model.parts[f"eye{side}"])].mean(0) for side in "RL"]
                points.append(camera.project(np.stack([*eyes, drawn.positions[nose[0]]])))
            part = path.with_suffix(".part.npz")
            told = {"emotion": np.array(emotions, np.int8)} if expressions else {}
            np.savez(part, **told, images=np.stack(images), au=np.array(aus, np.float32), pose=np.array(poses, np.float32),
                     looks=np.tile(np.array(looks(look, skin), np.float32), (PER_PERSON, 1)), points=np.array(points, np.float32))  # fmt: skip
            part.replace(path)
    finally:
        renderer.close()


