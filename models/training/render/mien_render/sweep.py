"""A grid of head rotations as still pictures with truth, to check pose estimators."""

import json
from itertools import product
from math import radians
from pathlib import Path

import numpy as np
from PIL import Image

from . import GENERATOR_VERSION
from .clip import EXPOSURE, identity
from .mesh import FaceModel
from .person import Person, State
from .pose import rotation
from .renderer import Camera, Look, Renderer, Wall
from .truth import CONVENTION, PersonTruth
from .wrinkles import Skin

YAWS, PITCHES, ROLLS = (-40, -30, -20, -10, 0, 10, 20, 30, 40), (-20, -10, 0, 10, 20), (-20, 0, 20)
DISTANCE = 75.0


def render_sweep(model: FaceModel, folder: Path, identity_seed: int = 2) -> Path:
    """Writes one PNG per pose and sweep.truth.json into the folder; returns the truth's path."""
    folder.mkdir(parents=True, exist_ok=True)
    camera = Camera(480, 480, 620.0)
    renderer = Renderer(model, camera)
    try:
        person = Person(model, renderer, identity(identity_seed, len(model.identity)), Look(), Skin(np.random.default_rng([identity_seed, 23])))
        grid = list(product(YAWS, PITCHES, ROLLS))
        truth = PersonTruth(model, camera, len(grid))
        shots = []
        for i, angles in enumerate(grid):
            yaw, pitch, roll = map(radians, angles)
            state = State({}, yaw, pitch, roll, offset=(0.0, 0.5, -DISTANCE))
            drawn = person.drawn(state)
            truth.add(i, state, drawn)
            file = "yaw{:+03d}-pitch{:+03d}-roll{:+03d}.png".format(*angles)
            Image.fromarray(renderer.draw([drawn], Wall(), EXPOSURE)).save(folder / file)
            columns = {name: values[i] for name, values in truth.columns.items()}
            shots.append({"file": file, "matrix": rotation(yaw, pitch, roll).round(6).tolist(), **columns})
    finally:
        renderer.close()
    path = folder / "sweep.truth.json"
    header = {
        "schema": "mien-rendered-sweep/1",
        "version": GENERATOR_VERSION,
        "convention": CONVENTION,
        "focalPx": camera.focal_px,
    }
    path.write_text(json.dumps({**header, "shots": shots}, indent=1) + "\n")
    return path
