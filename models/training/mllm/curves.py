"""python -m mllm.curves RUN [RUN ...] [--out curves.png]: what runs wrote to log.jsonl, a small plot a measure and a line a run.

Trainers write the log as they go and draw RUN/curves.png when they save; nothing is sent anywhere.
"""

import argparse
import json
import math
from pathlib import Path

from matplotlib.figure import Figure

Row = dict[str, object]
LOG, CURVES = "log.jsonl", "curves.png"
COLUMNS, WIDTH_IN, HEIGHT_IN = 3, 4.2, 2.6
NO_MEASURES = {"step", "epoch", "total_flos"}


def written(run: Path) -> list[Row]:
    """The rows of a run's log, none before its first. Raises ValueError that names a line which is no JSON."""
    path = run / LOG
    lines = path.read_text().splitlines() if path.exists() else []
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError as error:
            raise ValueError(f"{path}, line {number}: no JSON ({error.msg}); remove the line") from None
    return rows


def write(run: Path, rows: list[Row]) -> None:
    """The whole log, in one piece: who reads it meanwhile sees the old one or the new one."""
    run.mkdir(parents=True, exist_ok=True)
    part = run / f"{LOG}.part"
    part.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    part.replace(run / LOG)


def measures_of(rows: list[Row]) -> dict[str, list[tuple[float, float]]]:
    """By measure (loss, reward, ...) its (step, value) in order of steps; what was told once, as the seconds in all, is no curve."""
    found: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        for name, value in row.items():
            if name not in NO_MEASURES and isinstance(value, int | float) and not isinstance(value, bool) and "step" in row:
                found.setdefault(name, []).append((float(row["step"]), float(value)))
    return {name: points for name, points in found.items() if len(points) > 1}


def draw(logs: dict[str, list[Row]], file: Path) -> list[str]:
    """Draws the measures of runs, by their names, and returns which they are; draws nothing where there are none yet."""
    curves = {run: measures_of(rows) for run, rows in logs.items()}
    names = sorted({name for measures in curves.values() for name in measures}, key=lambda name: (name != "loss", name))
    if not names:
        return []
    columns = min(COLUMNS, len(names))
    lines = math.ceil(len(names) / columns)
    figure = Figure(figsize=(WIDTH_IN * columns, HEIGHT_IN * lines), layout="constrained")
    for place, name in enumerate(names, 1):
        axes = figure.add_subplot(lines, columns, place, title=name, xlabel="step")
        for run, measures in curves.items():
            if name in measures:
                axes.plot(*zip(*measures[name], strict=True), label=run, linewidth=1)
        axes.grid(alpha=0.3)
        if len(curves) > 1:
            axes.legend(fontsize="small")
    figure.savefig(file, dpi=120)
    return names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path(CURVES))
    options = parser.parse_args()
    try:
        names = draw({str(run): written(run) for run in options.runs}, options.out)
    except ValueError as error:
        parser.exit(1, f"{error}\n")
    if not names:
        parser.exit(1, f"nothing to draw: no {LOG} in {', '.join(map(str, options.runs))} has two rows of a measure; name folders of runs\n")
    print(f"{options.out}: {', '.join(names)}")


if __name__ == "__main__":
    main()
