"""The face model: neutral shape, identity and expression offsets, and which triangles are skin, teeth, eyes ..."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

# Vertex ranges of ICT-FaceKit (first, past the last), as its authors document them. What is not listed (lacrimal fluid,
# eye blend and eye occlusion shells, inner eyeballs, lower lashes) is not drawn.
ICT_RANGES: dict[str, tuple[int, int]] = {
    "skin": (0, 11248),
    "mouth": (11248, 13294),
    "socket": (13294, 14062),
    "gums": (14062, 17039),
    "teeth": (17039, 21451),
    "eyeL": (21451, 22221),
    "eyeR": (23021, 23791),
    "lashesL": (25351, 25693),
    "lashesR": (26035, 26377),
}


@dataclass(frozen=True)
class FaceModel:
    """Positions are [V, 3] in about centimetres; `parts` maps a part name to triangles [T, 3] of vertex indices."""

    neutral: np.ndarray
    identity: np.ndarray
    expression: np.ndarray
    expression_names: list[str]
    parts: dict[str, np.ndarray]
    smoother: sparse.csr_matrix
    triangles: np.ndarray

    def person(self, coefficients: np.ndarray) -> np.ndarray:
        """Neutral shape [V, 3] of one person from identity coefficients (about standard normal)."""
        n = min(len(coefficients), len(self.identity))
        return self.neutral + np.tensordot(coefficients[:n].astype(np.float32), self.identity[:n], 1)

    def express(self, person: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """The person's shape [V, 3] with expression weights [E] applied."""
        shape = person.copy()
        for i in np.flatnonzero(weights):
            shape += weights[i] * self.expression[i]
        return shape

    def normals(self, shape: np.ndarray) -> np.ndarray:
        """Unit vertex normals [V, 3], area weighted, outward for counter-clockwise triangles."""
        a, b, c = (shape[self.triangles[:, k]] for k in range(3))
        face = np.cross(b - a, c - a)
        out = np.zeros_like(shape)
        for k in range(3):
            for axis in range(3):
                out[:, axis] += np.bincount(self.triangles[:, k], face[:, axis], len(shape))
        return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)

    def concavity(self, shape: np.ndarray, normals: np.ndarray) -> np.ndarray:
        """How far each vertex lies below its smoothed surroundings [V], in units: > 0 in folds."""
        smooth = shape
        for _ in range(5):
            smooth = self.smoother @ smooth
        return ((smooth - shape) * normals).sum(1)


def build_model(
    neutral: np.ndarray,
    triangles: np.ndarray,
    expression: np.ndarray,
    expression_names: list[str],
    identity: np.ndarray,
    ranges: dict[str, tuple[int, int]] = ICT_RANGES,
) -> FaceModel:
    """A model from raw arrays. A triangle belongs to the part that holds its highest vertex."""
    count = len(neutral)
    last = triangles.max(1)
    parts = {name: triangles[(last >= a) & (last < b)] for name, (a, b) in ranges.items()}
    i = np.concatenate([triangles[:, 0], triangles[:, 1], triangles[:, 2]])
    j = np.concatenate([triangles[:, 1], triangles[:, 2], triangles[:, 0]])
    links = sparse.coo_matrix((np.ones(len(i), np.float32), (i, j)), (count, count)).tocsr()
    links = ((links + links.T) > 0).astype(np.float32) + sparse.identity(count, dtype=np.float32, format="csr")
    smoother = sparse.diags(1 / np.asarray(links.sum(1)).ravel()).dot(links).astype(np.float32).tocsr()
    return FaceModel(neutral, identity, expression, list(expression_names), parts, smoother, triangles)


def load_ict(path: str | Path) -> FaceModel:
    """Reads an ICT-FaceKit npz (neutral, triangles, expression, expression_names, identity)."""
    with np.load(path) as data:
        return build_model(
            data["neutral"].astype(np.float32),
            data["triangles"].astype(np.int32),
            data["expression"].astype(np.float32),
            [str(n) for n in data["expression_names"]],
            data["identity"].astype(np.float32),
        )
