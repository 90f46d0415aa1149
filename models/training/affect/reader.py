"""What a face shows, from all evidence: the trunk's own reading of the emotion, and the action units.

The trunk learned from FER+, where anger, fear and disgust are rare and a weak frown counts as neutral; its reading carries that
along wherever it looks. Action units carry nothing of the kind: a brow that is down is down in every set. The reader weighs both.
"""

import torch
from torch import nn
from torch.nn import functional as F

from .data import EMOTIONS

HIDDEN = 48
# Least log-probability that still tells something, and the scales that bring all evidence to about 1.
LEAST, LOGITS, PRESENCE, INTENSITY = -12.0, 3.0, 3.0, 2.0
# The units that the reader weighs: whole ones, without the sides; 16, 18, 34 and 45 belong to speech and blinks.
READ = ["1", "2", "4", "5", "6", "7", "9", "10", "12", "14", "15", "17", "20", "22", "23", "24", "25", "26", "27", "28"]


class EmotionReader(nn.Module):
    """(the trunk's calibrated logits [n, 8], presence logits [n, READ], intensity [n, READ], known [n, 1]) -> logits [n, 8].

    Where the mesh is not known (0) the trunk's reading stands as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.trust = nn.Linear(len(EMOTIONS), len(EMOTIONS))
        self.weigh = nn.Sequential(nn.Linear(len(EMOTIONS) + 2 * len(READ), HIDDEN), nn.ReLU(), nn.Dropout(0.2), nn.Linear(HIDDEN, len(EMOTIONS)))
        nn.init.eye_(self.trust.weight)
        nn.init.zeros_(self.trust.bias)

    def forward(self, logits: torch.Tensor, presence: torch.Tensor, intensity: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
        told = F.log_softmax(logits, 1).clamp(min=LEAST)
        evidence = torch.cat([told / LOGITS, presence.clamp(-6, 6) / PRESENCE, intensity.clamp(0, 5) / INTENSITY], 1)
        return known * (self.trust(told) + self.weigh(evidence)) + (1 - known) * logits


def leaning(logits: torch.Tensor, lean: float, fade: float) -> torch.Tensor:
    """Logits as the trunk gives them away from the faces it learned: half of them lean to neutral by up to `lean`, all lose up to the share `fade`."""
    count = len(logits)
    neutral = torch.zeros_like(logits)
    neutral[:, 0] = lean * torch.rand(count) * (torch.rand(count) < 0.5)
    return logits * (1 - fade * torch.rand(count, 1)) + neutral
