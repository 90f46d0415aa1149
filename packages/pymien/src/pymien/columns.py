"""The columns of tables, as mien declares them (columns.json is written by mien's tests)."""

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pandas as pd

#: The type of a column in pandas: missing values are NaN or <NA>, never 0.
DTYPES = {"double": "float64", "int": "Int64", "boolean": "boolean", "text": "string"}


@dataclass(frozen=True)
class Column:
    """One column: its name, its type, where it is in a line of records.jsonl, and what it means."""

    name: str
    type: str
    path: tuple[str, ...]
    scale: float
    about: str

    def of(self, record: dict[str, Any]) -> object:
        """Return the value of this column in a line of records.jsonl; None where it has none."""
        value: Any = record
        for key in self.path:
            value = value.get(key) if isinstance(value, dict) else None
            if value is None:
                return None
        if isinstance(value, list):
            return ";".join(value)
        # Dividing by a power of ten is exact where multiplying by its inverse is not.
        return value if self.scale == 1 else value / round(1 / self.scale)


def _column(entry: dict[str, Any], key: str = "") -> Column:
    number, side = re.fullmatch(r"(\d*)([LR]?)", key).groups()  # type: ignore[union-attr]
    unit = f"au{number:0>2}" + {"": "", "L": "_left", "R": "_right"}[side]
    path = entry["path"].replace("{key}", key).split(".")
    return Column(
        name=entry["name"].replace("{unit}", unit),
        type=entry["type"],
        path=tuple(path),
        scale=entry.get("scale", 1),
        about=f"AU{key}: {entry['about']}" if key else entry["about"],
    )


_DECLARED = json.loads(files("pymien").joinpath("columns.json").read_text(encoding="utf-8"))

#: The columns that every table of records has.
COLUMNS: tuple[Column, ...] = tuple(_column(entry) for entry in _DECLARED["columns"])


def unit_columns(key: str) -> tuple[Column, ...]:
    """Return the columns of an action unit by its key: "12", "12L", "12R"."""
    return tuple(_column(entry, key) for entry in _DECLARED["unitColumns"])


# Written last, when tracks are joined; lines of records.jsonl do not have it.
_BY_NAME = {column.name: column.type for column in COLUMNS} | {"person": "int", "name": "text"}
_BY_ENDING = {entry["name"].replace("{unit}", ""): entry["type"] for entry in _DECLARED["unitColumns"]}


def _type_of(name: str) -> str | None:
    stem = re.match(r"au\d\d(_left|_right)?(?=_)", name)
    return _BY_ENDING.get(name[stem.end() :]) if stem else _BY_NAME.get(name)


def with_dtypes(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the declared type of every column that is declared."""
    known = {str(name): found for name in table.columns if (found := _type_of(str(name)))}
    return table.astype({name: DTYPES[found] for name, found in known.items()})


_NUMBERS: dict[str, str] = json.loads(files("pymien").joinpath("number-columns.json").read_text(encoding="utf-8"))


def with_number_dtypes(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of numbers with the declared types; traits of participants are numbers or words, as they come."""
    types = {}
    for name in map(str, table.columns):
        numeric = pd.api.types.is_numeric_dtype(table[name])
        types[name] = DTYPES[_NUMBERS.get(name, "double" if numeric else "text")]
    return table.astype(types)
