"""An exported mien-affect as a network to go on from: what a release learned is in its file, wherever its training runs are."""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from .au_network import GEOMETRY, ActionUnits
from .network import Network
from .trunk import FULL, WIDENS, Form, Trunk


def _stored(weights: Path) -> dict[str, np.ndarray]:
    tensors = onnx.load(str(weights)).graph.initializer
    return {tensor.name.removesuffix("_half"): numpy_helper.to_array(tensor).astype(np.float32) for tensor in tensors}


def _fill(module: torch.nn.Module, stored: dict[str, np.ndarray], prefix: str) -> None:
    module.load_state_dict({name: torch.from_numpy(stored[prefix + name].copy()) for name in module.state_dict()})
    module.eval()


def _cells(stored: dict[str, np.ndarray]) -> int:
    """Cells a side of the detail map that the heads take."""
    return round((stored["units.texture.7.weight"].shape[1] / len(stored["units.texture.3.bias"])) ** 0.5)


def _form(weights: Path, stored: dict[str, np.ndarray]) -> Form:
    """A release without heads is of the full size."""
    nodes = onnx.load(str(weights)).graph.node
    convolved = {output for node in nodes if node.op_type == "Conv" for output in node.output}
    clips = any(node.op_type == "Clip" and node.input[0] in convolved for node in nodes)
    widths = [len(stored["trunk.stem.bias"]), *(len(stored[f"trunk.layers.{2 * block - 1}.bias"]) for block in WIDENS)]
    return Form(tuple(widths), 16 * _cells(stored) if "units.texture.7.weight" in stored else FULL.size, "relu6" if clips else "relu")


def load(weights: Path) -> Network:
    """The trunk and the emotion layer of a `weights.onnx`; its logits are calibrated already. Throws KeyError naming what is missing."""
    stored = _stored(weights)
    network = Network(Trunk(_form(weights, stored)), len(stored["emotion.bias"]), 0.0)
    _fill(network, stored, "")
    return network


def load_units(weights: Path, keys: int | None = None) -> ActionUnits:
    """The action-unit heads of a `weights.onnx`, with all keys they were trained on; with more `keys`, the new ones come last and know nothing."""
    stored = _stored(weights)
    for name in ("presence", "intensity") if keys else ():
        more = keys - len(stored[f"units.{name}.bias"])
        stored[f"units.{name}.weight"] = np.pad(stored[f"units.{name}.weight"], ((0, more), (0, 0)))
        stored[f"units.{name}.bias"] = np.pad(stored[f"units.{name}.bias"], (0, more))
    channels, detail = stored["units.texture.1.weight"].shape[:2]
    heads = ActionUnits(len(stored["units.presence.bias"]), torch.zeros(GEOMETRY), torch.ones(GEOMETRY), _cells(stored), channels, detail)
    _fill(heads, stored, "units.")
    return heads
