"""Rewards that can be checked (UniFER, Zhang et al. 2025: right label and form; ours besides: unit set, and a listener). 0..1 each.

A solution is what `mien dataset convert --to trl` writes, a label ("happiness") or units ("AU6, AU12", "none"), read by `solution_of`.
"""

import re
from collections.abc import Callable, Sequence

import torch

FORM = re.compile(r"\s*<think>.+?</think>\s*<answer>\s*(?P<answer>.+?)\s*</answer>\s*", re.DOTALL)
UNIT = re.compile(r"\bAU\s?0*(\d+)", re.IGNORECASE)

Listener = Callable[[Sequence[str], int], torch.Tensor]
"""Texts and the index of the face they are about -> likeness [texts, faces], that face in column 0."""


def solution_of(said: str) -> dict:
    """`{"units": [6, 12]}` of a list of units, `{"label": …}` of anything else."""
    parts = [part.strip() for part in said.split(",")]
    if said == "none" or all(UNIT.fullmatch(part) for part in parts):
        return {"units": [int(UNIT.fullmatch(part)[1]) for part in parts if part != "none"]}
    return {"label": said}


def answer_in(text: str) -> str | None:
    """What stands in <answer>, where the text is one thought and one answer."""
    found = FORM.fullmatch(text)
    return found["answer"] if found else None


def form(text: str) -> float:
    return float(answer_in(text) is not None)


def label(text: str, solution: dict) -> float:
    """1 where the answer is the label, word for word but for capitals and a full stop."""
    said = answer_in(text)
    return float(said is not None and said.lower().rstrip(".") == str(solution["label"]).lower())


def units(text: str, solution: dict) -> float:
    """F1 of the action units that the answer names (the whole text where it has no answer) against those that are there."""
    there = {int(unit) for unit in solution["units"]}
    said = {int(unit) for unit in UNIT.findall(answer_in(text) or text)}
    return 1.0 if not there and not said else 2 * len(there & said) / (len(there) + len(said))


def reward(text: str, solution: dict, weights: dict[str, float]) -> float:
    """Weighted sum of what the solution can tell."""
    found = weights.get("form", 0) * form(text)
    if "label" in solution:
        found += weights.get("label", 0) * label(text, solution)
    if "units" in solution:
        found += weights.get("units", 0) * units(text, solution)
    return found


def rewards(texts: Sequence[str], solution: dict, weights: dict[str, float], heard: torch.Tensor | None = None) -> torch.Tensor:
    """Rewards [texts] of the answers about one face; `heard` is a listener's likeness of each text with its face (column 0) and others."""
    found = torch.tensor([reward(text, solution, weights) for text in texts])
    if heard is not None:
        found += weights.get("listener", 0) * (heard.argmax(1) == 0)
    return found


def advantages(group: torch.Tensor) -> torch.Tensor:
    """Rewards of one question's answers -> how much better each is than the others, in their spread (GRPO, Shao et al. 2024)."""
    return (group - group.mean()) / (group.std(unbiased=False) + 1e-4)
