"""python -m affect.variants --weights weights.onnx --data ferplus.npz --landmarks PREFIX: the shipped file beside an int8 one.

int8 is static (QDQ, per channel, calibrated on 512 train faces and the meshes of PREFIX). Prints size, accuracy on valid and
milliseconds a face in batches of eight on one thread.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from . import data
from .metrics import report, softmax


class Faces(CalibrationDataReader):
    def __init__(self, crops: np.ndarray, landmarks: np.ndarray) -> None:
        self.parts = iter([{"crops": crops[i : i + 32], "landmarks": landmarks[i : i + 32]} for i in range(0, len(crops), 32)])

    def get_next(self) -> dict | None:
        return next(self.parts, None)


def widened(path: str, out: Path) -> None:
    """Float16 weights with casts become plain float32 weights, as the quantiser wants them."""
    model = onnx.load(path)
    half = {t.name: t for t in model.graph.initializer if t.data_type == onnx.TensorProto.FLOAT16}
    kept = []
    for node in model.graph.node:
        if node.op_type == "Cast" and node.input[0] in half:
            values = onnx.numpy_helper.to_array(half[node.input[0]]).astype(np.float32)
            half[node.input[0]].CopyFrom(onnx.numpy_helper.from_array(values, node.output[0]))
        else:
            kept.append(node)
    del model.graph.node[:]
    model.graph.node.extend(kept)
    onnx.save(model, out)


def measure(path: Path, crops: np.ndarray, labels: np.ndarray) -> tuple[float, float, float]:
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), settings)
    empty = np.zeros((64, 468, 3), np.float32)
    rows = [session.run(["emotion_logits"], {"crops": crops[i : i + 64], "landmarks": empty[: len(crops[i : i + 64])]})[0] for i in range(0, len(crops), 64)]
    found = report(softmax(np.concatenate(rows)), labels)
    times = []
    for _ in range(30):
        started = time.perf_counter()
        session.run(None, {"crops": crops[:8], "landmarks": empty[:8]})
        times.append((time.perf_counter() - started) * 1000 / 8)
    return found["accuracy"], found["macroF1"], float(np.median(times))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("weights", "data", "landmarks"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    train, valid = data.load(options.data, "train"), data.load(options.data, "valid")
    labels = valid.targets.argmax(1)
    landmarks = np.load(f"{options.landmarks}.landmarks.npy")[:512]
    with tempfile.TemporaryDirectory() as folder:
        wide, small = Path(folder) / "wide.onnx", Path(folder) / "int8.onnx"
        widened(options.weights, wide)
        quantize_static(
            str(wide), str(small), Faces(train.images[: len(landmarks)], landmarks), quant_format=QuantFormat.QDQ, per_channel=True,
            activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, calibrate_method=CalibrationMethod.MinMax,
            op_types_to_quantize=["Conv"],
        )  # fmt: skip
        for name, path in (("shipped", Path(options.weights)), ("float32", wide), ("int8", small)):
            accuracy, f1, cost = measure(path, valid.images, labels)
            print(f"{name:8} {path.stat().st_size / 1e6:5.1f} MB accuracy {accuracy:.4f} macro F1 {f1:.3f} {cost:.2f} ms a face")


if __name__ == "__main__":
    main()
