"""The logical lines of main.cf and master.cf, and what Postfix makes of those that are no setting."""

from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.misread import misreading
from advisor.facts.registry import Source, collection
from advisor.settings.instance import Instance
from advisor.syntax.main_cf import Assignment, Junk
from advisor.syntax.master_cf import ServiceEntry
from advisor.syntax.source import Span, begins_with_mark

_MARK = (
    "the file begins with a byte order mark (EF BB BF), which Postfix takes for a part of its first word",
    "save it as UTF-8 without one",
)
_NUL = ("Postfix ignores what stands behind a NUL byte", "take the byte out")


class LogicalLine(msgspec.Struct, frozen=True):
    """One line, continuations joined. `problem` is empty where Postfix reads it as it looks; `is_refused`:
    no program of Postfix starts with it; `is_serious`: some do not, or a setting is lost.

    `commented` is the parameter that has a comment behind its value, else empty.
    """

    span: Span
    problem: str = ""
    cure: str = ""
    is_refused: bool = False
    is_serious: bool = False
    commented: str = ""


@collection(element=LogicalLine, variable="line", locate=lambda line: line.span, source=Source.TEXT)
def logical_lines(case: Case) -> tuple[LogicalLine, ...]:
    """The lines of main.cf and master.cf that are neither blank nor comments."""
    return tuple(_lines(case.instance))


def refused_lines(instance: Instance) -> tuple[LogicalLine, ...]:
    """The lines of main.cf and master.cf with which Postfix would refuse to run."""
    return tuple(line for line in _lines(instance) if line.is_refused)


def _lines(instance: Instance) -> Iterator[LogicalLine]:
    master = instance.master_cf.nodes if instance.master_cf else ()
    for node in (*instance.main_cf.nodes, *master):
        if begins_with_mark(node.text):
            is_fatal = isinstance(node, Junk) and node.fatal
            yield LogicalLine(node.span, *_MARK, is_refused=is_fatal, is_serious=True)
        elif isinstance(node, Junk):
            yield LogicalLine(node.span, node.problem, node.cure, node.fatal, is_serious=node.fatal)
        elif isinstance(node, ServiceEntry):
            yield LogicalLine(node.span)
        elif isinstance(node, Assignment):
            yield _assignment(instance, node)


def _assignment(instance: Instance, node: Assignment) -> LogicalLine:
    found = misreading(instance, node)
    if found is None:
        return LogicalLine(node.span, *_NUL) if node.cut else LogicalLine(node.span)
    return LogicalLine(
        found.span,
        found.problem,
        found.cure,
        is_serious=found.is_serious,
        commented=node.name if found.is_comment else "",
    )
