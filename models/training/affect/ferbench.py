"""python -m affect.ferbench --weights weights.onnx --data ferplus.npz --questions ferbench-ferplus.json: the FERPlus part of FERBench."""

import argparse
import json
import re

import numpy as np
import onnxruntime

from . import data
from .metrics import report, softmax

# FERBench's names of the FER+ classes, where they differ.
NAMES = {"happy": "happiness", "sad": "sadness", "angry": "anger"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--questions", required=True)
    options = parser.parse_args()
    images = data.by_id(options.data)
    with open(options.questions, encoding="utf8") as file:
        questions = json.load(file)
    crops = np.stack([images[int(re.search(r"(\d+)\.png", q["image_path"])[1])] for q in questions])
    labels = np.array([data.EMOTIONS.index(NAMES.get(q["true_label"], q["true_label"])) for q in questions])
    session = onnxruntime.InferenceSession(options.weights)
    logits = np.concatenate([session.run(None, {"crops": crops[i : i + 64]})[0] for i in range(0, len(crops), 64)])
    print(json.dumps(report(softmax(logits), labels), indent=1))


if __name__ == "__main__":
    main()
