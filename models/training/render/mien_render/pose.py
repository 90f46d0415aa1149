"""Head rotation in the convention of `HeadPose` in src/domain/face.ts.

Model space: x towards the subject's left (image right when frontal), y up, z towards the camera; units of about one
centimetre. Angles are radians about the camera's fixed axes, yaw first, then pitch, then roll:
yaw > 0 turns the face to the left of the image, pitch > 0 looks up, roll > 0 leans clockwise in the image.
"""

import numpy as np


def rotation(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """3x3 matrix Rz(-roll) Rx(-pitch) Ry(-yaw) that turns a frontal upright head into the given pose (column vectors)."""
    cy, sy = np.cos(-yaw), np.sin(-yaw)
    cp, sp = np.cos(-pitch), np.sin(-pitch)
    cr, sr = np.cos(-roll), np.sin(-roll)
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return (about_z @ about_x @ about_y).astype(np.float32)
