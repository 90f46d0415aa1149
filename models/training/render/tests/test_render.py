"""Smoke tests on a small mesh built here: an ellipsoid head with two balls for eyes. No face data is needed."""

import json
from dataclasses import replace
from math import radians

import numpy as np
import pytest

from mien_render.clip import frames, render_clip
from mien_render.dataset import (
    CONTRARY, DARK, EXPRESSIONS, KEYS, LIGHT, LOOKS, LipGap, PER_PERSON, Truth, expression_movements, looks, random_look, random_movements, render_people,
)  # fmt: skip
from mien_render.mesh import build_model
from mien_render.movements import AU_SHAPES, shape_weights, sided
from mien_render.pose import rotation
from mien_render.renderer import Look
from mien_render.timeline import Episode, Key, Role, Scenario, state_at
from mien_render.truth import document
from mien_render.wrinkles import Skin


def ball(centre, radii, rows=24, columns=32):
    lat = np.linspace(0.02, np.pi - 0.02, rows)
    lon = np.linspace(0, 2 * np.pi, columns, endpoint=False)
    a, b = np.meshgrid(lat, lon, indexing="ij")
    points = np.stack([np.sin(a) * np.sin(b), np.cos(a), np.sin(a) * np.cos(b)], -1).reshape(-1, 3) * radii + centre
    r, c = np.meshgrid(np.arange(rows - 1), np.arange(columns), indexing="ij")
    i, j = r * columns + c, r * columns + (c + 1) % columns
    triangles = np.stack([i, i + columns, j, j, i + columns, j + columns], -1).reshape(-1, 3)
    return points.astype(np.float32), triangles


@pytest.fixture(scope="module")
def model():
    parts = [ball((0, 0, 0), (9, 12, 10)), ball((3.1, 3.5, 8.3), (1.4, 1.4, 1.4)), ball((-3.1, 3.5, 8.3), (1.4, 1.4, 1.4))]
    vertices, triangles, ranges, start = [], [], {}, 0
    for name, (points, faces) in zip(("skin", "eyeL", "eyeR"), parts, strict=True):
        vertices.append(points)
        triangles.append(faces + start)
        ranges[name] = (start, start + len(points))
        start += len(points)
    neutral = np.concatenate(vertices)
    names = sorted({f"{s}_{side}" for m in AU_SHAPES.values() for s in m for side in "LR"})
    expression = np.zeros((len(names), len(neutral), 3), np.float32)
    mouth = (np.abs(neutral[:, 1] + 4) < 2) & (neutral[:, 2] > 7)
    expression[names.index("mouthSmile_L"), mouth & (neutral[:, 0] > 0)] = (1, 1.5, 0)
    expression[names.index("mouthSmile_R"), mouth & (neutral[:, 0] < 0)] = (-1, 1.5, 0)
    expression[[names.index("jawOpen_L"), names.index("jawOpen_R")], :, 1] = np.where(mouth & (neutral[:, 1] < -4.2), -2.0, 0.0)
    identity = np.random.default_rng(1).normal(0, 0.05, (4, len(neutral), 3)).astype(np.float32)
    return build_model(neutral, np.concatenate(triangles).astype(np.int32), expression, names, identity, ranges)


def scenario(**changes):
    role = Role(
        person=1, identity_seed=1, look=Look(), keys=[Key(0, z=-75), Key(0.2, z=-75), Key(0.4, yaw=0.5, z=-75)], sway=0.0,
        episodes=[Episode("smile", 0.04, 0.12, 0.16, 0.28, {"12": 1.0})], blinks_s=[0.0], **changes,
    )  # fmt: skip
    return Scenario("tiny", 128, 96, 130.0, 25, 0.4, 7, [role])


@pytest.mark.parametrize(
    ("angles", "axis", "sign"),
    [((0.4, 0, 0), 0, -1), ((0, 0.4, 0), 1, 1)],
    ids=["yaw > 0 turns to the left of the image", "pitch > 0 looks up"],
)
def test_the_nose_points_where_the_convention_says(angles, axis, sign):
    nose = rotation(*angles) @ np.array([0, 0, 1])
    assert nose[axis] * sign == pytest.approx(np.sin(0.4), abs=1e-6)


def test_roll_leans_the_crown_clockwise():
    crown = rotation(0, 0, 0.4) @ np.array([0, 1, 0])
    assert crown[0] == pytest.approx(np.sin(0.4), abs=1e-6)


def test_roll_is_applied_last():
    combined = rotation(radians(20), radians(10), radians(30))
    assert combined == pytest.approx(
        rotation(0, 0, radians(30)) @ rotation(0, radians(10), 0) @ rotation(radians(20), 0, 0), abs=1e-6
    )


def test_action_units_move_the_shapes_of_the_table(model):
    names = model.expression_names
    both, left = shape_weights({"12": 0.5}, names), shape_weights({"12L": 0.5}, names)
    assert both[names.index("mouthSmile_R")] == pytest.approx(0.5 * AU_SHAPES["12"]["mouthSmile"])
    assert left[names.index("mouthSmile_R")] == 0
    assert left[names.index("mouthSmile_L")] > 0


def test_a_missing_shape_is_named():
    with pytest.raises(KeyError, match="mouthSmile"):
        sided("mouthSmile", ["jawOpen"])


def test_an_episode_rises_holds_and_ends_when_it_says():
    smile = Episode("smile", 1.0, 2.0, 3.0, 4.0, {"12": 1.0})
    assert [smile.level(t) for t in (0.9, 1.0, 2.0, 2.5, 3.0, 4.0)] == [0, 0, 1, 1, 1, 0]
    assert 0 < smile.level(1.5) < 1


def test_nobody_is_there_before_entering():
    role = scenario(enter_s=0.2).roles[0]
    assert state_at(role, 0.1, 1) is None
    assert state_at(role, 0.3, 1) is not None


def test_frames_show_the_face_where_the_truth_says(model):
    truth = {}
    pictures = list(frames(model, scenario(), truth))
    doc = document(scenario(), truth)
    columns = doc["people"][0]["frames"]
    assert len(pictures) == doc["frameCount"] == len(columns["box"]) == 10
    left, top, right, bottom = (round(v) for v in columns["box"][0])
    face = pictures[0][top:bottom, left:right].astype(float)
    outside = pictures[0][:12, :].astype(float)
    assert face[..., 0].mean() - face[..., 2].mean() > 15 > abs(outside[..., 0].mean() - outside[..., 2].mean())
    assert columns["pose"][0] == [0, 0, 0]
    assert columns["nose"][-1][0] < columns["nose"][0][0], "yaw > 0 moves the nose to the left of the image"
    assert doc["people"][0]["aus"]["12"][3] == 1.0
    assert doc["people"][0]["aus"]["45"][0] == 0.0
    assert columns["visible"][0] is True


def test_the_same_seed_gives_the_same_pictures_and_another_seed_does_not(model):
    first, again = (np.stack(list(frames(model, scenario(), {}))) for _ in range(2))
    other = np.stack(list(frames(model, Scenario(**{**scenario().__dict__, "seed": 8}), {})))
    assert (first == again).all()
    assert (first != other).any()


def test_a_clip_and_its_truth_are_written(model, tmp_path):
    video, truth = render_clip(model, scenario(), tmp_path)
    assert video.stat().st_size > 500
    assert '"schema":"mien-rendered-truth/1"' in truth.read_text()


def test_dataset_stills_have_truth_and_a_stopped_run_goes_on(model, tmp_path):
    render_people(model, tmp_path, seed=3, people=2, size_px=48)
    whole = [dict(np.load(tmp_path / f"people-000{i}.npz")) for i in range(2)]
    (tmp_path / "people-0001.npz").unlink()
    render_people(model, tmp_path, seed=3, people=2, size_px=48)
    again = dict(np.load(tmp_path / "people-0001.npz"))
    for name, values in whole[1].items():
        assert np.array_equal(values, again[name]), name
    assert whole[0]["images"].shape == (PER_PERSON, 48, 48) and whole[0]["au"].shape == (PER_PERSON, len(KEYS))
    assert whole[0]["images"].std() > 5 and whole[0]["au"].max() > 0.2
    assert not np.array_equal(whole[0]["pose"], whole[1]["pose"])
    # One look a person, another for the next.
    assert whole[0]["looks"].shape == (PER_PERSON, len(LOOKS)) and np.ptp(whole[0]["looks"], 0).max() == 0
    assert (whole[0]["looks"][0, :2] != whole[1]["looks"][0, :2]).all()


def test_looks_are_told_from_dark_to_light_and_from_smooth_to_lined():
    skin = Skin(np.random.default_rng(4))
    tones = [looks(replace(random_look(np.random.default_rng(1)), skin=tuple(end)), skin)[0] for end in (DARK, LIGHT)]
    assert tones == pytest.approx([0, 1])
    lined = max((Skin(np.random.default_rng(n)) for n in range(12)), key=lambda one: one.age)
    assert sum(lined.depth.values()) > sum(min((Skin(np.random.default_rng(n)) for n in range(12)), key=lambda one: one.age).depth.values())


def test_truth_is_what_the_shapes_show(model):
    truth, names = Truth(model), model.expression_names
    row = dict(zip(KEYS, truth(shape_weights({"12L": 1.0, "25": 1.0}, names)), strict=True))
    assert row["12L"] == pytest.approx(1) and row["12R"] == 0 and row["12"] == pytest.approx(0.5)
    assert row["16"] == pytest.approx(0.7)  # 25 is drawn with the lower lip of 16
    assert LipGap(model)(shape_weights({"26": 1.0}, names)) > 0.5


def test_random_movements_never_contradict_and_sometimes_rest():
    rng = np.random.default_rng(0)
    drawn = [random_movements(rng, dense) for dense in (False, True) for _ in range(500)]
    assert 60 < sum(not moves for moves in drawn[:500]) < 150
    for moves in drawn:
        present = {key.rstrip("LR") for key in moves}
        assert not any(a in present and b in present for a, b in CONTRARY)
        assert all(0 < value <= 1 for value in moves.values())


def test_expressions_are_variants_of_their_emotion():
    rng = np.random.default_rng(0)
    for emotion, variants in EXPRESSIONS.items():
        allowed = [{key for key in variant} | {"25"} for variant in variants]
        for _ in range(60):
            moves = expression_movements(rng, emotion)
            shown = {key if key in KEYS and any(key in each for each in allowed) else key.rstrip("LR") for key in moves}
            assert any(shown <= each for each in allowed)
            assert all(0 < value <= 1 for value in moves.values())
    assert expression_movements(np.random.default_rng(3), "contempt")


def test_expression_stills_name_their_emotion(model, tmp_path):
    render_people(model, tmp_path, 4, 1, 48, expressions=True)
    told = json.loads((tmp_path / "keys.json").read_text())
    with np.load(tmp_path / "people-0000.npz") as person:
        assert person["emotion"].shape == (len(person["images"]),)
        named = [told["emotions"][number] for number in person["emotion"]]
        lips = [index for index, key in enumerate(KEYS) if key.rstrip("LR") in ("16", "25")]
        shown = np.delete(person["au"], lips, 1).max(1)
    for name, most in zip(named, shown, strict=True):
        assert most < 0.2 if name == "neutral" else most > 0  # parted lips draw on the shapes of 10 and 16


def test_skin_folds_on_the_side_that_moves_and_deeper_the_more_it_moves():
    skin = Skin(np.random.default_rng(4))
    rest, half, full = (skin.relief(moves)[..., 0].astype(float) for moves in ({}, {"14L": 0.5}, {"14L": 1.0}))
    middle = rest.shape[1] // 2
    change = np.abs(full - rest)
    assert change[:, middle:].max() > 0.02 and change[:, : middle - 20].max() == 0  # the subject's left is at x > 0
    assert np.abs(half - rest).max() < change.max()


def test_slopes_of_the_relief_are_those_of_its_height():
    height, along, up = np.moveaxis(Skin(np.random.default_rng(4)).relief({"6": 1.0}).astype(float), -1, 0)
    step = 22 / height.shape[1]
    assert np.allclose((height[:, 2:] - height[:, :-2])[5:-5] / (2 * step), along[5:-5, 1:-1], atol=0.05)
    assert (height[2:] - height[:-2]).sum() * up.sum() >= 0


def test_tight_lips_are_not_sucked_and_a_wide_jaw_is_27(model):
    truth, names = Truth(model), model.expression_names
    of = lambda moves: dict(zip(KEYS, truth(shape_weights(moves, names)), strict=True))
    assert of({"23": 1.0})["23"] == pytest.approx(1) and of({"23": 1.0})["28"] == pytest.approx(0, abs=1e-6)
    assert of({"28": 1.0})["28"] == pytest.approx(1) and of({"28": 1.0})["23"] == 0
    assert of({"26": 1.0})["27"] == 0 and of({"27": 1.0})["27"] == pytest.approx(1)
