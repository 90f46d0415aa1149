"""The truth file: what was rendered, frame by frame, in the units and signs of src/domain."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import GENERATOR_VERSION
from .mesh import FaceModel
from .movements import AU_SHAPES
from .person import State
from .renderer import Camera, Drawn
from .timeline import BLINK_CLOSE_S, BLINK_HOLD_S, BLINK_OPEN_S, Role, Scenario

MM_PER_UNIT = 10.0
VISIBLE_SHARE = 0.9

CONVENTION = (
    "pose: radians, HeadPose signs (yaw > 0 turns to the left of the image, pitch > 0 looks up, roll > 0 leans clockwise "
    "in the image), rotation Rz Rx Ry about the camera's fixed axes; translationMm of the point midway between the eyes, "
    "x right, y down, z away. box, eyes and nose: frame pixels, x right, y down; box is the face from hairline to chin, "
    "not cut at the frame; insideFrame its share in the frame; visible: present and insideFrame >= 0.9. aus: requested "
    "intensity 0..1 per frame of one action unit (linear in shape weight; 5 x value is this generator's own 0-5 scale, not "
    "a FACS coder's A-E), 0 when a movement is absent, null when the person is not in the scene. "
    "Action unit 45 is the closing of the eyes, 0 open .. 1 closed. An episode may end after the clip."
)


def micros(seconds: float) -> int:
    return round(seconds * 1e6)


def face_points(model: FaceModel) -> dict[str, np.ndarray]:
    """Indices of the vertices that make the face box, and of the nose tip."""
    x, y, z = model.neutral.T
    skin = np.unique(model.parts["skin"])
    face = skin[(z[skin] > 2.5) & (y[skin] < 9.0) & (y[skin] > -9.5) & (np.abs(x[skin]) < 9.0)]
    # The neck under the chin is not face: below the mouth only what lies in front counts.
    face = face[(y[face] > -4) | (z[face] > 4.5 + 0.6 * np.maximum(-6.5 - y[face], 0))]
    return {"face": face, "nose": skin[[int(np.argmax(z[skin]))]]}


class PersonTruth:
    """Collects one person's frames; a person may be played by several roles, one after another."""

    def __init__(self, model: FaceModel, camera: Camera, frames: int) -> None:
        self.points, self.model, self.camera = face_points(model), model, camera
        empty: list[Any] = [None] * frames
        self.columns: dict[str, list[Any]] = {
            k: list(empty) for k in ("pose", "translationMm", "box", "leftEye", "rightEye", "nose", "insideFrame")
        }
        self.visible = [False] * frames
        self.aus: dict[str, list[float | None]] = {au: list(empty) for au in AU_SHAPES}

    def add(self, i: int, state: State, drawn: Drawn) -> None:
        camera, c = self.camera, self.columns
        px = camera.project(drawn.positions[self.points["face"]])
        (x0, y0), (x1, y1) = px.min(0), px.max(0)
        eye = {s: drawn.positions[np.unique(self.model.parts[f"eye{s}"])].mean(0) for s in "LR"}
        left, right = (camera.project(eye[s][None])[0] for s in "LR")
        middle = (eye["L"] + eye["R"]) / 2 * np.array([1, -1, -1]) * MM_PER_UNIT
        width = max(0.0, min(x1, camera.width_px) - max(x0, 0)) / (x1 - x0)
        height = max(0.0, min(y1, camera.height_px) - max(y0, 0)) / (y1 - y0)
        inside = width * height
        c["pose"][i] = [round(float(a), 4) for a in (state.yaw, state.pitch, state.roll)]
        c["translationMm"][i] = [round(float(a)) for a in middle]
        c["box"][i] = [round(float(a), 1) for a in (x0, y0, x1, y1)]
        c["leftEye"][i], c["rightEye"][i] = ([round(float(a), 1) for a in p] for p in (left, right))
        c["nose"][i] = [round(float(a), 1) for a in camera.project(drawn.positions[self.points["nose"]])[0]]
        c["insideFrame"][i] = round(float(inside), 3)
        self.visible[i] = bool(inside >= VISIBLE_SHARE)
        for au in self.aus:
            self.aus[au][i] = round(float(state.aus.get(au, 0.0)), 3)

    def document(self, person: int, roles: list[Role]) -> dict[str, Any]:
        blink_s = BLINK_CLOSE_S + BLINK_HOLD_S + BLINK_OPEN_S
        return {
            "person": person,
            "identitySeed": roles[0].identity_seed,
            "episodes": [
                {
                    "name": e.name, "onsetUs": micros(e.onset_s), "apexUs": micros(e.apex_s),
                    "releaseUs": micros(e.release_s), "offsetUs": micros(e.offset_s), "aus": e.aus,
                }
                for r in roles for e in r.episodes
            ],
            "blinks": [{"startUs": micros(s), "endUs": micros(s + blink_s)} for r in roles for s in r.blinks_s],
            "speech": [{"startUs": micros(a), "endUs": micros(b)} for r in roles for a, b in speech_of(r)],
            "frames": {"visible": self.visible, **self.columns},
            "aus": {au: v for au, v in self.aus.items() if any(v)},
        }  # fmt: skip


def speech_of(role: Role) -> list[tuple[float, float]]:
    """When a role's mouth speaks: syllables, and what is said without its pauses."""
    said = [(start + a, start + b) for start, utterance in role.says for a, b in utterance.spoken()]
    return sorted([*role.speech_s, *said])


def document(scenario: Scenario, people: dict[int, PersonTruth]) -> dict[str, Any]:
    return {
        "schema": "mien-rendered-truth/1",
        "generator": {"name": "mien_render", "version": GENERATOR_VERSION, "scenario": scenario.name, "seed": scenario.seed},
        "convention": CONVENTION,
        "fps": scenario.fps,
        "frameCount": scenario.frames,
        "widthPx": scenario.width_px,
        "heightPx": scenario.height_px,
        "focalPx": scenario.focal_px,
        "columns": {
            "pose": ["yaw", "pitch", "roll"],
            "translationMm": ["x", "y", "z"],
            "box": ["left", "top", "right", "bottom"],
        },
        "cutsUs": [micros(c) for c in scenario.cuts_s],
        "ptsUs": [micros(i / scenario.fps) for i in range(scenario.frames)],
        **({"otherVoices": [{"startUs": micros(a), "endUs": micros(b)} for a, b in scenario.others_s]} if scenario.others_s else {}),
        **scenario.listed,
        "people": [people[p].document(p, [r for r in scenario.roles if r.person == p]) for p in sorted(people)],
    }
