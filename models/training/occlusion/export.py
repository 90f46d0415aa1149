"""python -m occlusion.export --run RUN --widening WIDENING.json --out ../mien-occlusion: weights.onnx and manifest.json."""

import argparse
import hashlib
import json
from pathlib import Path

import onnx
import torch

from .measure import load_network
from .mesh import ALIGNMENT, SIZE
from .network import Deployed
from .parts import PARTS

LICENCE = (
    "Apache-2.0; learned from LFW photographs, FairFace (CC BY 4.0) and FER2013 images (research use) with things drawn over them"
)


def write_onnx(deployed: Deployed, path: Path) -> None:
    example = torch.zeros(2, SIZE, SIZE, dtype=torch.uint8)
    axes = {"crops": {0: "face"}, "visibility": {0: "face"}}
    torch.onnx.export(deployed.eval(), (example,), str(path), input_names=["crops"], output_names=["visibility"], dynamic_axes=axes, opset_version=17, dynamo=False)
    model = onnx.load(str(path))
    del model.graph.value_info[:]
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def manifest_of(weights: Path, widening: dict, version: str) -> dict:
    return {
        "id": "mien-occlusion",
        "version": version,
        "job": "visibility of nine parts of a face: what covers it",
        "licence": LICENCE,
        "source": {"kind": "trained", "code": "models/training"},
        "file": weights.name,
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "inputs": [{"name": "crops", "dtype": "uint8", "axes": ["face", "height", "width"], "shape": [None, SIZE, SIZE]}],
        "outputs": [{"name": "visibility", "dtype": "float32", "axes": ["face", "part"], "shape": [None, len(PARTS)]}],
        "labels": {"parts": PARTS},
        "alignment": ALIGNMENT,
        **widening,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--widening", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--version", default="0.1.0")
    options = parser.parse_args()
    fitted = json.loads((options.run / "calibration.json").read_text())
    options.out.mkdir(parents=True, exist_ok=True)
    weights = options.out / "weights.onnx"
    write_onnx(Deployed(load_network(options.run), torch.tensor(fitted["slope"]), torch.tensor(fitted["shift"])), weights)
    widening = json.loads(options.widening.read_text())
    manifest = manifest_of(weights, {name: widening[name] for name in ("widening", "loss", "maxLoss")}, options.version)
    (options.out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
