"""What people do over time, declared as data, and its value at any moment."""

from dataclasses import dataclass, field

import numpy as np

from .glasses import Style
from .person import State
from .renderer import HAIR_LAYERS, Look, Wall
from .voice import Sound, Utterance

BLINK_CLOSE_S, BLINK_HOLD_S, BLINK_OPEN_S = 0.09, 0.04, 0.15


@dataclass(frozen=True)
class Episode:
    """A movement that rises from onset to apex, holds until release and is over at offset (all seconds of the clip)."""

    name: str
    onset_s: float
    apex_s: float
    release_s: float
    offset_s: float
    aus: dict[str, float]

    def level(self, t: float) -> float:
        """0..1: how much of the movement is there at time t."""
        return ease((t - self.onset_s) / (self.apex_s - self.onset_s)) * (
            1 - ease((t - self.release_s) / (self.offset_s - self.release_s))
        )


@dataclass(frozen=True)
class Key:
    """Head at a moment: angles in radians (HeadPose signs), place in world units; eased between keys."""

    t_s: float
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    x: float = 0.0
    y: float = 0.0
    z: float = -75.0


@dataclass(frozen=True)
class Role:
    """One person of a clip, present from `enter_s` to `leave_s`. The same `identity_seed` is the same face."""

    person: int
    identity_seed: int
    look: Look
    keys: list[Key]
    episodes: list[Episode] = field(default_factory=list)
    blinks_s: list[float] = field(default_factory=list)
    speech_s: list[tuple[float, float]] = field(default_factory=list)
    """Syllables without a sound."""
    says: list[tuple[float, Utterance]] = field(default_factory=list)
    """What is said, and from when on: the mouth follows its phonemes."""
    chews_s: list[tuple[float, float]] = field(default_factory=list)
    glasses: Style | None = None
    sway: float = 1.0
    enter_s: float = 0.0
    leave_s: float = 1e9


@dataclass(frozen=True)
class Scenario:
    name: str
    width_px: int
    height_px: int
    focal_px: float
    fps: int
    duration_s: float
    seed: int
    roles: list[Role]
    cuts_s: list[float] = field(default_factory=list)
    walls: list[Wall] = field(default_factory=lambda: [Wall(), Wall((0.07, 0.05, 0.035), (0.38, 0.31, 0.24))])
    """Behind people before the first cut, after it, and so on, from the first again after the last."""
    hair_layers: int = HAIR_LAYERS
    """Fewer are faster, and enough for small faces."""
    sounds: list[Sound] = field(default_factory=list)
    """What is heard beside what the roles say."""
    others_s: list[tuple[float, float]] = field(default_factory=list)
    """When somebody is heard who is not in the picture."""
    listed: dict[str, object] = field(default_factory=dict)
    """What else the truth file says of the clip."""

    @property
    def frames(self) -> int:
        return round(self.duration_s * self.fps)

    def wall(self, t: float) -> Wall:
        """What is behind people at time t."""
        return self.walls[sum(t >= cut for cut in self.cuts_s) % len(self.walls)]


def ease(x: float) -> float:
    """Smootherstep: 0 before 0, 1 after 1, no velocity or acceleration at either end."""
    x = min(max(x, 0.0), 1.0)
    return x * x * x * (x * (6 * x - 15) + 10)


def drift(t: float, seed: int, channel: int, period_s: float) -> float:
    """A slow seeded wander in -1..1 made of three sines."""
    rng = np.random.default_rng([seed, channel])
    phase, rate = rng.uniform(0, 2 * np.pi, 3), rng.uniform(0.7, 1.3, 3) * np.array([1.0, 1.9, 3.1]) / period_s
    return float((np.sin(2 * np.pi * rate * t + phase) * [0.55, 0.3, 0.15]).sum())


def blink(t: float, start_s: float) -> float:
    closing = ease((t - start_s) / BLINK_CLOSE_S)
    return closing * (1 - ease((t - start_s - BLINK_CLOSE_S - BLINK_HOLD_S) / BLINK_OPEN_S))


def speech(t: float, start_s: float, end_s: float, seed: int) -> dict[str, float]:
    """Syllables at about 4.5 a second: jaw, lips apart, rounded and stretched lips."""
    inside = ease((t - start_s) / 0.2) * (1 - ease((t - end_s + 0.2) / 0.2))
    if inside == 0:
        return {}
    beat = (t - start_s) * 4.5
    syllable, phase = int(beat), beat - int(beat)
    rng = np.random.default_rng([seed, 91, syllable])
    size, vowel = rng.uniform(0.35, 1.0), rng.choice(["18", "20", "22", ""])
    opening = np.sin(np.pi * phase) ** 2 * size * inside
    out = {"26": 0.62 * opening, "25": 0.45 * opening}
    if vowel:
        out[str(vowel)] = 0.55 * opening
    return out


def chew(t: float, start_s: float, end_s: float, seed: int) -> dict[str, float]:
    """Closed lips, a jaw that goes round about 1.6 times a second."""
    inside = ease((t - start_s) / 0.3) * (1 - ease((t - end_s + 0.3) / 0.3))
    if inside == 0:
        return {}
    rng = np.random.default_rng([seed, 93])
    rate, phase = rng.uniform(1.3, 1.9), rng.uniform(0, 2 * np.pi)
    turn = 2 * np.pi * rate * (t - start_s) + phase + 0.5 * np.sin(2 * np.pi * 0.31 * t)
    return {"26": inside * 0.22 * (1 + np.sin(turn)), "24": inside * 0.3, "18": inside * 0.15 * (1 + np.cos(turn)), "14": inside * 0.2 * (1 + np.cos(turn + 1))}


def state_at(role: Role, t: float, seed: int) -> State | None:
    """The person's state at time t, or None while they are not in the scene."""
    if not role.enter_s <= t < role.leave_s:
        return None
    aus: dict[str, float] = {}

    def add(more: dict[str, float], scale: float = 1.0) -> None:
        for au, value in more.items():
            if value * scale > 0:
                aus[au] = min(1.0, aus.get(au, 0.0) + value * scale)

    for episode in role.episodes:
        add(episode.aus, episode.level(t))
    for start_s in role.blinks_s:
        add({"45": blink(t, start_s)})
    for start_s, end_s in role.speech_s:
        add(speech(t, start_s, end_s, seed + role.person))
    for start_s, said in role.says:
        if -0.2 < t - start_s < said.seconds + 0.2:
            add(said.mouth(t - start_s))
    for start_s, end_s in role.chews_s:
        add(chew(t, start_s, end_s, seed + role.person))
    keys = role.keys
    times = [k.t_s for k in keys]
    i = int(np.clip(np.searchsorted(times, t, "right") - 1, 0, max(len(keys) - 2, 0)))
    a, b = keys[i], keys[min(i + 1, len(keys) - 1)]
    w = ease((t - a.t_s) / (b.t_s - a.t_s)) if b.t_s > a.t_s else 0.0
    mix = {n: getattr(a, n) * (1 - w) + getattr(b, n) * w for n in ("yaw", "pitch", "roll", "x", "y", "z")}
    s, p = role.sway, 100 * role.person
    yaw = mix["yaw"] + s * 0.020 * drift(t, seed, p + 1, 4.0)
    pitch = mix["pitch"] + s * 0.014 * drift(t, seed, p + 2, 3.3)
    roll = mix["roll"] + s * 0.012 * drift(t, seed, p + 3, 5.1)
    # The eyes stay on the camera while the head turns, as far as they can, and jump a little now and then.
    jump = np.random.default_rng([seed, p + 7, int(t / 1.3)]).normal(0, 0.025, 2) * s
    return State(
        aus,
        float(yaw),
        float(pitch),
        float(roll),
        float(np.clip(-0.8 * yaw, -0.45, 0.45) + jump[0]),
        float(np.clip(-0.8 * pitch, -0.3, 0.3) + jump[1]),
        (
            float(mix["x"] + s * 0.25 * drift(t, seed, p + 4, 4.7)),
            float(mix["y"] + s * 0.12 * drift(t, seed, p + 5, 3.9)),
            float(mix["z"]),
        ),
    )
