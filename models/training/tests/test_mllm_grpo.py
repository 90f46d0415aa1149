"""Reinforcement learning: rewards that can be checked, and what becomes likelier by them."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.mllm_world import ALL, BASES, RECIPE, based, data

from mllm import curves, grpo, items, low_rank, rewards, tiny


@pytest.mark.parametrize(
    ("text", "form", "label", "units"),
    [
        ("<think>The corners rise.</think><answer>Happiness</answer>", 1, 1, 0),
        ("<think>x</think>\n<answer>AU6, AU12</answer>", 1, 0, 1),
        ("<answer>happiness</answer>", 0, 0, 0),
        ("<think>x</think><answer>unhappiness</answer>", 1, 0, 0),
        ("AU12 and AU 4", 0, 0, 0.5),
    ],
)
def test_rewards_are_what_can_be_checked(text: str, form: float, label: float, units: float) -> None:
    assert rewards.form(text) == form
    assert rewards.label(text, {"label": "happiness"}) == label
    assert rewards.units(text, {"units": [6, 12]}) == units


@pytest.mark.parametrize(("said", "meant"), [("happiness", {"label": "happiness"}), ("AU6, AU12", {"units": [6, 12]}), ("none", {"units": []})])
def test_a_solution_is_a_label_or_units(said: str, meant: dict) -> None:
    assert rewards.solution_of(said) == meant


def test_landmarks_may_lie_in_a_file_of_their_own(tmp_path: Path) -> None:
    np.save(tmp_path / "face.npy", np.arange(6, dtype=np.float32).reshape(3, 2))
    assert items.landmarks_of("face.npy", tmp_path, "item 0") == (0, 1, 2, 3, 4, 5)
    with pytest.raises(ValueError, match="item 0: no landmarks"):
        items.landmarks_of("gone.npy", tmp_path, "item 0")


def test_a_listener_that_finds_the_face_adds_its_weight() -> None:
    heard = torch.tensor([[0.9, 0.1], [0.2, 0.8]])
    assert rewards.rewards(["a", "b"], {}, {"listener": 2.0}, heard).tolist() == [2.0, 0.0]


def test_what_is_better_than_its_group_becomes_likelier() -> None:
    better = rewards.advantages(torch.tensor([1.0, 0.0, 0.0, 0.0]))
    assert better[0] > 0 > better[1]
    chance = torch.zeros(4, 3, requires_grad=True)
    still = torch.zeros(4, 3)
    grpo.loss_of(chance, still, still, better, torch.ones(4, 3), grpo.GrpoOptions()).backward()
    assert (chance.grad[0] < 0).all()
    assert (chance.grad[1:] > 0).all()


def test_tokens_after_the_end_teach_nothing() -> None:
    chance = torch.zeros(2, 3, requires_grad=True)
    real = torch.tensor([[1.0, 0, 0], [1, 1, 1]])
    grpo.loss_of(chance, torch.zeros(2, 3), torch.zeros(2, 3), torch.tensor([1.0, -1]), real, grpo.GrpoOptions()).backward()
    assert chance.grad[0].tolist()[1:] == [0, 0]
    assert chance.grad[0, 0] != 0


def asked_twice(folder: Path) -> list[grpo.Asked]:
    """Two questions about two pictures."""
    data(folder, 2)
    prompt = [{"role": "user", "content": "Which?"}]
    listed = [{"prompt": prompt, "images": [f"{n}.png"], "solution": "a", "landmark": [0.5] * 6} for n in range(2)]
    (folder / "grpo.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in listed))
    return grpo.read(folder / "grpo.jsonl", folder)


@pytest.mark.parametrize("base", BASES)
def test_reinforcement_raises_the_reward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    """The reward is the share of one letter: a random model learns to say it."""
    questions = asked_twice(tmp_path)
    monkeypatch.setattr(grpo, "rewards", lambda texts, *_: torch.tensor([sum(c < "P" for c in text) / max(1, len(text)) for text in texts]))
    recipe = RECIPE.changed(trained=("lora",))
    model = low_rank.tuned(tiny.model(ALL, base=base), recipe)
    options = grpo.GrpoOptions(answers=16, tokens=6, rate=3e-2, beta=0.0)
    rows = grpo.learn(model, questions, tiny.processor(ALL, base=base), ALL, options, steps=14, out=tmp_path / "run")
    assert sum(row["reward"] for row in rows[-4:]) > sum(row["reward"] for row in rows[:4]) + 0.4
    low_rank.save(model, tmp_path / "run")
    assert (tmp_path / "run" / low_rank.ADAPTER_FILE).is_file()


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    questions, recipe, options = asked_twice(tmp_path), RECIPE.changed(trained=("lora",)), grpo.GrpoOptions(answers=4, tokens=4, rate=1e-2, kept_every=2)
    monkeypatch.setattr(grpo, "rewards", lambda texts, *_: torch.tensor([float(len(set(text))) for text in texts]))
    tiny.save(tmp_path / "base", ALL)

    def learned(out: Path, steps: int) -> tuple[list[dict], dict[str, torch.Tensor]]:
        torch.manual_seed(1)
        model = low_rank.tuned(based(tmp_path / "base", ALL, "llava"), recipe)
        rows = grpo.learn(model, questions, tiny.processor(ALL), ALL, options, steps, out)
        return rows, {name: weights.detach().clone() for name, weights in grpo.trained_of(model).items()}

    whole, weights = learned(tmp_path / "whole", 4)
    learned(tmp_path / "stopped", 2)
    rows, again = learned(tmp_path / "stopped", 4)
    assert rows == whole == curves.written(tmp_path / "stopped")
    for name, value in weights.items():
        torch.testing.assert_close(again[name], value)
    other = grpo.GrpoOptions(answers=5, tokens=4, rate=1e-2, kept_every=2)
    with pytest.raises(ValueError, match="checkpoint.pt was made with .*'answers': 4"):
        grpo.learn(low_rank.tuned(based(tmp_path / "base", ALL, "llava"), recipe), questions, tiny.processor(ALL), ALL, other, 4, tmp_path / "stopped")
