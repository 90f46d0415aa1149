"""Fitting where eyes look, on eyes made here: a ball whose iris moves with it, seen with a little noise."""

import numpy as np

from gaze.fit import Eyes, Model, angle_between, unit


def faces(count, seed):
    rng = np.random.default_rng(seed)
    rows, truth = [], {}
    for k in range(count):
        yaw, pitch = rng.uniform(-0.5, 0.5), rng.uniform(-0.3, 0.3)
        looked = unit(np.float64(yaw), np.float64(pitch))
        feats = {}
        for side, mirror in (("right", 1), ("left", -1)):
            x, y = mirror * 0.17 * looked[0] + rng.normal(0, 0.003), 0.17 * looked[1] + rng.normal(0, 0.003)
            lids = [{"x": dx - x, "y": dy - y} for dx, dy in ((-0.2, 0), (0, 0.06), (0.2, 0), (0, -0.06))]
            more = dict.fromkeys(("shiftX", "shiftY", "turn", "nod", "moved"), 0.0)
            feats[side] = {"x": x, "y": y, "seenX": x, "seenY": y, "lids": lids, "opening": 1.0, "contrast": 1.0} | more
        rows.append({"file": f"{k}.png", "feats": feats, "lean": 0.0, "quality": {"interocularPx": 40.0}})
        both = {f"{who}_{axis}": value for who in ("right", "left", "gaze") for axis, value in (("yaw", yaw), ("pitch", pitch))}
        truth[f"{k}.png"] = {"kind": "plain", "head_yaw": 0.0, "person": str(k % 8)} | both
    return Eyes(rows, truth)


def test_it_learns_a_ball_and_says_how_sure_it_is(monkeypatch):
    monkeypatch.setattr("gaze.fit.STEPS", 300)
    model, seen = Model(faces(160, 1)), faces(60, 2)
    joined, expected = model.joined(seen)
    off = angle_between(joined, seen.joined_true)
    assert np.degrees(off.mean()) < 4
    assert 0.3 < expected.mean() / off.mean() < 5
    contact = model.contacts(seen)
    close = angle_between(seen.joined_true, np.array([0, 0, -1.0]))
    assert contact[close < 0.06].mean() > contact[close > 0.3].mean()


def test_levels_and_directions_are_each_others_inverse():
    eyes = faces(5, 3)
    eyes.lean = np.linspace(-0.4, 0.4, 10)
    assert np.allclose(eyes.direction(eyes.level(eyes.true)), eyes.true)
