"""python -m affect.au_train --rendered train --valid valid --photos lfw --named fer-train --resting fer-valid --trunk weights.onnx --out runs/au: the
action-unit heads.

The trunk stays as it is; the heads see its detail map and the mesh. Rendered faces give exact truth; photographs give the
teacher's blendshapes, scaled to intensity by a fit on rendered faces, and only where the teacher is informative there. What
is left of the difference between the teacher's scale and FACS is learned beside the heads (`TeacherScale`) and thrown away.
Faces whose emotion people named tell which units are likely and which are at rest (`emotion_units`): real skin, real
wrinkles, and the level of a resting face, which neither renders nor the teacher's own scale can tell.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from . import au_data, shipped
from .au_metrics import auc, icc31, pearson
from .au_network import ActionUnits, loss_of, weak_loss_of
from .data import EMOTIONS
from .emotion_units import TOLD
from .geometry import HeadFrame, mirrored
from .train import changed, load_average
from .trunk import Trunk, normalised

INFORMATIVE = 0.5  # least correlation of a teacher's column with the rendered truth


@dataclass(frozen=True)
class Set:
    """What the heads learn from: landmarks, detail maps, targets 0..5 and weak presence 0..1 (NaN unknown), which faces are photographs."""

    landmarks: torch.Tensor
    detail: torch.Tensor
    targets: torch.Tensor
    weak: torch.Tensor
    photo: torch.Tensor


class TeacherScale(nn.Module):
    """Heads' outputs -> the teacher's scale, a gain and a shift per key: without it, photographs and rendered truth pull apart."""

    def __init__(self, keys: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(2, keys))
        self.shift = nn.Parameter(torch.zeros(2, keys))

    def forward(self, presence: torch.Tensor, intensity: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return presence * self.gain[0] + self.shift[0], intensity * self.gain[1] + self.shift[1]


def details_of(trunk: Trunk, crops: np.ndarray, size: int, flip: bool) -> torch.Tensor:
    """Detail maps as float16, in batches."""
    trunk.eval()
    parts = []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(crops), 64):
            x = normalised(torch.from_numpy(crops[start : start + 64]), size)
            x = (x.flip(3) if flip else x).contiguous(memory_format=torch.channels_last)
            parts.append(trunk.both(x)[1].half())
    return torch.cat(parts)


def swapped(keys: list[str]) -> list[int]:
    """Column that each key becomes in a mirror: left and right change places."""
    other = {"L": "R", "R": "L"}
    return [keys.index(k[:-1] + other[k[-1]]) if k[-1] in "LR" else keys.index(k) for k in keys]


def mirror(landmarks: torch.Tensor, twin: torch.Tensor) -> torch.Tensor:
    """Landmarks of the mirrored picture."""
    flipped = landmarks[:, twin] * torch.tensor([-1.0, 1.0, 1.0])
    return flipped + torch.tensor([1.0, 0.0, 0.0])


def teacher_scales(rendered: au_data.Faces, keys: list[str]) -> dict[str, dict[str, float]]:
    """Per key: correlation of the teacher with rendered truth, and the factor from its score to intensity."""
    scales = {}
    for index, key in enumerate(keys):
        score, truth = rendered.teacher[:, index], rendered.targets[:, index]
        known = np.isfinite(score) & np.isfinite(truth)
        if known.sum() < 100 or score[known].std() < 1e-4:
            continue
        s, t = score[known] - np.median(score[known]), truth[known]
        slope = float((s * t).sum() / (s * s).sum())
        scales[key] = {"correlation": pearson(score[known], t), "factor": float(np.clip(slope, 3, 12)), "rest": float(np.median(score[known]))}
    return scales


def photo_targets(photos: au_data.Faces, scales: dict, keys: list[str]) -> np.ndarray:
    targets = np.full_like(photos.teacher, np.nan)
    for index, key in enumerate(keys):
        scale = scales.get(key)
        if scale and scale["correlation"] >= INFORMATIVE:
            targets[:, index] = np.clip((photos.teacher[:, index] - min(scale["rest"], 0.05)) * scale["factor"], 0, 5)
    return targets


def assemble(trunk: Trunk, size: int, parts: list[tuple[au_data.Faces, np.ndarray]], twin: torch.Tensor, keys: list[str]) -> Set:
    """Faces and their mirror images; the first part is rendered, the others are photographs."""
    columns, landmarks, detail, targets, weak, photo = swapped(keys), [], [], [], [], []
    for index, (faces, wanted) in enumerate(parts):
        marks, wanted, likely = (torch.from_numpy(values) for values in (faces.landmarks, wanted, faces.weak))
        for flip in (False, True):
            landmarks.append(mirror(marks, twin) if flip else marks)
            detail.append(details_of(trunk, faces.crops, size, flip))
            targets.append(wanted[:, columns] if flip else wanted)
            weak.append(likely[:, columns] if flip else likely)
            photo.append(torch.full((len(marks), 1), index > 0))
    return Set(torch.cat(landmarks), torch.cat(detail), torch.cat(targets), torch.cat(weak), torch.cat(photo))


def fit(data: Set, keys: int, config: dict, start: ActionUnits | None = None) -> ActionUnits:
    torch.manual_seed(config["seed"])
    with torch.no_grad():
        raw = HeadFrame()(data.landmarks)
    # One spread for all coordinates of an axis: points that hardly move must not be blown up to the others' size.
    spread = raw.std(0)
    spread = spread.clamp(min=float(spread[:-9].median()) * 0.5)
    model = start or ActionUnits(keys, raw.mean(0), spread, data.detail.shape[-1], detail=data.detail.shape[1])
    teacher = TeacherScale(keys)
    groups = [{"params": model.parameters()}, {"params": teacher.parameters(), "weight_decay": 0.0}]
    rates = [config["rate"], 10 * config["rate"]]
    optimiser = torch.optim.AdamW(groups, weight_decay=config["decay"])
    steps = config["epochs"] * (len(data.landmarks) // config["batch"])
    # More than one step of warm-up, however few there are: PyTorch divides by what exceeds one.
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=steps, pct_start=max(0.1, min(0.9, 1.5 / steps)))
    rng = np.random.default_rng(config["seed"])
    for _ in range(config["epochs"]):
        model.train()
        order = torch.from_numpy(rng.permutation(len(data.landmarks)))
        for index in range(len(order) // config["batch"]):
            chosen = order[index * config["batch"] : (index + 1) * config["batch"]]
            marks = data.landmarks[chosen]
            # The mesh trembles: by little on most faces, by more on small or blurred ones.
            size = torch.from_numpy(rng.gamma(1.0, config["tremble"], (len(chosen), 1, 1)).astype(np.float32))
            marks = marks + torch.from_numpy(rng.normal(0, 1, marks.shape).astype(np.float32)) * size
            presence, intensity = model(marks, data.detail[chosen].float())
            photo, named = data.photo[chosen], weak_loss_of(presence, intensity, data.weak[chosen], config["restIntensity"])
            taught = teacher(presence, intensity)
            presence, intensity = torch.where(photo, taught[0], presence), torch.where(photo, taught[1], intensity)
            weight = torch.where(photo, config["photoShare"], config["renderedShare"])
            loss = loss_of(presence, intensity, data.targets[chosen], weight) + config["namedShare"] * named
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return model.eval()


def predict(model: ActionUnits, faces: au_data.Faces, trunk: Trunk, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Presence logits and intensity 0..5."""
    detail, presence, intensity = details_of(trunk, faces.crops, size, False), [], []
    with torch.no_grad():
        for start in range(0, len(detail), 256):
            marks = torch.from_numpy(faces.landmarks[start : start + 256])
            p, i = model(marks, detail[start : start + 256].float())
            presence.append(p.numpy())
            intensity.append(i.clamp(0, 5).numpy())
    return np.concatenate(presence), np.concatenate(intensity)


def table(presence: np.ndarray, intensity: np.ndarray, faces: au_data.Faces, keys: list[str]) -> dict[str, dict[str, float]]:
    """Per key on rendered faces: AUC of presence (degree A or more), ICC(3,1) and Pearson of intensity."""
    rows = {}
    for index, key in enumerate(keys):
        truth = faces.targets[:, index]
        rows[key] = {
            "auc": auc(presence[:, index], truth >= 1),
            "icc": icc31(intensity[:, index], truth),
            "pearson": pearson(intensity[:, index], truth),
            "positives": int((truth >= 1).sum()),
        }
    return rows


def agreement(intensity: np.ndarray, faces: au_data.Faces, keys: list[str]) -> dict[str, float]:
    """Pearson of intensity with the teacher's score on photographs."""
    out = {}
    for index, key in enumerate(keys):
        known = np.isfinite(faces.teacher[:, index])
        if known.sum() > 100 and faces.teacher[known, index].std() > 1e-4:
            out[key] = pearson(intensity[known, index], faces.teacher[known, index])
    return out


def called(faces: au_data.Faces, emotion: str, least: float = 0.8) -> au_data.Faces:
    """Those faces that people called so."""
    return au_data.subset(faces, faces.shares[:, EMOTIONS.index(emotion)] >= least)


def all_called(sets: list[au_data.Faces], emotion: str) -> list[au_data.Faces]:
    """Of each set the faces that people called so; sets without any are left out."""
    return [faces for faces in (called(each, emotion) for each in sets) if len(faces.crops)]


# Units that a smile does not have; 12 and 6 make it, 20 and 25 to 27 go along with laughter.
NOT_SMILING = ["1", "2", "4", "5", "7", "9", "10", "14", "15", "17", "24"]
MOST_RAISED = 1.5


def set_rest(model: ActionUnits, resting: list[np.ndarray], share: float, keys: list[str], smiling: list[np.ndarray] | None = None) -> None:
    """Sets presence so that in the worst of the sets of resting faces (logits [n, keys]) `share` have a unit present.

    What one face calls rest another calls a raised brow; the set that the heads know least decides. A unit that heads are shy of,
    because it is rare, is raised by at most MOST_RAISED, and never so far that more smiles (`smiling`, alike) than `share` have a
    unit of NOT_SMILING. Units that a neutral face may well show (lips part and eyes close) stay as they are."""
    highest = np.stack([np.quantile(logits, 1 - share, axis=0) for logits in resting]).max(0)
    if smiling:
        apart = np.stack([np.quantile(logits, 1 - share, axis=0) for logits in smiling]).max(0)
        highest = np.where([key.rstrip("LR") in NOT_SMILING for key in keys], np.maximum(highest, apart), highest)
    highest = np.maximum(highest, -MOST_RAISED)
    highest[[key.rstrip("LR") not in TOLD for key in keys]] = 0
    with torch.no_grad():
        model.presence.bias -= torch.from_numpy(highest).float()


CONFIG = {"seed": 1, "epochs": 16, "batch": 128, "rate": 2e-3, "decay": 0.05, "tremble": 0.001, "photoShare": 0.5, "renderedShare": 2.5, "restIntensity": 0.1, "namedShare": 0.5, "restShare": 0.02, "photos": 4000, "minAuc": 0.9, "minIcc": 0.6}


def held_out(people: np.ndarray, share: float = 0.15) -> np.ndarray:
    """True for the people kept from training: chosen by a hash of the person, so that it never changes."""
    return (people.astype(np.uint64) * np.uint64(2654435761) % np.uint64(1000)) < share * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("valid", "photos", "keys"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--rendered", nargs="+", required=True)
    parser.add_argument("--named", nargs="+", required=True, help="faces whose emotion is known (.shares.npy)")
    parser.add_argument("--resting", nargs="+", required=True, help="the same, never trained on: where, beside the photographs kept from training, presence of a resting face is set")
    parser.add_argument("--trunk", type=Path, required=True, help="a training run, or the weights.onnx of a release")
    parser.add_argument("--start", type=Path, help="the weights.onnx of a release whose heads to go on from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--set", nargs="*", default=[], help="configuration, as name=value")
    options = parser.parse_args()
    config = changed(CONFIG, options.set)
    keys = json.loads(Path(options.keys).read_text())["keys"]
    if options.trunk.is_dir():
        size, network = torch.load(options.trunk / "checkpoint.pt", map_location="cpu")["config"]["size"], load_average(options.trunk)
    else:
        network = shipped.load(options.trunk)
        size = network.trunk.size
    trunk = network.trunk.to(memory_format=torch.channels_last)
    rendered = au_data.joined([au_data.load(prefix, keys) for prefix in options.rendered])
    valid, photos = au_data.load(options.valid, keys), au_data.load(options.photos, keys)
    named = au_data.joined([au_data.load(prefix, keys) for prefix in options.named])
    kept = held_out(photos.person)
    scales = teacher_scales(rendered, keys)
    learned, apart = au_data.subset(photos, ~kept), au_data.subset(photos, kept)
    learned = au_data.subset(learned, np.random.default_rng(config["seed"]).permutation(len(learned.crops))[: config["photos"]])
    rest = torch.from_numpy(rendered.landmarks)
    mean_face = HeadFrame()(rest)[:, :-9].mean(0).reshape(-1, 3)
    twin = mirrored(mean_face)
    parts = [(rendered, rendered.targets), (learned, photo_targets(learned, scales, keys)), (named, named.targets)]
    start = None if options.start is None else shipped.load_units(options.start, len(keys))
    model = fit(assemble(trunk, size, parts, twin, keys), len(keys), config, start)
    unseen = [apart, *(au_data.load(prefix, keys) for prefix in options.resting)]
    resting, smiling = ([predict(model, faces, trunk, size)[0] for faces in all_called(unseen, emotion)] for emotion in ("neutral", "happiness"))
    set_rest(model, resting, config["restShare"], keys, smiling)
    presence, intensity = predict(model, valid, trunk, size)
    rows = table(presence, intensity, valid, keys)
    seen = agreement(predict(model, apart, trunk, size)[1], apart, keys)
    options.out.mkdir(parents=True, exist_ok=True)
    torch.save({"model": model.state_dict(), "keys": keys, "size": size, "config": config, "scales": scales}, options.out / "au.pt")
    chosen = [key for key in keys if rows[key]["auc"] >= config["minAuc"] and rows[key]["icc"] >= config["minIcc"]]
    (options.out / "chosen.json").write_text(json.dumps(chosen) + "\n")
    for key in keys:
        scale = scales.get(key, {})
        print(f"{key:4} auc {rows[key]['auc']:.3f} icc {rows[key]['icc']:.3f} r {rows[key]['pearson']:.3f} n {rows[key]['positives']:4}"
              f" teacher-truth {scale.get('correlation', float('nan')):.2f} x{scale.get('factor', 0):.1f} photos {seen.get(key, float('nan')):.3f}")  # fmt: skip
    print(f"chosen {len(chosen)}: {' '.join(chosen)}")
    if chosen:
        print(f"mean auc {np.mean([rows[k]['auc'] for k in chosen]):.3f} icc {np.mean([rows[k]['icc'] for k in chosen]):.3f}")


if __name__ == "__main__":
    main()
