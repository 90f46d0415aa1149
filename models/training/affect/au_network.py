"""Action units of one face from its mesh and the trunk's detail map."""

import torch
from torch import nn
from torch.nn import functional as F

from .geometry import POINTS, HeadFrame
from .trunk import FULL

GEOMETRY = POINTS * 3 + 9


class ActionUnits(nn.Module):
    """(landmarks float32 [n, 468, 3], detail [n, detail, cells, cells]) -> presence logits [n, keys], intensity [n, keys] (0..5 once clamped).

    The detail map has `cells` = input size of the trunk / 16 cells a side."""

    def __init__(self, keys: int, mean: torch.Tensor, spread: torch.Tensor, cells: int, channels: int = 48, detail: int = FULL.widths[-2]) -> None:
        super().__init__()
        self.frame = HeadFrame()
        self.register_buffer("mean", mean)
        self.register_buffer("spread", spread)
        self.shape = nn.Sequential(nn.Linear(GEOMETRY, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 96), nn.ReLU())
        self.texture = nn.Sequential(
            nn.Dropout2d(0.1), nn.Conv2d(detail, channels, 1), nn.ReLU(), nn.Conv2d(channels, channels, 3, 1, 1), nn.ReLU(),
            nn.Flatten(), nn.Dropout(0.3), nn.Linear(channels * cells * cells, 160), nn.ReLU(),
        )  # fmt: skip
        self.presence = nn.Linear(96 + 160, keys)
        self.intensity = nn.Linear(96 + 160, keys)

    def forward(self, landmarks: torch.Tensor, detail: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        hidden = torch.cat([self.shape((self.frame(landmarks) - self.mean) / self.spread), self.texture(detail)], 1)
        return self.presence(hidden), self.intensity(hidden)


def loss_of(presence: torch.Tensor, intensity: torch.Tensor, targets: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Huber on intensity and cross-entropy on presence (degree A, 1, or more), where a target is known."""
    known = torch.isfinite(targets)
    safe = torch.where(known, targets, torch.zeros_like(targets))
    scale = weight * known
    degree = F.huber_loss(intensity, safe, delta=1.0, reduction="none")
    there = F.binary_cross_entropy_with_logits(presence, (safe >= 1).float(), reduction="none")
    return ((degree + 0.5 * there) * scale).sum() / scale.sum().clamp(min=1)


# A unit that the emotion makes less likely than this is taken to be at rest.
AT_REST = 0.1


def weak_loss_of(presence: torch.Tensor, intensity: torch.Tensor, weak: torch.Tensor, rest_share: float = 1.0) -> torch.Tensor:
    """Cross-entropy of presence with a probability [n, keys] (NaN unknown), and `rest_share` of Huber to 0 on intensity where it says rest."""
    known = torch.isfinite(weak)
    safe = torch.where(known, weak, torch.zeros_like(weak))
    there = F.binary_cross_entropy_with_logits(presence, safe, reduction="none")
    rest = F.huber_loss(intensity, torch.zeros_like(intensity), delta=1.0, reduction="none") * (safe < AT_REST)
    return ((rest_share * rest + 0.5 * there) * known).sum() / known.sum().clamp(min=1)
