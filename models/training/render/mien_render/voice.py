"""Speech of a synthetic voice, and what a mouth does while it is said.

espeak-ng (libespeak-ng through ctypes) says a text and tells when each of its phonemes begins; a table says how lips and jaw
stand in each. Sounds are float32 in -1..1 at RATE.
"""

import ctypes
import wave
from ctypes.util import find_library
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

RATE = 22_050
_EVENT_END, _EVENT_PHONEME = 0, 7
_SYNCHRONOUS, _PHONEME_EVENTS = 2, 1
_UTF8 = 1
PAUSE_S = 0.25
"""Silence inside an utterance from which on nobody is said to speak."""

# How the mouth stands in a sound: action units 0..1. The first entry whose letters begin the phoneme's name counts.
VISEMES: list[tuple[str, dict[str, float]]] = [
    ("_", {}),
    ("p b m", {"24": 0.35}),
    ("f v", {"16": 0.1, "25": 0.1, "26": 0.05}),
    ("w", {"18": 0.7, "26": 0.1}),
    ("u: U o: O oU", {"18": 0.5, "22": 0.3, "25": 0.2, "26": 0.3}),
    ("aI aU a A 0 V", {"25": 0.55, "26": 0.75}),
    ("e E 3 @", {"25": 0.45, "26": 0.45, "20": 0.15}),
    ("i I j", {"25": 0.4, "26": 0.2, "20": 0.45}),
    ("S Z tS dZ r", {"22": 0.4, "25": 0.25, "26": 0.12}),
    ("s z t d n l T D", {"25": 0.25, "26": 0.12}),
    ("k g N h x", {"25": 0.25, "26": 0.22}),
]


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int), ("unique_identifier", ctypes.c_uint), ("text_position", ctypes.c_int), ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int), ("sample", ctypes.c_int), ("user_data", ctypes.c_void_p), ("id", _Id),
    ]  # fmt: skip


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True)
class Voice:
    """Who says it: a voice of espeak-ng, words a minute, pitch 0..100."""

    name: str = "en-us"
    words_per_minute: int = 165
    pitch: int = 50


@dataclass(frozen=True)
class Utterance:
    """A text that was said: its sound, and when each phoneme begins, seconds from its start."""

    samples: np.ndarray
    phonemes: tuple[tuple[float, str], ...]
    text: str = ""

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE

    def spoken(self) -> list[tuple[float, float]]:
        """The stretches in which something is said: pauses of PAUSE_S and more divide them."""
        stretches: list[tuple[float, float]] = []
        ends = [t for t, _ in self.phonemes[1:]] + [self.seconds]
        for (start, name), end in zip(self.phonemes, ends, strict=True):
            if name.startswith("_"):
                continue
            if stretches and start - stretches[-1][1] < PAUSE_S:
                stretches[-1] = (stretches[-1][0], end)
            else:
                stretches.append((start, end))
        return stretches

    def mouth(self, t: float) -> dict[str, float]:
        """Action units of the mouth at `t`: each sound's posture, blurred as neighbours run into each other (60 ms)."""
        out: dict[str, float] = {}
        ends = [s for s, _ in self.phonemes[1:]] + [self.seconds]
        for (start, name), end in zip(self.phonemes, ends, strict=True):
            share = _under_bell(t, start, end)
            if share > 0.01:
                for au, level in viseme(name).items():
                    out[au] = out.get(au, 0.0) + share * level
        return out


def _under_bell(t: float, start: float, end: float, sigma: float = 0.035) -> float:
    """Share of a bell around t that lies between start and end. The mouth is in place a little before the sound."""
    t += 0.04
    return float(0.5 * (np.tanh((end - t) / sigma / 1.2) - np.tanh((start - t) / sigma / 1.2)))


def viseme(phoneme: str) -> dict[str, float]:
    name = phoneme.lstrip("',%=|-")
    best = max(((p, aus) for list_, aus in VISEMES for p in list_.split() if name.startswith(p)), key=lambda x: len(x[0]), default=("", {"25": 0.2, "26": 0.15}))
    return best[1]


@cache
def _library() -> ctypes.CDLL:
    name = find_library("espeak-ng")
    if name is None:
        raise FileNotFoundError("libespeak-ng is not installed; on Debian: apt-get install espeak-ng")
    library = ctypes.CDLL(name)
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, None, _PHONEME_EVENTS)
    if rate != RATE:
        raise RuntimeError(f"espeak-ng speaks at {rate} Hz, expected {RATE}")
    return library


@cache
def say(text: str, voice: Voice = Voice()) -> Utterance:
    """The text as the voice says it. The same version of espeak-ng says it the same way, if the same was said before: that
    changes how long it takes by some hundredths of a second."""
    library, pieces, phonemes = _library(), [], []

    def receive(wav, count, events) -> int:  # noqa: ANN001 - called from C
        i = 0
        while events[i].type != _EVENT_END:
            if events[i].type == _EVENT_PHONEME:
                phonemes.append((events[i].audio_position / 1000, bytes(events[i].id.string).split(b"\0")[0].decode()))
            i += 1
        if wav and count > 0:
            pieces.append(np.ctypeslib.as_array(wav, (count,)).copy())
        return 0

    callback = _CALLBACK(receive)
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(voice.name.encode()) != 0:
        raise ValueError(f"espeak-ng has no voice {voice.name}")
    library.espeak_SetParameter(1, voice.words_per_minute, 0)
    library.espeak_SetParameter(3, voice.pitch, 0)
    data = text.encode()
    library.espeak_Synth(data, len(data) + 1, 0, 1, 0, _UTF8, None, None)
    samples = np.concatenate(pieces).astype(np.float32) / 32768
    named = [(t, name or "_") for t, name in phonemes]
    return Utterance(samples, tuple(named), text)


@dataclass(frozen=True)
class Sound:
    """What is heard in a clip: samples from a moment on, louder or softer."""

    start_s: float
    samples: np.ndarray = field(repr=False)
    gain: float = 1.0


def mix(sounds: list[Sound], seconds: float) -> np.ndarray:
    out = np.zeros(round(seconds * RATE), np.float32)
    for sound in sounds:
        at = round(sound.start_s * RATE)
        piece = sound.samples[: max(0, len(out) - at)]
        out[at : at + len(piece)] += sound.gain * piece
    return np.clip(out, -1, 1)


def noise(seconds: float, seed: int) -> np.ndarray:
    """A room: noise that falls off towards high tones."""
    rng = np.random.default_rng([seed, 71])
    n = round(seconds * RATE)
    spectrum = np.fft.rfft(rng.normal(0, 1, n))
    spectrum /= np.maximum(np.fft.rfftfreq(n, 1 / RATE), 60) ** 0.8
    sound = np.fft.irfft(spectrum, n)
    return (sound / np.abs(sound).max()).astype(np.float32)


def music(seconds: float, seed: int) -> np.ndarray:
    """Plucked chords, a beat and a bass: tones without a voice."""
    rng = np.random.default_rng([seed, 72])
    t = np.arange(round(seconds * RATE)) / RATE
    out = np.zeros(len(t))
    for beat in np.arange(0, seconds, 0.3):
        since = t - beat
        heard = (since >= 0) & (since < 1.2)
        root = 110 * 2 ** (rng.choice([0, 3, 5, 7, 10]) / 12)
        for tone in root * np.array([1, 2, 2.5198, 2.9966]):
            out[heard] += np.sin(2 * np.pi * tone * since[heard]) * np.exp(-3 * since[heard]) * 0.2
        drum = (since >= 0) & (since < 0.08)
        out[drum] += rng.normal(0, 0.3, int(drum.sum())) * np.exp(-40 * since[drum])
    return (out / np.abs(out).max()).astype(np.float32)


def write_wav(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
