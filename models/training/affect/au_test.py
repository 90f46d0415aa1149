"""python -m affect.au_test --weights weights.onnx --keys chosen.json --rendered PREFIX --photos PREFIX: the numbers of the card.

Rendered people, poses and lights that training never saw: AUC of presence, ICC(3,1) and mean error of intensity. Photographs
of people kept from training: Pearson with the teacher. Prints a Markdown table and the means.
"""

import argparse
import json

import numpy as np
import onnxruntime

from . import au_data
from .au_metrics import auc, icc31, pearson
from .au_train import held_out
from .trunk import resampled


def run(session: onnxruntime.InferenceSession, faces: au_data.Faces) -> tuple[np.ndarray, np.ndarray]:
    size = session.get_inputs()[0].shape[-1]
    parts = [
        session.run(["au_presence", "au_intensity"], {"crops": resampled(faces.crops[i : i + 64], size), "landmarks": faces.landmarks[i : i + 64]})
        for i in range(0, len(faces.crops), 64)
    ]
    return np.concatenate([p for p, _ in parts]), np.concatenate([i for _, i in parts])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("weights", "keys", "rendered", "photos"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    keys = json.loads(open(options.keys).read())
    session = onnxruntime.InferenceSession(options.weights)
    rendered, photos = au_data.load(options.rendered, keys), au_data.load(options.photos, keys)
    presence, intensity = run(session, rendered)
    apart = au_data.subset(photos, held_out(photos.person))
    seen = run(session, apart)[1]
    print("| AU | present in test | AUC | ICC(3,1) | mean error | r with teacher, photographs |\n| --- | --- | --- | --- | --- | --- |")
    columns = []
    for index, key in enumerate(keys):
        truth = rendered.targets[:, index]
        known = np.isfinite(apart.teacher[:, index])
        teacher = pearson(seen[known, index], apart.teacher[known, index]) if known.sum() > 100 else float("nan")
        row = (auc(presence[:, index], truth >= 1), icc31(intensity[:, index], truth), float(np.abs(intensity[:, index] - truth).mean()), teacher)
        columns.append(row)
        shown = "-" if np.isnan(teacher) else f"{teacher:.2f}"
        print(f"| {key} | {int((truth >= 1).sum())} | {row[0]:.3f} | {row[1]:.2f} | {row[2]:.2f} | {shown} |")
    means = np.nanmean(np.array(columns), 0)
    print(f"\n{len(keys)} keys, {len(rendered.crops)} rendered, {len(apart.crops)} photographs: mean AUC {means[0]:.3f}, ICC {means[1]:.3f}, error {means[2]:.2f}, r {means[3]:.3f}")


if __name__ == "__main__":
    main()
