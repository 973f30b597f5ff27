"""A changed text parsed again: where it is the text that was parsed before, its nodes are taken over.

A logical line ends where a line begins that is neither blank nor a comment nor indented (logical_lines.py).
From such a line on, nothing hangs on what stands in front of it; so what is in front of one and what is from
one on can be kept, and only the text between them is parsed.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, Self, TypeVar

from advisor.syntax.logical_lines import Filler, LogicalLine, logical_lines
from advisor.syntax.source import WHITE_SPACE, Shift, SourceFile


class Node(Protocol):
    """A piece of a file: `text` as it stands, newlines and all."""

    @property
    def text(self) -> str: ...

    def moved(self, by: Shift) -> Self:
        """The same node at another place."""
        ...


AnyNode = TypeVar("AnyNode", bound=Node)


def parse_again(
    source: SourceFile,
    old_source: SourceFile,
    old: Sequence[AnyNode],
    parse: Callable[[SourceFile, LogicalLine | Filler], AnyNode],
) -> tuple[AnyNode, ...]:
    """The nodes of `source`, which are what `parse` makes of each of its lines; `old` are those of a file of
    that name with `old_source` as its text.
    """
    front, start = _front(source.text, old)
    back, end = _back(source.text, old, front, start)
    between = (parse(source, line) for line in logical_lines(source, start, end))
    return (*old[:front], *between, *_moved(old[back:], source, end, old_source))


def _front(text: str, old: Sequence[AnyNode]) -> tuple[int, int]:
    """How many nodes stand unchanged in front of the last unchanged logical line, and where that begins."""
    kept = start = offset = 0
    for index, node in enumerate(old):
        if not text.startswith(node.text, offset):
            break
        if _begins_line(node):
            kept, start = index, offset
        offset += len(node.text)
    return kept, start


def _back(text: str, old: Sequence[AnyNode], front: int, start: int) -> tuple[int, int]:
    """The first node of those at the end that are the same from one logical line on, and where it begins."""
    kept, end, offset = len(old), len(text), len(text)
    for index in range(len(old) - 1, front - 1, -1):
        node = old[index]
        offset -= len(node.text)
        if offset < start or not text.startswith(node.text, offset):
            break
        if _begins_line(node) and (offset == 0 or text[offset - 1] == "\n"):
            kept, end = index, offset
    return kept, end


def _begins_line(node: Node) -> bool:
    """Whether it is a logical line whatever stands in front of it."""
    return node.text[0] not in _NO_BEGIN


_NO_BEGIN = WHITE_SPACE + "#"


def _moved(
    nodes: Sequence[AnyNode], source: SourceFile, start: int, old_source: SourceFile
) -> Iterator[AnyNode]:
    """The nodes, which are the end of both texts, at the places that they have in the new one."""
    old_start = start + len(old_source.text) - len(source.text)
    by = Shift(start - old_start, source.position(start)[0] - old_source.position(old_start)[0])
    return (node.moved(by) for node in nodes) if by != Shift(0, 0) else iter(nodes)
