"""A sheet to look at: every action unit at FACS degrees A to E on one person."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from .clip import EXPOSURE, identity
from .dataset import DRAWN
from .mesh import FaceModel
from .person import Person, State
from .renderer import Camera, Light, Look, Renderer, Wall
from .wrinkles import Skin

DEGREES = {"A": 0.12, "B": 0.3, "C": 0.5, "D": 0.75, "E": 1.0}
SIDE = 200


def render_sheet(model: FaceModel, path: Path, seed: int = 2) -> Path:
    """Writes a PNG: a row per action unit, a column per degree, and the face at rest first."""
    rng = np.random.default_rng([seed, 31])
    renderer = Renderer(model, Camera(SIDE, SIDE, SIDE * 3.0), 7)
    # Light from the side shows skin that folds.
    renderer.light = Light(key_dir=(-0.75, 0.45, 0.5))
    person = Person(model, renderer, identity(seed, len(model.identity)), Look(hair_length=0.5, stubble=0.0), Skin(rng), 20)
    columns = {"rest": 0.0} | DEGREES
    sheet = Image.new("RGB", (SIDE * len(columns), SIDE * len(DRAWN)))
    draw = ImageDraw.Draw(sheet)
    try:
        for row, au in enumerate(DRAWN):
            for column, (degree, amount) in enumerate(columns.items()):
                drawn = person.drawn(State({au: amount} if amount else {}, offset=(0.0, 1.2, -62.0)))
                picture = renderer.draw([drawn], Wall((0.1, 0.1, 0.1), (0.3, 0.3, 0.3)), EXPOSURE)
                sheet.paste(Image.fromarray(picture), (column * SIDE, row * SIDE))
                draw.text((column * SIDE + 6, row * SIDE + 4), f"AU{au} {degree}", fill=(255, 255, 255))
    finally:
        renderer.close()
    sheet.save(path)
    return path
