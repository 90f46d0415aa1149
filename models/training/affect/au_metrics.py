"""Agreement with known intensities: AUC, ICC(3,1), Pearson."""

import numpy as np


def auc(scores: np.ndarray, present: np.ndarray) -> float:
    """Area under the ROC curve by ranks (Mann-Whitney), ties counted half; NaN with one class only."""
    positives, negatives = int(present.sum()), int((~present).sum())
    if positives == 0 or negatives == 0:
        return float("nan")
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[present].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def icc31(a: np.ndarray, b: np.ndarray) -> float:
    """ICC(3,1), consistency of two raters, two-way mixed, single measures (Shrout & Fleiss 1979)."""
    both = np.stack([a, b], 1).astype(float)
    n, k = both.shape
    subjects = k * ((both.mean(1) - both.mean()) ** 2).sum() / (n - 1)
    residual = both - both.mean(1, keepdims=True) - both.mean(0, keepdims=True) + both.mean()
    error = (residual**2).sum() / ((n - 1) * (k - 1))
    return float((subjects - error) / (subjects + (k - 1) * error))


def pearson(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a, b)[0, 1])
