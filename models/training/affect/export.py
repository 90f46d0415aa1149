"""python -m affect.export --run runs/a --data ferplus.npz --out ../mien-affect: calibrates on valid, writes weights and manifest."""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from torch.nn import functional as F

from . import data
from .metrics import report, softmax
from .network import Deployed, Network
from .train import build, logits_of

# Valence (unpleasant -1 .. pleasant 1) and arousal (calm -1 .. excited 1) of the emotion words; neutral is the origin.
CIRCUMPLEX = json.loads(Path(__file__).with_name("circumplex.json").read_text())
# Mean position of eye centres and mouth centre on FER+ train faces (see README), made symmetric.
ALIGNMENT = {"rightEye": [0.3198, 0.3786], "leftEye": [0.6802, 0.3786], "mouth": [0.5, 0.7564]}
LICENCE = "Apache-2.0 for the weights' code; trained on FER2013 images (research use) with FER+ labels (MIT)"


def temperature_of(logits: torch.Tensor, targets: torch.Tensor) -> float:
    """Temperature that minimises the cross-entropy with the vote shares (Guo et al. 2017), by bisection on a grid."""
    grid = np.exp(np.linspace(np.log(0.3), np.log(3), 400))
    losses = [-(targets * F.log_softmax(logits / t, 1)).sum(1).mean().item() for t in grid]
    return float(grid[int(np.argmin(losses))])


def top_label_temperature(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """Temperature that minimises the negative log-likelihood of the majority label: calibrates how sure the top label is."""
    grid = np.exp(np.linspace(np.log(0.2), np.log(3), 600))
    losses = [F.cross_entropy(logits / t, labels).item() for t in grid]
    return float(grid[int(np.argmin(losses))])


def abstain_threshold(probabilities: np.ndarray, labels: np.ndarray, wanted: float = 0.4) -> float:
    """Largest top probability below which fewer than `wanted` of the top labels are right."""
    order = np.argsort(probabilities.max(1))
    top = probabilities.max(1)[order]
    right = (probabilities.argmax(1) == labels)[order]
    share = np.convolve(right, np.ones(100) / 100, mode="valid")
    below = np.flatnonzero(share < wanted)
    return float(top[below[-1] + 50]) if len(below) else 0.0


def write_onnx(network: Network, temperature: float, size: int, path: Path) -> None:
    deployed = Deployed(network, temperature).eval()
    torch.onnx.export(
        deployed,
        (torch.zeros(2, size, size, dtype=torch.uint8),),
        str(path),
        input_names=["crops"],
        output_names=["emotion_logits"],
        dynamic_axes={"crops": {0: "face"}, "emotion_logits": {0: "face"}},
        opset_version=17,
        dynamo=False,
    )
    model = onnx.load(str(path))
    onnx.checker.check_model(model)
    # Names and shapes of inner values are of no use at run time.
    del model.graph.value_info[:]
    onnx.save(model, str(path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--version", default="0.1.0")
    options = parser.parse_args()
    saved = torch.load(options.run / "checkpoint.pt", map_location="cpu")
    network = build(saved["config"])
    network.load_state_dict(saved["average"])
    valid = data.load(options.data, "valid")
    logits, labels = logits_of(network, valid.images), torch.from_numpy(valid.targets.argmax(1))
    temperature = top_label_temperature(logits, labels)
    probabilities = softmax((logits / temperature).numpy())
    options.out.mkdir(parents=True, exist_ok=True)
    weights = options.out / "weights.onnx"
    size = valid.images.shape[-1]
    write_onnx(network, temperature, size, weights)
    manifest = {
        "id": "mien-affect",
        "version": options.version,
        "job": "8 emotions of a face (FER+ classes)",
        "licence": LICENCE,
        "source": {"kind": "trained", "code": "models/training"},
        "file": weights.name,
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "inputs": [{"name": "crops", "dtype": "uint8", "axes": ["face", "height", "width"], "shape": [None, size, size]}],
        "outputs": [{"name": "emotion_logits", "dtype": "float32", "axes": ["face", "emotion"], "shape": [None, 8]}],
        "labels": {"emotion": data.EMOTIONS},
        "alignment": ALIGNMENT,
        "calibration": {
            "temperature": round(temperature, 4),
            "abstainBelow": round(abstain_threshold(probabilities, labels.numpy()), 3),
        },
        "circumplex": CIRCUMPLEX,
    }
    (options.out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    before = report(softmax(logits.numpy()), labels.numpy())
    after = report(probabilities, labels.numpy())
    print(json.dumps({"temperature": temperature, "valid": after, "eceBefore": before["ece"]}, indent=1))


if __name__ == "__main__":
    main()
