"""Physical lines joined to logical ones, as src/util/readlline.c does it for main.cf and master.cf.

A line that begins with white space continues the one before. Comments (first non-blank character `#`), empty
and blank lines are dropped wherever they stand, also inside a continued value, and do not end it. A backslash
and quotes are ordinary characters.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

import msgspec

from advisor.syntax.source import WHITE_SPACE, SourceFile


class Kind(Enum):
    """What a physical line is before it is joined."""

    BLANK = auto()
    COMMENT = auto()
    START = auto()
    CONTINUATION = auto()


class Filler(msgspec.Struct, frozen=True):
    """A comment or blank line that belongs to no logical line: source offsets, end exclusive."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LogicalLine:
    """One logical line: `text` is what Postfix sees, newlines removed; `start` and `end` enclose all its
    physical lines (with comments between them and the last newline) in the source.

    `cut` is the number of characters from a NUL on, which Postfix silently drops from `text`.
    """

    text: str
    start: int
    end: int
    cut: int = 0
    _joins: list[tuple[int, int]] = field(default_factory=list, repr=False)

    def offset(self, index: int) -> int:
        """The source offset of `text[index]`; `len(text)` gives the place behind the last character."""
        if len(self._joins) == 1:
            return self.start + index
        if index > 0 and index == len(self.text):
            return self.behind(index)
        join = bisect_right(self._joins, (index, 1 << 62)) - 1
        position, source = self._joins[join]
        return source + index - position

    def behind(self, index: int) -> int:
        """The source offset behind `text[index - 1]`, which may end a physical line; `index` > 0."""
        return self.offset(index - 1) + 1


def _kind(line: str) -> Kind:
    content = line.lstrip(WHITE_SPACE)
    if not content:
        return Kind.BLANK
    if content[0] == "#":
        return Kind.COMMENT
    return Kind.CONTINUATION if line[0] in WHITE_SPACE else Kind.START


def _physical_lines(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    while start < stop:
        end = text.find("\n", start) + 1 or len(text)
        yield start, end
        start = end


def logical_lines(
    source: SourceFile, start: int = 0, stop: int | None = None
) -> Iterator[LogicalLine | Filler]:
    """The file's logical lines and the comments and blanks between them, in order, with nothing left out.

    Or those between two offsets: `start` begins a line, and where `stop` is, a logical line begins.
    """
    text = source.text
    physical = _physical_lines(text, start, len(text) if stop is None else stop)
    lines = [(_kind(text[start:end]), start, end) for start, end in physical]
    index = 0
    while index < len(lines):
        kind, start, end = lines[index]
        if kind in (Kind.BLANK, Kind.COMMENT):
            yield Filler(kind, start, end)
            index += 1
            continue
        last = index
        for ahead in range(index + 1, len(lines)):
            if lines[ahead][0] is Kind.START:
                break
            if lines[ahead][0] is Kind.CONTINUATION:
                last = ahead
        yield _join(text, lines[index : last + 1])
        index = last + 1


def _join(text: str, lines: list[tuple[Kind, int, int]]) -> LogicalLine:
    parts: list[str] = []
    joins: list[tuple[int, int]] = []
    length = 0
    for kind, start, end in lines:
        if kind in (Kind.BLANK, Kind.COMMENT):
            continue
        part = text[start:end].removesuffix("\n")
        joins.append((length, start))
        parts.append(part)
        length += len(part)
    joined = "".join(parts)
    seen, nul, _ = joined.partition("\0")
    return LogicalLine(seen, lines[0][1], lines[-1][2], len(joined) - len(seen) if nul else 0, joins)
