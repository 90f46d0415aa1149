"""Metrics of a classifier with soft or hard targets."""

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    shifted = np.exp(logits - logits.max(1, keepdims=True))
    return shifted / shifted.sum(1, keepdims=True)


def calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error of the top label (Guo et al. 2017), equal-width bins."""
    top, right = probabilities.max(1), probabilities.argmax(1) == labels
    index = np.minimum((top * bins).astype(int), bins - 1)
    gaps = [abs(top[index == b].mean() - right[index == b].mean()) * (index == b).mean() for b in range(bins) if (index == b).any()]
    return float(sum(gaps))


def report(probabilities: np.ndarray, labels: np.ndarray) -> dict:
    """Accuracy, recalls, macro F1, calibration error, confusion matrix (rows: truth) over all columns."""
    classes = probabilities.shape[1]
    confusion = np.zeros((classes, classes), int)
    np.add.at(confusion, (labels, probabilities.argmax(1)), 1)
    right, truth, said = np.diag(confusion), confusion.sum(1), confusion.sum(0)
    recall = right / np.maximum(truth, 1)
    f1 = 2 * right / np.maximum(truth + said, 1)
    return {
        "n": int(len(labels)),
        "accuracy": float(right.sum() / len(labels)),
        "balancedAccuracy": float(recall[truth > 0].mean()),
        "macroF1": float(f1[truth > 0].mean()),
        "ece": calibration_error(probabilities, labels),
        "recall": recall.round(4).tolist(),
        "confusion": confusion.tolist(),
    }
