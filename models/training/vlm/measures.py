"""Numbers about answers: calibration, F1 of claimed units, retrieval among faces with the same labels."""

import numpy as np


def calibration_error(probabilities: np.ndarray, shares: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error of the most likely label: probabilities [n, k] against how many agree with it, shares [n, k] of the
    votes; with one-hot shares of the majority it is the usual one."""
    sure, right = probabilities.max(1), np.take_along_axis(shares, probabilities.argmax(1)[:, None], 1)[:, 0]
    place = np.minimum((sure * bins).astype(int), bins - 1)
    return float(sum(abs(right[place == b].mean() - sure[place == b].mean()) * (place == b).mean() for b in range(bins) if (place == b).any()))


def vote_nll(probabilities: np.ndarray, shares: np.ndarray) -> float:
    """Mean cross-entropy [nats] of vote shares [n, k] under probabilities [n, k]."""
    return float(-(shares * np.log(np.clip(probabilities, 1e-4, 1))).sum(1).mean())


def unit_f1(claimed: np.ndarray, there: np.ndarray) -> np.ndarray:
    """F1 per unit of bool [n, units]; NaN where a unit is in no face."""
    hit, both = (claimed & there).sum(0), claimed.sum(0) + there.sum(0)
    return np.where(there.any(0), 2 * hit / np.maximum(both, 1), np.nan)


def tempered(log_probabilities: np.ndarray, temperature: float, bias: np.ndarray) -> np.ndarray:
    """Label log probabilities [n, k] -> probabilities over the labels alone, with a temperature and a bias per label."""
    z = log_probabilities / temperature + bias
    z = np.exp(z - z.max(1, keepdims=True))
    return z / z.sum(1, keepdims=True)


def fitted(log_probabilities: np.ndarray, shares: np.ndarray) -> float:
    """The temperature of lowest vote NLL, from a grid."""
    zero = np.zeros(log_probabilities.shape[1])
    grid = np.exp(np.linspace(-1, 1, 41))
    return float(min(grid, key=lambda t: vote_nll(tempered(log_probabilities, t, zero), shares)))


def groups_alike(labels: list[tuple], size: int, rng: np.random.Generator, most: int) -> list[np.ndarray]:
    """Rows of faces that share all labels, in groups of `size`, at most `most` groups, drawn at random without repeats."""
    by: dict[tuple, list[int]] = {}
    for row, key in enumerate(labels):
        by.setdefault(key, []).append(row)
    found = []
    for rows in by.values():
        rows = rng.permutation(rows)
        found += [rows[at : at + size] for at in range(0, len(rows) - size + 1, size)]
    return [found[i] for i in rng.permutation(len(found))[:most]]
