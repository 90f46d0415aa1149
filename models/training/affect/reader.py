"""What a face shows, from all evidence: the trunk's own reading of the emotion, and the action units.

The trunk learned from FER+, where anger, fear and disgust are rare and a weak frown counts as neutral; its reading carries that
along wherever it looks. Action units carry nothing of the kind: a brow that is down is down in every set. The reader weighs both.
"""

import torch
from torch import nn
from torch.nn import functional as F

from .data import EMOTIONS

HIDDEN = 48


class EmotionReader(nn.Module):
    """(trunk's calibrated logits [n, 8], presence logits [n, units], intensity [n, units], known [n, 1]) -> logits [n, 8].

    Where the mesh is not known (0) the trunk's reading stands as it is."""

    def __init__(self, units: int) -> None:
        super().__init__()
        size = len(EMOTIONS) + 2 * units
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("spread", torch.ones(size))
        self.hidden = nn.Sequential(nn.Linear(size, HIDDEN), nn.ReLU(), nn.Dropout(0.2), nn.Linear(HIDDEN, len(EMOTIONS)))
        self.trust = nn.Linear(len(EMOTIONS), len(EMOTIONS))
        nn.init.eye_(self.trust.weight)
        nn.init.zeros_(self.trust.bias)
        nn.init.zeros_(self.hidden[-1].weight)
        nn.init.zeros_(self.hidden[-1].bias)

    def evidence(self, logits: torch.Tensor, presence: torch.Tensor, intensity: torch.Tensor) -> torch.Tensor:
        return torch.cat([F.log_softmax(logits, 1).clamp(min=-12), presence.clamp(-8, 8), intensity.clamp(0, 5)], 1)

    def forward(self, logits: torch.Tensor, presence: torch.Tensor, intensity: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
        seen = (self.evidence(logits, presence, intensity) - self.mean) / self.spread
        read = self.trust(F.log_softmax(logits, 1).clamp(min=-12)) + self.hidden(seen)
        return known * read + (1 - known) * logits
