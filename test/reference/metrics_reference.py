# Expected values for test/unit/eval/metrics.test.ts, computed by scikit-learn.
#
#   python3 -m venv venv && venv/bin/pip install scikit-learn==1.9.1 numpy==2.4.6
#   venv/bin/python test/reference/metrics_reference.py > test/reference/metrics_reference.json
#
# ECE has no function in scikit-learn: it is written here from Guo et al. 2017 with numpy's own binning.
import json
import warnings

import numpy as np
from sklearn import metrics

CLASSES = 8
BINS = 15


def ece(truth, probabilities):
    top = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == truth
    # right=True: bins are open below and closed above.
    bins = np.digitize(top, np.linspace(0, 1, BINS + 1)[1:-1], right=True)
    return sum(
        (bins == b).mean() * abs(correct[bins == b].mean() - top[bins == b].mean()) for b in range(BINS) if (bins == b).any()
    )


def case(name, seed, items, sharpness, occurring, unread):
    rng = np.random.default_rng(seed)
    truth = rng.choice(occurring, size=items)
    logits = rng.normal(size=(items, CLASSES)) * sharpness
    logits[np.arange(items), truth] += sharpness
    exact = np.exp(logits - logits.max(axis=1, keepdims=True))
    exact /= exact.sum(axis=1, keepdims=True)
    # Written with five digits, and made to sum to 1 in these very digits.
    probabilities = np.round(exact, 5)
    probabilities[np.arange(items), exact.argmax(axis=1)] += 1 - probabilities.sum(axis=1)
    probabilities = np.round(probabilities, 5)
    missing = rng.random(items) < unread
    labels = list(range(CLASSES))
    # A class of its own stands for "no reading"; it is left out of `labels`.
    predicted = np.where(missing, CLASSES, probabilities.argmax(axis=1))
    read = ~missing
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        truth, predicted, labels=labels, zero_division=0
    )
    return {
        "name": name,
        "truth": truth.tolist(),
        "probabilities": [None if m else p for m, p in zip(missing.tolist(), probabilities.tolist())],
        "expected": {
            "accuracy": metrics.accuracy_score(truth, predicted),
            "balancedAccuracy": metrics.balanced_accuracy_score(truth, predicted),
            "macroPrecision": metrics.precision_score(
                truth, predicted, labels=labels, average="macro", zero_division=0
            ),
            "macroRecall": metrics.recall_score(truth, predicted, labels=labels, average="macro", zero_division=0),
            "macroF1": metrics.f1_score(truth, predicted, labels=labels, average="macro", zero_division=0),
            "macroF1Occurring": metrics.f1_score(
                truth, predicted, labels=sorted(set(truth.tolist())), average="macro", zero_division=0
            ),
            "precision": precision.tolist(),
            "recall": recall.tolist(),
            "f1": f1.tolist(),
            "support": support.tolist(),
            "confusion": metrics.confusion_matrix(truth[read], predicted[read], labels=labels).tolist(),
            "ece": ece(truth[read], probabilities[read]),
            "brier": metrics.brier_score_loss(truth[read], probabilities[read], labels=labels, scale_by_half=False),
            "nll": metrics.log_loss(truth[read], probabilities[read], labels=labels),
        },
    }


warnings.simplefilter("ignore")  # about the class that stands for "no reading"
everything = list(range(CLASSES))
print(
    json.dumps(
        [
            case("all classes, moderate", 1, 60, 1.5, everything, 0),
            case("all classes, nearly random", 2, 60, 0.3, everything, 0),
            case("all classes, very sure", 3, 60, 6, everything, 0),
            case("three classes occur", 4, 40, 1.5, [0, 1, 3], 0),
            case("one class occurs", 5, 12, 1, [6], 0),
            case("a fifth without a reading", 6, 50, 2, everything, 0.2),
        ]
    )
)
