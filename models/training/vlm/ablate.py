"""python -m vlm.ablate --rows vlm/ablations.json --base vlm/small.json --sets sets.json --affect weights.onnx --start RUN --cache CACHE
--voted FER-VALID --rendered SET --out FOLDER [--steps 300] [--seeds 1]: tables of the papers at this scale.

Each row is one configuration, trained for the same number of steps. A row with a stage begins with RUN's decoder and eyes that know
nothing, as the papers begin with a language model; one without, which asks some kinds of question only, with nothing at all. Rows that
are alike are trained once; a row may have a seed of its own. Beside it stand the paper's figures (percent: accuracy of the emotion,
mean F1 of the units). Finished rows are kept in FOLDER.
"""

import argparse
import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from . import config as configs
from . import tokenizer as tokens
from . import train
from .batches import Sampler
from .evaluate import claims, label_table, prefixes, texts, truth_of
from .export import load_run
from .faces import FaceSet, rendered, voted
from .measures import unit_f1
from .model import Vlm, fill
from .names import EMOTIONS
from .reading import emotion_of


def name_of(row: dict, steps: int, seed: int) -> str:
    """The same for rows that are trained alike."""
    told = json.dumps([{"seed": seed} | row["config"], row.get("kinds"), row.get("stage"), steps], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Bench:
    """What all rows have in common; `start` is the run whose decoder rows with a stage begin with."""

    base: dict
    steps: int
    sets: list[tuple[FaceSet, float]]
    tokenizer: tokens.Tokenizer
    affect: Path
    out: Path
    start: Path

    def row(self, row: dict, seed: int) -> Path:
        """The run of a row; goes on where it was stopped."""
        run, kinds, stage = self.out / name_of(row, self.steps, seed), row.get("kinds"), row.get("stage", "instruct")
        config = configs.of(self.base | {"seed": seed} | row["config"]).changed(vocabulary=self.tokenizer.size)
        run.mkdir(parents=True, exist_ok=True)
        self.tokenizer.save(run / "tokenizer.json")
        config.save(run / "config.json")
        model = Vlm(config, self.affect)
        if "stage" in row:
            begun = torch.load(self.start / "checkpoint.pt", map_location="cpu")["model"]
            fill(model, {k: v for k, v in model.state_dict().items() if k.startswith("eyes.")} | {k: v for k, v in begun.items() if k.startswith("decoder.")})
        options = argparse.Namespace(out=run, stage=stage, steps=self.steps, faces=16, questions=4, minutes=math.inf, kinds=kinds)
        train.train(model, Sampler(self.sets, self.tokenizer, config.prefix, kinds), options, train.STAGES[stage][0])
        return run


def measured(run: Path, affect: Path, faces: FaceSet, units: FaceSet, kinds: list[str] | None) -> dict[str, float]:
    """Percent: emotions right, by label (or from the text, where labels were not asked for), and mean F1 of units from the text."""
    model, tokenizer = load_run(run, affect)
    truth = np.stack([f.shares for f in faces.facts]).argmax(1)
    prefix = prefixes(model, faces.crops, faces.landmarks)
    if kinds is None:
        right = label_table(model, tokenizer, prefix).argmax(1) == truth
    else:
        said = texts(model, tokenizer, prefix, "summary")
        right = np.array([emotion_of(text) == EMOTIONS[t] for text, t in zip(said, truth, strict=True)])
    spoken = texts(model, tokenizer, prefixes(model, units.crops, units.landmarks), "unit-list" if kinds is None else "movement")
    return {"emotion": 100 * float(right.mean()), "units": 100 * float(np.nanmean(unit_f1(claims(spoken), truth_of(units))))}


def table(rows: list[dict], found: dict[str, dict[str, float]], steps: int, seeds: int) -> str:
    """Markdown; several seeds as mean and range."""

    def shown(row: dict, what: str) -> str:
        values = [found[name_of(row, steps, seed)][what] for seed in range(1, seeds + 1)]
        return f"{np.mean(values):.1f}" + (f" ({min(values):.1f} to {max(values):.1f})" if seeds > 1 else "")

    lines = ["| table | row | emotion | units | the paper's |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        paper = "-" if row["paper"] is None else " / ".join(f"{v:g}" for v in row["paper"])
        lines.append(f"| {row['table']} | {row['row']} | {shown(row, 'emotion')} | {shown(row, 'units')} | {paper} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("rows", "base", "sets", "affect", "start", "cache", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("voted", "rendered"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--most", type=int, default=800, help="faces that each row is measured on, of each set")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    rows, base, sets = json.loads(options.rows.read_text()), json.loads(options.base.read_text()), train.load_sets(options.sets)
    bench = Bench(base, options.steps, sets, tokens.load(options.start / "tokenizer.json"), options.affect, options.out, options.start)

    def some(faces: FaceSet) -> FaceSet:
        return faces.chosen(np.random.default_rng(2).permutation(len(faces))[: options.most])

    faces, units = some(voted(options.voted, options.cache)), some(rendered(options.rendered))
    store = options.out / "found.json"
    found = json.loads(store.read_text()) if store.exists() else {}
    for seed in range(1, options.seeds + 1):
        for row in rows:
            name = name_of(row, options.steps, seed)
            if name in found:
                continue
            found[name] = measured(bench.row(row, seed), options.affect, faces, units, row.get("kinds"))
            store.write_text(json.dumps(found))
            print(json.dumps({"table": row["table"], "row": row["row"], "seed": seed} | found[name]), flush=True)
    print(table(rows, found, options.steps, options.seeds))


if __name__ == "__main__":
    main()
