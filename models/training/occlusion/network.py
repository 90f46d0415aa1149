"""A small convolutional network: how much of each part of a face is visible, from one gray crop."""

import torch
from torch import nn

from .mesh import SIZE
from .parts import PARTS

WIDTHS = (24, 48, 64, 96, 128)


def _separable(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False), nn.BatchNorm2d(inputs), nn.ReLU(),
        nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
    )  # fmt: skip


class Visibility(nn.Module):
    """Crops float32 [n, 1, 64, 64], each normalised, to logits [n, 9]. 1.6 million multiply-adds."""

    def __init__(self, dropout: float = 0.2) -> None:
        super().__init__()
        a, b, c, d, e = WIDTHS
        self.body = nn.Sequential(
            nn.Conv2d(1, a, 7, 4, 3, bias=False), nn.BatchNorm2d(a), nn.ReLU(),
            _separable(a, b, 1), _separable(b, c, 2), _separable(c, d, 1), _separable(d, e, 2), _separable(e, e, 1),
        )  # fmt: skip
        # Where something lies matters: every place of the last map has weights of its own.
        self.part = nn.Sequential(nn.Flatten(), nn.Dropout(dropout), nn.Linear(e * (SIZE // 16) ** 2, len(PARTS)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.part(self.body(x))


def normalised(crops: torch.Tensor) -> torch.Tensor:
    """uint8 or float32 0..255 [n, 64, 64] to [n, 1, 64, 64]: each crop about its own mean, by its own spread (at least 16 levels)."""
    x = crops.float()[:, None]
    centred = x - x.mean((1, 2, 3), keepdim=True)
    spread = centred.pow(2).mean((1, 2, 3), keepdim=True).sqrt()
    return centred / (spread + 16)


class Deployed(nn.Module):
    """What is exported: uint8 crops to visibility 0..1, put right by a slope and a shift per part."""

    def __init__(self, network: Visibility, slope: torch.Tensor, shift: torch.Tensor) -> None:
        super().__init__()
        self.network = network.eval()
        self.register_buffer("slope", slope)
        self.register_buffer("shift", shift)

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.network(normalised(crops)) * self.slope + self.shift)
