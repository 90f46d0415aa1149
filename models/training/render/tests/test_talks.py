"""Clips of people who talk, without drawing them: what is said, when, and what the mouth does meanwhile."""

from ctypes.util import find_library

import numpy as np
import pytest

from mien_render.talks import KINDS, SECONDS, Cast, talks
from mien_render.timeline import chew, state_at
from mien_render.truth import speech_of
from mien_render.voice import RATE, Sound, Utterance, mix, viseme

espeak = pytest.mark.skipif(find_library("espeak-ng") is None, reason="needs libespeak-ng")


def test_pauses_divide_what_is_said() -> None:
    phonemes = ((0.0, "m"), (0.1, "a"), (0.3, "_"), (0.4, "p"), (0.5, "_:"), (0.9, "u:"))
    said = Utterance(np.zeros(RATE, np.float32), phonemes)
    assert said.spoken() == [(0.0, 0.5), (0.9, 1.0)]


def test_lips_meet_in_m_and_part_in_a() -> None:
    said = Utterance(np.zeros(RATE, np.float32), ((0.0, "m"), (0.3, "a"), (0.7, "_")))
    assert said.mouth(0.1).get("25", 0) < 0.05 < said.mouth(0.1)["24"]
    assert said.mouth(0.45)["26"] > 0.6
    assert viseme("'aI") == viseme("aI") != viseme("i:")


def test_sounds_lie_where_they_begin() -> None:
    mixed = mix([Sound(0.5, np.ones(RATE, np.float32), 0.25)], 1.0)
    assert mixed[: RATE // 2].max() == 0 and mixed[RATE // 2 + 1] == 0.25


def test_who_chews_keeps_the_lips_closed() -> None:
    assert all("25" not in chew(t, 0, 5, 3) for t in np.arange(0, 5, 0.1))
    assert max(chew(t, 0, 5, 3).get("26", 0) for t in np.arange(0, 5, 0.1)) > 0.3


@espeak
def test_every_kind_fits_its_clip_and_nobody_speaks_over_another() -> None:
    for scenario in talks(2 * len(KINDS), 300):
        stretches = sorted([*scenario.others_s, *(s for role in scenario.roles for s in speech_of(role))])
        assert all(0 <= a < b <= SECONDS for a, b in stretches), scenario.name
        assert all(a[1] <= b[0] for a, b in zip(stretches, stretches[1:])), scenario.name


@espeak
def test_the_mouth_moves_while_its_person_speaks() -> None:
    scenario = KINDS["alone"](Cast(301))
    [role] = scenario.roles
    (start, end), *_ = speech_of(role)
    gaps = [state_at(role, t, scenario.seed).aus.get("25", 0) for t in np.arange(start, end, 0.05)]
    assert np.ptp(gaps) > 0.2
    assert max(state_at(role, t, scenario.seed).aus.get("25", 0) for t in np.arange(0, start - 0.2, 0.05)) == 0
