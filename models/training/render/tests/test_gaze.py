"""Where rendered eyes look: signs, round trips, and a row of truth. Uses the small mesh of test_render.py."""

import csv
from math import radians

import numpy as np
import pytest

from mien_render.gaze import COLUMNS, KINDS, angles, direction, facing, render_gaze, turn_of
from mien_render.pose import rotation
from test_render import model  # noqa: F401  (a fixture)


def test_angles_have_the_signs_of_the_head_pose():
    for yaw, pitch in ((0.4, 0.0), (0.0, 0.3), (-0.2, -0.25)):
        looked = direction(yaw, pitch)
        assert angles(looked) == pytest.approx((yaw, pitch))
        assert looked[0] * yaw <= 0 and looked[1] * pitch >= 0


def test_an_eye_is_turned_to_what_it_looks_at():
    wanted = direction(radians(25), radians(-12))
    assert rotation(*turn_of(wanted), 0) @ np.array([0, 0, 1]) == pytest.approx(wanted, abs=1e-6)


def test_zero_is_into_the_camera_wherever_the_face_is():
    at = np.array([12.0, -5.0, -60.0])
    assert angles(facing(at) @ (-at)) == pytest.approx((0, 0), abs=1e-9)


def test_every_still_has_its_truth(model, tmp_path):  # noqa: F811
    table = render_gaze(model, tmp_path, seed=3, people=1, size_px=48)
    with table.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == COLUMNS and [row["kind"] for row in rows] == KINDS
    for row in rows:
        assert (tmp_path / row["file"]).exists()
        # Eyes converge, and both look about where the face does.
        assert abs(float(row["left_yaw"]) - float(row["gaze_yaw"])) < 0.12
    assert render_gaze(model, tmp_path, seed=3, people=1, size_px=48).read_text() == table.read_text()
