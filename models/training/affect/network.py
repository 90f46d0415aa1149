"""mien-affect: one trunk, a head for emotions, a head for action units; and the graph that is shipped."""

import torch
from torch import nn

from .au_network import ActionUnits
from .facenet import FaceNet
from .reader import EmotionReader
from .trunk import Trunk, normalised


class Network(nn.Module):
    """float32 [n, 1, size, size], normalised for the trunk -> emotion logits [n, classes]."""

    def __init__(self, trunk: Trunk | FaceNet, classes: int, dropout: float) -> None:
        super().__init__()
        self.trunk = trunk
        self.dropout = nn.Dropout(dropout)
        self.emotion = nn.Linear(trunk.features, classes)
        nn.init.zeros_(self.emotion.weight)
        nn.init.zeros_(self.emotion.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.emotion(self.dropout(self.trunk(x).float()))


class Deployed(nn.Module):
    """(crops uint8 [n, s, s], landmarks float32 [n, 468, 3]) -> calibrated emotion logits [n, 8], and with action units
    presence logits [n, keys] and intensity 0..5 [n, keys]. Normalisation, and enlargement of smaller crops, are inside. With a reader, emotions are read
    from the action units too, of faces whose mesh is not all zero; `read` are the columns of its units."""

    def __init__(self, network: Network, size: int, temperature: float, units: ActionUnits | None, chosen: list[int], bias: torch.Tensor | None = None, reader: EmotionReader | None = None, read: list[int] | None = None) -> None:  # fmt: skip
        super().__init__()
        self.size, self.trunk, self.units = size, network.trunk, units
        self.emotion = nn.Linear(network.emotion.in_features, network.emotion.out_features)
        self.emotion.weight.data = network.emotion.weight.data / temperature
        self.emotion.bias.data = network.emotion.bias.data / temperature + (0 if bias is None else bias)
        self.register_buffer("chosen", torch.tensor(chosen, dtype=torch.long))
        self.reader = reader
        self.register_buffer("read", torch.tensor(read or [], dtype=torch.long))

    def forward(self, crops: torch.Tensor, landmarks: torch.Tensor) -> tuple[torch.Tensor, ...]:
        features, detail = self.trunk.both(normalised(crops, self.size))
        logits = self.emotion(features)
        if self.units is None:
            return (logits,)
        presence, intensity = self.units(landmarks, detail)
        if self.reader is not None:
            known = (landmarks.abs().sum((1, 2)) > 0).to(logits.dtype)[:, None]
            logits = self.reader(logits, presence[:, self.read], intensity[:, self.read], known)
        return logits, presence[:, self.chosen], intensity[:, self.chosen].clamp(0, 5)
