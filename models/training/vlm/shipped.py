"""python -m vlm.shipped --release FOLDER --config vlm/small.json --affect weights.onnx --out RUN: a release as a run to go on from.

What a release learned is in its graphs, wherever its training runs are. The exporter renames products and turns them round, so a
model with weights of its own is exported beside it: where each of those weights has gone, the release's stands. Halves stay halves.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from . import config as configs
from . import tokenizer as tokens
from .config import VlmConfig
from .export import write_decoder, write_encoder
from .model import FROZEN, Vlm, fill

BITS, NEAR = 16, 2e-3


def _stored(graph: Path) -> dict[str, np.ndarray]:
    """By name; of weights that are equal the exporter keeps one, under whose name the others are read."""
    held = onnx.load(str(graph)).graph
    found = {tensor.name.removesuffix("_half"): numpy_helper.to_array(tensor).astype(np.float32) for tensor in held.initializer}
    for node in held.node:
        if node.op_type == "Identity" and node.input[0] in found:
            found[node.output[0]] = found[node.input[0]]
    return found


def _put(state: dict[str, torch.Tensor], marks: dict[str, np.ndarray], mark: np.ndarray, value: np.ndarray) -> None:
    """Writes `value` where `mark` came from: a whole weight, one turned round, or one number of a short one."""
    for name, own in marks.items():
        if mark.shape == own.shape and np.allclose(mark, own, atol=NEAR):
            state[name] = torch.from_numpy(value.copy())
        elif mark.ndim == 2 and mark.shape == own.shape[::-1] and np.allclose(mark.T, own, atol=NEAR):
            state[name] = torch.from_numpy(value.T.copy())
        elif mark.ndim == 0 and own.ndim == 1 and np.isclose(own, mark, atol=1e-7).any():
            state.setdefault(name, torch.full(own.shape, torch.nan))[int(np.argmin(np.abs(own - mark)))] = float(value)


def weights_of(release: Path, config: VlmConfig, affect: Path) -> dict[str, torch.Tensor]:
    """What was learned, by the names of the model. Throws ValueError where graphs and configuration differ in form."""
    model = Vlm(config.changed(lora_rank=0), affect).eval()
    generator = torch.Generator().manual_seed(1)
    learned = {name: weight for name, weight in model.state_dict().items() if not name.startswith(FROZEN)}
    for weight in (*model.eyes.parameters(), *model.decoder.parameters()):
        weight.data.copy_(torch.rand(weight.shape, generator=generator) - 0.5)
    marks = {name: weight.numpy().copy() for name, weight in learned.items()}
    state: dict[str, torch.Tensor] = {}
    with TemporaryDirectory() as folder:
        for name, write in (("encoder.onnx", lambda path: write_encoder(model, path)), ("decoder.onnx", lambda path: write_decoder(model, path, BITS))):
            write(Path(folder) / name)
            ours, theirs = _stored(Path(folder) / name), _stored(release / name)
            other = [key for key, mark in ours.items() if key not in theirs or mark.shape != theirs[key].shape]
            if other:
                raise ValueError(f"{release / name} is not of this configuration at {BITS} bits: {other[0]}")
            for key, mark in ours.items():
                _put(state, marks, mark, theirs[key])
    missing = [name for name in learned if name not in state or not torch.isfinite(state[name]).all()]
    if missing:
        raise ValueError(f"{release} does not hold {', '.join(missing[:3])}")
    return state


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("release", "config", "affect", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    tokenizer = tokens.load(options.release / "tokenizer.json")
    config = configs.load(options.config).changed(vocabulary=tokenizer.size)
    state = weights_of(options.release, config, options.affect)
    fill(Vlm(config, options.affect), state)
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer.save(options.out / "tokenizer.json")
    config.save(options.out / "config.json")
    torch.save({"model": state, "step": 0}, options.out / "checkpoint.pt")
    print(f"{len(state)} weights, {sum(weight.numel() for weight in state.values())} numbers")


if __name__ == "__main__":
    main()
