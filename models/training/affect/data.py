"""FER+ (Barsoum et al. 2016): faces, votes of ten annotators, splits."""

from dataclasses import dataclass

import numpy as np

EMOTIONS = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]
SPLITS = {"train": 0, "valid": 1, "test": 2}


@dataclass(frozen=True)
class Faces:
    """images uint8 [n, size, size]; targets float32 [n, 8], vote shares over EMOTIONS; ids int [n]."""

    images: np.ndarray
    targets: np.ndarray
    ids: np.ndarray


def usable(votes: np.ndarray) -> np.ndarray:
    """True, [n] of votes [n, 10], where the majority is one of EMOTIONS."""
    return (votes.argmax(1) < len(EMOTIONS)) & (votes[:, : len(EMOTIONS)].sum(1) > 0)


def load(path: str, split: str) -> Faces:
    """Faces of one split whose majority vote is one of the eight emotions.

    Votes for "unknown" and "not a face" are dropped, and so are faces that most annotators gave them, as the
    authors of FER+ do.
    """
    with np.load(path) as archive:
        votes = archive["votes"].astype(np.float32)
        emotion_votes = votes[:, : len(EMOTIONS)]
        chosen = np.where((archive["split"] == SPLITS[split]) & usable(votes))[0]
        shares = emotion_votes[chosen] / emotion_votes[chosen].sum(1, keepdims=True)
        return Faces(archive["images"][chosen], shares, archive["ids"][chosen])
