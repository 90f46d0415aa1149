import json
import shutil
from pathlib import Path

import pytest

import pymien


def test_finds_every_video_however_deep(demo: Path, tmp_path: Path) -> None:
    for name in ("b", "a"):
        shutil.copytree(demo, tmp_path / "videos" / name)
        for file in list((tmp_path / "videos" / name).iterdir()):
            file.rename(file.with_name(file.name.replace(demo.name, name)))
    results = pymien.Results(tmp_path)
    assert list(results.videos) == ["a", "b"]
    one = results.videos["a"].records()
    assert len(results.records()) == 2 * len(one)
    assert results.records().dtypes.equals(one.dtypes)
    assert "2 videos" in repr(results)


def test_a_video_has_what_its_files_hold(demo: Path) -> None:
    video = pymien.Results(demo).videos[demo.name]
    assert video.manifest["run"]["source"] == demo.name
    assert len(video.records()) > 50
    assert len(video.episodes()) > 0
    assert len(video.insights()) > 0


def test_people_name_records_and_episodes(demo: Path, tmp_path: Path) -> None:
    folder = tmp_path / demo.name
    shutil.copytree(demo, folder)
    track = {"track": 1, "fromUs": None, "toUs": None, "by": "first"}
    people = {"v": 1, "source": demo.name, "people": [{"person": 1, "name": "p01", "tracks": [track]}], "ignored": []}
    (folder / f"{demo.name}.people.json").write_text(json.dumps(people))
    results = pymien.Results(folder)
    assert set(results.records()["name"].dropna()) == {"p01"}
    assert set(results.episodes()["person"].dropna()) == {1}
    assert results.people()["name"].tolist() == ["p01"]


def test_a_study_has_numbers_a_codebook_and_what_was_run(tmp_path: Path) -> None:
    (tmp_path / "numbers.csv").write_text("participant,measure,value\np01,au12.mean,1\n")
    (tmp_path / "codebook.csv").write_text("name,meaning\nvalue,the number\n")
    (tmp_path / "study.json").write_text('{"name": "pilot"}')
    results = pymien.Results(tmp_path)
    assert results.numbers()["value"].tolist() == [1]
    assert len(results.codebook()) == 1
    assert results.study == {"name": "pilot"}


def test_says_what_is_not_there(tmp_path: Path, demo: Path) -> None:
    with pytest.raises(pymien.FileProblem, match="no such folder"):
        pymien.Results(tmp_path / "none")
    with pytest.raises(pymien.FileProblem, match="no results of mien"):
        pymien.Results(tmp_path)
    with pytest.raises(pymien.FileProblem, match="mien study run"):
        pymien.Results(demo).numbers()
    (tmp_path / "x.manifest.json").write_text("{}")
    with pytest.raises(pymien.FileProblem, match=r"no x\.parquet or x\.records\.jsonl or x\.csv"):
        pymien.Results(tmp_path).records()
