"""Which findings an ignore comment is for."""

from collections.abc import Iterator

from advisor.engine.changes import ChangeElement
from advisor.engine.verdicts import Finding
from advisor.settings.instance import Instance
from advisor.settings.values import split_items
from advisor.syntax.ignore_comments import IgnoreComment, Lines, Nowhere, WholeFile
from advisor.syntax.source import Span
from advisor.syntax.value_places import place_in_assignment, place_in_override


def is_for(comment: IgnoreComment, instance: Instance, finding: Finding) -> bool:
    """Whether the finding stands where the comment counts, whatever rules that names.

    Above a logical line it is for what stands in that line. Between continuation lines it is for what stands
    within the next of them, and for findings whose change is about elements of a list that stand there and
    nowhere else.
    """
    if finding.where.file != comment.span.file:
        return False
    match comment.reach:
        case WholeFile():
            return True
        case Nowhere():
            return False
        case Lines() as lines:
            # What is not set would be set at the end of the file, which is no line of its own where the last
            # newline is missing.
            if finding.where == instance.main_cf.source.end_span:
                return False
            if not lines.begin <= finding.where.line <= lines.end:
                return False
            if not lines.is_part:
                return True
            return _within(finding.where, lines) or _is_about_elements(instance, finding, lines)


def _within(where: Span, lines: Lines) -> bool:
    return lines.first <= where.line and where.end_line <= lines.last


def _is_about_elements(instance: Instance, finding: Finding, lines: Lines) -> bool:
    changes = finding.fixes[0].changes if finding.fixes else ()
    elements = [each for each in changes if isinstance(each, ChangeElement) and each.element not in each.new]
    if not changes or len(elements) < len(changes):
        return False
    places = [[*_places(instance, each, lines)] for each in elements]
    return all(found and all(_within(place, lines) for place in found) for found in places)


def _places(instance: Instance, change: ChangeElement, lines: Lines) -> Iterator[Span]:
    """Where the element stands in the list, within the logical line that the comment stands in."""
    if change.service is None:
        for line in instance.main_cf.by_name.get(change.name, ()):
            if line.span.line == lines.begin:
                for begin, end in _indices(line.raw_value, change.element):
                    yield place_in_assignment(instance.main_cf.source, line, begin, end)
        return
    service = instance.service(change.service)
    if service is None or instance.master_cf is None or service.entry.span.line != lines.begin:
        return
    for option in service.entry.overrides:
        if option.name == change.name:
            for begin, end in _indices(option.value, change.element):
                yield place_in_override(instance.master_cf.source, service.entry, option, begin, end)


def _indices(value: str, element: str) -> Iterator[tuple[int, int]]:
    """Each place of the element's words among those of the value: indices, the end exclusive."""
    wanted = split_items(element)
    words: list[tuple[str, int]] = []
    index = 0
    for word in split_items(value):
        index = value.index(word, index)
        words.append((word, index))
        index += len(word)
    for first in range(len(words) - len(wanted) + 1):
        found = words[first : first + len(wanted)]
        if wanted and tuple(word for word, _ in found) == tuple(wanted):
            yield found[0][1], found[-1][1] + len(found[-1][0])
