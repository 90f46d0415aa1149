"""python -m mllm.ablate --rows mllm/ablations/feallm.json --model LLAVA --stage feallm-align=captions.json --stage feallm-tune=fea.json
--pictures FOLDER --out FOLDER [--seeds 3] [--steps N] [--landmarks FILE] [--mien "node ../../dist/main.js"] --eval feabench --annotations ... --images ...

One row of a paper's table is one configuration. Each is trained through the stages, served, and asked by `mien eval`, whose options follow --eval;
beside what was measured stands the paper's figure (percent, the reading as published). What is finished is kept in FOLDER, a row and seed at a time;
a run that was stopped goes on from its checkpoint. Writes FOLDER/table.md and FOLDER/table.csv after each.
"""

import argparse
import csv
import hashlib
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from .parts import FaceParts
from .recipes import Recipe, load

ROW = ("table", "row", "parts", "trained", "kinds", "paper")
READY = re.compile(r" at (http\S+)")


@dataclass(frozen=True)
class Row:
    """`kinds` are those of the questions that it is taught (all without any), `trained` what its last stage changes where that is not the recipe's."""

    table: str
    row: str
    parts: FaceParts
    trained: tuple[str, ...] | None
    kinds: tuple[str, ...] | None
    paper: dict[str, float]


@dataclass(frozen=True)
class Stage:
    recipe: str
    data: Path


def rows_of(path: Path) -> list[Row]:
    """Throws ValueError naming a row with a member that is none of a row's."""
    found = []
    for index, entry in enumerate(json.loads(path.read_text())):
        unknown, missing = set(entry) - set(ROW), {"table", "row", "parts"} - set(entry)
        if unknown or missing:
            raise ValueError(f"{path}, row {index}: {', '.join(sorted(unknown | missing))}; a row has {', '.join(ROW)}")
        lists = {name: tuple(entry[name]) if name in entry else None for name in ("trained", "kinds")}
        found.append(Row(entry["table"], entry["row"], FaceParts.from_dict(entry["parts"]), **lists, paper=entry.get("paper", {})))
    return found


def recipe_of(row: Row, stage: Stage, last: bool) -> Recipe | None:
    """A stage's recipe with the row's parts; None where it would train parts that the row does not have."""
    recipe = load(stage.recipe).changed(parts=row.parts)
    if last and row.trained is not None:
        recipe = recipe.changed(trained=row.trained)
    none = row.parts.tokens == 0 and not row.parts.views
    return None if none and recipe.trained == ("parts",) else recipe


def key_of(row: Row, stages: Iterable[Stage], seed: int, told: object) -> str:
    """The same for rows that are trained and asked alike."""
    recipes = [(stage.recipe, load(stage.recipe).changed(parts=row.parts).__dict__ | {"parts": row.parts.to_dict()}, str(stage.data)) for stage in stages]
    whole = json.dumps([recipes, row.trained, row.kinds, seed, told], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


def of_kinds(data: Path, kinds: tuple[str, ...] | None, out: Path) -> Path:
    """The questions of some kinds alone (the end of their ids, as `mien dataset convert` writes them). Throws ValueError where there are none."""
    if kinds is None:
        return data
    kept = [item for item in json.loads(data.read_text()) if str(item.get("id", "")).rsplit("#", 1)[-1] in kinds]
    if not kept:
        raise ValueError(f"{data} has no questions of the kinds {', '.join(kinds)}; it is to be made by `mien dataset convert --task aligned`")
    out.write_text(json.dumps(kept))
    return out


def measured(report: dict) -> dict[str, float]:
    """Columns of eval.json by "PART COLUMN", as published, in percent."""
    return {f"{part['part']} {column}": value for part in report["parts"] for column, value in zip(part["columns"], part["asPublished"], strict=True)}


def table(rows: list[Row], found: Callable[[Row], list[dict[str, float]]]) -> tuple[list[str], list[list[str]]]:
    """Header and lines; several seeds as mean and range. Rows without any figure yet have none."""
    columns = list(dict.fromkeys(name for row in rows for values in found(row) for name in values))

    def shown(values: list[float]) -> str:
        mean = f"{sum(values) / len(values):.1f}" if values else ""
        return mean + (f" ({min(values):.1f} to {max(values):.1f})" if len(values) > 1 else "")

    lines = []
    for row in rows:
        ours = [shown([values[name] for values in found(row) if name in values]) for name in columns]
        paper = [f"{row.paper[name]:g}" if name in row.paper else "" for name in columns]
        lines.append([row.table, row.row, str(len(found(row))), *(cell for pair in zip(ours, paper, strict=True) for cell in pair)])
    return ["table", "row", "seeds", *(cell for name in columns for cell in (name, f"{name}, the paper's"))], lines


def write_table(out: Path, rows: list[Row], found: Callable[[Row], list[dict[str, float]]]) -> None:
    header, lines = table(rows, found)
    with (out / "table.csv").open("w", newline="") as file:
        csv.writer(file).writerows([header, *lines])
    marked = [header, ["---"] * len(header), *lines]
    (out / "table.md").write_text("".join(f"| {' | '.join(line)} |\n" for line in marked))


def trained(row: Row, stages: list[Stage], seed: int, folder: Path, options: argparse.Namespace) -> Path:
    """The folder of the last run."""
    start: Path | None = None
    for index, stage in enumerate(stages):
        last = index == len(stages) - 1
        recipe = recipe_of(row, stage, last)
        if recipe is None:
            continue
        run, written = folder / f"stage-{index + 1}", folder / f"stage-{index + 1}.json"
        written.write_text(json.dumps(recipe.__dict__ | {"parts": recipe.parts.to_dict()}))
        data = of_kinds(stage.data, row.kinds if last else None, folder / "data.json")
        told = ["--recipe", written, "--model", options.model, "--data", data, "--pictures", options.pictures, "--out", run, "--seed", seed]
        more = [*(["--start", start] if start else []), *(["--steps", options.steps] if options.steps else [])]
        more += ["--landmarks", options.landmarks] if options.landmarks else []
        subprocess.run([sys.executable, "-m", "mllm.sft", *map(str, [*told, *more])], check=True)
        start = run
    if start is None:
        raise ValueError(f"{row.row}: no stage trains anything of it")
    return start


def asked(run: Path, options: argparse.Namespace, out: Path) -> dict[str, float]:
    """Serves a run, and has `mien eval` ask it."""
    server = subprocess.Popen(
        [sys.executable, "-m", "mllm.serve", "--model", options.model, "--run", f"row={run}", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        ready = next((found for line in server.stdout if (found := READY.search(line))), None)
        if ready is None:
            raise RuntimeError(f"{run}: the server ended before it was ready; see what it said above")
        told = ["--mllm-url", ready[1], "--mllm-model", "row", "--out", str(out), "--resume" if (out / "answers.jsonl").is_file() else "--overwrite"]
        subprocess.run([*shlex.split(options.mien), "eval", *options.eval, *told], check=True)
        return measured(json.loads((out / "eval.json").read_text()))
    finally:
        server.terminate()
        server.wait()


def stage_of(said: str) -> Stage:
    name, _, data = said.partition("=")
    if not data or not Path(data).is_file():
        raise argparse.ArgumentTypeError(f"{said!r}: write RECIPE=FILE, with a file that is there")
    return Stage(name, Path(data))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("rows", "pictures", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--model", required=True, help="the base of all rows")
    parser.add_argument("--stage", type=stage_of, action="append", required=True, help="RECIPE=DATA.json, in their order")
    parser.add_argument("--landmarks", type=Path)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--steps", type=int, help="at most so many in each stage")
    parser.add_argument("--mien", default="mien", help="how mien is called")
    parser.add_argument("--eval", nargs=argparse.REMAINDER, required=True, help="last: what follows `mien eval`, but for model and output")
    options = parser.parse_args()
    rows = rows_of(options.rows)
    options.out.mkdir(parents=True, exist_ok=True)
    store = options.out / "found.json"
    found = json.loads(store.read_text()) if store.exists() else {}
    told = [options.model, options.steps, options.eval]

    def figures(row: Row) -> list[dict[str, float]]:
        keys = [key_of(row, options.stage, seed, told) for seed in range(1, options.seeds + 1)]
        return [found[key] for key in keys if key in found]

    for seed in range(1, options.seeds + 1):
        for row in rows:
            key = key_of(row, options.stage, seed, told)
            if key not in found:
                folder = options.out / key
                folder.mkdir(exist_ok=True)
                found[key] = asked(trained(row, options.stage, seed, folder, options), options, folder / "eval")
                store.write_text(json.dumps(found, indent=1))
                print(json.dumps({"row": row.row, "seed": seed} | found[key]), flush=True)
            write_table(options.out, rows, figures)
    print((options.out / "table.md").read_text())


if __name__ == "__main__":
    main()
