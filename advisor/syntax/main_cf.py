"""main.cf as a lossless tree.

`render(parse_main_cf(source)) == source.text` for every text, also a broken one. The name ends at the first
white space or `=`; white space around the value is dropped (split_nameval.c, dict_load_fp in dict.c).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import msgspec

from advisor.syntax.again import parse_again
from advisor.syntax.logical_lines import Filler, Kind, LogicalLine, logical_lines
from advisor.syntax.name_value import NoAssignment, split_name_value
from advisor.syntax.source import WHITE_SPACE, Shift, SourceFile, Span


class Comment(msgspec.Struct, frozen=True):
    """A comment line outside every assignment, with its newline."""

    text: str
    span: Span

    def moved(self, by: Shift) -> "Comment":
        """The same comment at another place."""
        return Comment(self.text, self.span.moved(by))


class Blank(msgspec.Struct, frozen=True):
    """An empty or blank line outside every assignment, with its newline."""

    text: str
    span: Span

    def moved(self, by: Shift) -> "Blank":
        """The same line at another place."""
        return Blank(self.text, self.span.moved(by))


class Junk(msgspec.Struct, frozen=True):
    """A logical line that is no assignment or service, as it stands. `fatal`: Postfix refuses the file."""

    text: str
    span: Span
    problem: str
    cure: str
    fatal: bool

    def moved(self, by: Shift) -> "Junk":
        """The same line at another place."""
        return Junk(self.text, self.span.moved(by), self.problem, self.cure, self.fatal)


class Assignment(msgspec.Struct, frozen=True):
    """`name = value`, with everything between its first and last line.

    `raw_value` is the stored value: newlines removed, inner runs of white space kept. `start`/`end` and
    `value_start`/`value_end` are source offsets; an empty value has both at the place where it would begin.
    """

    name: str
    raw_value: str
    text: str
    span: Span
    value_span: Span
    start: int
    end: int
    value_start: int
    value_end: int
    cut: int = 0

    @property
    def value(self) -> str:
        """The value as postconf prints it: runs of blanks, tabs, CR and LF are one blank."""
        return " ".join(part for part in _split_blanks(self.raw_value) if part)

    def moved(self, by: Shift) -> "Assignment":
        """The same assignment at another place."""
        return Assignment(
            self.name,
            self.raw_value,
            self.text,
            self.span.moved(by),
            self.value_span.moved(by),
            self.start + by.characters,
            self.end + by.characters,
            self.value_start + by.characters,
            self.value_end + by.characters,
            self.cut,
        )


MainCfNode = Assignment | Comment | Blank | Junk


@dataclass(frozen=True)
class MainCf:
    """The nodes of a main.cf, in order; their texts together are the file."""

    source: SourceFile
    nodes: tuple[MainCfNode, ...]

    @cached_property
    def assignments(self) -> tuple[Assignment, ...]:
        """The assignments in file order; of one name, the last wins."""
        return tuple(node for node in self.nodes if isinstance(node, Assignment))

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Assignment, ...]]:
        """The assignments of each name, in file order."""
        found: dict[str, tuple[Assignment, ...]] = {}
        for line in self.assignments:
            found[line.name] = (*found.get(line.name, ()), line)
        return found

    @property
    def junk(self) -> Iterator[Junk]:
        """The lines that are no assignment."""
        return (node for node in self.nodes if isinstance(node, Junk))


def trailing_comment(value: str) -> str:
    """What looks like a comment behind a value: a word that begins with `#`, and the rest; else empty.

    To Postfix it is part of the value. Within braces a `#` belongs to what they hold, such as a pattern.
    """
    depth = 0
    for index, character in enumerate(value):
        if character == "#" and depth == 0 and index > 0 and value[index - 1] in WHITE_SPACE:
            return value[index:]
        depth = max(0, depth + {"{": 1, "}": -1}.get(character, 0))
    return ""


def without_comment(value: str) -> str:
    """The value up to what looks like a comment behind it."""
    return value.removesuffix(trailing_comment(value)).rstrip(WHITE_SPACE)


def _split_blanks(text: str) -> list[str]:
    return text.replace("\t", " ").replace("\r", " ").replace("\n", " ").split(" ")


def parse_main_cf(source: SourceFile, before: MainCf | None = None) -> MainCf:
    """The tree of a main.cf; it never fails: what cannot be understood is a Junk node.

    `before` may be the tree of an earlier text of the file: it changes nothing but the work.
    """
    if before is not None and before.source.name == source.name:
        return MainCf(source, parse_again(source, before.source, before.nodes, _node))
    return MainCf(source, tuple(_node(source, line) for line in logical_lines(source)))


def render(tree: MainCf) -> str:
    """The text of the tree, byte for byte what was parsed."""
    return "".join(node.text for node in tree.nodes)


def filler_node(source: SourceFile, line: Filler) -> Comment | Blank:
    """The node of a line between logical lines."""
    node = Comment if line.kind is Kind.COMMENT else Blank
    return node(source.text[line.start : line.end], source.span(line.start, line.end))


def indented_start(source: SourceFile, line: LogicalLine) -> Junk | None:
    """The Junk node of a logical line that begins with white space, which Postfix ignores with a warning."""
    if not line.text.startswith(tuple(WHITE_SPACE)):
        return None
    return Junk(
        source.text[line.start : line.end],
        content_span(source, line),
        "the line begins with white space and continues nothing, so Postfix ignores it",
        "remove the white space in front of it",
        fatal=False,
    )


def content_span(source: SourceFile, line: LogicalLine) -> Span:
    """The place of a logical line without the white space around it."""
    begin = len(line.text) - len(line.text.lstrip(WHITE_SPACE))
    end = len(line.text.rstrip(WHITE_SPACE))
    return source.span(line.offset(begin), line.offset(max(begin, end)))


def _node(source: SourceFile, line: LogicalLine | Filler) -> MainCfNode:
    if isinstance(line, Filler):
        return filler_node(source, line)
    if junk := indented_start(source, line):
        return junk
    parts = split_name_value(line.text)
    if isinstance(parts, NoAssignment):
        return Junk(
            source.text[line.start : line.end],
            content_span(source, line),
            f"{parts.problem}: Postfix refuses to start with such a line",
            "write 'name = value', or put a '#' in front",
            fatal=True,
        )
    start, end = line.behind(parts.value_start), line.behind(parts.value_end)
    if parts.value_start < parts.value_end:
        start = line.offset(parts.value_start)
    return Assignment(
        line.text[parts.name_start : parts.name_end],
        line.text[parts.value_start : parts.value_end],
        source.text[line.start : line.end],
        content_span(source, line),
        source.span(start, end),
        line.start,
        line.end,
        start,
        end,
        line.cut,
    )
