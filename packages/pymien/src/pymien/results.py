"""A folder of results: what `mien analyze` or `mien study run` wrote there."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from .errors import FileProblem
from .tables import (
    AnyPath,
    read_codebook,
    read_episodes,
    read_insights,
    read_json,
    read_numbers,
    read_people,
    read_records,
    with_persons,
)

_MANIFEST = ".manifest.json"


@dataclass(frozen=True)
class Video:
    """The results of one video: the files of one name in one folder."""

    folder: Path
    name: str

    def path(self, ending: str) -> Path:
        """Return where the file of this ending is, such as ".parquet", or would be."""
        return self.folder / f"{self.name}{ending}"

    @property
    def manifest(self) -> dict[str, Any]:
        """What was run, with which mien, models and options, and what each file holds."""
        return read_json(self.path(_MANIFEST))

    def records(self) -> pd.DataFrame:
        """One row a face and frame: of the Parquet file, else of records.jsonl, else of the CSV.

        With people.json there are also the columns `person` and `name`.
        """
        table = read_records(self._first(".parquet", ".records.jsonl", ".csv"))
        people = self.people()
        return table if people is None else with_persons(table, people)

    def episodes(self) -> pd.DataFrame:
        """One row a smile, a blink, an expression; with people.json also `person` and `name`."""
        table = read_episodes(self._first(".episodes.jsonl"))
        people = self.people()
        return table if people is None else with_persons(table, people)

    def insights(self) -> pd.DataFrame:
        """One row for each thing that was said of a face; only of runs with words."""
        return read_insights(self._first(".insights.jsonl"))

    def people(self) -> pd.DataFrame | None:
        """Who is who; None where the results do not tell."""
        file = self.path(".people.json")
        return read_people(file) if file.exists() else None

    def _first(self, *endings: str) -> Path:
        for ending in endings:
            if self.path(ending).exists():
                return self.path(ending)
        wanted = " or ".join(f"{self.name}{ending}" for ending in endings)
        raise FileProblem(f"{self.folder}: no {wanted}; analyse again with the format that holds it")


class Results:
    """Results in a folder, however deep: of one video, of several, or of a study."""

    def __init__(self, folder: AnyPath) -> None:
        """Look into a folder. Raises FileProblem where there are no results of mien."""
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise FileProblem(f"{self.folder}: there is no such folder")
        if not self.videos and not self._numbers:
            raise FileProblem(
                f"{self.folder}: no results of mien in it; `mien analyze VIDEO --out {folder}` writes some"
            )

    @cached_property
    def videos(self) -> dict[str, Video]:
        """Every video of which there is a manifest, by name, in alphabetical order."""
        found: dict[str, Video] = {}
        for manifest in sorted(self.folder.rglob(f"*{_MANIFEST}")):
            video = Video(manifest.parent, manifest.name.removesuffix(_MANIFEST))
            if video.name in found:
                raise FileProblem(
                    f"{self.folder}: two videos are called {video.name}, in {found[video.name].folder} "
                    f"and {video.folder}; read one of these folders"
                )
            found[video.name] = video
        return dict(sorted(found.items()))

    def records(self) -> pd.DataFrame:
        """All records of all videos; `source` tells them apart."""
        return _together([video.records() for video in self.videos.values()])

    def episodes(self) -> pd.DataFrame:
        """All episodes of all videos; `source` tells them apart."""
        return _together([video.episodes() for video in self.videos.values()])

    def people(self) -> pd.DataFrame:
        """Who is who in all videos that tell it."""
        return _together([people for video in self.videos.values() if (people := video.people()) is not None])

    @cached_property
    def study(self) -> dict[str, Any] | None:
        """What study.json says; None where these are no results of a study."""
        file = self.folder / "study.json"
        return read_json(file) if file.exists() else None

    def numbers(self) -> pd.DataFrame:
        """One row a person, marker and measure. Raises FileProblem where these are no results of a study."""
        if not self._numbers:
            raise FileProblem(f"{self.folder}: no numbers.parquet or numbers.csv; `mien study run STUDY` writes them")
        return read_numbers(self._numbers[0])

    def codebook(self) -> pd.DataFrame:
        """What each column and measure of the numbers means."""
        return read_codebook(self.folder / "codebook.csv")

    @property
    def _numbers(self) -> list[Path]:
        return [file for ending in ("parquet", "csv") if (file := self.folder / f"numbers.{ending}").exists()]

    def __repr__(self) -> str:
        """Say the folder and how many videos it has."""
        return f"Results({str(self.folder)!r}): {len(self.videos)} videos"


def _together(tables: list[pd.DataFrame]) -> pd.DataFrame:
    if not tables:
        return pd.DataFrame()
    # Runs with other models have other action units: what a video lacks is missing in its rows.
    return pd.concat(tables, ignore_index=True)
