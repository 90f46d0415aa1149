"""From logits to probabilities of the majority label, and when to abstain."""

import numpy as np
import torch
from torch.nn import functional as F


def top_label_temperature(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """Temperature that minimises the negative log-likelihood of the majority label: calibrates how sure the top label is."""
    grid = np.exp(np.linspace(np.log(0.2), np.log(3), 600))
    losses = [F.cross_entropy(logits / t, labels).item() for t in grid]
    return float(grid[int(np.argmin(losses))])


def bias_corrected_temperature(logits: torch.Tensor, labels: torch.Tensor, penalty: float = 0.01) -> tuple[float, torch.Tensor]:
    """Temperature t and a bias per emotion b that minimise the negative log-likelihood of the majority label under
    logits / t + b, and penalty times |b| squared (bias-corrected temperature scaling, Alexandari et al. 2020).

    Training drew rare emotions more often and learned vote shares; the bias takes that back where the label is the majority.
    """
    scale = torch.zeros((), dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(logits.shape[1], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([scale, bias], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        value = F.cross_entropy(logits.double() * scale.exp() + bias, labels) + penalty * bias.square().sum()
        value.backward()
        return value

    optimiser.step(loss)
    return float((-scale).exp().detach()), bias.detach().float()


def abstain_threshold(probabilities: np.ndarray, labels: np.ndarray, wanted: float = 0.4, least: int = 50) -> float:
    """Largest top probability such that of all faces (at least `least`) up to it fewer than `wanted` have the right top label; 0 if there is none."""
    order = np.argsort(probabilities.max(1))
    right = (probabilities.argmax(1) == labels)[order]
    share = right.cumsum() / np.arange(1, len(right) + 1)
    poor = np.flatnonzero(share[least - 1 :] < wanted)
    return float(probabilities.max(1)[order[poor[-1] + least - 1]]) if len(poor) else 0.0
