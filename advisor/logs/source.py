"""What can be named as a log, before anything of it is read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

STDIN = "-"
JOURNAL = "the journal"

# Hears how many more bytes have been read, once a block.
Progress = Callable[[int], None]


def unheard(_: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class LogText:
    """A log that is at hand as bytes: its name in messages, and a time not before its last line."""

    name: str
    data: bytes = field(repr=False)
    modified: datetime

    def __str__(self) -> str:
        return self.name


class Journal(msgspec.Struct, frozen=True):
    """What journald of this machine keeps of mail."""

    def __str__(self) -> str:
        return JOURNAL


# A path, a pattern, a folder, `-` for standard input; the text itself; the journal.
Source = str | LogText | Journal


def sources_of(names: Sequence[Source], *, journal: bool = False) -> tuple[Source, ...]:
    """The sources that a command line names."""
    return (*names, *([Journal()] if journal else ()))
