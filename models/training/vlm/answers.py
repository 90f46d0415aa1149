"""One answer for each kind of question, written from the facts of a face; None where the facts do not settle it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .facts import PRESENT, TURNED, Facts
from .names import ASKED, EMOTIONS, PLEASANT, REGIONS, SPEAKS, UNITS, degree, sentence
from .texts import compound, cue, cues, graded, movement, reason, region_text, shown, unit_list, unit_text

Rng = np.random.Generator
Filled = dict[str, str]
Answer = tuple[Filled, str]
CANDIDATES = ["angry", "contempt", "disgust", "fear", "happy", "neutral", "sad", "surprise"]
CANNOT = "That cannot be told from a face."
ELSEWHERE = "I only answer questions about this face."


@dataclass(frozen=True)
class Kind:
    """write(facts, rng) -> what fills the question, and the answer; `emotion`: needs votes, `units`: needs units."""

    write: Callable[[Facts, Rng], Answer | None]
    emotion: bool = False
    units: bool = False


def _asked_emotion(facts: Facts, rng: Rng) -> str:
    """Half of the time the leading one, else any other."""
    order = facts.order()
    return EMOTIONS[order[0] if rng.random() < 0.5 else order[rng.integers(1, len(order))]]


def _unit(facts: Facts, rng: Rng) -> str | None:
    """A unit that is known: present in half of the cases, where there is one; at times one that is covered."""
    there, absent = facts.active(), [u for u, v in facts.units.items() if v < PRESENT]
    covered = [u for u in facts.units if not facts.visible(u)]
    if covered and rng.random() < 0.4:
        return str(rng.choice(covered))
    pool = there if there and (rng.random() < 0.5 or not absent) else absent
    return str(rng.choice(pool)) if pool else None


def _is_unit(facts: Facts, rng: Rng, named: bool) -> Answer | None:
    unit = _unit(facts, rng)
    if unit is None:
        return None
    filled = {"NAME": UNITS[unit][1]} if named else {"UNIT": f"AU{unit}"}
    if not facts.visible(unit):
        return filled, f"The {UNITS[unit][0]} cannot be seen, so I cannot tell."
    return filled, f"Yes, {cue(facts, unit, named)}." if facts.units[unit] >= PRESENT else "No."


def _degree(facts: Facts, rng: Rng) -> Answer | None:
    unit = _unit(facts, rng) if facts.exact else None
    if unit is None:
        return None
    if not facts.visible(unit):
        return {"UNIT": f"AU{unit}"}, f"The {UNITS[unit][0]} cannot be seen, so I cannot tell."
    value = facts.units[unit]
    return {"UNIT": f"AU{unit}"}, sentence(degree(value).removesuffix(" of")) if value >= PRESENT else "It is not active."


def _side(facts: Facts, rng: Rng) -> Answer | None:
    found = [u for u in facts.active() if facts.uneven(u)]
    uneven = [u for u in found if facts.uneven(u) != "both"]
    if not found:
        return None
    unit = str(rng.choice(uneven if uneven and rng.random() < 0.8 else found))
    side = facts.uneven(unit)
    return {"UNIT": f"AU{unit}"}, "It is alike on both sides." if side == "both" else f"On the {side}."


def _even(facts: Facts, rng: Rng) -> Answer | None:
    found = [u for u in facts.active() if facts.uneven(u)]
    if not found or not facts.exact:
        return None
    uneven = [u for u in found if facts.uneven(u) != "both"]
    return {}, f"No, AU{uneven[0]} is stronger on the {facts.uneven(uneven[0])}." if uneven else "Yes, both sides move alike."


def _stronger(facts: Facts, rng: Rng) -> Answer | None:
    found = facts.active()
    if len(found) < 2 or not facts.exact:
        return None
    a, b = (str(u) for u in rng.choice(found, 2, replace=False))
    gap = facts.units[a] - facts.units[b]
    return {"UNIT": f"AU{a}", "OTHER": f"AU{b}"}, "They are about equal." if abs(gap) < 0.6 else f"AU{a if gap > 0 else b}."


def _half(facts: Facts, rng: Rng) -> Answer | None:
    if not facts.complete:
        return None
    up = sum(facts.units[u] for u in facts.active() if UNITS[u][0] in ("brows", "eyes"))
    low = sum(facts.units[u] for u in facts.active()) - up
    return {}, "Neither moves." if up + low == 0 else "Both about the same." if abs(up - low) < 1 else "The upper half." if up > low else "The lower half."


def _of_two(facts: Facts, rng: Rng) -> Answer | None:
    order = facts.order()
    other = order[1] if rng.random() < 0.5 else order[rng.integers(1, len(order))]
    pair = [EMOTIONS[order[0]], EMOTIONS[other]]
    if facts.shares[order[0]] - facts.shares[other] < 0.15:
        return None
    flip = int(rng.random() < 0.5)
    return {"FIRST": pair[flip], "SECOND": pair[1 - flip]}, sentence(pair[0])


def _ferbench(facts: Facts, rng: Rng, think: bool) -> Answer:
    emotion = facts.drawn(rng)
    text = f"<answer>{ASKED[emotion]}</answer>"
    if think:
        seen = "; ".join(cue(facts, u) for u in facts.active()[:3]) if facts.units else ""
        text = f"<think>{sentence(seen) + ' ' if seen else ''}{graded(facts, emotion)}</think>{text}"
    return {"CANDIDATES": ", ".join(CANDIDATES)}, text


def _is_emotion(facts: Facts, rng: Rng) -> Answer:
    emotion = _asked_emotion(facts, rng)
    share = facts.shares[EMOTIONS.index(emotion)]
    return {"EMOTION": emotion}, "Yes, clearly." if share >= 0.85 else "Yes." if share >= 0.5 else "Partly." if share >= 0.2 else "No."


def _against(facts: Facts, rng: Rng, speaks_for: bool) -> Answer | None:
    emotion = _asked_emotion(facts, rng) if facts.shares is not None else str(rng.choice(EMOTIONS[1:]))
    if emotion == "neutral" or not facts.units:
        return None
    if speaks_for:
        found = facts.supporting(emotion)
        return {"EMOTION": emotion}, sentence("; ".join(cue(facts, u) for u in found[:3])) if found else f"Nothing that is seen speaks for {emotion}."
    found, main = facts.against(emotion), SPEAKS[emotion][0]
    if found:
        return {"EMOTION": emotion}, sentence("; ".join(cue(facts, u) for u in found[:3]))
    if facts.visible(main) and facts.units.get(main, PRESENT) < PRESENT:
        return {"EMOTION": emotion}, f"AU{main} is not active."
    return {"EMOTION": emotion}, "Nothing that is seen."


def _describe(facts: Facts, rng: Rng) -> Answer | None:
    if not facts.units:
        return None
    emotion = facts.drawn(rng)
    return {}, f"{graded(facts, emotion)}\n{movement(facts)}\n{reason(facts, emotion)}"


def _sure(facts: Facts, rng: Rng) -> Answer:
    order = facts.order()
    return {}, f"About {round(facts.shares[order[0]] * 10)} of 10 would say {EMOTIONS[order[0]]}" + (f", {round(facts.shares[order[1]] * 10)} {EMOTIONS[order[1]]}." if facts.shares[order[1]] >= 0.15 else ".")


def _visible(facts: Facts, rng: Rng) -> Answer:
    region = str(rng.choice(facts.covered)) if facts.covered and rng.random() < 0.6 else str(rng.choice(REGIONS))
    return {"REGION": region}, f"No, something covers the {region}." if region in facts.covered else f"Yes, the {region} can be seen."


def _turned(facts: Facts, rng: Rng) -> Answer | None:
    """Positive yaw turns to the left of the picture."""
    if facts.yaw is None:
        return None
    return {}, "To the front." if abs(facts.yaw) < TURNED else f"To the {'left' if facts.yaw > 0 else 'right'} of the picture."


def _at_rest(facts: Facts, rng: Rng) -> Answer | None:
    found = facts.active()
    return ({}, f"No, {cue(facts, max(found, key=lambda u: facts.units[u]))}.") if found else ({}, "Yes, nothing has moved.") if facts.complete else None


def _strongest(facts: Facts, rng: Rng) -> Answer | None:
    found = facts.active()
    return ({}, sentence(cue(facts, max(found, key=lambda u: facts.units[u])))) if found else ({}, "Nothing stands out.") if facts.complete else None


def _open(facts: Facts, rng: Rng) -> Answer | None:
    if "mouth" in facts.covered:
        return {}, "The mouth cannot be seen, so I cannot tell."
    if "25" not in facts.units:
        return None
    wide = max(facts.units.get("26", 0), facts.units.get("27", 0)) >= PRESENT
    return {}, "Yes, the jaw is down." if wide else "The lips are parted." if facts.units["25"] >= PRESENT else "No, it is closed."


def _always(text: Callable[[Facts, Rng], str]) -> Callable[[Facts, Rng], Answer]:
    return lambda facts, rng: ({}, text(facts, rng))


def _region(region: str) -> Callable[[Facts, Rng], Answer | None]:
    def write(facts: Facts, rng: Rng) -> Answer | None:
        text = region_text(facts, region)
        return None if text is None else ({}, text)

    return write


def _told(facts: Facts, rng: Rng) -> str:
    emotion = facts.drawn(rng)
    return f"The face shows {shown(emotion)}." + cues(facts, emotion)


def _second(facts: Facts, rng: Rng) -> str:
    order = facts.order()
    return f"Some {EMOTIONS[order[1]]}." if facts.shares[order[1]] >= 0.15 else "None."


def _pleasant(facts: Facts, rng: Rng) -> str:
    emotion = EMOTIONS[facts.order()[0]]
    return {"neither": "Neither.", "pleasant": "Pleasant."}.get(PLEASANT.get(emotion, ""), "Unpleasant.")


KINDS: dict[str, Kind] = {
    "emotion": Kind(_always(lambda f, r: sentence(f.drawn(r))), emotion=True),
    "emotion-cues": Kind(_always(_told), emotion=True),
    "units": Kind(_always(lambda f, r: unit_text(f)), units=True),
    "unit-list": Kind(_always(lambda f, r: unit_list(f)), units=True),
    "summary": Kind(_always(lambda f, r: graded(f, f.drawn(r))), emotion=True),
    "movement": Kind(_always(lambda f, r: movement(f)), units=True),
    "reasoning": Kind(_always(lambda f, r: reason(f, f.drawn(r))), emotion=True, units=True),
    "describe": Kind(_describe, emotion=True, units=True),
    "ferbench": Kind(lambda f, r: _ferbench(f, r, True), emotion=True),
    "label": Kind(lambda f, r: _ferbench(f, r, False), emotion=True),
    "compound": Kind(_always(lambda f, r: sentence(compound(f))), emotion=True),
    "second": Kind(_always(_second), emotion=True),
    "sure": Kind(_sure, emotion=True),
    "is-emotion": Kind(_is_emotion, emotion=True),
    "of-two": Kind(_of_two, emotion=True),
    "pleasant": Kind(_always(_pleasant), emotion=True),
    "against": Kind(lambda f, r: _against(f, r, False), units=True),
    "for": Kind(lambda f, r: _against(f, r, True), units=True),
    "at-rest": Kind(_at_rest, units=True),
    "is-unit": Kind(lambda f, r: _is_unit(f, r, False), units=True),
    "is-named": Kind(lambda f, r: _is_unit(f, r, True), units=True),
    "degree": Kind(_degree, units=True),
    "side": Kind(_side, units=True),
    "even": Kind(_even, units=True),
    "stronger": Kind(_stronger, units=True),
    "strongest": Kind(_strongest, units=True),
    "count": Kind(lambda f, r: ({}, f"{len(f.active())}.") if f.complete else None, units=True),
    "half": Kind(_half, units=True),
    **{region: Kind(_region(region), units=True) for region in REGIONS},
    "open": Kind(_open, units=True),
    "visible": Kind(_visible),
    "turned": Kind(_turned),
    "not-shown": Kind(_always(lambda f, r: CANNOT)),
    "elsewhere": Kind(_always(lambda f, r: ELSEWHERE)),
}


def fill(question: str, filled: Filled) -> str:
    return re.sub("|".join(filled) or r"\Z(?<=x)", lambda found: filled[found[0]], question)


