"""python -m occlusion.widen look DATA OUT.npz [--first N --last N] | fit FILES... --out WIDENING.json: how much humbler emotions must be without each part.

`look` draws things over faces of FER+ valid (fitting) and test (measuring) and asks mien-affect, as it is shipped, before and after.
`fit` chooses two numbers per part on valid, and tells accuracy, NLL and ECE on test with and without them:
- widening: the logarithm of what the log-odds are divided by (least negative log-likelihood of the label);
- loss: how much less likely, in log-odds, an expressive face is read right without the part. Emotions are withheld beyond `maxLoss`,
  from where fewer than LEAST_RIGHT of such faces are right. Neutral ones are not asked: who says neutral of a mask is often right.
"""

import argparse
import json
from itertools import islice
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from affect import data as ferplus
from affect.metrics import report
from PIL import Image

from .gather import COVERED, framed, number_of
from .mesh import Mesher, alignment_matrix, crops
from .occluders import KINDS, Face, laid_over
from .parts import PARTS, visibility

AFFECT = Path(__file__).parents[3] / "dist" / "graphs" / "mien-affect.onnx"
MANIFEST = Path(__file__).parents[2] / "mien-affect" / "manifest.json"
# Both sides share a number.
SHARED = [0, 0, 1, 1, 2, 3, 3, 4, 5]
HIDDEN = 0.5
NEUTRAL = 0
LEAST_RIGHT = 0.6


class Affect:
    """mien-affect on a picture and its mesh."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(AFFECT), options)
        self.template = np.array(list(json.loads(MANIFEST.read_text())["alignment"].values()))

    def logits(self, gray: np.ndarray, mesh: np.ndarray) -> np.ndarray:
        matrix = alignment_matrix(mesh, self.template)
        inverse = np.linalg.inv(matrix[:, :2])
        flat = (mesh[:, :2] - matrix[:, 2]) @ inverse.T
        aligned = np.concatenate([flat, mesh[:, 2:] / np.hypot(*matrix[:, 0])], 1)
        feeds = {**crops(self.session, gray, matrix), "landmarks": aligned[None].astype(np.float32)}
        return self.session.run(["emotion_logits"], feeds)[0][0]


def look(archive: Path, first: int, last: int | None) -> dict[str, np.ndarray]:
    mesher, affect = Mesher(), Affect()
    rows: dict[str, list] = {"plain": [], "covered": [], "visible": [], "label": [], "kind": [], "test": []}
    sets = {name: ferplus.load(str(archive), name) for name in ("valid", "test")}
    queue = [(name, i) for i in range(2000) for name in sets if i < len(sets[name].images)]
    other: np.ndarray | None = None
    for name, index in islice(queue, first, last):
        gray = framed(Image.fromarray(sets[name].images[index]))
        mesh = mesher.filling(gray)
        if mesh is None:
            continue
        rng = np.random.default_rng([17, number_of(f"{name}{index}")])
        face, plain = Face(gray, mesh, gray if other is None else other), affect.logits(gray, mesh)
        for kind in rng.choice(len(KINDS), COVERED, replace=False):
            picture, hidden = laid_over(face, KINDS[list(KINDS)[kind]](face, rng), rng)
            found = mesher.followed(picture, mesh, rng)
            if found is None:
                continue
            values = (plain, affect.logits(picture, found), visibility(mesh, hidden), sets[name].targets[index].argmax(), kind, name == "test")
            for key, value in zip(rows, values, strict=True):
                rows[key].append(value)
        other = gray
    return {key: np.array(values) for key, values in rows.items()}


def _hidden(visible: np.ndarray) -> torch.Tensor:
    """[n, 6]: which part, or how many of a pair, counts as covered."""
    amount = (np.nan_to_num(visible, nan=1.0) < HIDDEN).astype(np.float32)
    return torch.from_numpy(np.stack([amount[:, [i for i, s in enumerate(SHARED) if s == k]].sum(1) for k in range(6)], 1).astype(np.float32))


def fit_widening(logits: np.ndarray, visible: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """[6] at least 0: brows, eyes, nose, cheeks, mouth, chin; per part of a pair."""
    weights = torch.full((6,), 0.1, requires_grad=True)
    z, hidden, y = torch.from_numpy(logits).float(), _hidden(visible), torch.from_numpy(labels).long()
    optimiser = torch.optim.LBFGS([weights], max_iter=200)

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        divided = z / torch.exp(hidden @ weights.clamp(0))[:, None]
        value = torch.nn.functional.cross_entropy(divided, y) + 0.01 * weights.pow(2).sum()
        value.backward()
        return value

    optimiser.step(loss)
    return weights.detach().clamp(0).numpy()


def fit_loss(right: np.ndarray, visible: np.ndarray) -> tuple[np.ndarray, float]:
    """[6] at least 0, and the sum from which on fewer than LEAST_RIGHT are right: a logistic regression of being right on what is hidden."""
    weights = torch.cat([torch.full((6,), 0.2), torch.ones(1)]).requires_grad_()
    hidden, y = _hidden(visible), torch.from_numpy(right.astype(np.float32))
    optimiser = torch.optim.LBFGS([weights], max_iter=200)

    def miss() -> torch.Tensor:
        optimiser.zero_grad()
        value = torch.nn.functional.binary_cross_entropy_with_logits(weights[6] - hidden @ weights[:6].clamp(0), y) + 0.002 * weights[:6].pow(2).sum()
        value.backward()
        return value

    optimiser.step(miss)
    found = weights.detach().numpy()
    return found[:6].clip(0), float(found[6] - np.log(LEAST_RIGHT / (1 - LEAST_RIGHT)))


def _scores(logits: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    shifted = logits - logits.max(1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(1, keepdims=True)
    found = report(p, labels)
    nll = float(-np.log(np.maximum(p[np.arange(len(p)), labels], 1e-9)).mean())
    shown = labels != NEUTRAL
    return {"faces": len(labels), "accuracy": found["accuracy"], "expressive": float((p.argmax(1) == labels)[shown].mean()), "nll": nll, "ece": found["ece"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["look", "fit"])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--last", type=int)
    options = parser.parse_args()
    if options.action == "look":
        np.savez(options.files[1], **look(options.files[0] / "ferplus.npz", options.first, options.last))
        return
    stored = [dict(np.load(file)) for file in options.files]
    rows = {key: np.concatenate([part[key] for part in stored]) for key in stored[0]}
    valid, test = ~rows["test"], rows["test"]
    weights = fit_widening(rows["covered"][valid], rows["visible"][valid], rows["label"][valid])
    width = np.exp((_hidden(rows["visible"]) @ torch.from_numpy(weights)).numpy())
    expressive = valid & (rows["label"] != NEUTRAL)
    losses, limit = fit_loss(rows["covered"][expressive].argmax(1) == rows["label"][expressive], rows["visible"][expressive])
    lost = (_hidden(rows["visible"]) @ torch.from_numpy(losses)).numpy()
    told = {"valid" if part is valid else "test": {
        name: {"without": _scores(rows["covered"][part & rule], rows["label"][part & rule]), "widened": _scores((rows["covered"] / width[:, None])[part & rule], rows["label"][part & rule]),
               "uncovered": _scores(rows["plain"][part & rule], rows["label"][part & rule])}
        for name, rule in (("something covered", lost > 0), ("told", (lost > 0) & (lost <= limit)), ("withheld", lost > limit)) if (part & rule).sum() > 20
    } for part in (valid, test)}  # fmt: skip
    by_part = lambda values: {part: round(float(values[SHARED[i]]), 3) for i, part in enumerate(PARTS)}
    result = {"widening": by_part(weights), "loss": by_part(losses), "maxLoss": round(limit, 3), "told": told}
    options.out.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
