"""The logical lines of main.cf and master.cf, and what Postfix makes of those that are no setting."""

from collections.abc import Iterator
from dataclasses import dataclass

from advisor.facts.case import Case
from advisor.facts.registry import Source, collection
from advisor.settings.instance import Instance
from advisor.syntax.main_cf import Assignment, Junk
from advisor.syntax.master_cf import ServiceEntry
from advisor.syntax.source import Span


@dataclass(frozen=True, slots=True)
class LogicalLine:
    """One line, continuations joined. `problem` is empty where Postfix reads it as it stands; `is_refused`:
    no program of Postfix starts with it.
    """

    span: Span
    problem: str = ""
    cure: str = ""
    is_refused: bool = False


@collection(element=LogicalLine, variable="line", locate=lambda line: line.span, source=Source.TEXT)
def logical_lines(case: Case) -> tuple[LogicalLine, ...]:
    """The lines of main.cf and master.cf that are neither blank nor comments."""
    return tuple(_lines(case.instance))


def refused_lines(instance: Instance) -> bool:
    """Whether Postfix would refuse to run with the text of main.cf or master.cf."""
    return any(line.is_refused for line in _lines(instance))


def _lines(instance: Instance) -> Iterator[LogicalLine]:
    master = instance.master_cf.nodes if instance.master_cf else ()
    for node in (*instance.main_cf.nodes, *master):
        if isinstance(node, Junk):
            yield LogicalLine(node.span, node.problem, node.cure, node.fatal)
        elif isinstance(node, Assignment | ServiceEntry):
            yield LogicalLine(node.span)
