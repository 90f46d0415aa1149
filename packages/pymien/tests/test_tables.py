import json
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import pymien


def only(folder: Path, ending: str) -> Path:
    return next(folder.glob(f"*{ending}"))


def test_parquet_lines_and_csv_are_the_same_table_to_the_last_digit(demo: Path) -> None:
    parquet, lines, csv = (pymien.read_records(only(demo, ending)) for ending in (".parquet", ".records.jsonl", ".csv"))
    assert len(parquet) > 50
    assert parquet.columns[-1] == "person"
    assert set(parquet["person"].dropna()) == {1}
    assert_frame_equal(lines, parquet, check_exact=True)
    assert_frame_equal(csv, parquet, check_exact=True)


def test_columns_are_typed_and_missing_is_never_zero(demo: Path) -> None:
    records = pymien.read_records(only(demo, ".parquet"))
    types = {column.name: str(records[column.name].dtype) for column in pymien.COLUMNS}
    assert set(types.values()) == {"string", "Int64", "float64", "boolean"}
    assert types["track"] == "Int64"
    assert types["pts_s"] == "float64"
    assert types["blink"] == "boolean"
    assert str(records["au12_active"].dtype) == "boolean"
    warming = records["baseline_status"] == "warming"
    assert warming.any()
    assert records.loc[warming, "emotion_baselined_happiness"].isna().all()


def test_a_frame_without_a_face_is_a_row_of_nothing(tmp_path: Path, demo: Path) -> None:
    line = json.loads(only(demo, ".records.jsonl").read_text().splitlines()[0])
    gone = {key: None for key in line} | {"v": 1, "source": "x", "frame": 7, "ptsUs": 280_001, "validity": "no-face"}
    (tmp_path / "x.records.jsonl").write_text(f"{json.dumps(gone)}\n{json.dumps(line)}\n")
    records = pymien.read_records(tmp_path / "x.records.jsonl")
    first = records.iloc[0]
    assert first["pts_s"] == 0.280001
    assert pd.isna(first["track"])
    assert pd.isna(first["au12_intensity_smoothed"])
    assert pd.isna(first["blink"])
    assert not pd.isna(records.iloc[1]["au12_intensity_smoothed"])


def test_sides_of_action_units_have_their_columns(tmp_path: Path, demo: Path) -> None:
    line = json.loads(only(demo, ".records.jsonl").read_text().splitlines()[0])
    line["actionUnits"] = {"12L": line["actionUnits"]["12"], "1": line["actionUnits"]["1"]}
    (tmp_path / "x.records.jsonl").write_text(json.dumps(line))
    columns = pymien.read_records(tmp_path / "x.records.jsonl").columns
    assert [name for name in columns if name.endswith("_active")] == ["au12_left_active", "au01_active"]


def test_episodes_have_times_in_seconds(demo: Path) -> None:
    episodes = pymien.read_episodes(only(demo, ".episodes.jsonl"))
    assert len(episodes) > 0
    assert (episodes["onset_s"] <= episodes["apex_s"]).all()
    assert (episodes["duration_s"] == episodes["offset_s"] - episodes["onset_s"]).all()
    assert set(episodes["kind"]) >= {"emotion", "action-unit"}


def test_insights_are_words_about_a_face(demo: Path) -> None:
    insights = pymien.read_insights(only(demo, ".insights.jsonl"))
    assert len(insights) > 0
    assert set(insights["engine"]) == {"measured"}
    assert insights["description"].str.len().min() > 10
    assert isinstance(insights["check"].iloc[0], dict)


PEOPLE = {
    "v": 1,
    "source": "talk",
    "people": [
        {
            "person": 1,
            "name": "p01",
            "tracks": [
                {"track": 1, "fromUs": None, "toUs": None, "by": "first"},
                {"track": 3, "fromUs": None, "toUs": 2_000_000, "by": "scene"},
            ],
        },
        {"person": 2, "name": None, "tracks": [{"track": 3, "fromUs": 2_000_000, "toUs": None, "by": "map"}]},
    ],
    "ignored": [4],
}


def test_people_are_one_row_a_stretch(tmp_path: Path) -> None:
    (tmp_path / "talk.people.json").write_text(json.dumps(PEOPLE))
    people = pymien.read_people(tmp_path / "talk.people.json")
    assert people["track"].tolist() == [1, 3, 3, 4]
    assert people["person"].tolist()[:3] == [1, 1, 2]
    assert pd.isna(people["person"].iloc[3])
    assert people["to_s"].tolist()[1] == 2.0


def test_a_row_is_of_the_person_its_track_shows_then(tmp_path: Path) -> None:
    (tmp_path / "talk.people.json").write_text(json.dumps(PEOPLE))
    records = pd.DataFrame(
        {
            "source": ["talk", "talk", "talk", "talk", "talk", "other"],
            "track": pd.array([1, 3, 3, 4, None, 1], dtype="Int64"),
            "pts_s": [0.0, 1.999999, 2.0, 0.0, 0.0, 0.0],
        }
    )
    named = pymien.with_persons(records, pymien.read_people(tmp_path / "talk.people.json"))
    assert named["person"].fillna(0).tolist() == [1, 1, 2, 0, 0, 0]
    assert named["name"].fillna("-").tolist() == ["p01", "p01", "-", "-", "-", "-"]


def test_numbers_and_codebook(tmp_path: Path) -> None:
    table = "participant,marker,measure,value,reason\np01,q1,au12.mean,0.5,\nNA,q1,au12.mean,,too-short\n"
    (tmp_path / "numbers.csv").write_text(table)
    (tmp_path / "codebook.csv").write_text("name,meaning\nvalue,the number\n")
    numbers = pymien.read_numbers(tmp_path / "numbers.csv")
    assert numbers["participant"].tolist() == ["p01", "NA"]
    assert str(numbers["value"].dtype) == "float64"
    assert str(numbers["reason"].dtype) == "string"
    assert pd.isna(numbers["value"].iloc[1])
    assert pymien.read_codebook(tmp_path / "codebook.csv")["meaning"].tolist() == ["the number"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("none.parquet", None, "there is no such file"),
        ("bad.parquet", "PAR", "not a whole Parquet file"),
        ("x.records.jsonl", '{"v": 1}\n', "line 1: not a record of mien"),
        ("y.records.jsonl", "{", "line 1: not JSON"),
        ("x.xlsx", "", "records are in .parquet"),
    ],
)
def test_what_is_no_record_file_is_named(tmp_path: Path, name: str, text: str | None, said: str) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(pymien.FileProblem, match=said) as problem:
        pymien.read_records(tmp_path / name)
    assert name in str(problem.value)


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "numbers.csv").write_text("a,b\n1,2\n")
    (tmp_path / "x.people.json").write_text("[]")
    (tmp_path / "x.episodes.jsonl").write_text('{"ptsUs": 1}\n')
    with pytest.raises(pymien.FileProblem, match="no column measure"):
        pymien.read_numbers(tmp_path / "numbers.csv")
    with pytest.raises(pymien.FileProblem, match="not a JSON object"):
        pymien.read_people(tmp_path / "x.people.json")
    with pytest.raises(pymien.FileProblem, match=r"line 1: .* no onsetUs"):
        pymien.read_episodes(tmp_path / "x.episodes.jsonl")
    with pytest.raises(pymien.FileProblem, match="is a folder"):
        pymien.read_records(tmp_path)
