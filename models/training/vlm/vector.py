"""python -m vlm.vector --release FOLDER: writes FOLDER/vector.json, what the graphs and the tokenizer must give for a picture anybody can make.

crops[n][y][x] = (7 x + 3 y + 40 n + floor(x y / 32)) mod 256, landmarks by affect.vector; one question to each of the faces, of different lengths.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime

from affect.vector import landmarks

from .graphs import Graphs

SIDE = 144
QUESTIONS = ["Which emotion does this face show?", "List the action units of the face, nothing else.", "Déjà vu: is AU12 active?"]
FIRST = 16  # values of each row that are recorded


def pattern(count: int) -> np.ndarray:
    n, y, x = np.meshgrid(np.arange(count), np.arange(SIDE), np.arange(SIDE), indexing="ij")
    return ((7 * x + 3 * y + 40 * n + x * y // 32) % 256).astype(np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", type=Path, required=True)
    options = parser.parse_args()
    graphs = Graphs(options.release)
    prefix = graphs.prefix(pattern(len(QUESTIONS)), landmarks(len(QUESTIONS)))
    said, first = graphs.answers(prefix, QUESTIONS)

    def short(values: np.ndarray) -> list[list[float]]:
        return [[float(f"{v:.6g}") for v in row[:FIRST]] for row in values.reshape(len(values), -1)]

    vector = {
        "engine": f"onnxruntime {onnxruntime.__version__} (Python)", "questions": QUESTIONS,
        "questionTokens": [graphs.tokenizer.encode(q) for q in QUESTIONS], "prefix": short(prefix), "firstLogits": short(first),
        "answerTokens": said, "answers": [graphs.tokenizer.decode(line) for line in said], "tolerance": 0.02,
    }  # fmt: skip
    (options.release / "vector.json").write_text(json.dumps(vector) + "\n")


if __name__ == "__main__":
    main()
