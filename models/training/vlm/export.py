"""python -m vlm.export --run RUN --affect weights.onnx --out FOLDER [--bits 16]: encoder.onnx, decoder.onnx, tokenizer.json, config.json.

FORMAT.md says what goes in and out. The graphs are compared with PyTorch before they are written as they are shipped.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import nn

from affect.export import ALIGNMENT, _fold_padding, _halve

from . import config as configs
from . import tokenizer as tokens
from .decoder import BLOCKED
from .model import Vlm, fill
from .names import ASKED, EMOTIONS, KEYS, UNITS

BLOCK = 32  # weights that share one scale
VERSION = "0.2.0"


class Encoder(nn.Module):
    """(crops uint8 [n, 144, 144], landmarks float32 [n, 468, 3]) -> prefix float32 [n, p, width]."""

    def __init__(self, model: Vlm) -> None:
        super().__init__()
        self.model = model

    def forward(self, crops: torch.Tensor, landmarks: torch.Tensor) -> torch.Tensor:
        return self.model.prefix(crops, landmarks)


class Step(nn.Module):
    """(prefix float32 [n, p, width], p may be 0; tokens int64 [n, t]; positions int64 [n, p + t]; real float32 [n, s + p + t], 1 where
    something stands; past float32 [layers, 2, n, kv heads, s, size], s may be 0) -> logits float32 [n, t, vocabulary], present."""

    def __init__(self, model: Vlm) -> None:
        super().__init__()
        self.decoder = model.decoder

    def forward(self, prefix: torch.Tensor, tokens: torch.Tensor, positions: torch.Tensor, real: torch.Tensor, past: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = torch.cat([prefix, self.decoder.embedding(tokens)], 1)
        size, total = x.shape[1], real.shape[1]
        places = torch.arange(total)
        later = (places[None] > places[total - size :][:, None]).to(x.dtype)
        mask = ((1 - real)[:, None] + later[None]).clamp(max=1)[:, None] * BLOCKED
        hidden, present = self.decoder(x, positions, mask, past)
        return self.decoder.logits(hidden[:, prefix.shape[1] :]), present


def write_encoder(model: Vlm, path: Path) -> None:
    example = (torch.zeros(2, 144, 144, dtype=torch.uint8), torch.rand(2, 468, 3))
    axes = {name: {0: "face"} for name in ("crops", "landmarks", "prefix")}
    torch.onnx.export(Encoder(model).eval(), example, str(path), input_names=["crops", "landmarks"], output_names=["prefix"], dynamic_axes=axes, opset_version=17, dynamo=False)
    graph = onnx.load(str(path))
    del graph.graph.value_info[:]
    _fold_padding(graph)
    _halve(graph)
    onnx.save(graph, str(path))


def write_decoder(model: Vlm, path: Path, bits: int) -> None:
    """bits 32: float32 as trained; 16: stored as halves; 8 or 4: MatMulNBits with a scale for every 32 weights, embedding as halves."""
    config = model.config
    size = config.width // config.heads
    example = (torch.rand(2, 3, config.width), torch.zeros(2, 4, dtype=torch.long), torch.arange(7).expand(2, -1), torch.ones(2, 12), torch.rand(config.layers, 2, 2, config.kv_heads, 5, size))
    names = ["prefix", "tokens", "positions", "real", "past"]
    axes = {
        "prefix": {0: "n", 1: "p"}, "tokens": {0: "n", 1: "t"}, "positions": {0: "n", 1: "p+t"}, "real": {0: "n", 1: "s+p+t"},
        "past": {2: "n", 4: "s"}, "logits": {0: "n", 1: "t"}, "present": {2: "n", 4: "s+p+t"},
    }  # fmt: skip
    torch.onnx.export(Step(model).eval(), example, str(path), input_names=names, output_names=["logits", "present"], dynamic_axes=axes, opset_version=17, dynamo=False)
    graph = onnx.load(str(path))
    del graph.graph.value_info[:]
    if bits < 16:
        _quantise(graph, bits)
    if bits < 32:
        _halve(graph)
    onnx.save(graph, str(path))


def quantised(weight: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """Matrix [inputs, outputs] -> uint8 [outputs, blocks, BLOCK * bits / 8] and scales float32 [outputs * blocks], symmetric about the
    middle of the range, as MatMulNBits reads them without zero points."""
    inputs, outputs = weight.shape
    blocks = weight.T.reshape(outputs, inputs // BLOCK, BLOCK)
    half = 2 ** (bits - 1)
    widest = np.take_along_axis(blocks, np.abs(blocks).argmax(2, keepdims=True), 2)
    scale = np.where(widest == 0, 1, widest / -half)
    codes = np.clip(np.round(blocks / scale) + half, 0, 2 * half - 1).astype(np.uint8)
    return (codes[..., 0::2] | codes[..., 1::2] << 4) if bits == 4 else codes, scale.astype(np.float32).reshape(-1)


def _quantise(graph: onnx.ModelProto, bits: int) -> None:
    """Turns products with a constant matrix into MatMulNBits (com.microsoft)."""
    stored = {t.name: t for t in graph.graph.initializer}
    reads = [name for node in graph.graph.node for name in node.input]
    nodes = []
    for node in graph.graph.node:
        tensor = stored.get(node.input[1]) if node.op_type == "MatMul" else None
        weight = None if tensor is None else numpy_helper.to_array(tensor)
        if weight is None or weight.ndim != 2 or weight.shape[0] % BLOCK:
            nodes.append(node)
            continue
        codes, scale = quantised(weight, bits)
        names = [f"{node.name}_codes", f"{node.name}_scale"]
        graph.graph.initializer.extend([numpy_helper.from_array(codes, names[0]), numpy_helper.from_array(scale, names[1])])
        nodes.append(helper.make_node("MatMulNBits", [node.input[0], *names], node.output, node.name, domain="com.microsoft", K=weight.shape[0], N=weight.shape[1], bits=bits, block_size=BLOCK))
        if reads.count(tensor.name) == 1:
            graph.graph.initializer.remove(tensor)
    del graph.graph.node[:]
    graph.graph.node.extend(nodes)
    graph.opset_import.append(helper.make_opsetid("com.microsoft", 1))


def describe(model: Vlm, tokenizer: tokens.Tokenizer, bits: int) -> dict[str, object]:
    """config.json: everything a runtime needs beside the graphs."""
    config = model.config
    return {
        "id": "mien-vlm", "version": VERSION, "width": config.width, "prefix": config.prefix, "layers": config.layers, "kvHeads": config.kv_heads,
        "headSize": config.width // config.heads, "vocabulary": tokenizer.size, "bits": bits, "special": tokenizer.special,
        "longestAnswer": 160, "alignment": ALIGNMENT, "emotions": EMOTIONS, "asked": ASKED, "actionUnits": KEYS, "unitNames": {u: UNITS[u][1] for u in KEYS},
    }  # fmt: skip


def write_release(model: Vlm, tokenizer: tokens.Tokenizer, folder: Path, bits: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    model.eval()
    for layer in model.decoder.modules():
        if hasattr(layer, "merge"):
            layer.merge()
    write_encoder(model, folder / "encoder.onnx")
    write_decoder(model, folder / "decoder.onnx", bits)
    tokenizer.save(folder / "tokenizer.json")
    told = describe(model, tokenizer, bits)
    told["sha256"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("encoder.onnx", "decoder.onnx", "tokenizer.json")}
    (folder / "config.json").write_text(json.dumps(told, indent=1) + "\n")


def load_run(run: Path, affect: Path) -> tuple[Vlm, tokens.Tokenizer]:
    model = Vlm(configs.load(run / "config.json"), affect)
    fill(model, torch.load(run / "checkpoint.pt", map_location="cpu")["model"])
    return model.eval(), tokens.load(run / "tokenizer.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("run", "affect", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--bits", type=int, choices=(4, 8, 16, 32), default=16)
    options = parser.parse_args()
    model, tokenizer = load_run(options.run, options.affect)
    write_release(model, tokenizer, options.out, options.bits)
    print(json.dumps({f.name: f.stat().st_size for f in sorted(options.out.iterdir())}))


if __name__ == "__main__":
    main()
