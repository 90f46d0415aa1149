"""Files of mien as tables of pandas: times in seconds, missing values NaN or <NA>, never 0."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from .columns import COLUMNS, Column, unit_columns, with_dtypes, with_number_dtypes
from .errors import FileProblem

#: A path as Python's own functions take it.
AnyPath = str | os.PathLike[str]

_EPISODES: dict[str, tuple[str, str]] = {
    "id": ("id", "string"),
    "source": ("source", "string"),
    "track": ("track", "Int64"),
    "person": ("person", "Int64"),
    "kind": ("kind", "string"),
    "label": ("label", "string"),
    "onset_s": ("onsetUs", "float64"),
    "apex_s": ("apexUs", "float64"),
    "offset_s": ("offsetUs", "float64"),
    "peak": ("peak", "float64"),
    "mean": ("mean", "float64"),
    "confidence": ("confidence", "float64"),
    "end_reason": ("endReason", "string"),
}

_INSIGHTS: dict[str, tuple[str, str]] = {
    "id": ("id", "string"),
    "source": ("source", "string"),
    "track": ("track", "Int64"),
    "pts_s": ("ptsUs", "float64"),
    "task": ("task", "string"),
    "engine": ("engine", "string"),
    "model": ("model", "string"),
    "emotion": ("emotion", "string"),
    "description": ("description", "string"),
    "reasoning": ("reasoning", "string"),
    "check": ("check", "object"),
    "fused": ("fused", "object"),
}


def read_records(path: AnyPath) -> pd.DataFrame:
    """Read the records of a video, one row a face and frame, from Parquet, records.jsonl or CSV.

    All three give the same columns and types; the manifest beside them, and `pymien.COLUMNS`, say what they mean. The
    last is `person`, of people.json beside them; of records.jsonl alone it is left out. Raises FileProblem for a file
    that is missing, damaged, or none of these.
    """
    file = _existing(path)
    if file.suffix == ".parquet":
        return with_dtypes(_parquet(file))
    if file.suffix == ".csv":
        return with_dtypes(_csv(file))
    if file.suffix == ".jsonl":
        records = _records_of_lines(file)
        people = file.with_name(file.name.replace(".records.jsonl", ".people.json"))
        # Tables name the person; of lines, people.json does.
        return with_persons(records, read_people(people)).drop(columns="name") if people.exists() else records
    raise FileProblem(f"{file}: records are in .parquet, .records.jsonl or .csv files")


def read_episodes(path: AnyPath) -> pd.DataFrame:
    """Read episodes.jsonl: one row a smile, a blink, an expression. Raises FileProblem."""
    table = _flat(path, _EPISODES, "onsetUs")
    table.insert(list(table.columns).index("offset_s") + 1, "duration_s", table["offset_s"] - table["onset_s"])
    return table


def read_insights(path: AnyPath) -> pd.DataFrame:
    """Read insights.jsonl: one row for each thing that a template or a language model said. Raises FileProblem."""
    return _flat(path, _INSIGHTS, "engine")


def read_people(path: AnyPath) -> pd.DataFrame:
    """Read people.json: one row for each stretch of a track that shows a person.

    Tracks that a map says are nobody of interest have no person. `from_s` and `to_s` are empty where the whole track is
    theirs. Raises FileProblem.
    """
    file = _existing(path)
    content = read_json(file)
    if not isinstance(content.get("people"), list):
        raise FileProblem(f"{file}: not a people.json of mien, it has no list of people")
    rows = [
        {
            "source": content["source"],
            "person": person["person"],
            "name": person["name"],
            "track": track["track"],
            "from_s": _seconds(track["fromUs"]),
            "to_s": _seconds(track["toUs"]),
            "by": track["by"],
        }
        for person in content["people"]
        for track in person["tracks"]
    ]
    rows += [{"source": content["source"], "track": track, "by": "map"} for track in content.get("ignored", [])]
    types = {"source": "string", "person": "Int64", "name": "string", "track": "Int64"}
    return _table(rows, {**types, "from_s": "float64", "to_s": "float64", "by": "string"})


def read_numbers(path: AnyPath) -> pd.DataFrame:
    """Read numbers.parquet or numbers.csv of a study: one row a person, marker and measure. Raises FileProblem."""
    file = _existing(path)
    table = _parquet(file) if file.suffix == ".parquet" else _csv(file)
    if "measure" not in table.columns:
        raise FileProblem(f"{file}: not the numbers of a study, it has no column measure")
    return with_number_dtypes(table)


def read_codebook(path: AnyPath) -> pd.DataFrame:
    """Read codebook.csv of a study: what each column and measure means. Raises FileProblem."""
    return _csv(_existing(path)).astype("string")


def with_persons(records: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return records (or episodes) with the columns `person` and `name` of who a track shows at that time.

    Rows of tracks that are nobody's have none. Times are `pts_s` of records and `onset_s` of episodes.
    """
    time = records["pts_s" if "pts_s" in records.columns else "onset_s"]
    person = pd.Series(pd.NA, index=records.index, dtype="Int64")
    name = pd.Series(pd.NA, index=records.index, dtype="string")
    for row in people[people["person"].notna()].itertuples():
        mine = (records["source"] == row.source) & (records["track"] == row.track)
        # A stretch is half-open; an end that is not told is open. A row without a track is nobody's.
        mine &= ~(time < row.from_s) & ~(time >= row.to_s)
        person[mine.fillna(False)] = row.person
        name[mine.fillna(False)] = row.name
    others = records.drop(columns=["person", "name"], errors="ignore")
    return pd.concat([others, person.rename("person"), name.rename("name")], axis=1)


def read_json(path: AnyPath) -> dict[str, Any]:
    """Read a JSON object, such as a manifest. Raises FileProblem."""
    file = _existing(path)
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise FileProblem(f"{file}: not JSON ({error}); write it again with mien") from error
    if not isinstance(content, dict):
        raise FileProblem(f"{file}: not a JSON object")
    return content


def _existing(path: AnyPath) -> Path:
    file = Path(path)
    if file.is_dir():
        raise FileProblem(f"{file} is a folder: pymien.Results({str(file)!r}) finds the files in it")
    if not file.exists():
        raise FileProblem(f"{file}: there is no such file")
    return file


def _parquet(file: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(file, dtype_backend="numpy_nullable")
    except (OSError, ValueError) as error:
        raise FileProblem(f"{file}: not a whole Parquet file ({error}); write it again with mien") from error


def _csv(file: Path) -> pd.DataFrame:
    try:
        # "NA" is a word like any other: only an empty cell is missing. Arrow reads numbers to the last digit.
        table: pd.DataFrame = pd.read_csv(
            file, engine="pyarrow", keep_default_na=False, na_values=[""], dtype_backend="numpy_nullable"
        )
    except ValueError as error:
        raise FileProblem(f"{file}: not a CSV table ({error})") from error
    return table


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                content = json.loads(line)
            except ValueError as error:
                raise FileProblem(f"{file}, line {number}: not JSON ({error}); write it again with mien") from error
            if not isinstance(content, dict):
                raise FileProblem(f"{file}, line {number}: not a JSON object")
            yield content


def _records_of_lines(file: Path) -> pd.DataFrame:
    columns: list[Column] = list(COLUMNS)
    cells: list[list[object]] = [[] for _ in columns]
    units: set[str] = set()
    for row, record in enumerate(_lines(file)):
        if "ptsUs" not in record or "validity" not in record:
            raise FileProblem(f"{file}, line {row + 1}: not a record of mien; records are in NAME.records.jsonl")
        for key in record.get("actionUnits") or {}:
            if key not in units:
                units.add(key)
                new = unit_columns(key)
                columns += new
                cells += [[None] * row for _ in new]
        for column, values in zip(columns, cells, strict=True):
            values.append(column.of(record))
    return with_dtypes(pd.DataFrame({column.name: values for column, values in zip(columns, cells, strict=True)}))


def _flat(path: AnyPath, fields: dict[str, tuple[str, str]], marked_by: str) -> pd.DataFrame:
    file = _existing(path)
    rows: list[dict[str, object]] = []
    for number, line in enumerate(_lines(file), 1):
        if marked_by not in line:
            raise FileProblem(f"{file}, line {number}: not what is expected here, it has no {marked_by}")
        read: dict[str, Callable[[Any], object]] = {
            name: _seconds if key.endswith("Us") else _same for name, (key, _) in fields.items()
        }
        rows.append({name: read[name](line.get(key)) for name, (key, _) in fields.items()})
    return _table(rows, {name: dtype for name, (_, dtype) in fields.items()})


def _table(rows: Sequence[dict[str, Any]], types: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def _same(value: object) -> object:
    return value


def _seconds(us: int | None) -> float | None:
    return None if us is None else us / 1e6
