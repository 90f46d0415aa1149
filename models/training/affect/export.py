"""python -m affect.export --run runs/a [--units runs/au --chosen keys.json] --data ferplus.npz --out ../mien-affect: calibrates on valid, writes weights and manifest."""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from . import data
from .au_network import GEOMETRY, ActionUnits
from .calibration import abstain_threshold, bias_corrected_temperature
from .geometry import POINTS
from .metrics import report, softmax
from .network import Deployed, Network
from .train import load_average, logits_of

CROP = 144
# Valence (unpleasant -1 .. pleasant 1) and arousal (calm -1 .. excited 1) of the emotion words; neutral is the origin.
CIRCUMPLEX = json.loads(Path(__file__).with_name("circumplex.json").read_text())
# Mean position of eye centres and mouth centre on FER+ train faces (see README), made symmetric.
ALIGNMENT = {"rightEye": [0.3198, 0.3786], "leftEye": [0.6802, 0.3786], "mouth": [0.5, 0.7564]}
LICENCE = (
    "Apache-2.0 for the weights' code; fine-tuned from HSE_FaceRec MobileNet (Apache-2.0, learned from VGGFace2, research use) "
    "on FER2013 images (research use) with FER+ labels (MIT), towards what FaceNet (MIT) sees in them"
)


def write_onnx(deployed: Deployed, path: Path, half: bool = True, crop: int = CROP) -> None:
    """Opset 17, any batch, crops of `crop` pixels. `half` stores large weights as float16, cast when a session is made: half the file, same speed."""
    names = ["emotion_logits"] + (["au_presence", "au_intensity"] if deployed.units else [])
    example = (torch.zeros(2, crop, crop, dtype=torch.uint8), torch.rand(2, POINTS, 3))
    axes = {name: {0: "face"} for name in ["crops", "landmarks", *names]}
    inputs = ["crops", "landmarks"]
    torch.onnx.export(
        deployed.eval(), example, str(path), input_names=inputs, output_names=names, dynamic_axes=axes, opset_version=17, dynamo=False
    )
    model = onnx.load(str(path))
    # Names and shapes of inner values are of no use at run time.
    del model.graph.value_info[:]
    _fold_padding(model)
    if half:
        _halve(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _fold_padding(model: onnx.ModelProto) -> None:
    """Moves the one row below and column right that the trunk adds before a stride of 2 into the convolution itself: a
    third of the run time of the network was copies to pad, and ONNX Runtime does not do this by itself here."""
    pads = {node.output[0]: node for node in model.graph.node if node.op_type == "Pad"}
    for node in model.graph.node:
        pad = pads.pop(node.input[0], None) if node.op_type == "Conv" else None
        if pad is None:
            continue
        given = {a.name: a for a in node.attribute}
        if list(given["strides"].ints) != [2, 2] or any(given["pads"].ints):
            raise ValueError(f"{pad.name}: only the padding of trunk._same can be folded")
        given["pads"].ints[:] = [0, 0, 1, 1]
        node.input[0] = pad.input[0]
    if pads:
        raise ValueError(f"{', '.join(pads)}: padding that no convolution takes")
    # What computed the amounts, back to its constants, has no reader now.
    while True:
        read = {name for node in model.graph.node for name in node.input} | {o.name for o in model.graph.output}
        dead = [node for node in model.graph.node if not read.intersection(node.output)]
        if not dead:
            return
        for node in dead:
            model.graph.node.remove(node)


def _halve(model: onnx.ModelProto) -> None:
    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < 1024:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
        casts.append(onnx.helper.make_node("Cast", [f"{name}_half"], [name], f"{name}_cast", to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def load_units(folder: Path) -> tuple[ActionUnits, list[str]]:
    saved = torch.load(folder / "au.pt", map_location="cpu", weights_only=False)
    channels, detail = saved["model"]["texture.1.weight"].shape[:2]
    units = ActionUnits(len(saved["keys"]), torch.zeros(GEOMETRY), torch.ones(GEOMETRY), saved["size"] // 16, channels, detail)
    units.load_state_dict(saved["model"])
    return units.eval(), saved["keys"]


def deployed_of(
    network: Network, size: int, temperature: float, units: Path | None, chosen: list[str], bias: torch.Tensor | None = None
) -> Deployed:
    if units is None:
        return Deployed(network, size, temperature, None, [], bias)
    heads, keys = load_units(units)
    return Deployed(network, size, temperature, heads, [keys.index(key) for key in chosen], bias)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--units", type=Path)
    parser.add_argument("--chosen", type=Path, help="JSON list of the action-unit keys to export")
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--version", default="0.5.0")
    options = parser.parse_args()
    size = torch.load(options.run / "checkpoint.pt", map_location="cpu")["config"]["size"]
    network = load_average(options.run)
    valid = data.load(options.data, "valid")
    labels = torch.from_numpy(valid.targets.argmax(1))
    logits = logits_of(network, valid.images, size, exact=True)  # as served, so that what is fitted here holds there
    temperature, bias = bias_corrected_temperature(logits, labels)
    probabilities = softmax((logits / temperature + bias).numpy())
    chosen = json.loads(options.chosen.read_text()) if options.chosen else []
    options.out.mkdir(parents=True, exist_ok=True)
    weights = options.out / "weights.onnx"
    write_onnx(deployed_of(network, size, temperature, options.units, chosen, bias), weights)
    outputs = [("emotion_logits", "emotion", len(data.EMOTIONS))]
    if options.units:
        outputs += [("au_presence", "action unit", len(chosen)), ("au_intensity", "action unit", len(chosen))]
    inputs = [{"name": "crops", "dtype": "uint8", "axes": ["face", "height", "width"], "shape": [None, CROP, CROP]}]
    if options.units:
        inputs.append({"name": "landmarks", "dtype": "float32", "axes": ["face", "point", "xyz"], "shape": [None, POINTS, 3]})
    manifest = {
        "id": "mien-affect",
        "version": options.version,
        "job": "8 emotions (FER+ classes) and action units of a face" if options.units else "8 emotions of a face (FER+ classes)",
        "licence": LICENCE,
        "source": {"kind": "trained", "code": "models/training"},
        "file": weights.name,
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "inputs": inputs,
        "outputs": [{"name": n, "dtype": "float32", "axes": ["face", axis], "shape": [None, count]} for n, axis, count in outputs],
        "labels": {"emotion": data.EMOTIONS} | ({"actionUnits": chosen} if options.units else {}),
        "alignment": ALIGNMENT,
        "calibration": {
            "temperature": round(temperature, 4),
            "bias": [round(value, 4) for value in bias.tolist()],
            "abstainBelow": round(abstain_threshold(probabilities, labels.numpy()), 3),
        },
        "circumplex": CIRCUMPLEX,
    }
    (options.out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    before = report(softmax(logits.numpy()), labels.numpy())
    after = report(probabilities, labels.numpy())
    print(json.dumps({"temperature": temperature, "bias": bias.tolist(), "valid": after, "eceBefore": before["ece"]}, indent=1))


if __name__ == "__main__":
    main()
