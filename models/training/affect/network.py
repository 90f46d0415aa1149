"""A plain stack of 3x3 convolutions at run time, trained with parallel branches (RepVGG, Ding et al. 2021)."""

import torch
from torch import nn
from torch.nn import functional as F

MEAN, SPREAD = 0.5, 0.25


class Branches(nn.Module):
    """3x3 and 1x1 convolutions and, where shapes allow, the identity, each with batch norm; their sum, then ReLU."""

    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.wide = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.wide_norm = nn.BatchNorm2d(outputs)
        self.narrow = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
        self.narrow_norm = nn.BatchNorm2d(outputs)
        self.identity_norm = nn.BatchNorm2d(outputs) if inputs == outputs and stride == 1 else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.wide_norm(self.wide(x)) + self.narrow_norm(self.narrow(x))
        if self.identity_norm is not None:
            y = y + self.identity_norm(x)
        return F.relu(y)

    def fused(self) -> nn.Conv2d:
        """One 3x3 convolution that computes the same sum."""
        weight, bias = _fold(self.wide.weight, self.wide_norm)
        narrow_weight, narrow_bias = _fold(F.pad(self.narrow.weight, (1, 1, 1, 1)), self.narrow_norm)
        weight, bias = weight + narrow_weight, bias + narrow_bias
        if self.identity_norm is not None:
            channels = self.wide.out_channels
            identity = torch.zeros_like(self.wide.weight)
            identity[range(channels), range(channels), 1, 1] = 1
            identity_weight, identity_bias = _fold(identity, self.identity_norm)
            weight, bias = weight + identity_weight, bias + identity_bias
        return _conv(weight, bias, self.wide.stride)


def _fold(weight: torch.Tensor, norm: nn.BatchNorm2d) -> tuple[torch.Tensor, torch.Tensor]:
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return weight * scale[:, None, None, None], norm.bias - norm.running_mean * scale


def _conv(weight: torch.Tensor, bias: torch.Tensor, stride: tuple[int, int]) -> nn.Conv2d:
    conv = nn.Conv2d(weight.shape[1], weight.shape[0], 3, stride, 1)
    conv.weight.data, conv.bias.data = weight.detach().clone(), bias.detach().clone()
    return conv


class Network(nn.Module):
    """float32 [n, 1, size, size], normalised -> logits [n, classes]. `widths` and `depths` are per resolution."""

    def __init__(self, widths: list[int], depths: list[int], classes: int, dropout: float):
        super().__init__()
        layers: list[nn.Module] = [
            nn.Conv2d(1, widths[0], 3, 2, 1, bias=False),
            nn.BatchNorm2d(widths[0]),
            nn.ReLU(),
        ]
        channels = widths[0]
        for stage, (width, depth) in enumerate(zip(widths, depths, strict=True)):
            for block in range(depth):
                layers.append(Branches(channels, width, 2 if block == 0 and stage > 0 else 1))
                channels = width
        self.trunk = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.emotion = nn.Linear(channels, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.emotion(self.dropout(self.trunk(x).mean((2, 3))))


class Deployed(nn.Module):
    """uint8 [n, size, size] -> calibrated logits [n, classes]: branches fused, normalisation and temperature inside."""

    def __init__(self, network: Network, temperature: float):
        super().__init__()
        layers: list[nn.Module] = []
        stem, norm = network.trunk[0], network.trunk[1]
        layers += [_conv(*_fold(stem.weight, norm), stem.stride), nn.ReLU()]
        for block in network.trunk[3:]:
            layers += [block.fused(), nn.ReLU()]
        self.trunk = nn.Sequential(*layers)
        self.emotion = nn.Linear(network.emotion.in_features, network.emotion.out_features)
        self.emotion.weight.data = network.emotion.weight.data / temperature
        self.emotion.bias.data = network.emotion.bias.data / temperature

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        x = (crops.unsqueeze(1).float() * (1 / 255) - MEAN) / SPREAD
        return self.emotion(self.trunk(x).mean((2, 3)))


def normalised(images: torch.Tensor) -> torch.Tensor:
    """uint8 [n, size, size] -> float32 [n, 1, size, size] as the network takes it."""
    return (images[:, None].float() / 255 - MEAN) / SPREAD
