# Expected values for test/unit/eval/benchmarks/*.test.ts, computed by the packages the papers' scripts call.
#
#   python3 -m venv venv && venv/bin/pip install rouge==1.0.1 rouge-score==0.1.2 scikit-learn==1.9.1 numpy==2.4.6
#   venv/bin/python test/reference/benchmark_reference.py > test/reference/benchmark_reference.json
#
# `rouge` is what EmoLA's evaluation uses (Rouge().get_scores(prediction, reference, avg=True)["rouge-l"]["f"]); the
# F1 of an action unit is 0 where it has no true positive, as in that script. All texts are made of random words.
import json
import warnings

import numpy as np
from rouge import Rouge
from rouge_score import rouge_scorer
from sklearn import metrics

# Few words, so that the same word repeats and longest common subsequences are seldom unique.
WORDS = "the face The lips, lips AU12 corner (cheek) raised. raised and it's cafe café 3 e.g. smile;".split()
GAPS = [" ", " ", " ", "  ", "\n", ". ", ".", "! "]
UNITS = ["1", "2", "4", "5", "6", "10", "12", "17", "24", "25", "26", "43"]


def text(rng, words):
    return "".join(WORDS[rng.integers(len(WORDS))] + GAPS[rng.integers(len(GAPS))] for _ in range(words))


def rouge_case(seed):
    rng = np.random.default_rng(seed)
    reference = text(rng, int(rng.integers(1, 60)))
    # Every third is an edited copy of its reference, so that scores are spread over 0..1.
    prediction = text(rng, int(rng.integers(1, 60)))
    if seed % 3 == 0:
        prediction = reference[: len(reference) // 2] + text(rng, 5) + reference[len(reference) // 2 :]
    return {
        "prediction": prediction,
        "reference": reference,
        "rouge": Rouge().get_scores(prediction, reference, avg=True)["rouge-l"]["f"],
        "rougeScore": rouge_scorer.RougeScorer(["rougeL"]).score(reference, prediction)["rougeL"].fmeasure,
    }


def unit_case(name, seed, faces, density, skill):
    rng = np.random.default_rng(seed)
    truth = rng.random((faces, len(UNITS))) < density
    claimed = np.where(rng.random(truth.shape) < skill, truth, rng.random(truth.shape) < density)
    per_unit = [
        {
            "f1": metrics.f1_score(truth[:, i], claimed[:, i], zero_division=0),
            "precision": metrics.precision_score(truth[:, i], claimed[:, i], zero_division=0),
            "recall": metrics.recall_score(truth[:, i], claimed[:, i], zero_division=0),
            "accuracy": metrics.accuracy_score(truth[:, i], claimed[:, i]),
        }
        for i in range(len(UNITS))
    ]
    names = lambda rows: [[UNITS[i] for i in np.flatnonzero(row)] for row in rows]
    seen = truth.any(axis=0) | claimed.any(axis=0)
    return {
        "name": name,
        "truth": names(truth),
        "claimed": names(claimed),
        "meanF1": float(np.mean([one["f1"] for one in per_unit])),
        "meanF1Seen": float(np.mean([one["f1"] for one, s in zip(per_unit, seen) if s])) if seen.any() else 0,
        "perUnit": per_unit,
    }


def label_case(name, seed, items, unknown):
    """Macro scores as UniFER's script has them: over every label that is true or predicted, "unknown" among them."""
    rng = np.random.default_rng(seed)
    labels = np.array(["anger", "disgust", "fear", "happiness", "sadness"])
    truth = labels[rng.integers(4, size=items)]
    predicted = np.where(rng.random(items) < 0.5, truth, labels[rng.integers(5, size=items)])
    predicted = np.where(rng.random(items) < unknown, "unknown", predicted)
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        truth, predicted, average="macro", zero_division=0
    )
    return {
        "name": name,
        "truth": truth.tolist(),
        "predicted": [None if p == "unknown" else p for p in predicted.tolist()],
        "accuracy": metrics.accuracy_score(truth, predicted),
        "precision": precision,
        "recall": recall,
        "f1": f1,
    }


warnings.simplefilter("ignore")
print(
    json.dumps(
        {
            "units": UNITS,
            "rouge": [rouge_case(seed) for seed in range(40)],
            "unitCases": [
                unit_case("common units", 1, 40, 0.4, 0.5),
                unit_case("rare units, some never there", 2, 20, 0.04, 0.3),
                unit_case("nearly right", 3, 30, 0.3, 0.95),
                unit_case("no unit anywhere", 4, 5, 0, 0),
            ],
            "labelCases": [
                label_case("all read", 1, 50, 0),
                label_case("some unknown", 2, 50, 0.2),
                label_case("all unknown", 3, 10, 1),
            ],
        }
    )
)
