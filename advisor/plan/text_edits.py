"""Edits of text that leave comments, line ends and everything else as they are.

A value of Postfix may go on over several lines, with comments and blank lines between them. Whoever replaces
or drops such a value takes away only the lines that bear it.
"""

from collections.abc import Iterable, Iterator

import msgspec

from advisor.syntax.source import WHITE_SPACE

BLANKS = " \t"


class TextEdit(msgspec.Struct, frozen=True):
    """The text between two source offsets (the end exclusive) becomes `replacement`."""

    start: int
    end: int
    replacement: str


class CannotEdit(msgspec.Struct, frozen=True):
    """The change cannot be written down, and why, in words for an administrator."""

    reason: str


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """The text after the edits, which must not overlap."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return text


def line_end(text: str, offset: int) -> int:
    """The offset where the line break of the line at `offset` begins: its newline, or CR and newline."""
    end = text.find("\n", offset)
    if end < 0:
        return len(text)
    return end - 1 if end > offset and text[end - 1] == "\r" else end


def line_start(text: str, offset: int) -> int:
    """The offset of the first character of the line at `offset`."""
    return text.rfind("\n", 0, offset) + 1


def stored_offsets(text: str, start: int, end: int) -> list[int]:
    """Where each character of the value between two offsets stands: line ends, and comments and blank lines
    on the way, are not in it.
    """
    found: list[int] = []
    while start < end:
        stop = text.find("\n", start)
        stop = end if stop < 0 else min(stop, end)
        content = text[start:stop].lstrip(WHITE_SPACE)
        if not found or (content and not content.startswith("#")):
            found += range(start, stop)
        start = stop + 1
    return found


def line_break(text: str, offset: int) -> str:
    """How the line at `offset` ends; where it is the last and does not, as the line before it does."""
    end = text.find("\n", offset)
    if end < 0:
        end = text.rfind("\n")
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"


def replace(text: str, start: int, end: int, replacement: str) -> Iterator[TextEdit]:
    """The edits that put `replacement` in place of a value that may go on over several lines.

    It stands on the value's first line. Comments and blank lines within the value stay; its other lines go,
    save for what stands behind the value on its last line.
    """
    first_end = line_end(text, start)
    yield TextEdit(start, min(end, first_end), replacement)
    yield from drop_continuation(text, first_end, end)


def remove(text: str, start: int, end: int) -> Iterator[TextEdit]:
    """The edits that take a word away with the blanks before it, or its line if nothing else is on it."""
    first_end = line_end(text, start)
    stop = min(end, first_end)
    begin = line_start(text, start)
    if text[begin:start].strip(WHITE_SPACE):
        while text[start - 1] in BLANKS:
            start -= 1
        yield TextEdit(start, stop, "")
    elif text[stop:first_end].strip(WHITE_SPACE):
        while text[stop] in BLANKS:
            stop += 1
        yield TextEdit(start, stop, "")
    else:
        yield TextEdit(begin, _next_line(text, stop), "")
    yield from drop_continuation(text, first_end, end)


def drop_lines(text: str, start: int, end: int) -> Iterator[TextEdit]:
    """The edits that take a logical line away, `start` to `end`; comments and blank lines in it stay."""
    while start < end:
        following = _next_line(text, start)
        if _bears_value(text[start:following]):
            yield TextEdit(start, following, "")
        start = following


def drop_continuation(text: str, first_end: int, end: int) -> Iterator[TextEdit]:
    """The edits that take away the lines of a value behind its first line; comments within them stay."""
    if end <= first_end:
        return
    start = _next_line(text, first_end)
    while start < end:
        following = _next_line(text, start)
        if end < following and text[end : line_end(text, end)].strip(WHITE_SPACE):
            begin = start + _indent_width(text[start:following])
            while text[end] in BLANKS:
                end += 1
            yield TextEdit(begin, end, "")
            return
        if _bears_value(text[start:following]):
            yield TextEdit(start, following, "")
        start = following


def _next_line(text: str, offset: int) -> int:
    return text.find("\n", offset) + 1 or len(text)


def _indent_width(line: str) -> int:
    return len(line) - len(line.lstrip(WHITE_SPACE))


def _bears_value(line: str) -> bool:
    content = line.lstrip(WHITE_SPACE)
    return content != "" and not content.startswith("#")
