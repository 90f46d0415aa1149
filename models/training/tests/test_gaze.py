"""Fitting where eyes look, on eyes made here: dark discs that move with the gaze, on a gray ground."""

import base64

import numpy as np
import pytest
import torch

from gaze.eyes import WINDOW, Eyes, angle_between, unit
from gaze.fit import AHEAD, Model, held_out, join
from gaze.network import VALUES, numbers_of, predict, train, write_onnx


def drawn(dx, dy, rng):
    """A window whose disc is dx, dy pixels from its middle."""
    rows, columns = np.mgrid[: WINDOW[0], : WINDOW[1]] + 0.5
    far = np.hypot(columns - WINDOW[1] / 2 - dx, rows - WINDOW[0] / 2 - dy)
    return np.clip(200 - 150 * np.clip(5.5 - far, 0, 1) + rng.normal(0, 3, WINDOW), 0, 255).astype(np.uint8)


def faces(count, seed):
    rng = np.random.default_rng(seed)
    rows, truth = [], {}
    for k in range(count):
        yaw, pitch = rng.uniform(-0.5, 0.5), rng.uniform(-0.3, 0.3)
        looked = unit(np.float64(yaw), np.float64(pitch))
        feats, windows = {}, {}
        for side in ("right", "left"):
            feats[side] = {"points": [{"x": 0.1, "y": 0.0}] * 17, "turn": 0.0, "nod": 0.0, "opening": 1.0}
            pixels = drawn(9 * looked[0], 9 * looked[1], rng)
            windows[side] = {"pixels": base64.b64encode(pixels.tobytes()).decode(), "x": 0.0, "y": 0.0}
        rows.append({"file": f"{k}.png", "feats": feats, "windows": windows, "lean": 0.0, "quality": {"interocularPx": 40.0}})
        both = {f"{who}_{axis}": value for who in ("right", "left", "gaze") for axis, value in (("yaw", yaw), ("pitch", pitch))}
        truth[f"{k}.png"] = {"kind": "plain", "head_yaw": 0.0, "person": f"{k % 10}"} | both
    return Eyes(rows, truth)


@pytest.fixture(scope="module")
def taught():
    torch.set_num_threads(1)
    eyes = faces(200, 1)
    unseen = held_out(eyes)
    return Model(train(eyes.only(~unseen), 25), eyes.only(unseen))


def test_it_learns_where_a_disc_looks_and_how_sure_it_is(taught):
    seen = faces(60, 2)
    joined, expected = taught.joined(seen)
    off = angle_between(joined, seen.joined_true)
    assert np.degrees(off.mean()) < 6
    assert 0.3 < expected.mean() / off.mean() < 5
    contact = taught.contacts(seen)
    close = angle_between(seen.joined_true, AHEAD)
    assert contact[close < 0.1].mean() > contact[close > 0.3].mean()


def test_what_is_written_gives_what_the_network_gives(taught, tmp_path):
    import onnxruntime

    write_onnx(taught.network, tmp_path / "looks.onnx")
    pictures = torch.randn(4, 1, 24, 36)
    session = onnxruntime.InferenceSession(tmp_path / "looks.onnx")
    looks = session.run(None, {"patches": pictures.numpy()})[0]
    told = torch.from_numpy(faces(2, 5).numbers())
    with torch.no_grad():
        expected = taught.network(told, pictures).numpy()
    model = numbers_of(taught.network)
    own = np.concatenate([told.numpy(), looks.reshape(2, 2, VALUES)], -1)
    inputs = np.clip((np.concatenate([own, own[:, ::-1]], -1) - model["mean"]) / model["scale"], -4, 4)
    found = np.tanh(inputs @ model["hidden"].T + model["hiddenBias"]) @ model["out"].T + model["outBias"]
    assert np.allclose(found, expected, atol=1e-4)


def test_levels_and_directions_are_each_others_inverse():
    eyes = faces(5, 3)
    eyes.lean = np.linspace(-0.4, 0.4, 5)
    assert np.allclose(eyes.direction(eyes.level(eyes.true)), eyes.true)


def test_held_out_people_are_not_taught():
    eyes = faces(40, 4)
    unseen = held_out(eyes)
    assert 0 < unseen.sum() < 40
    assert not set(eyes.person[unseen]) & set(eyes.only(~unseen).person)


def test_eyes_join_by_how_sure_they_are():
    directions = np.stack([unit(np.array([0.2]), np.array([0.0])), unit(np.array([0.0]), np.array([0.0]))], 1)
    joined, expected = join(directions, np.array([[0.1, 0.3]]))
    assert angle_between(joined, directions[:, 0])[0] < angle_between(joined, directions[:, 1])[0]
    assert 0.1 < expected[0] < 0.3
