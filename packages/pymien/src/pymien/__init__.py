"""Reads the results of mien into pandas, and the faces of a running mien as they happen."""

from .columns import COLUMNS, Column
from .errors import FileProblem, MienError, NoServer, Refused
from .live import Kind, Waits, subscribe
from .messages import Message
from .results import Results, Video
from .tables import (
    read_codebook,
    read_episodes,
    read_insights,
    read_numbers,
    read_people,
    read_records,
    with_persons,
)

__all__ = [
    "COLUMNS",
    "Column",
    "FileProblem",
    "Kind",
    "Message",
    "MienError",
    "NoServer",
    "Refused",
    "Results",
    "Video",
    "Waits",
    "read_codebook",
    "read_episodes",
    "read_insights",
    "read_numbers",
    "read_people",
    "read_records",
    "subscribe",
    "with_persons",
]
