"""python -m affect.extend --release ../mien-affect --units runs/units --chosen keys.json --reader runs/reader --valid fer-valid --version 0.6.0 --out ../mien-affect

A release whose trunk and emotion layer stay as they are, with new action-unit heads and a reader of emotions over both.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from . import au_data, shipped
from .calibration import abstain_threshold
from .export import load_units, write_onnx
from .metrics import report, softmax
from .network import Deployed
from .reader import READ, EmotionReader
from .trunk import resampled


def load_reader(folder: Path) -> EmotionReader:
    reader = EmotionReader()
    reader.load_state_dict(torch.load(folder / "reader.pt", map_location="cpu", weights_only=False)["model"])
    return reader.eval()


def logits_of(weights: Path, faces: au_data.Faces) -> np.ndarray:
    """Emotion logits [n, 8] of an exported network, the mesh known."""
    session = onnxruntime.InferenceSession(str(weights))
    size = session.get_inputs()[0].shape[-1]
    fed = ({"crops": resampled(faces.crops[i : i + 64], size), "landmarks": faces.landmarks[i : i + 64]} for i in range(0, len(faces.crops), 64))
    return np.concatenate([session.run(["emotion_logits"], inputs)[0] for inputs in fed])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("release", "units", "chosen", "reader", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--valid", required=True)
    parser.add_argument("--version", required=True)
    options = parser.parse_args()
    manifest = json.loads((options.release / "manifest.json").read_text())
    network = shipped.load(options.release / manifest["file"])
    units, keys = load_units(options.units)
    chosen = json.loads(options.chosen.read_text())
    deployed = Deployed(network, network.trunk.size, 1.0, units, [keys.index(k) for k in chosen], None, load_reader(options.reader), [keys.index(k) for k in READ])
    options.out.mkdir(parents=True, exist_ok=True)
    weights = options.out / manifest["file"]
    write_onnx(deployed, weights, crop=network.trunk.size)
    valid = au_data.load(options.valid, keys)
    probabilities, labels = softmax(logits_of(weights, valid)), valid.shares.argmax(1)
    manifest["version"], manifest["labels"]["actionUnits"] = options.version, chosen
    manifest["sha256"] = hashlib.sha256(weights.read_bytes()).hexdigest()
    manifest["calibration"]["abstainBelow"] = round(abstain_threshold(probabilities, labels), 3)
    manifest["inputs"][0]["shape"] = [None, network.trunk.size, network.trunk.size]
    for output in manifest["outputs"]:
        if output["name"] in ("au_presence", "au_intensity"):
            output["shape"] = [None, len(chosen)]
    (options.out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    print(json.dumps(report(probabilities, labels), indent=1))


if __name__ == "__main__":
    main()
