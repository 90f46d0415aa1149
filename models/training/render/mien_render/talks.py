"""Clips of people who talk, listen, chew and are silent, with what is heard: truth for who speaks when."""

from collections.abc import Callable

import numpy as np

from .dataset import random_look
from .scenarios import SMILE, SURPRISE
from .timeline import Episode, Key, Role, Scenario
from .voice import Sound, Utterance, Voice, music, noise, say

SENTENCES = [
    "I have lived here for about ten years now.",
    "Well, it was a long day, and nobody told us when it would end.",
    "We usually meet in the morning, before the others arrive.",
    "I do not remember what he said, but it was about the weather.",
    "My sister works at the hospital near the river.",
    "That is a good question, let me think about it for a moment.",
    "First we walked along the coast, and then we took the bus home.",
    "People often ask me why I moved, and I never know what to say.",
    "The old table belonged to my grandmother.",
    "You have to open the window before you light the fire.",
    "Yes, I would do it again, but perhaps not in winter.",
    "They wanted to paint the whole kitchen yellow.",
    "Every Sunday he bakes bread and brings us a piece.",
    "No, I have never been there, although I would like to go.",
    "It took us three months to find out what was wrong.",
    "Could you say that once more, please?",
    "I really like this place.",
    "Thank you, that would be nice.",
    "We met two years ago.",
    "Nobody wanted to leave early.",
]
VOICES = ["en", "en-us", "en-gb-scotland", "en-gb-x-rp", "en-us+f3", "en+f2", "en-us+m3", "en+f4"]
WIDTH_PX, HEIGHT_PX, FOCAL_PX = 320, 240, 360.0
FPS, SECONDS = 15, 8.0
MOST_SECONDS = 2.6
"""Of one sentence."""


class Cast:
    """Draws the people of one clip, their voices and their sentences."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rng = np.random.default_rng([seed, 61])
        self.sentences = list(self.rng.permutation(SENTENCES))

    def voice(self) -> Voice:
        return Voice(str(self.rng.choice(VOICES)), int(self.rng.integers(150, 190)), int(self.rng.integers(25, 75)))

    def line(self, voice: Voice, longest_s: float) -> Utterance | None:
        """A sentence that was not said yet and takes at most so long; None where there is none."""
        for text in self.sentences:
            said = say(text, voice)
            if said.seconds <= longest_s:
                self.sentences.remove(text)
                return said
        return None

    def role(self, person: int, x: float = 0.0, **more) -> Role:  # noqa: ANN003
        """Somebody who sits, nods and looks about a little."""
        rng, z = self.rng, float(self.rng.uniform(-78, -64))
        times = np.arange(0, 60, 1.6) + rng.uniform(0, 0.6, 38)
        keys = [Key(0, x=x, y=-0.5, z=z)] + [
            Key(float(t), yaw=float(rng.normal(0, 0.12)), pitch=float(rng.normal(0, 0.06)), roll=float(rng.normal(0, 0.04)), x=x, y=-0.5, z=z)
            for t in times
        ]
        blinks = list(np.cumsum(rng.uniform(1.5, 5, 20)))
        return Role(person=person, identity_seed=int(rng.integers(1, 10_000)), look=random_look(rng), keys=keys, blinks_s=blinks, **more)


def turns(cast: Cast, speakers: list[Voice], seconds: float, pause_s: tuple[float, float] = (0.5, 1.2)) -> list[list[tuple[float, Utterance]]]:
    """What each of the speakers says, one after another, until the clip ends."""
    said: list[list[tuple[float, Utterance]]] = [[] for _ in speakers]
    t, who = float(cast.rng.uniform(0.3, 1.5)), int(cast.rng.integers(len(speakers)))
    while line := cast.line(speakers[who], min(MOST_SECONDS, seconds - 0.2 - t)):
        said[who].append((t, line))
        t += line.seconds + float(cast.rng.uniform(*pause_s))
        who = (who + 1) % len(speakers)
    return said


def unseen(said: list[tuple[float, Utterance]]) -> tuple[list[Sound], list[tuple[float, float]]]:
    """Lines of somebody who is not in the picture: their sounds, and when they speak."""
    sounds = [Sound(start, line.samples) for start, line in said]
    return sounds, [(start + a, start + b) for start, line in said for a, b in line.spoken()]


def _clip(kind: str, cast: Cast, roles: list[Role], **more) -> Scenario:  # noqa: ANN003
    return Scenario(f"{kind}-{cast.seed}", WIDTH_PX, HEIGHT_PX, FOCAL_PX, FPS, SECONDS, cast.seed, roles, **more)


def alone(cast: Cast) -> Scenario:
    """One person who speaks, with long pauses."""
    [said] = turns(cast, [cast.voice()], SECONDS, (0.7, 1.6))
    return _clip("alone", cast, [cast.role(1, says=said)])


def together(cast: Cast) -> Scenario:
    """Two people in one picture who take turns."""
    first, second = turns(cast, [cast.voice(), cast.voice()], SECONDS)
    return _clip("together", cast, [cast.role(1, -12.5, says=first), cast.role(2, 12.5, says=second)])


def questioned(cast: Cast) -> Scenario:
    """One person who listens to somebody who is not seen, and answers."""
    other, said = turns(cast, [cast.voice(), cast.voice()], SECONDS)
    sounds, others = unseen(other)
    return _clip("questioned", cast, [cast.role(1, says=said)], sounds=sounds, others_s=others)


def eating(cast: Cast) -> Scenario:
    """Somebody who chews in silence and while another is heard, and once says something."""
    line, heard = cast.line(cast.voice(), MOST_SECONDS), cast.line(cast.voice(), MOST_SECONDS)
    assert line and heard
    start = SECONDS - line.seconds - 0.2
    sounds, others = unseen([(1.6, heard)])
    role = cast.role(1, says=[(start, line)], chews_s=[(0.4, start - 0.4)])
    return _clip("eating", cast, [role], sounds=sounds, others_s=others)


def noisy(cast: Cast) -> Scenario:
    """Two people in a room full of noise."""
    first, second = turns(cast, [cast.voice(), cast.voice()], SECONDS)
    roles = [cast.role(1, -12.5, says=first), cast.role(2, 12.5, says=second)]
    return _clip("noisy", cast, roles, sounds=[Sound(0, noise(SECONDS, cast.seed), 0.25)])


def musical(cast: Cast) -> Scenario:
    """One person over music."""
    [said] = turns(cast, [cast.voice()], SECONDS, (0.7, 1.6))
    return _clip("musical", cast, [cast.role(1, says=said)], sounds=[Sound(0, music(SECONDS, cast.seed), 0.12)])


def mute(cast: Cast) -> Scenario:
    """Nobody speaks: a smile, a surprise, a yawn, and nothing to hear but the room."""
    yawn = Episode("yawn", 5.4, 6.2, 6.8, 7.6, {"27": 0.9, "25": 0.6, "7": 0.6})
    role = cast.role(1, episodes=[Episode("smile", 0.7, 1.2, 2.2, 2.7, SMILE), Episode("surprise", 3.3, 3.6, 4.6, 5.1, SURPRISE), yawn])
    return _clip("mute", cast, [role], sounds=[Sound(0, noise(SECONDS, cast.seed), 0.05)])


def cheerful(cast: Cast) -> Scenario:
    """One person who smiles and is surprised, first in silence, then while speaking."""
    voice = cast.voice()
    first, second = cast.line(voice, MOST_SECONDS), cast.line(voice, MOST_SECONDS)
    assert first and second
    smiles = [Episode("smile", 0.3, 0.7, 1.5, 1.9, SMILE), Episode("smile", 2.2, 2.6, 2.2 + first.seconds, 2.7 + first.seconds, SMILE)]
    return _clip("cheerful", cast, [cast.role(1, says=[(2.1, first), (2.9 + first.seconds, second)], episodes=smiles)])


KINDS: dict[str, Callable[[Cast], Scenario]] = {
    "together": together, "questioned": questioned, "eating": eating, "alone": alone,
    "mute": mute, "cheerful": cheerful, "noisy": noisy, "musical": musical,
}  # fmt: skip


def talks(clips: int, seed: int) -> list[Scenario]:
    """So many clips, of each kind in turn; the same seed gives the same clips."""
    kinds = list(KINDS)
    return [KINDS[kinds[i % len(kinds)]](Cast(seed + i)) for i in range(clips)]
