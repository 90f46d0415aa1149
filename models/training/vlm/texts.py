"""Sentences about a face, each written from its facts: graded emotions, cues, units, movements, reasons, regions."""

from .facts import TURNED, Facts
from .names import COMPOUNDS, EMOTIONS, UNITS, degree, listed, sentence


def cue(facts: Facts, unit: str, numbered: bool = True) -> str:
    """the lip corners are pulled up, marked, more on the left (AU12)"""
    words = UNITS[unit][2]
    if facts.exact:
        words += f", {degree(facts.units[unit]).removesuffix(' of')}"
    side = facts.uneven(unit)
    if side in ("left", "right"):
        words += f", more on the {side}"
    return f"{words} (AU{unit})" if numbered else words


def shown(emotion: str) -> str:
    return "a neutral expression" if emotion == "neutral" else emotion


def hidden(facts: Facts) -> str:
    """What cannot be seen comes first: a speaker that has said so claims nothing there in the words that follow."""
    return f"The {listed(list(facts.covered))} cannot be seen. " if facts.covered else ""


def head(facts: Facts) -> str:
    """How the head is turned, from half of the angle that is called turned. Positive yaw turns to the left of the picture."""
    if facts.yaw is None or abs(facts.yaw) < TURNED / 2:
        return ""
    return f" The head is turned {'' if abs(facts.yaw) >= TURNED else 'slightly '}to the {'left' if facts.yaw > 0 else 'right'} of the picture."


def graded(facts: Facts, emotion: str) -> str:
    """How far people agree, in words: from the share of the votes."""
    order = facts.order()
    share, second = facts.shares[EMOTIONS.index(emotion)], EMOTIONS[order[1]]
    other = second if second != emotion else EMOTIONS[order[0]]
    if share >= 0.85:
        return f"The face clearly shows {shown(emotion)}."
    if facts.shares[EMOTIONS.index(other)] < 0.15:
        return f"The face shows {shown(emotion)}."
    if share >= 0.55:
        return f"The face shows {shown(emotion)}, with some {other}."
    return f"The face may show {shown(emotion)}, but also {shown(other)}."


def cues(facts: Facts, emotion: str) -> str:
    found = facts.supporting(emotion) or facts.active()
    if not facts.units:
        return ""
    if not found:
        return f" {hidden(facts)}No movement stands out."
    return f" {hidden(facts)}{sentence('; '.join(cue(facts, u) for u in found[:3]))}"


def unit_text(facts: Facts) -> str:
    found = facts.active()
    if not found:
        return hidden(facts) + "No action unit is active."
    parts = [f"AU{u}: {degree(facts.units[u])} {UNITS[u][1]}, {cue(facts, u, False)}" if not facts.exact else f"AU{u}: {degree(facts.units[u])} {UNITS[u][1]}" for u in found]
    return f"{hidden(facts)}{'; '.join(parts)}."


def unit_list(facts: Facts) -> str:
    return (", ".join(f"AU{u}" for u in facts.active()) or "none") + "."


def movement(facts: Facts) -> str:
    found = facts.active()
    return hidden(facts) + (sentence("; ".join(cue(facts, u) for u in found)) if found else "Nothing that is seen has moved.") + head(facts)


def reason(facts: Facts, emotion: str) -> str:
    found, other = facts.supporting(emotion), facts.against(emotion)
    if not facts.active():
        return f"No movement is seen, so the face shows {shown(emotion)}." if emotion == "neutral" else f"Only small signs are seen; as a whole the face shows {shown(emotion)}."
    text = f"{listed([f'AU{u}' for u in found])} {'speaks' if len(found) == 1 else 'speak'} for {emotion}." if found else f"No clear movement speaks for {emotion}."
    return text + (f" {listed([f'AU{u}' for u in other[:2]])} {'does' if len(other[:2]) == 1 else 'do'} not belong to it." if other else "")


def region_text(facts: Facts, region: str) -> str | None:
    if region in facts.covered:
        return f"The {region} cannot be seen, so I cannot tell."
    found = facts.active(region)
    if found:
        return sentence("; ".join(cue(facts, u) for u in found))
    verb = "are" if region in ("brows", "eyes") else "is"
    return f"The {region} {verb} at rest." if facts.known(region) else None


def compound(facts: Facts) -> str:
    """A compound of the two leading emotions where at least three of ten saw the second and seven one of the two."""
    order = facts.order()
    first, second = EMOTIONS[order[0]], EMOTIONS[order[1]]
    if facts.shares[order[1]] < 0.25 or facts.shares[order[0]] + facts.shares[order[1]] < 0.7:
        return "none"
    return next((name for name, pair in COMPOUNDS.items() if set(pair) == {first, second}), "none")
