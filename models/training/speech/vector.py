"""python -m speech.vector --published silero_vad_v6.onnx --out ../silero-vad/vector.json

Records what the published network says of soundPattern() (src/models/verify-vector.ts), asked one step at a time as its
authors do: the run-time graph, which takes all steps at once, must say the same.
"""

import argparse
import json

import numpy as np
import onnxruntime

RATE, FRESH, SEEN, STEPS = 16_000, 512, 576, 60


def pattern(steps: int) -> np.ndarray:
    """float32 [steps, 576], the formula of soundPattern()."""
    t = np.arange(steps * FRESH) / RATE
    buzz = sum(np.sin(240 * np.pi * k * t) / k for k in range(1, 13))
    sound = np.concatenate([np.zeros(SEEN - FRESH), 0.15 * (1 + np.sin(8 * np.pi * t)) * buzz]).astype(np.float32)
    return np.stack([sound[i * FRESH : i * FRESH + SEEN] for i in range(steps)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--published", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    session = onnxruntime.InferenceSession(options.published)
    state, voice = np.zeros((2, 1, 128), np.float32), []
    for step in pattern(STEPS):
        output, state = session.run(None, {"input": step[None], "state": state, "sr": np.array(RATE)})
        voice.append(float(output[0, 0]))
    at = list(range(0, STEPS, 3))
    state_at = list(range(0, 256, 16))
    vector = {
        "engine": f"onnxruntime {onnxruntime.__version__} (Python), the published graph, one step a run",
        "sound": {"steps": STEPS},
        "tolerance": 0.0005,
        "outputs": {
            "voice": {"at": at, "values": [round(voice[i], 6) for i in at]},
            "state_after": {"at": state_at, "values": [round(float(state.ravel()[i]), 6) for i in state_at]},
        },
    }
    with open(options.out, "w", encoding="utf-8") as file:
        json.dump(vector, file)
        file.write("\n")


if __name__ == "__main__":
    main()
