"""The made study without drawing it: who is where, what is said, and the files that a researcher would write."""

import csv
import json
import re
from ctypes.util import find_library
from functools import cache
from pathlib import Path

import pytest

from mien_render.study import FROWNS, SMILES, TOPICS, Session, sessions
from mien_render.study_files import clock, eaf, number, write_study
from mien_render.takes import Take, takes
from mien_render.timeline import state_at
from mien_render.truth import speech_of

espeak = pytest.mark.skipif(find_library("espeak-ng") is None, reason="needs libespeak-ng")


@cache
def made() -> tuple[list[Session], list[Take]]:
    met = sessions(1)
    return met, takes(met)


def test_everybody_is_met_calm_and_under_stress() -> None:
    for who in range(1, 9):
        assert {s.condition for s in made()[0] if who in [p.number for p in s.people]} == {"calm", "stress"}


def test_faces_do_what_the_tables_say_but_for_whom_is_away() -> None:
    for session in made()[0]:
        for person in session.people:
            if any(a.who == person.number for a in session.absences):
                continue
            for marker in (m for m in session.markers if m.label in TOPICS):
                names = [e.name for e in session.episodes[person.number] if marker.from_s <= e.onset_s < marker.to_s]
                key = (session.condition, TOPICS[marker.label])
                assert (names.count("smile"), names.count("frown")) == (SMILES[key], FROWNS[key]), (session.id, marker)


@espeak
def test_at_least_twelve_videos_and_every_line_is_heard_once_in_each() -> None:
    films = made()[1]
    assert len(films) >= 12
    for film in films:
        scenario = film.scenario()
        spoken = sorted([*scenario.others_s, *(s for role in scenario.roles for s in speech_of(role))])
        assert all(a[1] <= b[0] for a, b in zip(spoken, spoken[1:])), film.id
        assert bool(spoken) == (film.sound and not film.session.silent and any(film.from_s <= li.start_s < film.to_s for li in film.session.lines)), film.id


@espeak
def test_shots_follow_one_another_without_a_gap_and_show_who_speaks() -> None:
    film = next(f for f in made()[1] if f.id == "S05")
    assert all(a.to_s == b.from_s for a, b in zip(film.shots, film.shots[1:]))
    assert all(a.seats.keys() != b.seats.keys() for a, b in zip(film.shots, film.shots[1:]))
    scenario = film.scenario()
    shown = [sum(state_at(role, i / film.fps, 1) is not None for role in scenario.roles) for i in range(scenario.frames)]
    assert set(shown) == {1}


@espeak
def test_who_leaves_is_out_of_the_picture_and_comes_back() -> None:
    film = next(f for f in made()[1] if f.id == "S02")
    role = next(r for r in film.scenario().roles if r.person == 2)
    x = [state_at(role, t, 1).offset[0] for t in (5, 10.8, 20)]
    assert x[1] > 3 * max(x[0], x[2])


@espeak
def test_a_second_camera_and_a_second_part_begin_at_their_offset() -> None:
    films = {f.id: f for f in made()[1]}
    wide, close = films["S03"].scenario(), films["S03-close"].scenario()
    [role] = close.roles
    there = next(r for r in wide.roles if r.person == role.person)
    at = 1.24
    early = [line for line in there.says if line[0] + line[1].seconds <= films["S03-close"].to_s]
    assert [round(t + at, 6) for t, _ in role.says] == [round(t, 6) for t, _ in early]
    assert films["S08-2"].from_s == films["S08-1"].to_s


@espeak
def test_the_files_say_what_was_made(tmp_path: Path) -> None:
    met, films = made()
    write_study(met, films, tmp_path)
    truth = json.loads((tmp_path / "truth.json").read_text())
    text = (tmp_path / "study.yaml").read_text()
    for session in truth["sessions"]:
        assert f"  - id: {session['id']}\n" in text
    rows = list(csv.DictReader((tmp_path / "markers.csv").open()))
    one = truth["sessions"][0]
    told = [(r["label"], round(float(r["from"]) * 1e6), round(float(r["to"]) * 1e6)) for r in rows if r["session"] == one["id"]]
    assert told == [(m["label"], m["fromUs"], m["toUs"]) for m in one["markers"]]
    srt = (tmp_path / "transcripts/S05.srt").read_text()
    assert re.findall(r"(\S+) --> (\S+)\nTopic: (\w+)", srt) == [
        (clock(m["fromUs"] / 1e6), clock(m["toUs"] / 1e6), m["label"]) for m in truth["sessions"][4]["markers"]
    ]


def test_times_are_written_to_the_millisecond() -> None:
    assert (number(5.0), number(16.632), clock(62.5), clock(3661.007, ".")) == ("5", "16.632", "00:01:02,500", "01:01:01.007")


def test_an_elan_file_has_a_slot_for_each_end() -> None:
    markers = made()[0][0].markers
    text = eaf(markers, "Topics")
    assert re.findall(r'TIME_VALUE="(\d+)"', text) == [str(round(t * 1000)) for m in markers for t in (m.from_s, m.to_s)]
