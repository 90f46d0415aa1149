"""Tables of the papers: which runs a row is, and how they are set beside the papers' figures."""

import json
from pathlib import Path

import pytest

from mllm import ablate
from mllm.parts import FaceParts

FOLDER = Path(ablate.__file__).parent / "ablations"
STAGES = [ablate.Stage("feallm-align", Path("captions.json")), ablate.Stage("feallm-tune", Path("fea.json"))]


def row(**more: object) -> ablate.Row:
    return ablate.Row(**{"table": "t", "row": "r", "parts": FaceParts(clues=1), "trained": None, "kinds": None, "paper": {}} | more)


@pytest.mark.parametrize("name", ["feallm", "emola", "tried"])
def test_the_lists_of_rows_are_whole(name: str) -> None:
    assert len(ablate.rows_of(FOLDER / f"{name}.json")) >= 3


def test_a_member_that_no_row_has_is_named(tmp_path: Path) -> None:
    (tmp_path / "rows.json").write_text(json.dumps([{"table": "t", "row": "r", "parts": {}, "rank": 4}]))
    with pytest.raises(ValueError, match="row 0: rank; a row has table, row, parts"):
        ablate.rows_of(tmp_path / "rows.json")


def test_stages_have_the_parts_of_the_row_and_nothing_to_align_is_left_out() -> None:
    assert ablate.recipe_of(row(), STAGES[0], last=False).parts == FaceParts(clues=1)
    assert ablate.recipe_of(row(parts=FaceParts()), STAGES[0], last=False) is None
    assert ablate.recipe_of(row(trained=("parts",)), STAGES[1], last=True).trained == ("parts",)


def test_rows_that_are_trained_alike_are_trained_once() -> None:
    key = ablate.key_of(row(), STAGES, 1, [])
    assert key == ablate.key_of(row(table="other", row="same", paper={"x": 1.0}), STAGES, 1, [])
    others = [row(parts=FaceParts()), row(kinds=("summary",)), row(trained=("lora",))]
    assert len({key, ablate.key_of(row(), STAGES, 2, []), *(ablate.key_of(other, STAGES, 1, []) for other in others)}) == 5


def test_questions_are_chosen_by_kind(tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text(json.dumps([{"id": "a#summary"}, {"id": "a#movement"}]))
    kept = ablate.of_kinds(tmp_path / "data.json", ("movement",), tmp_path / "kept.json")
    assert json.loads(kept.read_text()) == [{"id": "a#movement"}]
    with pytest.raises(ValueError, match="no questions of the kinds reasoning"):
        ablate.of_kinds(tmp_path / "data.json", ("reasoning",), tmp_path / "kept.json")


def test_the_table_sets_means_and_ranges_beside_the_papers_figures(tmp_path: Path) -> None:
    report = {"parts": [{"part": "FEABench", "columns": ["accuracy", "F1"], "strict": [0, 0], "asPublished": [60, 50]}]}
    first = ablate.measured(report)
    assert first == {"FEABench accuracy": 60, "FEABench F1": 50}
    rows = [row(paper={"FEABench accuracy": 67.36}), row(row="s")]
    found = {"r": [first, {"FEABench accuracy": 70, "FEABench F1": 50}], "s": []}
    ablate.write_table(tmp_path, rows, lambda one: found[one.row])
    assert (tmp_path / "table.md").read_text().splitlines() == [
        "| table | row | seeds | FEABench accuracy | FEABench accuracy, the paper's | FEABench F1 | FEABench F1, the paper's |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| t | r | 2 | 65.0 (60.0 to 70.0) | 67.36 | 50.0 (50.0 to 50.0) |  |",
        "| t | s | 0 |  |  |  |  |",
    ]
    assert (tmp_path / "table.csv").read_text().splitlines()[1] == "t,r,2,65.0 (60.0 to 70.0),67.36,50.0 (50.0 to 50.0),"
