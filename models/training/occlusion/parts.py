"""The parts of a face whose visibility is told, and how much of each a cover hides."""

import numpy as np
from PIL import Image, ImageDraw

# Order of the network's outputs; left and right are the subject's.
PARTS = ["rightBrow", "leftBrow", "rightEye", "leftEye", "nose", "rightCheek", "leftCheek", "mouth", "chin"]
# The same parts in a mirror.
MIRRORED = [1, 0, 3, 2, 4, 6, 5, 7, 8]

# FaceMesh vertices around each part (their convex hull), and by how much the hull is enlarged about its middle.
OUTLINES: dict[str, tuple[list[int], float]] = {
    "rightBrow": ([46, 53, 52, 65, 55, 107, 66, 105, 63, 70], 1.2),
    "leftBrow": ([276, 283, 282, 295, 285, 336, 296, 334, 293, 300], 1.2),
    "rightEye": ([33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7], 1.2),
    "leftEye": ([263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249], 1.2),
    "nose": ([6, 129, 358, 98, 327, 2, 64, 294], 1.0),
    "rightCheek": ([50, 205, 36, 117, 118, 101, 123, 187, 207], 1.0),
    "leftCheek": ([280, 425, 266, 346, 347, 330, 352, 411, 427], 1.0),
    "mouth": ([61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146], 1.1),
    "chin": ([83, 313, 201, 421, 208, 428, 171, 396, 175, 199], 1.0),
}
SUPERSAMPLED = 2
LEAST_PIXELS = 6.0


def hull(points: np.ndarray) -> np.ndarray:
    """Corners of the convex hull of points [n, 2] (monotone chain)."""
    ordered = points[np.lexsort((points[:, 1], points[:, 0]))]

    def half(rows: np.ndarray) -> list[np.ndarray]:
        kept: list[np.ndarray] = []
        for point in rows:
            while len(kept) > 1:
                a, b = kept[-1] - kept[-2], point - kept[-2]
                if a[0] * b[1] - a[1] * b[0] > 0:
                    break
                kept.pop()
            kept.append(point)
        return kept[:-1]

    return np.array(half(ordered) + half(ordered[::-1]))


def outline(mesh: np.ndarray, part: str) -> np.ndarray:
    """Corners [n, 2], pixels, of a part of the face with this mesh [468, 2 or 3]."""
    vertices, enlarged = OUTLINES[part]
    corners = hull(mesh[vertices, :2])
    middle = corners.mean(0)
    return middle + (corners - middle) * enlarged


def filled(corners: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """float32 [h, w]: share of each pixel inside a polygon."""
    height, width = shape
    picture = Image.new("L", (width * SUPERSAMPLED, height * SUPERSAMPLED))
    if len(corners) > 2:
        ImageDraw.Draw(picture).polygon([tuple(point) for point in corners * SUPERSAMPLED], fill=255)
    return np.asarray(picture.reduce(SUPERSAMPLED), np.float32) / 255


def visibility(mesh: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """Share [9] of each part that a cover [h, w] (0 nothing .. 1 opaque) leaves visible; NaN for a part of hardly any pixels, as in a profile."""
    shares = []
    for part in PARTS:
        inside = filled(outline(mesh, part), cover.shape)
        total = float(inside.sum())
        shares.append(1 - float((inside * cover).sum()) / total if total >= LEAST_PIXELS else np.nan)
    return np.array(shares, np.float32)
