"""Stills of people who look somewhere, with the exact direction of each eye: truth for gaze.

Directions have the signs of HeadPose: yaw > 0 to the left of the image, pitch > 0 up, radians, measured from the line from
the eyes to the camera, so that 0, 0 looks into the camera wherever the face is.
"""

import csv
from dataclasses import replace
from math import radians
from pathlib import Path

import numpy as np
from PIL import Image

from . import body
from .clip import EXPOSURE, IDENTITY_MODES
from .dataset import HAIR_LAYERS, METERED, SKY_DIRECTIONS, random_light, random_look, random_movements
from .glasses import Style
from .mesh import FaceModel
from .person import Person, State, ball_centre
from .pose import rotation
from .renderer import Camera, Renderer, Wall
from .wrinkles import Skin

# Of every twelve stills of a person: what is worn, and how much light there is.
KINDS = ["plain"] * 5 + ["glasses"] * 3 + ["dark"] * 2 + ["glasses-dark", "plain"]
FOCAL_RATIO = 2.4
# The iris of people lies about 10.5 mm before the point the eye turns about, as seen through the cornea; the ball of the mesh
# is a little larger than theirs, so is the distance between its eyes in pixels per millimetre.
IRIS_PLANE = 1.05
KAPPA_DEGREES, KAPPA_SPREAD = 4.5, 1.2
COLUMNS = [
    "file", "person", "kind", "head_yaw", "head_pitch", "head_roll", "gaze_yaw", "gaze_pitch", "left_yaw", "left_pitch",
    "right_yaw", "right_pitch", "lids", "eye_distance_px", "left_x", "left_y", "right_x", "right_y",
]  # fmt: skip


def angles(direction: np.ndarray) -> tuple[float, float]:
    """Yaw and pitch of a direction [3] in world axes (x right, y up, z to the camera)."""
    x, y, z = direction / np.linalg.norm(direction)
    return float(np.arctan2(-x, z)), float(np.arcsin(y))


def direction(yaw: float, pitch: float) -> np.ndarray:
    """The unit vector [3] in world axes that has these angles."""
    return np.array([-np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)])


def facing(at: np.ndarray) -> np.ndarray:
    """The rotation [3, 3] that carries the line from a world point [3] to the camera at the origin onto +z."""
    back = -at / np.linalg.norm(at)
    right = np.cross([0.0, 1.0, 0.0], back)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(back, right), back])


def turn_of(wanted: np.ndarray) -> tuple[float, float]:
    """Yaw and pitch such that pose.rotation turns +z into this direction [3]."""
    x, y, z = wanted / np.linalg.norm(wanted)
    return float(-np.arcsin(np.clip(x, -1, 1))), float(np.arctan2(y, z))


def _wanted(rng: np.random.Generator) -> tuple[tuple[float, float, float], tuple[float, float]]:
    """Head pose, and where to look, that eyes can reach: at most 32 degrees aside and 22 up or down in the head."""
    while True:
        head = (radians(rng.uniform(-30, 30)), radians(rng.uniform(-15, 15)), radians(rng.normal(0, 6)))
        kind = rng.random()
        if kind < 0.3:
            look = rng.normal(0, radians(1.5), 2)
        elif kind < 0.45:
            look = np.array([head[0], head[1]]) + rng.normal(0, radians(6), 2)
        else:
            look = np.array([radians(rng.uniform(-30, 30)), radians(rng.uniform(-20, 20))])
        yaw, pitch = turn_of(rotation(*head).T @ direction(*look))
        if abs(yaw) < radians(32) and abs(pitch) < radians(22) and abs(look[0]) < radians(31) and abs(look[1]) < radians(21):
            return head, (float(look[0]), float(look[1]))


def render_gaze(model: FaceModel, folder: Path, seed: int, people: int, size_px: int) -> Path:
    """Writes NNNN-KK.png and gaze.csv (COLUMNS); people that are there are kept, so that a stopped run goes on."""
    folder.mkdir(parents=True, exist_ok=True)
    camera = Camera(size_px, size_px, size_px * FOCAL_RATIO)
    renderer = Renderer(model, camera, HAIR_LAYERS)
    table = folder / "gaze.csv"
    done = set()
    if table.exists():
        with table.open(newline="") as lines:
            done = {int(row["person"]) for row in csv.DictReader(lines)}
    else:
        table.write_text(",".join(COLUMNS) + "\n")
    try:
        for number in range(people):
            if number in done:
                continue
            rows = _stills(model, renderer, folder, np.random.default_rng([seed, number]), number)
            with table.open("a", newline="") as out:
                csv.DictWriter(out, COLUMNS, lineterminator="\n").writerows(rows)
    finally:
        renderer.close()
    return table


def _stills(model: FaceModel, renderer: Renderer, folder: Path, rng: np.random.Generator, number: int) -> list[dict]:
    camera = renderer.camera
    look = replace(random_look(rng), iris_plane=IRIS_PLANE)
    metered = (METERED / float(np.mean(look.skin))) ** 0.5
    person = Person(model, renderer, rng.normal(0, rng.uniform(0.3, 0.9), min(len(model.identity), IDENTITY_MODES)), look, Skin(rng), SKY_DIRECTIONS)
    kappa = {"eyeL": radians(rng.normal(KAPPA_DEGREES, KAPPA_SPREAD))}
    kappa["eyeR"] = -kappa["eyeL"]
    style = Style.random(rng)
    rows = []
    for k, kind in enumerate(KINDS):
        head, looked = _wanted(rng)
        moves = random_movements(rng) if rng.random() < 0.5 else {}
        for key in ("45", "45L", "45R"):
            moves.pop(key, None)
        if rng.random() < 0.08:
            moves["45"] = 1.0
        offset = np.array([rng.normal(0, 1.5), rng.normal(1.0, 1.0), -rng.uniform(58, 85)])
        # World places of the eyes with this head, and what each must see.
        turn = rotation(*head)
        eyes = {name: (ball_centre(person.shape[i]) - body.PIVOT) @ turn.T + body.PIVOT + offset for name, i in person.eyes.items()}
        middle = np.mean(list(eyes.values()), 0)
        target = middle + facing(middle).T @ direction(*looked) * np.exp(rng.uniform(np.log(45), np.log(300)))
        turns = {}
        for name, at in eyes.items():
            yaw, pitch = turn_of(turn.T @ (target - at))
            # The axis of the iris points outward of what is looked at.
            turns[name] = (yaw - kappa[name], pitch)
        mean = np.mean([turns[name] for name in turns], 0)
        state = State(moves, *head, gaze_yaw=float(mean[0]), gaze_pitch=float(mean[1]), offset=tuple(offset), eye_turns=turns)
        person.worn = style if kind.startswith("glasses") else None
        renderer.light = random_light(rng)
        back = rng.uniform(0.02, 0.6, 3)
        exposure = EXPOSURE * metered * float(np.exp(rng.normal(0, 0.2)))
        noise = rng.uniform(0, 3)
        if kind.endswith("dark"):
            exposure, noise = exposure * rng.uniform(0.12, 0.35), rng.uniform(3, 8)
        drawn = person.drawn(state)
        picture = renderer.draw([drawn], Wall(tuple(back * rng.uniform(0.2, 1)), tuple(back)), exposure).astype(np.float32)
        picture = np.clip(picture + rng.normal(0, noise, (*picture.shape[:2], 1)) + 0.5, 0, 255).astype(np.uint8)
        file = f"{number:04d}-{k:02d}.png"
        Image.fromarray(picture).save(folder / file)
        single = {name: angles(facing(middle) @ (target - at)) for name, at in eyes.items()}
        pixels = {name: camera.project(at[None])[0] for name, at in eyes.items()}
        values = {
            "head_yaw": head[0], "head_pitch": head[1], "head_roll": head[2], "gaze_yaw": looked[0], "gaze_pitch": looked[1],
            "left_yaw": single["eyeL"][0], "left_pitch": single["eyeL"][1], "right_yaw": single["eyeR"][0], "right_pitch": single["eyeR"][1],
            "lids": moves.get("45", 0.0), "eye_distance_px": camera.focal_px * np.linalg.norm(eyes["eyeL"] - eyes["eyeR"]) / -middle[2],
            "left_x": pixels["eyeL"][0], "left_y": pixels["eyeL"][1], "right_x": pixels["eyeR"][0], "right_y": pixels["eyeR"][1],
        }  # fmt: skip
        rows.append({"file": file, "person": number, "kind": kind} | {key: round(float(value), 5) for key, value in values.items()})
    return rows
