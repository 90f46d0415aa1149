"""python -m affect.quality --weights weights.onnx --data ferplus.npz --rendered PREFIX --out quality: when a reading can be trusted.

Faces of FER+ valid are made smaller and blurred; sharpness is measured as the run-time graph does (root mean square of the
Laplacian over contrast); accuracy is shown against it and against the eye distance. Rendered faces (PREFIX of the valid set)
show how action units, pose and presence of the mesh hold at turned heads. Writes quality.json and quality.png.
"""

import argparse
import json

import numpy as np
import onnxruntime
import torch
from torch.nn import functional as F

from . import au_data, data
from .trunk import resampled

CONTRAST_FLOOR = 8
EYES = 0.36  # distance of the eyes as a share of the crop (ALIGNMENT)


def sharpness(crops: np.ndarray) -> np.ndarray:
    """As addSharpness() in src/models/runtime-graphs.ts, on uint8 [n, s, s]."""
    x = torch.from_numpy(crops)[:, None].float()
    kernel = torch.tensor([[[[0.0, 1, 0], [1, -4, 1], [0, 1, 0]]]])
    energy = F.conv2d(x, kernel).square().mean((1, 2, 3)).sqrt()
    return (energy / (x.flatten(1).std(1, unbiased=False) + CONTRAST_FLOOR)).clamp(0, 1).numpy()


def smaller(crops: np.ndarray, side: int) -> np.ndarray:
    x = torch.from_numpy(crops)[:, None].float()
    x = F.interpolate(F.interpolate(x, size=side, mode="area"), size=48, mode="bilinear", align_corners=False)
    return x[:, 0].round().clamp(0, 255).byte().numpy()


def blurred(crops: np.ndarray, sigma: float) -> np.ndarray:
    reach = int(np.ceil(3 * sigma))
    line = torch.exp(-(torch.arange(-reach, reach + 1).float() ** 2) / (2 * sigma**2))
    line /= line.sum()
    x = F.pad(torch.from_numpy(crops)[:, None].float(), (reach,) * 4, mode="replicate")
    x = F.conv2d(F.conv2d(x, line[None, None, None]), line[None, None, :, None])
    return x[:, 0].round().clamp(0, 255).byte().numpy()


def emotions(session: onnxruntime.InferenceSession, crops: np.ndarray) -> np.ndarray:
    extra = {"landmarks": np.zeros((64, 468, 3), np.float32)} if len(session.get_inputs()) > 1 else {}
    crops = resampled(crops, next(i.shape[-1] for i in session.get_inputs() if i.name == "crops"))
    rows = []
    for start in range(0, len(crops), 64):
        part = crops[start : start + 64]
        rows.append(session.run(["emotion_logits"], {"crops": part} | {k: v[: len(part)] for k, v in extra.items()})[0])
    return np.concatenate(rows).argmax(1)


def curve(value: np.ndarray, right: np.ndarray, edges: np.ndarray) -> list[dict]:
    index = np.digitize(value, edges)
    bins = [index == i for i in range(1, len(edges))]
    return [
        {"from": float(edges[i]), "to": float(edges[i + 1]), "n": int(b.sum()), "accuracy": float(right[b].mean())}
        for i, b in enumerate(bins)
        if b.sum() >= 50
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("weights", "data", "rendered", "keys", "out"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    session = onnxruntime.InferenceSession(options.weights)
    valid = data.load(options.data, "valid")
    labels = valid.targets.argmax(1)
    sharp, right, by_size = [], [], []
    for side in (8, 10, 12, 16, 20, 24, 32, 48):
        changed = smaller(valid.images, side) if side < 48 else valid.images
        good = emotions(session, changed) == labels
        by_size.append({"facePx": side, "eyeDistancePx": round(EYES * side, 1), "accuracy": float(good.mean())})
        sharp.append(sharpness(changed))
        right.append(good)
    for sigma in (0.7, 1.0, 1.5, 2.0, 3.0):
        changed = blurred(valid.images, sigma)
        sharp.append(sharpness(changed))
        right.append(emotions(session, changed) == labels)
    by_sharpness = curve(np.concatenate(sharp), np.concatenate(right), np.array([0, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.12, 0.16, 0.24, 0.4, 1]))
    keys = json.loads(open(options.keys).read())
    faces = au_data.load(options.rendered, keys)
    outputs = [o.name for o in session.get_outputs()]
    by_yaw = []
    if "au_intensity" in outputs:
        found = np.concatenate([
            session.run(["au_intensity"], {"crops": faces.crops[i : i + 64], "landmarks": faces.landmarks[i : i + 64]})[0]
            for i in range(0, len(faces.crops), 64)
        ])  # fmt: skip
        error = np.abs(found - faces.targets).mean(1)
        yaw = np.degrees(np.abs(faces.yaw))
        for low, high in ((0, 10), (10, 20), (20, 30), (30, 40), (40, 60)):
            chosen = (yaw >= low) & (yaw < high)
            if chosen.sum() >= 10:
                by_yaw.append({"from": low, "to": high, "n": int(chosen.sum()), "meanError": float(error[chosen].mean())})
    report = {"bySize": by_size, "bySharpness": by_sharpness, "byYaw": by_yaw}
    with open(f"{options.out}.json", "w", encoding="utf8") as file:
        json.dump(report, file, indent=1)
    draw(report, f"{options.out}.png")
    print(json.dumps(report, indent=1))


def draw(report: dict, path: str) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
    axes[0].plot([r["eyeDistancePx"] for r in report["bySize"]], [r["accuracy"] for r in report["bySize"]], "o-")
    axes[0].set(xlabel="eye distance, pixels", ylabel="accuracy on FER+ valid", title="size", ylim=(0, 1))
    rows = report["bySharpness"]
    axes[1].semilogx([np.sqrt(max(r["from"], 0.005) * r["to"]) for r in rows], [r["accuracy"] for r in rows], "o-")
    axes[1].set(xlabel="sharpness of the crop", title="blur", ylim=(0, 1))
    axes[1].set_xticks([0.03, 0.06, 0.12, 0.25, 0.5], ["0.03", "0.06", "0.12", "0.25", "0.5"])
    axes[1].minorticks_off()
    axes[2].plot([(r["from"] + r["to"]) / 2 for r in report["byYaw"]], [r["meanError"] for r in report["byYaw"]], "o-")
    axes[2].set(xlabel="yaw, degrees", ylabel="mean error of intensity (0..5), rendered", title="turned heads", ylim=(0, None))
    for axis in axes:
        axis.grid(alpha=0.3)
        axis.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
