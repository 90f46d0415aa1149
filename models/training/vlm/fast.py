"""python -m vlm.fast --weights weights.onnx --cache FOLDER PREFIX...: what the released mien-affect reads of every face of sets, kept in FOLDER."""

import argparse
from pathlib import Path

import numpy as np
import onnxruntime

CHUNK = 64


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("prefixes", nargs="+")
    options = parser.parse_args()
    session_options = onnxruntime.SessionOptions()
    session_options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(options.weights, session_options, providers=["CPUExecutionProvider"])
    options.cache.mkdir(parents=True, exist_ok=True)
    for prefix in options.prefixes:
        out = options.cache / f"{Path(prefix).name}.npz"
        if out.exists():
            continue
        crops, meshes = (np.load(f"{prefix}.{name}.npy", mmap_mode="r") for name in ("crops", "landmarks"))
        parts = [session.run(None, {"crops": crops[at : at + CHUNK], "landmarks": meshes[at : at + CHUNK]}) for at in range(0, len(crops), CHUNK)]
        logits, presence, intensity = (np.concatenate([part[i] for part in parts]) for i in range(3))
        np.savez(out, logits=logits, presence=presence, intensity=intensity)
        print(out, len(crops), flush=True)


if __name__ == "__main__":
    main()
