"""Rewards that can be checked, for reinforcement learning: label, unit set, form, and whether a listener finds the face."""

import numpy as np
import torch

from .facts import PRESENT, Facts
from .names import EMOTIONS
from .reading import emotion_of, units_of, well_formed

WEIGHTS = {"label": 1.0, "units": 1.0, "form": 0.2, "found": 1.0}


def label(text: str, facts: Facts) -> float:
    """Share of the annotators who named the same emotion."""
    emotion = emotion_of(text)
    return 0.0 if emotion is None or facts.shares is None else float(facts.shares[EMOTIONS.index(emotion)])


def units(text: str, facts: Facts) -> float:
    """F1 of the claimed units against those that are known and can be seen; a claim about what is covered counts as wrong."""
    claimed = {u for u in units_of(text) if u in facts.units}
    there = {u for u, v in facts.units.items() if v >= PRESENT and facts.visible(u)}
    if not claimed and not there:
        return 1.0
    return 2 * len(claimed & there) / (len(claimed) + len(there))


def form(text: str) -> float:
    return float(well_formed(text))


def found(likeness: torch.Tensor) -> np.ndarray:
    """Likeness [texts, faces] of each text with its own face in column 0 -> 1 where that is the greatest."""
    return (likeness.argmax(1) == 0).float().numpy()


def advantages(rewards: np.ndarray) -> np.ndarray:
    """Rewards [groups, answers] -> how much better each is than the others of its group, in their spread (GRPO)."""
    return (rewards - rewards.mean(1, keepdims=True)) / (rewards.std(1, keepdims=True) + 1e-4)
