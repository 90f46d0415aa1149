"""What an answer claims, read from its text; used by rewards and by the measurements, never at run time."""

import re

from .names import ASKED, EMOTIONS, KEYS, UNITS

UNIT = re.compile(r"\bAU([0-9]+)\b")
LABEL = re.compile(r"<answer>(.*?)</answer>")
WORD = {asked: emotion for emotion, asked in ASKED.items()} | {emotion: emotion for emotion in EMOTIONS}


def units_of(text: str) -> set[str]:
    """Units claimed by number or by what is seen of them; sentences that say something is not there, does not belong or cannot be seen claim none."""
    claimed: set[str] = set()
    for part in re.split(r"(?<=[.\n])\s*", text):
        if re.search(r"\b(not|cannot|No|no)\b", part):
            continue
        claimed |= {number for number in UNIT.findall(part) if number in KEYS}
        claimed |= {unit for unit, (_, _, seen) in UNITS.items() if seen in part.lower()}
    return claimed


def emotion_of(text: str) -> str | None:
    """The label between <answer> tags, else the first emotion that is named."""
    found = LABEL.search(text)
    if found:
        return WORD.get(found[1].strip())
    words = re.findall(r"[a-z]+", text.lower())
    return next((WORD[word] for word in words if word in WORD), None)


def well_formed(text: str) -> bool:
    """Reasoning in <think>, then one known label in <answer>, and nothing else."""
    found = re.fullmatch(r"<think>[^<>]+</think><answer>([^<>]+)</answer>", text)
    return bool(found) and found[1] in WORD
