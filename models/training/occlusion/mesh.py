"""The face mesh and the crop as mien has them: the run-time graph of FaceMesh, its square, the alignment, the sampler."""

from pathlib import Path

import numpy as np
import onnxruntime

GRAPH = Path(__file__).parents[3] / "dist" / "graphs" / "face-mesh.onnx"
# The input of a run-time graph whose crops go on beyond the frame with its border.
CROPS = "crops_border"
EYES, MOUTH = ((33, 133), (263, 362)), (61, 291)
SCALE = 1.5  # of the square around a mesh in which the mesh is fitted again (src/faces/mesh-geometry.ts)

SIZE = 64
OVERSAMPLING = 2
# Eye centres and mouth in the crop: mien-affect's template, seen from a little farther, so that chin and forehead are inside.
ALIGNMENT = {"rightEye": [0.356, 0.403], "leftEye": [0.644, 0.403], "mouth": [0.5, 0.705]}
_TEMPLATE = np.array(list(ALIGNMENT.values()))


def limited(gray: np.ndarray) -> np.ndarray:
    """Full-range gray as the luma of a video."""
    return np.round(16 + gray.astype(np.float32) * (219 / 255)).astype(np.uint8)


def square_matrix(centre: np.ndarray, side: float, angle: float) -> np.ndarray:
    """[2, 3]: unit coordinates of a turned square to pixels."""
    c, s = np.cos(angle) * side, np.sin(angle) * side
    return np.array([[c, -s, centre[0] - (c - s) / 2], [s, c, centre[1] - (s + c) / 2]], np.float32)


def around(mesh: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Centre, side and angle of the square in which a mesh [468, 3] is fitted again."""
    right, left = mesh[EYES[0][0], :2], mesh[EYES[1][0], :2]
    angle = float(np.arctan2(left[1] - right[1], left[0] - right[0]))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = mesh[:, :2] @ turn.T
    low, high = turned.min(0), turned.max(0)
    return (low + high) / 2 @ turn, SCALE * float((high - low).max()), angle


def alignment_matrix(mesh: np.ndarray, template: np.ndarray = _TEMPLATE) -> np.ndarray:
    """[2, 3]: crop unit coordinates to pixels, so that the template's points fall on the face's (least squares over similarities)."""
    face = np.array([*(mesh[list(eye), :2].mean(0) for eye in EYES), mesh[list(MOUTH), :2].mean(0)])
    t, f = template - template.mean(0), face - face.mean(0)
    spread = (t**2).sum()
    c, s = (t * f).sum() / spread, (t[:, 0] * f[:, 1] - t[:, 1] * f[:, 0]).sum() / spread
    turn = np.array([[c, -s], [s, c]])
    return np.concatenate([turn, (face.mean(0) - turn @ template.mean(0))[:, None]], 1)


def bilinear(gray: np.ndarray, matrix: np.ndarray, side: int) -> np.ndarray:
    """float32 [side, side]: bilinear samples; the border goes on outside."""
    at = (np.arange(side, dtype=np.float32) + 0.5) / side
    u, v = np.meshgrid(at, at)
    height, width = gray.shape
    x = np.clip(matrix[0, 0] * u + matrix[0, 1] * v + matrix[0, 2] - 0.5, 0, width - 1)
    y = np.clip(matrix[1, 0] * u + matrix[1, 1] * v + matrix[1, 2] - 0.5, 0, height - 1)
    x0, y0 = np.minimum(x.astype(int), width - 2), np.minimum(y.astype(int), height - 2)
    fx, fy, g = x - x0, y - y0, gray.astype(np.float32)
    return (g[y0, x0] * (1 - fx) + g[y0, x0 + 1] * fx) * (1 - fy) + (g[y0 + 1, x0] * (1 - fx) + g[y0 + 1, x0 + 1] * fx) * fy


def sample(gray: np.ndarray, matrix: np.ndarray, size: int = SIZE, oversampling: int = OVERSAMPLING) -> np.ndarray:
    """uint8 [size, size]: bilinear samples, averaged."""
    rows = bilinear(gray, matrix, size * oversampling)
    return rows.reshape(size, oversampling, size, oversampling).mean((1, 3)).round().astype(np.uint8)


def crops(session: onnxruntime.InferenceSession, gray: np.ndarray, matrix: np.ndarray) -> dict[str, np.ndarray]:
    """The crop of a full-range gray picture that a run-time graph takes, cut as src/models/cut-crops.ts cuts it out of a video's luma."""
    (given,) = [each for each in session.get_inputs() if each.name == CROPS]
    luma = bilinear(limited(gray), matrix, given.shape[-1])
    return {CROPS: ((luma - 16) * (255 / 219))[None, None].astype(np.float32)}


class Mesher:
    """FaceMesh on full-range gray pictures."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(GRAPH), options)

    def fit(self, gray: np.ndarray, centre: np.ndarray, side: float, angle: float) -> tuple[np.ndarray, float]:
        """The mesh [468, 3] in pixels, and the presence of a face, in one square."""
        matrix = square_matrix(centre, side, angle)
        landmarks, presence = self.session.run(["landmarks", "presence"], crops(self.session, gray, matrix))
        unit = landmarks[0]
        flat = unit[:, :2] @ matrix[:, :2].T + matrix[:, 2]
        return np.concatenate([flat, unit[:, 2:] * side], 1), float(1 / (1 + np.exp(-presence[0])))

    def filling(self, gray: np.ndarray) -> np.ndarray | None:
        """The mesh of a face that fills the picture."""
        height, width = gray.shape
        first, _ = self.fit(gray, np.array([width / 2, height / 2]), max(width, height) * 1.2, 0.0)
        return self.followed(gray, first)

    def followed(self, gray: np.ndarray, mesh: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray | None:
        """The mesh fitted where another was, as in the next frame of a video; with `rng` about there, as after a detector. None without a face."""
        centre, side, angle = around(mesh)
        if rng is not None:
            centre = centre + rng.normal(0, 0.025 * side, 2)
            side, angle = side * float(np.exp(rng.normal(0, 0.08))), angle + float(rng.normal(0, 0.06))
        found, presence = self.fit(gray, centre, side, angle)
        return found if presence >= 0.5 else None
