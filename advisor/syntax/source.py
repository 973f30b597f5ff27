"""Text with places: a file's content, and spans in it.

Configuration is bytes to Postfix. It is decoded as UTF-8 with surrogateescape, so that every byte comes back
as it was; what a person sees of such bytes is the report's business.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from advisor.errors import unreadable

# What isspace(3) calls white space in the C locale, which is what Postfix's readers use.
WHITE_SPACE = " \t\n\v\f\r"
# The byte order mark that some editors put at the begin of a file; to Postfix it is no white space.
_MARK = "\ufeff"


def begins_with_mark(text: str) -> bool:
    """Whether a text has a byte order mark in front."""
    return text.startswith(_MARK)


class Shift(msgspec.Struct, frozen=True):
    """How far a piece of text moves that begins with its line: characters, and lines."""

    characters: int
    lines: int


class Span(msgspec.Struct, frozen=True, order=True):
    """A place in a file; lines and columns count from 1, the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def moved(self, by: Shift) -> "Span":
        """The place in a file that has so many more lines in front of it."""
        return Span(self.file, self.line + by.lines, self.column, self.end_line + by.lines, self.end_column)


@dataclass(frozen=True)
class SourceFile:
    """The text of one file, under the name that messages and patches show."""

    name: str
    text: str

    @classmethod
    def from_bytes(cls, name: str, data: bytes) -> "SourceFile":
        """The file behind `data`; no byte is refused or lost."""
        return cls(name, data.decode("utf-8", "surrogateescape"))

    @classmethod
    def read(cls, path: Path, name: str = "") -> "SourceFile":
        """The file at `path`, shown as `name` (default: the path). Raises InputError if it is unreadable."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise unreadable(error, str(path)) from error
        return cls.from_bytes(name or str(path), data)

    def encode(self) -> bytes:
        """The bytes that were read."""
        return self.text.encode("utf-8", "surrogateescape")

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column (from 1) of a character offset."""
        index = bisect_right(self._line_starts, offset) - 1
        return index + 1, offset - self._line_starts[index] + 1

    def span(self, start: int, end: int) -> Span:
        """The place between two character offsets, the end exclusive."""
        return Span(self.name, *self.position(start), *self.position(end))

    @property
    def end_span(self) -> Span:
        """The place behind the last character, where a new setting would be added."""
        return self.span(len(self.text), len(self.text))
