"""python -m vlm.evaluate --run RUN --affect weights.onnx --voted FER-VALID --cache CACHE --rendered SET... [--pairs SET] [--listener L]

Every measure beside what it must beat: the fast path's labels (a template filled from them says just that), the same decoder that
sees nothing, and faces whose pictures were shuffled. Wordings are those kept from training. FER+ test is not touched here.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from . import measures, speak
from .answers import CANDIDATES
from .batches import WORDS
from .export import load_run
from .faces import FaceSet, covered, rendered, voted
from .facts import PRESENT
from .listener import features_of, load, padded
from .model import Vlm
from .names import ASKED, COMPOUNDS, EMOTIONS, KEYS, UNITS, sentence
from .reading import emotion_of, units_of
from .texts import compound
from .tokenizer import Tokenizer

CHUNK = 32


def question(kind: str, number: int = 0) -> str:
    """A wording that was kept from training."""
    return WORDS[kind][1][number].replace("CANDIDATES", ", ".join(CANDIDATES))


@torch.no_grad()
def prefixes(model: Vlm, crops: np.ndarray, meshes: np.ndarray) -> torch.Tensor:
    parts = [model.prefix(torch.from_numpy(crops[at : at + CHUNK]), torch.from_numpy(meshes[at : at + CHUNK])) for at in range(0, len(crops), CHUNK)]
    return torch.cat(parts)


def texts(model: Vlm, tokenizer: Tokenizer, prefix: torch.Tensor, kind: str) -> list[str]:
    said = []
    for at in range(0, len(prefix), CHUNK):
        part = prefix[at : at + CHUNK]
        said += [tokenizer.decode(ids) for ids in speak.answers(model, tokenizer, part, [question(kind)] * len(part), longest=100)]
    return said


def label_table(model: Vlm, tokenizer: Tokenizer, prefix: torch.Tensor) -> np.ndarray:
    """Log probability [n, 8] of each label after <answer>, over EMOTIONS."""
    labels = [ASKED[emotion] for emotion in EMOTIONS]
    parts = [speak.likelihood(model, tokenizer, prefix[at : at + 128], question("label"), "<answer>", labels) for at in range(0, len(prefix), 128)]
    return torch.cat(parts).numpy()


def emotion(model: Vlm, tokenizer: Tokenizer, faces: FaceSet, spoken: int) -> dict[str, object]:
    """Accuracy of the label and of the text, NLL against votes and ECE, with a temperature fitted on the other half."""
    shares = np.stack([f.shares for f in faces.facts])
    truth, half = shares.argmax(1), np.arange(len(shares)) % 2 == 0
    prefix = prefixes(model, faces.crops, faces.landmarks)
    order = np.random.default_rng(3).permutation(len(prefix))
    found: dict[str, object] = {"faces": len(prefix)}
    for name, seen in {"seen": prefix, "blind": torch.zeros_like(prefix), "shuffled": prefix[order]}.items():
        table = label_table(model, tokenizer, seen)
        temperature = measures.fitted(table[half], shares[half])
        p = measures.tempered(table, temperature, np.zeros(8))[~half]
        found[name] = {
            "accuracy": (table.argmax(1) == truth).mean(), "nll": measures.vote_nll(p, shares[~half]),
            "ece of votes": measures.calibration_error(p, shares[~half]), "ece of majority": measures.calibration_error(p, np.eye(8)[truth[~half]]), "temperature": temperature,
        }  # fmt: skip
        rows = np.random.default_rng(4).permutation(len(prefix))[:spoken]
        for kind in ("summary", "ferbench") if name == "seen" else ("summary",):
            said = [emotion_of(text) for text in texts(model, tokenizer, seen[rows], kind)]
            found[name][f"{kind} accuracy"] = np.mean([s == EMOTIONS[t] for s, t in zip(said, truth[rows], strict=True)])
    if faces.measured is not None:
        p = measures.tempered(faces.measured, 1.0, np.zeros(8))
        sure = np.where(np.eye(8)[p.argmax(1)] > 0, 1 - 7e-4, 1e-4)
        smooth = {"one label": sure, "one label, its accuracy": np.where(sure > 0.5, 0.87, 0.13 / 7), "probabilities": p}
        found["fast path"] = {"accuracy": (p.argmax(1) == truth).mean()} | {f"nll {k}": measures.vote_nll(v[~half], shares[~half]) for k, v in smooth.items()}
        found["fast path"] |= {"ece of votes": measures.calibration_error(p[~half], shares[~half]), "ece of majority": measures.calibration_error(p[~half], np.eye(8)[truth[~half]])}
    return found


def compounds(model: Vlm, tokenizer: Tokenizer, faces: FaceSet) -> dict[str, object]:
    """Faces on which people see two emotions: how often the answer is the compound; how often it is "none" of the others; and, where it is
    known that there are two, how often the likeliest compound is the right one. The fast path names its two likeliest emotions."""
    truth, names = np.array([compound(f) for f in faces.facts]), list(COMPOUNDS)
    mixed, prefix = truth != "none", prefixes(model, faces.crops, faces.landmarks)

    def rates(seen: torch.Tensor) -> dict[str, float]:
        said = np.array([text.strip(" .").lower() for text in texts(model, tokenizer, seen, "compound")])
        likely = speak.likelihood(model, tokenizer, seen[torch.from_numpy(mixed)], question("compound"), "", [sentence(name) for name in names]).argmax(1).numpy()
        return {"named": (said == truth)[mixed].mean(), "none of others": (said == truth)[~mixed].mean(), "known to be two": (np.array(names)[likely] == truth[mixed]).mean()}

    found: dict[str, object] = {"faces": len(faces), "mixed": int(mixed.sum()), "seen": rates(prefix), "blind": rates(torch.zeros_like(prefix))}
    if faces.measured is not None:
        p = measures.tempered(faces.measured[mixed], 1.0, np.zeros(8))
        both = np.stack([p[:, EMOTIONS.index(a)] + p[:, EMOTIONS.index(b)] for a, b in COMPOUNDS.values()], 1)
        found["fast path"] = {"known to be two": (np.array(names)[both.argmax(1)] == truth[mixed]).mean()}
    return found


def claims(said: list[str]) -> np.ndarray:
    return np.array([[unit in units_of(text) for unit in KEYS] for text in said])


def truth_of(faces: FaceSet) -> np.ndarray:
    return np.array([[f.units.get(unit, 0) >= PRESENT for unit in KEYS] for f in faces.facts])


def units(model: Vlm, tokenizer: Tokenizer, faces: FaceSet) -> dict[str, object]:
    prefix, there = prefixes(model, faces.crops, faces.landmarks), truth_of(faces)
    order, found = np.random.default_rng(3).permutation(len(prefix)), {"faces": len(prefix)}
    for name, seen, kind in (("unit-list", prefix, "unit-list"), ("movement", prefix, "movement"), ("blind", torch.zeros_like(prefix), "unit-list"), ("shuffled", prefix[order], "unit-list")):
        f1 = measures.unit_f1(claims(texts(model, tokenizer, seen, kind)), there)
        found[name] = {"mean": np.nanmean(f1)} | ({u: round(float(v), 2) for u, v in zip(KEYS, f1, strict=True)} if name == "unit-list" else {})
    if faces.measured is not None:
        f1 = measures.unit_f1(faces.measured > 0, there)
        found["fast path"] = {"mean": np.nanmean(f1)} | {u: round(float(v), 2) for u, v in zip(KEYS, f1, strict=True)}
    return found


def retrieval(model: Vlm, tokenizer: Tokenizer, faces: FaceSet, labels: list[tuple], listener: Path | None, most: int) -> dict[str, object]:
    """How often a text finds its face among 8 that a template would describe alike; by the speaker's own likelihood and by a listener that never heard it."""
    groups = measures.groups_alike(labels, 8, np.random.default_rng(6), most)
    hits: dict[str, list[bool]] = {}
    ear = load(listener, tokenizer) if listener else None
    for rows in groups:
        prefix = prefixes(model, faces.crops[rows], faces.landmarks[rows])
        seen = features_of(model, torch.from_numpy(faces.crops[rows]), torch.from_numpy(faces.landmarks[rows])) if ear else None
        for kind in ("movement", "units"):
            said = texts(model, tokenizer, prefix, kind)
            own = torch.stack([speak.surprise(model, tokenizer, prefix, question(kind), text) for text in said])
            mean = own - own.mean(0, keepdim=True)
            hits.setdefault(f"{kind}, itself", []).extend((mean.argmin(1) == torch.arange(8)).tolist())
            if ear:
                with torch.no_grad():
                    likeness = ear.read(*padded([tokenizer.encode(text) for text in said])) @ ear.look(seen).T
                # Texts that are the same word for word share what they find.
                best = likeness >= likeness.max(1, keepdim=True).values - 1e-6
                hits.setdefault(f"{kind}, listener", []).extend((best.diagonal() / best.sum(1)).tolist())
    return {"groups": len(groups), "chance": 0.125} | {name: float(np.mean(values)) for name, values in hits.items()}


def pairs(model: Vlm, tokenizer: Tokenizer, faces: FaceSet, rows: np.ndarray) -> dict[str, object]:
    """Faces 2k and 2k + 1 of the rendered set differ in one unit: is it claimed for the second and not for the first?"""
    place = {int(row): at for at, row in enumerate(rows)}
    both = [(place[r], place[r + 1]) for r in range(0, int(rows.max()) + 1, 2) if r in place and r + 1 in place]
    there = truth_of(faces)
    chosen = [(a, b, k) for a, b in both for k in np.flatnonzero(there[b] & ~there[a]) if faces.facts[b].units[KEYS[k]] - faces.facts[a].units[KEYS[k]] >= 2]
    prefix = prefixes(model, faces.crops, faces.landmarks)
    order = np.random.default_rng(3).permutation(len(prefix))
    found: dict[str, object] = {"pairs": len(chosen)}

    def rates(claimed: np.ndarray) -> dict[str, float]:
        one, other = np.array([claimed[b, k] for _, b, k in chosen]), np.array([claimed[a, k] for a, _, k in chosen])
        return {"with": one.mean(), "without": other.mean(), "right of both": (one & ~other).mean()}

    for name, seen, kind in (("unit-list", prefix, "unit-list"), ("movement", prefix, "movement"), ("blind", torch.zeros_like(prefix), "unit-list"), ("shuffled", prefix[order], "unit-list")):
        found[name] = rates(claims(texts(model, tokenizer, seen, kind)))
    if faces.measured is not None:
        found["fast path"] = rates(faces.measured > 0)
    return found


def hidden_regions(model: Vlm, tokenizer: Tokenizer, faces: FaceSet) -> dict[str, object]:
    """Share of the faces with a claim about the mouth, and about the brows, bare and with either covered; and "cannot be seen" said."""
    rest, found = faces.landmarks[:200].mean(0), {}
    region = {r: [k for k, u in enumerate(KEYS) if UNITS[u][0] == r] for r in ("mouth", "brows")}
    for name in ("bare", "mouth", "brows"):
        rng = np.random.default_rng(8)
        drawn = [covered(faces.crops[i], faces.landmarks[i], faces.facts[i], () if name == "bare" else (name,), rest, rng) for i in range(len(faces))]
        prefix = prefixes(model, np.stack([d[0] for d in drawn]), np.stack([d[1] for d in drawn]).astype(np.float32))
        said = texts(model, tokenizer, prefix, "movement")
        claimed = claims(said)
        found[name] = {f"claims {r}": claimed[:, ks].any(1).mean() for r, ks in region.items()} | {f"says {r} hidden": np.mean([f"{r} cannot" in t or (f"{r}" in t and "cannot be seen" in t) for t in said]) for r in region}
    return found


def rounded(value: object) -> object:
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return round(float(value), 4) if isinstance(value, (float, np.floating)) else value


def presence_of(cache: Path, prefix: str, found: np.ndarray) -> np.ndarray | None:
    path = cache / f"{Path(prefix).name}.npz"
    return np.load(path)["presence"][found][:, : len(KEYS)] if path.exists() else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("run", "affect", "cache"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--voted")
    parser.add_argument("--rendered", nargs="*", default=[])
    parser.add_argument("--pairs")
    parser.add_argument("--listener", type=Path)
    parser.add_argument("--most", type=int, default=400, help="faces that are asked for a text, of each set")
    parser.add_argument("--labels", type=int, default=4000, help="faces of --voted that are asked for a label")
    options = parser.parse_args()
    torch.set_num_threads(1)
    model, tokenizer = load_run(options.run, options.affect)

    def told(name: str, value: dict[str, object]) -> None:
        print(json.dumps({name: rounded(value)}), flush=True)

    def some(prefix: str) -> tuple[FaceSet, np.ndarray]:
        rows = np.flatnonzero(np.load(f"{prefix}.facts.npy")[:, 0] > 0)
        faces = rendered(prefix)
        faces.measured = presence_of(options.cache, prefix, rows)
        return faces, rows

    if options.voted:
        faces = voted(options.voted, options.cache)
        order = np.random.default_rng(1).permutation(len(faces))
        mixed = np.array([compound(faces.facts[row]) != "none" for row in order])
        told("compounds", compounds(model, tokenizer, faces.chosen(np.r_[order[mixed], order[~mixed][: mixed.sum()]])))
        faces = faces.chosen(order[: options.labels])
        told("emotion", emotion(model, tokenizer, faces, options.most))
        labels = [(int(f.shares.argmax()), *(f.units.get(u, -1) >= PRESENT for u in KEYS)) for f in faces.facts]
        told("retrieval", retrieval(model, tokenizer, faces, labels, options.listener, options.most // 16))
    for prefix in options.rendered:
        faces, _ = some(prefix)
        faces = faces.chosen(np.random.default_rng(2).permutation(len(faces))[: options.most])
        told(f"units {Path(prefix).name}", units(model, tokenizer, faces))
        told(f"hidden {Path(prefix).name}", hidden_regions(model, tokenizer, faces.chosen(np.arange(min(len(faces), options.most // 2)))))
    if options.pairs:
        told("pairs", pairs(model, tokenizer, *some(options.pairs)))


if __name__ == "__main__":
    main()
