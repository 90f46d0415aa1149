"""The made study: people who are recorded twice, calm and under stress, and are asked the same things; what happens in each session.

A session is told in its own time, whoever films it; takes.py films it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .dataset import random_look
from .glasses import Style
from .renderer import Look
from .talks import VOICES, Cast, turns
from .timeline import Episode
from .voice import Utterance, Voice

SHORT_S, LONG_S = 16.0, 24.0
CALM, STRESS = "calm", "stress"
INTERVIEWER = 0
"""Stands for whoever asks and is never seen."""
SPOKEN_SMILE, SMILE = {"6": 0.9, "12": 0.85}, {"6": 0.9, "12": 1.0, "25": 0.4}
SPOKEN_FROWN, FROWN = {"4": 1.0, "7": 0.7}, {"4": 1.0, "7": 0.8, "17": 0.4, "24": 0.7}

# The effect that is to be found. How often people smile and frown while that is talked of, or shown, under a condition.
SMILES = {(CALM, "holiday"): 3, (CALM, "quarrel"): 1, (STRESS, "holiday"): 1, (STRESS, "quarrel"): 0}
FROWNS = {(CALM, "holiday"): 0, (CALM, "quarrel"): 1, (STRESS, "holiday"): 1, (STRESS, "quarrel"): 3}
TOPICS = {"holiday": "holiday", "quarrel": "quarrel", "comedy": "holiday", "news": "quarrel"}
"""What a marker counts as in the tables above."""
HELD_S = (1.0, 1.7)
"""How long an expression stays at its height."""


@dataclass(frozen=True)
class Participant:
    number: int
    identity_seed: int
    look: Look
    voice: Voice
    liveliness: float
    """How strongly they express, up to 1."""
    glasses: Style | None = None

    @property
    def id(self) -> str:
        return f"P{self.number:02}"


@dataclass(frozen=True)
class Marker:
    label: str
    kind: str
    from_s: float
    to_s: float


@dataclass(frozen=True)
class Line:
    """Something said: by whom (a participant's number, or INTERVIEWER), and from when on."""

    who: int
    start_s: float
    said: Utterance

    @property
    def end_s(self) -> float:
        return self.start_s + self.said.seconds


@dataclass(frozen=True)
class Absence:
    """Somebody gets up, leaves the picture, and sits down again at `to_s`."""

    who: int
    from_s: float
    to_s: float


@dataclass(frozen=True)
class Session:
    """What happens at one time with the same people, in session time."""

    id: str
    condition: str
    seed: int
    people: tuple[Participant, ...]
    markers: tuple[Marker, ...]
    interviewed: bool = False
    silent: bool = False
    absences: tuple[Absence, ...] = ()
    excluded: tuple[tuple[float, float, str], ...] = ()

    def away(self, who: int, from_s: float, to_s: float) -> bool:
        return any(a.who == who and a.from_s - 0.3 < to_s and from_s < a.to_s + 0.3 for a in self.absences)

    @cached_property
    def lines(self) -> list[Line]:
        """What is said while questions are asked; nobody speaks at rest, and whoever is away is not spoken with."""
        if self.silent:
            return []
        cast, lines = Cast(self.seed), []
        voices = {p.number: p.voice for p in self.people}
        if self.interviewed:
            voices = {INTERVIEWER: Voice("en-gb-x-rp", 160, 40), **voices}
        for marker in self.markers:
            if marker.kind != "question":
                continue
            said = turns(cast, list(voices.values()), marker.to_s - marker.from_s)
            spoken = [Line(who, marker.from_s + at, line) for who, own in zip(voices, said, strict=True) for at, line in own]
            lines += [line for line in spoken if not any(self.away(p.number, line.start_s, line.end_s) for p in self.people)]
        return sorted(lines, key=lambda line: line.start_s)

    @cached_property
    def episodes(self) -> dict[int, list[Episode]]:
        """What the faces of people do, by their numbers: as often as the tables above say, spread over each marker."""
        return {p.number: [e for m in self.markers if m.label in TOPICS for e in self._expressed(p, m)] for p in self.people}

    def _expressed(self, person: Participant, marker: Marker) -> list[Episode]:
        rng = np.random.default_rng([self.seed, 41, person.number, round(marker.from_s * 1000)])
        key = (self.condition, TOPICS[marker.label])
        names = [str(n) for n in rng.permutation(["smile"] * SMILES[key] + ["frown"] * FROWNS[key])]
        slot = (marker.to_s - marker.from_s) / max(len(names), 1)
        out = []
        for i, name in enumerate(names):
            held = min(float(rng.uniform(*HELD_S)), slot - 1.0)
            onset = marker.from_s + i * slot + float(rng.uniform(0.1, max(0.11, slot - held - 1.0)))
            episode = Episode(name, onset, onset + 0.4, onset + 0.4 + held, onset + 0.9 + held, self._movement(name, person, onset, held))
            if not self.away(person.number, onset, episode.offset_s):
                out.append(episode)
        return out

    def _movement(self, name: str, person: Participant, onset: float, held: float) -> dict[str, float]:
        speaks = any(line.who == person.number and line.start_s < onset + held + 0.9 and onset < line.end_s for line in self.lines)
        aus = {"smile": (SMILE, SPOKEN_SMILE), "frown": (FROWN, SPOKEN_FROWN)}[name][speaks]
        return {au: round(level * person.liveliness, 3) for au, level in aus.items()}


def participants(seed: int) -> list[Participant]:
    """Eight people; the third and the eighth wear glasses."""
    out = []
    for number in range(1, 9):
        rng = np.random.default_rng([seed, 31, number])
        voice = Voice(VOICES[(number - 1) % len(VOICES)], int(rng.integers(155, 185)), int(rng.integers(30, 70)))
        glasses = Style.random(rng) if number in (3, 8) else None
        out.append(Participant(number, int(rng.integers(1, 10_000)), random_look(rng), voice, float(rng.uniform(0.75, 1.0)), glasses))
    return out


def markers(first: str, second: str, kind: str, seconds: float, rest: bool = True) -> tuple[Marker, ...]:
    """Rest, and two questions or films, at times that fall between frames."""
    begin = round(seconds * 0.2096, 2) if rest else 0.51
    middle = round((begin + seconds) / 2 + 0.117, 3)
    asked = (Marker(first, kind, begin, middle), Marker(second, kind, middle, seconds - 0.19))
    return (Marker("rest", "baseline", 0.0, begin), *asked) if rest else asked


def sessions(seed: int) -> list[Session]:
    """Everybody once calm and once under stress; the last two sessions are watched in silence."""
    one, two, three, four, five, six, seven, eight = participants(seed)
    questions = ("holiday", "quarrel", "question")
    asked, bare = markers(*questions, SHORT_S), markers(*questions, LONG_S, rest=False)
    shown = markers("comedy", "news", "stimulus", SHORT_S)

    def session(number: int, people: tuple[Participant, ...], marked: tuple[Marker, ...], **more) -> Session:  # noqa: ANN003
        return Session(f"S{number:02}", STRESS if number % 2 == 0 else CALM, seed * 100 + number, people, marked, **more)

    return [
        session(1, (one, two), asked),
        session(2, (one, two), markers(*questions, LONG_S), absences=(Absence(2, 8.2, 13.4),), excluded=((17.4, 18.55, "door bell"),)),
        session(3, (three, four), asked),
        session(4, (three, four), asked),
        session(5, (five, six), bare),
        session(6, (five, six), bare),
        session(7, (seven,), asked, interviewed=True),
        session(8, (seven,), asked, interviewed=True),
        session(9, (eight,), asked, interviewed=True, excluded=((7.5, 8.4, "phone rings"),)),
        session(10, (eight,), asked, interviewed=True, absences=(Absence(8, 6.4, 11.2),)),
        session(11, (seven, eight), shown, silent=True),
        session(12, (seven, eight), shown, silent=True),
    ]
