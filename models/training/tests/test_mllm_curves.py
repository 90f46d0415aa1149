"""What a run wrote, as curves."""

import json
import re
from pathlib import Path

import pytest
from tests.mllm_world import ALL, RECIPE, based, data

from mllm import bases, curves, low_rank, sft

ROWS = [{"loss": 2.0, "rate": 0.1, "epoch": 0.5, "step": 1}, {"loss": 1.0, "rate": 0.2, "epoch": 1.0, "step": 2}, {"train_runtime": 9.5, "step": 2}]


def test_measures_are_what_was_told_at_several_steps() -> None:
    assert curves.measures_of(ROWS) == {"loss": [(1, 2), (2, 1)], "rate": [(1, 0.1), (2, 0.2)]}


def test_runs_are_drawn_beside_each_other_the_loss_first(tmp_path: Path) -> None:
    assert curves.draw({"a": ROWS, "b": ROWS[:1]}, tmp_path / "curves.png") == ["loss", "rate"]
    assert (tmp_path / "curves.png").read_bytes()[1:4] == b"PNG"
    assert curves.draw({"a": ROWS[:1]}, tmp_path / "none.png") == []
    assert not (tmp_path / "none.png").exists()


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    curves.write(tmp_path, ROWS)
    assert curves.written(tmp_path) == ROWS
    (tmp_path / curves.LOG).write_text(json.dumps(ROWS[0]) + "\n{")
    with pytest.raises(ValueError, match=re.escape("log.jsonl, line 2: no JSON")):
        curves.written(tmp_path)


def test_a_training_tells_losses_as_it_goes_and_draws_them(tmp_path: Path) -> None:
    model = based(tmp_path / "base", ALL, "llava")
    processor, seen = bases.processor_of(str(tmp_path / "base"), model), []

    class Watching(sft.Told):
        def on_step_end(self, *_: object, **__: object) -> None:
            seen.append(len(curves.written(self.out)))

    told, sft.Told = sft.Told, Watching
    try:
        history = sft.train(low_rank.tuned(model, RECIPE), data(tmp_path), processor, RECIPE, tmp_path / "run", steps=3, logging=1)
    finally:
        sft.Told = told
    assert seen == [0, 1, 2]
    assert curves.written(tmp_path / "run") == history
    assert (tmp_path / "run" / curves.CURVES).is_file()
