"""Where a part of a value stands in the file, also of a value that goes over several lines."""

from advisor.syntax.logical_lines import LogicalLine, logical_lines
from advisor.syntax.main_cf import Assignment
from advisor.syntax.master_cf import Override, ServiceEntry
from advisor.syntax.source import SourceFile, Span


def place_in_assignment(source: SourceFile, node: Assignment, begin: int, end: int) -> Span:
    """The place of `node.raw_value[begin:end]`."""
    return _place(source, (node.start, node.text), node.value_start, (begin, end))


def place_in_override(
    source: SourceFile, entry: ServiceEntry, override: Override, begin: int, end: int
) -> Span:
    """The place of `override.value[begin:end]`."""
    return _place(source, (entry.start, entry.text), override.value_start, (begin, end))


def _place(source: SourceFile, node: tuple[int, str], value_start: int, part: tuple[int, int]) -> Span:
    start, text = node
    line = next(each for each in logical_lines(SourceFile("", text)) if isinstance(each, LogicalLine))
    first = _index(line, value_start - start)
    begin = line.offset(min(first + part[0], max(0, len(line.text) - 1)))
    end = max(begin, line.behind(first + part[1])) if part[1] > part[0] else begin
    return source.span(start + begin, start + end)


def _index(line: LogicalLine, offset: int) -> int:
    """The index in the joined text of what stands at that offset: the offsets only grow."""
    low, high = 0, len(line.text)
    while low < high:
        middle = (low + high) // 2
        if line.offset(middle) < offset:
            low = middle + 1
        else:
            high = middle
    return low
