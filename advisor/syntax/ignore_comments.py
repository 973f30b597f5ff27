"""Ignore comments in main.cf and master.cf, and what each is for.

To Postfix they are comments as any other. One stands above a logical line and is for all of it, or between
its continuation lines and is for the next of them; with `ignore-file` it is for the whole file.
"""

from collections.abc import Iterator
from datetime import date

import msgspec

from advisor.syntax.ignore_grammar import Said, Unreadable, read_ignore
from advisor.syntax.main_cf import Assignment, Blank, Comment, MainCf, MainCfNode
from advisor.syntax.master_cf import MasterCf, MasterCfNode, ServiceEntry
from advisor.syntax.source import WHITE_SPACE, SourceFile, Span


class IgnoredName(msgspec.Struct, frozen=True):
    """The name of a rule within the brackets; `start` and `end` are source offsets, the end exclusive."""

    text: str
    span: Span
    start: int
    end: int


class WholeFile(msgspec.Struct, frozen=True):
    """The comment is for its file."""


class Lines(msgspec.Struct, frozen=True):
    """It is for the physical lines `first` to `last`, of the logical line that goes from `begin` to `end`.

    `owner` is what stands there: the parameter, the service, or a part of its line.
    """

    first: int
    last: int
    begin: int
    end: int
    owner: str

    @property
    def is_part(self) -> bool:
        """Whether it stands between continuation lines, and is for one of them."""
        return (self.first, self.last) != (self.begin, self.end)


class Nowhere(msgspec.Struct, frozen=True):
    """It is for nothing, and why."""

    reason: str


Reach = WholeFile | Lines | Nowhere


class IgnoreComment(msgspec.Struct, frozen=True):
    """One comment: `text` is all of it without the white space around, `start` and `end` its offsets.

    `until` is the last day on which it counts. `problem` says why it cannot be read, with the cure: then it
    has no names, and counts for nothing.
    """

    text: str
    span: Span
    start: int
    end: int
    names: tuple[IgnoredName, ...]
    until: date | None
    reason: str
    reach: Reach
    problem: str


def ignore_comments(tree: MainCf | MasterCf) -> tuple[IgnoreComment, ...]:
    """The ignore comments of a file, in its order; what cannot be read is among them, with its problem."""
    if "advisor:" not in tree.source.text.lower():  # nearly always, and the plan asks for each text it tries
        return ()
    return tuple(sorted(_all(tree), key=lambda each: each.start))


_NO_LINE = "no line of a setting or a service follows it"
_BLANK = "a blank line stands between it and what follows"


def _all(tree: MainCf | MasterCf) -> Iterator[IgnoreComment]:
    source = tree.source
    waiting: list[int] = []  # comments above a line that is still to come
    line, offset = 1, 0
    for node in tree.nodes:
        count = node.text.count("\n")
        if isinstance(node, Comment):
            waiting.append(offset)
        else:
            reach = Nowhere(_BLANK) if isinstance(node, Blank) else _whole(node, line)
            yield from _read(source, waiting, reach)
            waiting = []
            if isinstance(reach, Lines) and count:
                yield from _between(source, node, offset, reach)
        line, offset = line + count, offset + len(node.text)
    yield from _read(source, waiting, Nowhere(_NO_LINE))


def _whole(node: MainCfNode | MasterCfNode, line: int) -> Lines:
    last = line + node.text.removesuffix("\n").count("\n")
    match node:
        case Assignment(name):
            owner = name
        case ServiceEntry():
            owner = node.key
        case _:
            owner = node.text.strip(WHITE_SPACE)
    return Lines(line, last, line, last, owner)


def _between(
    source: SourceFile, node: MainCfNode | MasterCfNode, offset: int, whole: Lines
) -> Iterator[IgnoreComment]:
    waiting: list[int] = []
    for number, text in enumerate(node.text.split("\n"), start=whole.begin):
        content = text.strip(WHITE_SPACE)
        if content.startswith("#"):
            waiting.append(offset)
        elif waiting:
            part = Lines(number, number, whole.begin, whole.end, f"{whole.owner}: {content}")
            yield from _read(source, waiting, part if content else Nowhere(_BLANK))
            waiting = []
        offset += len(text) + 1


def _read(source: SourceFile, offsets: list[int], reach: Reach) -> Iterator[IgnoreComment]:
    for offset in offsets:
        line = source.text[offset:].partition("\n")[0]
        text = line.strip(WHITE_SPACE)
        said = read_ignore(text)
        if said is not None:
            yield _comment(source, offset + line.index("#"), text, said, reach)


def _comment(
    source: SourceFile, start: int, text: str, said: Said | Unreadable, reach: Reach
) -> IgnoreComment:
    end = start + len(text)
    span = source.span(start, end)
    if isinstance(said, Unreadable):
        return IgnoreComment(text, span, start, end, (), None, "", reach, said.problem)
    places = ((each.text, start + each.start, start + each.end) for each in said.names)
    names = tuple(IgnoredName(name, source.span(*place), *place) for name, *place in places)
    where = WholeFile() if said.is_for_file else reach
    return IgnoreComment(text, span, start, end, names, said.until, said.reason, where, "")
