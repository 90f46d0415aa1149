"""python -m affect.joint_export --run runs/joint --release ../mien-affect --data ferplus.npz --keys keys.json --photos lfw --resting fer-valid fair-b --out runs/joint/release

What affect.joint or affect.distil trained as a release that affect.read_train and affect.extend go on from: the emotion layer calibrated on whole FER+
valid pictures, presence of resting faces set on faces never trained on, weights.onnx and manifest.json, and au.pt with the heads.
"""

import argparse
import hashlib
import json
from pathlib import Path

import torch

from . import au_data, data
from .au_network import GEOMETRY, ActionUnits
from .au_train import all_called, held_out, set_rest
from .calibration import abstain_threshold, bias_corrected_temperature
from .export import write_onnx
from .joint import Joint, seen_by
from .metrics import report, softmax
from .network import Deployed, Network
from .train import logits_of
from .trunk import FULL, Form, Trunk

REST_SHARE = 0.02


def load_joint(run: Path, keys: list[str]) -> Joint:
    """The averaged network of a run of affect.joint or affect.distil."""
    saved = torch.load(run / "checkpoint.pt", map_location="cpu")
    config = saved["config"]
    form = Form(tuple(config["widths"]), config["size"], config["activation"]) if "widths" in config else FULL
    units = ActionUnits(len(keys), torch.zeros(GEOMETRY), torch.ones(GEOMETRY), form.size // 16, detail=form.widths[-2])
    model = Joint(Network(Trunk(form), len(data.EMOTIONS), 0.0), units)
    model.load_state_dict(saved["average"])
    return model.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("run", "release", "keys", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--photos", required=True)
    parser.add_argument("--resting", nargs="+", required=True)
    options = parser.parse_args()
    keys = json.loads(options.keys.read_text())["keys"]
    model = load_joint(options.run, keys)
    photos = au_data.load(options.photos, keys)
    unseen = [au_data.subset(photos, held_out(photos.person)), *(au_data.load(prefix, keys) for prefix in options.resting)]
    resting, smiling = ([seen_by(model, f.crops, f.landmarks)[1].numpy() for f in all_called(unseen, emotion)] for emotion in ("neutral", "happiness"))
    set_rest(model.units, resting, REST_SHARE, keys, smiling)
    network = Network(model.trunk, len(data.EMOTIONS), 0.0)
    network.emotion = model.emotion
    size = network.trunk.size
    valid = data.load(options.data, "valid")
    labels = torch.from_numpy(valid.targets.argmax(1))
    logits = logits_of(network.eval(), valid.images, size, exact=True)
    temperature, bias = bias_corrected_temperature(logits, labels)
    probabilities = softmax((logits / temperature + bias).numpy())
    options.out.mkdir(parents=True, exist_ok=True)
    weights = options.out / "weights.onnx"
    write_onnx(Deployed(network, size, temperature, model.units, list(range(len(keys))), bias), weights, crop=size)
    manifest = json.loads((options.release / "manifest.json").read_text())
    manifest["sha256"] = hashlib.sha256(weights.read_bytes()).hexdigest()
    manifest["inputs"][0]["shape"] = [None, size, size]
    manifest["calibration"] = {
        "temperature": round(temperature, 4),
        "bias": [round(value, 4) for value in bias.tolist()],
        "abstainBelow": round(abstain_threshold(probabilities, labels.numpy()), 3),
    }
    manifest["labels"]["actionUnits"] = keys
    (options.out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    torch.save({"model": model.units.state_dict(), "keys": keys, "size": size}, options.out / "au.pt")
    print(json.dumps({"temperature": temperature, "bias": bias.tolist(), "valid": report(probabilities, labels.numpy())}, indent=1))


if __name__ == "__main__":
    main()
