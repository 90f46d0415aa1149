"""python -m affect.annotators --data ferplus.npz [--questions ferbench-ferplus.json]: how well people agree on these faces,
the measure for any model of them, and how FERBench's labels agree with the people.

Labels are the majority of ten votes. Nothing is asked of a model here, so the test split may be read.
"""

import argparse
import json
import re
from pathlib import Path

import numpy as np

from .data import EMOTIONS, SPLITS, usable

# FERBench's names of the FER+ classes, where they differ.
NAMES = {"happy": "happiness", "sad": "sadness", "angry": "anger"}


def majority(votes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Emotion most voted for, [n] of votes [n, 10]; ties are drawn, and -1 where nobody named an emotion."""
    emotions = votes[:, : len(EMOTIONS)]
    top = (emotions + rng.random(emotions.shape) * 0.5).argmax(1)
    return np.where(emotions.sum(1) > 0, top, -1)


def panels(votes: np.ndarray, size: int, rng: np.random.Generator) -> float:
    """How often the majority of `size` annotators is that of all the others (0..1); each face is split at random."""
    some = np.stack([rng.multivariate_hypergeometric(face, min(size, int(face.sum()))) for face in votes])
    a, b = majority(some, rng), majority(votes - some, rng)
    return float(np.mean((a == b) & (a >= 0)))


def drawn_again(votes: np.ndarray, count: int, rng: np.random.Generator) -> float:
    """How often the majority of `count` new votes, drawn from a face's own shares, is its label (0..1)."""
    emotions = votes[:, : len(EMOTIONS)]
    again = rng.multinomial(count, emotions / emotions.sum(1, keepdims=True))
    return float(np.mean(majority(again, rng) == emotions.argmax(1)))


def agreement(votes: np.ndarray, rounds: int = 20, seed: int = 0) -> dict:
    """All figures of votes uint8 [n, 10], faces whose majority is no emotion left out."""
    kept = votes[usable(votes)].astype(np.int64)
    rng = np.random.default_rng(seed)

    def mean(of, count: int) -> float:
        return round(float(np.mean([of(kept, count, rng) for _ in range(rounds)])), 4)

    emotions = kept[:, : len(EMOTIONS)]
    return {
        "faces": len(kept),
        "tied": round(float(((emotions == emotions.max(1, keepdims=True)).sum(1) > 1).mean()), 4),
        "moreThanHalfOnOne": round(float((emotions.max(1) * 2 > emotions.sum(1)).mean()), 4),
        "panelOfAgainstTheOthers": {str(size): mean(panels, size) for size in (1, 3, 5)},
        "votesDrawnAgainGiveTheLabel": {str(count): mean(drawn_again, count) for count in (1, 3, 5, 10)},
    }


def asked(questions: list[dict], ids: np.ndarray, votes: np.ndarray) -> dict:
    """How often the answer FERBench wants is what most annotators named (one of them, where they are tied)."""
    row = {number: index for index, number in enumerate(ids.tolist())}
    emotions = votes[[row[int(re.search(r"(\d+)\.png", q["image_path"])[1])] for q in questions], : len(EMOTIONS)]
    wanted = np.array([EMOTIONS.index(NAMES.get(q["true_label"], q["true_label"])) for q in questions])
    own = emotions[np.arange(len(wanted)), wanted]
    most = own == emotions.max(1)
    return {"questions": len(questions), "wantedIsMostVoted": round(float(most.mean()), 4), "others": int((~most).sum())}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--questions", type=Path)
    options = parser.parse_args()
    with np.load(options.data) as archive:
        votes, split, ids = archive["votes"], archive["split"], archive["ids"]
    found = {name: agreement(votes[split == SPLITS[name]]) for name in ("valid", "test")}
    if options.questions:
        found["ferbench"] = asked(json.loads(options.questions.read_text()), ids, votes)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
