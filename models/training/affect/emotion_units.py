"""Which action units go with an emotion: weak truth of presence for photographs whose emotion ten people named.

How often each unit was coded when 230 people were asked for the emotion (Du, Tao & Martinez 2014, Compound facial expressions of
emotion, PNAS 111(15), table 1): over 70 % of them is set to 0.85; contempt is not in that table and follows FACS (14, often with 12).
"""

import numpy as np

from .data import EMOTIONS

MOST, REST = 0.85, 0.03
PRESENT: dict[str, dict[str, float]] = {
    "neutral": {},
    "happiness": {"12": 0.95, "6": 0.6},
    "surprise": {"1": MOST, "2": MOST, "5": 0.66},
    "sadness": {"4": MOST, "15": MOST, "1": 0.6, "17": 0.67, "6": 0.3},
    "anger": {"4": MOST, "7": MOST, "24": MOST, "17": 0.52, "10": 0.26, "9": 0.15, "5": 0.2},
    "disgust": {"9": MOST, "10": MOST, "17": MOST, "4": 0.31, "24": 0.26, "7": 0.3},
    "fear": {"1": MOST, "4": MOST, "20": MOST, "2": 0.57, "5": 0.63},
    "contempt": {"14": MOST, "12": 0.3},
}
# Units the table speaks of. Lips that part and jaws that drop come with speech in every emotion.
TOLD = ["1", "2", "4", "5", "6", "7", "9", "10", "12", "14", "15", "17", "20", "24"]


def weak_presence(shares: np.ndarray, keys: list[str]) -> np.ndarray:
    """Vote shares [n, 8] over EMOTIONS -> probability [n, keys] that a unit is present; NaN for keys the table says nothing of."""
    table = np.full((len(EMOTIONS), len(keys)), np.nan, np.float32)
    for row, emotion in enumerate(EMOTIONS):
        for column, key in enumerate(keys):
            if key in TOLD:
                table[row, column] = PRESENT[emotion].get(key, REST)
    return shares.astype(np.float32) @ table


def clear(shares: np.ndarray, least: float = 0.8, rare: float = 0.6) -> np.ndarray:
    """True, [n], where people agree on the emotion: `least` of the votes, or `rare` for the three that are seldom seen."""
    top = shares.argmax(1)
    seldom = np.isin(top, [EMOTIONS.index(name) for name in ("disgust", "fear", "contempt")])
    return shares.max(1) >= np.where(seldom, rare, least)
