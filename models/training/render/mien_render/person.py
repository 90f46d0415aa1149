"""One person of a clip: a fixed identity and look, posed and expressed frame by frame."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from . import body, glasses
from .mesh import FaceModel
from .movements import shape_weights
from .pose import rotation
from .renderer import Drawn, Eye, Look, Renderer
from .wrinkles import Skin


@dataclass(frozen=True)
class State:
    """What one person does in one frame. Offset is where the head's origin is, in world units before the camera.

    `eye_turns`: yaw and pitch in the head of single eyes ("eyeL", "eyeR"), where they differ from gaze_yaw and gaze_pitch.
    """

    aus: Mapping[str, float]
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    gaze_yaw: float = 0.0
    gaze_pitch: float = 0.0
    offset: tuple[float, float, float] = (0.0, 0.0, -75.0)
    eye_turns: Mapping[str, tuple[float, float]] = field(default_factory=dict)


class Person:
    def __init__(self, model: FaceModel, renderer: Renderer, coefficients: np.ndarray, look: Look, skin: Skin, sky_directions: int = 64, worn: glasses.Style | None = None) -> None:
        self.model, self.look, self.skin, self.worn = model, look, skin, worn
        self.shape = model.person(coefficients)
        self.ao = renderer.occlusion(self.shape, sky_directions)
        self.follow = body.follow(model.neutral)[:, None]
        self.calm_fold = model.concavity(self.shape, model.normals(self.shape))
        self.eyes = {name: np.unique(t) for name, t in model.parts.items() if name.startswith("eye") and len(t)}
        self.rest_eyes = {name: ball_centre(model.neutral[i]) for name, i in self.eyes.items()}

    def drawn(self, state: State) -> Drawn:
        """World geometry of this frame."""
        weights = shape_weights(state.aus, self.model.expression_names)
        self._look_lids(weights, state)
        shape = self.model.express(self.shape, weights)
        centres = {name: ball_centre(shape[index]) for name, index in self.eyes.items()}
        turns = {name: rotation(*state.eye_turns.get(name, (state.gaze_yaw, state.gaze_pitch)), 0) for name in self.eyes}
        for name, index in self.eyes.items():
            shape[index] = (shape[index] - centres[name]) @ turns[name].T + centres[name]
        normals = self.model.normals(shape)
        fold = self.model.concavity(shape, normals)
        fold = np.maximum(fold - np.minimum(self.calm_fold, fold) * 0.4, 0)
        turn = rotation(state.yaw, state.pitch, state.roll)
        turned = (shape - body.PIVOT) @ turn.T + body.PIVOT
        world = shape + (turned - shape) * self.follow + np.asarray(state.offset, np.float32)
        mixed = normals + (normals @ turn.T - normals) * self.follow
        mixed /= np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-9)
        offset = np.asarray(state.offset, np.float32)

        def placed(points: np.ndarray) -> np.ndarray:
            return (points - body.PIVOT) @ turn.T + body.PIVOT + offset

        eyes = {name: Eye(self.rest_eyes[name], placed(centres[name]), turn @ turns[name]) for name in self.eyes}
        worn = glasses.wear(self.worn, self.shape, self.eyes, placed) if self.worn else None
        return Drawn(world, mixed, fold, self.ao, eyes, offset, self.look, self.skin.relief(state.aus), worn)

    def _look_lids(self, weights: np.ndarray, state: State) -> None:
        names = self.model.expression_names
        for shape, amount in (("eyeLookDown", -state.gaze_pitch), ("eyeLookUp", state.gaze_pitch)):
            for side in "LR":
                if f"{shape}_{side}" in names and amount > 0:
                    weights[names.index(f"{shape}_{side}")] += min(amount / 0.5, 1.0)


def ball_centre(points: np.ndarray) -> np.ndarray:
    """Centre of an eyeball from its extent; the cornea's bulge in front is left out."""
    low, high = points.min(0), points.max(0)
    centre = (low + high) / 2
    centre[2] = low[2] + (high[1] - low[1]) / 2
    return centre
