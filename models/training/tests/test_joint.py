"""Trunk and heads trained together, on data made here."""

import numpy as np
import pytest
import torch

from affect import au_data, data
from affect.au_network import GEOMETRY, ActionUnits
from affect.au_train import all_called
from affect.joint import CONFIG, Joint, Pool, drawn_rows, emotion_loss, shaken, told, train
from affect.network import Network
from affect.trunk import CENTRE, SPREAD, Trunk

KEYS = ["25"]
QUIET = CONFIG | {"tremble": 0.0, "small": 0.0}


def pool(crops: np.ndarray, marks: torch.Tensor, emotion: torch.Tensor, units: torch.Tensor, photo: bool = False) -> Pool:
    return Pool(crops, marks, torch.nn.functional.one_hot(emotion, 8).float(), units, torch.full_like(units, torch.nan), photo)


def spotted(count: int) -> Pool:
    """A bright spot on dark ground, and every landmark on it."""
    rng = np.random.default_rng(4)
    at = rng.integers(40, 104, (count, 2))
    crops = np.full((count, 144, 144), 20, np.uint8)
    for crop, (x, y) in zip(crops, at, strict=True):
        crop[y - 3 : y + 4, x - 3 : x + 4] = 255
    marks = torch.zeros(count, 468, 3)
    marks[:, :, :2] = torch.from_numpy((at[:, None] + 0.5) / 144).float()
    return pool(crops, marks, torch.zeros(count, dtype=torch.long), torch.zeros(count, 1))


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_landmarks_move_and_turn_over_with_the_picture(seed):
    faces, rng = spotted(6), np.random.default_rng(seed)
    x, marks, *_ = shaken(faces, np.arange(6), torch.arange(468), [0], QUIET, rng, loose=False)
    light = (x[:, 0] * SPREAD + CENTRE) / 255
    for picture, mark in zip(light, marks[:, 0], strict=True):
        column, row = (int(value * 144) for value in mark[:2])
        around = picture[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3]
        assert around.mean() > picture.mean() + 0.2


def test_a_face_without_a_mesh_keeps_none():
    bare = spotted(4)
    bare = Pool(bare.crops, torch.zeros(4, 468, 3), bare.shares, bare.targets, bare.weak, False)
    for loose in (False, True):
        marks = shaken(bare, np.arange(4), torch.arange(468), [0], CONFIG, np.random.default_rng(0), loose)[1]
        assert not marks.any()


@pytest.mark.parametrize(("rare", "drawn"), [(0.0, 0.1), (0.5, 0.25), (1.0, 0.5)])
def test_a_rare_emotion_is_drawn_more_often_by_the_power_of_its_share(rare, drawn):
    emotions = torch.tensor([0] * 9 + [3])
    faces = pool(np.zeros((10, 8, 8), np.uint8), torch.zeros(10, 468, 3), emotions, torch.zeros(10, 1))
    rows = drawn_rows(faces, 4000, rare, np.random.default_rng(0))
    assert len(rows) == 4000
    assert (rows == 9).mean() == pytest.approx(drawn, abs=0.03)


def test_faces_that_nobody_named_do_not_count():
    logits = torch.tensor([[5.0, 0.0], [0.0, 5.0]])
    named = torch.tensor([[1.0, 0.0], [torch.nan, torch.nan]])
    assert float(emotion_loss(logits, named)) == pytest.approx(0.0067, abs=1e-4)
    assert float(emotion_loss(logits, torch.full((2, 2), torch.nan))) == 0.0


def start() -> Joint:
    torch.manual_seed(5)
    trunk = Trunk()
    for layer in [trunk.stem, *trunk.layers]:
        torch.nn.init.kaiming_normal_(layer.weight)
    return Joint(Network(trunk, 8, 0.0), ActionUnits(1, torch.zeros(GEOMETRY), torch.ones(GEOMETRY), 9))


def lit_faces(count: int) -> Pool:
    """Bright faces are happy with unit 25, dark ones neutral without."""
    rng = np.random.default_rng(1)
    bright = rng.integers(0, 2, count)
    crops = (rng.integers(0, 40, (count, 144, 144)) + bright[:, None, None] * 200).astype(np.uint8)
    marks = torch.from_numpy(rng.random((1, 468, 3), np.float32)).expand(count, -1, -1).contiguous()
    return pool(crops, marks, torch.from_numpy(bright), torch.from_numpy(bright[:, None] * 5.0).float())


def test_a_stopped_run_goes_on_and_learns_emotions_and_units(tmp_path, monkeypatch):
    faces = lit_faces(48)
    pools = {"whole": Pool(faces.crops[:, ::3, ::3].copy(), torch.zeros(48, 468, 3), faces.shares, faces.targets * torch.nan, faces.weak, False), "rendered": faces}
    config = QUIET | {"epochs": 2, "steps": 14, "warmup": 1, "rate": 1e-3, "averaging": 0.5, "share": {"whole": 6, "rendered": 6}, "freeze": 20, "units": 3.0, "headRate": 3}
    apart = lit_faces(24)
    watched = {"apart": au_data.Faces(apart.crops, apart.landmarks.numpy(), apart.targets.numpy(), apart.targets.numpy(), apart.weak.numpy(), apart.shares.numpy(), np.arange(24), np.zeros(24))}
    saved, real_save = {}, torch.save
    monkeypatch.setattr(torch, "save", lambda state, path: (real_save(state, path), saved.setdefault(state["epoch"], path.read_bytes())))
    whole = train(start(), pools, watched, torch.arange(468), KEYS, config, tmp_path / "whole")
    (tmp_path / "stopped").mkdir()
    (tmp_path / "stopped" / "checkpoint.pt").write_bytes(saved[0])
    again = train(start(), pools, watched, torch.arange(468), KEYS, config, tmp_path / "stopped")
    for a, b in zip(whole.parameters(), again.parameters(), strict=True):
        assert torch.allclose(a, b, atol=1e-4)
    seen = told(whole, watched, KEYS)
    assert seen["apart"] > 0.9 and seen["apart AUC"] > 0.9
    with pytest.raises(ValueError, match="another configuration"):
        train(start(), pools, watched, torch.arange(468), KEYS, config | {"rate": 1.0}, tmp_path / "whole")


def test_sets_in_which_nobody_rests_are_left_out():
    happy = np.eye(8, dtype=np.float32)[[1, 1]]
    bare = au_data.Faces(np.zeros((2, 4, 4), np.uint8), np.zeros((2, 468, 3)), *(np.zeros((2, 1)) for _ in range(3)), happy, np.arange(2), np.zeros(2))
    assert all_called([bare], "neutral") == []
    assert len(all_called([bare], "happiness")[0].crops) == 2
