"""The shipped graphs as a runtime uses them: the reference for the product's engine, in numpy and ONNX Runtime."""

import json
from pathlib import Path

import numpy as np
import onnxruntime

from . import tokenizer as tokens


class Graphs:
    """A release folder; `prefix` and `answers` as in vlm.speak, by FORMAT.md."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.config = json.loads((folder / "config.json").read_text())
        self.tokenizer = tokens.load(folder / "tokenizer.json")
        self.encoder, self.decoder = (onnxruntime.InferenceSession(str(folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"]) for name in ("encoder", "decoder"))

    def prefix(self, crops: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
        return self.encoder.run(None, {"crops": crops, "landmarks": landmarks})[0]

    def answers(self, prefix: np.ndarray, questions: list[str], longest: int = 160) -> tuple[list[list[int]], np.ndarray]:
        """Token ids of the likeliest answers without <end>, and the logits [n, vocabulary] of their first tokens."""
        special, count, faces = self.tokenizer.special, len(questions), self.config["prefix"]
        lines = [[special["<ask>"], *self.tokenizer.encode(q), special["<say>"]] for q in questions]
        size = max(map(len, lines))
        chosen = np.array([[special["<pad>"]] * (size - len(line)) + line for line in lines])
        real = np.concatenate([np.ones((count, faces)), chosen != special["<pad>"]], 1).astype(np.float32)
        places = np.maximum(real.cumsum(1) - 1, 0).astype(np.int64)
        past = np.zeros((self.config["layers"], 2, count, self.config["kvHeads"], 0, self.config["headSize"]), np.float32)
        said: list[list[int]] = [[] for _ in questions]
        done, first = np.zeros(count, bool), None
        for _ in range(longest):
            logits, past = self.decoder.run(None, {"prefix": prefix, "tokens": chosen, "positions": places, "real": real, "past": past})
            first = logits[:, -1] if first is None else first
            best = logits[:, -1].argmax(1)
            done |= best == special["<end>"]
            for row in np.flatnonzero(~done):
                said[row].append(int(best[row]))
            if done.all():
                break
            real = np.concatenate([real, np.ones((count, 1), np.float32)], 1)
            chosen, places, prefix = best[:, None], (real.sum(1, keepdims=True) - 1).astype(np.int64), prefix[:, :0]
        return said, first
