"""Which ICT-FaceKit shapes make which FACS action unit.

Each entry is {shape: weight at intensity 1}; a shape without _L or _R in the table is applied on both sides when the mesh
has it in two halves. Weights of several action units on one shape add up and are limited to 1.2.
"""

from collections.abc import Iterable, Mapping

import numpy as np

AU_SHAPES: dict[str, dict[str, float]] = {
    "1": {"browInnerUp": 1.0},  # inner brow raiser
    "2": {"browOuterUp": 1.0},  # outer brow raiser
    "4": {"browDown": 1.2},  # brow lowerer
    "5": {"eyeWide": 1.2},  # upper lid raiser
    "6": {"cheekRaiser": 0.7, "cheekSquint": 0.35, "eyeSquint": 0.25},  # cheek raiser
    "7": {"eyeSquint": 1.0},  # lid tightener
    "9": {"noseSneer": 1.0},  # nose wrinkler
    "10": {"mouthUpperUp": 1.0},  # upper lip raiser
    "12": {"mouthSmile": 0.8},  # lip corner puller
    "14": {"mouthDimple": 0.8},  # dimpler
    "15": {"mouthFrown": 1.2},  # lip corner depressor
    "16": {"mouthLowerDown": 1.0},  # lower lip depressor
    "17": {"mouthShrugLower": 0.6, "mouthShrugUpper": 0.25},  # chin raiser
    "18": {"mouthPucker": 0.9},  # lip pucker
    "20": {"mouthStretch": 0.9},  # lip stretcher
    "22": {"mouthFunnel": 0.9},  # lip funneler
    "23": {"mouthRollUpper": 0.4, "mouthRollLower": 0.4, "mouthPucker": 0.15},  # lip tightener
    "24": {"mouthPress": 1.0, "mouthRollUpper": 0.12, "mouthRollLower": 0.12},  # lip pressor
    "25": {"mouthLowerDown": 0.7, "mouthUpperUp": 0.35},  # lips part
    "26": {"jawOpen": 0.45},  # jaw drop
    "27": {"jawOpen": 0.9},  # mouth stretch
    "28": {"mouthRollUpper": 0.6, "mouthRollLower": 0.7},  # lip suck
    "34": {"cheekPuff": 0.9},  # cheek puff
    "45": {"eyeBlink": 1.0},  # blink
}

SHAPE_LIMIT = 1.2


def sided(shape: str, names: Iterable[str]) -> list[str]:
    """The names of a shape's halves (or the shape itself) that the mesh has; raises KeyError naming the shape if none."""
    names = set(names)
    found = [n for n in (shape, f"{shape}_L", f"{shape}_R") if n in names]
    if not found:
        raise KeyError(f"shape '{shape}' is not in the face model; use an ICT-FaceKit file with its expression names")
    return found


def shape_weights(aus: Mapping[str, float], names: list[str]) -> np.ndarray:
    """Weights [len(names)] of the expression shapes for action-unit intensities 0..1. A key may end in L or R."""
    weights = np.zeros(len(names), np.float32)
    index = {name: i for i, name in enumerate(names)}
    for key, intensity in aus.items():
        if intensity == 0:
            continue
        number, side = (key[:-1], key[-1]) if key[-1] in "LR" else (key, "")
        for shape, scale in AU_SHAPES[number].items():
            for name in sided(shape, names):
                if not side or not name.endswith(("_L", "_R")) or name.endswith(side):
                    weights[index[name]] += scale * intensity
    # A lid cannot be raised and closed at once; closing wins.
    for s in "LR":
        if f"eyeBlink_{s}" in index and f"eyeWide_{s}" in index:
            weights[index[f"eyeWide_{s}"]] *= max(0.0, 1 - weights[index[f"eyeBlink_{s}"]])
    return np.minimum(weights, SHAPE_LIMIT)
