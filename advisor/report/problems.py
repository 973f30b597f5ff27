"""What a document must tell besides findings: what was not judged, what Postfix refuses, what is hidden."""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from advisor.engine.wording import visible
from advisor.report.located import path_from, place_of
from advisor.report.model import NotJudged, Report, Reports, not_counted, not_shown
from advisor.syntax.source import Span


class Weight(StrEnum):
    """ERROR: the run fails for it whatever the gate is. WARNING: not to be missed, and NOTE: good to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Problem(msgspec.Struct, frozen=True):
    """One sentence that is safe to print, what kind of thing it tells, and the place if it has one."""

    kind: str
    weight: Weight
    text: str
    place: Span | None = None


NOT_JUDGED = "not-judged"
REFUSED = "refused-by-postfix"
UNDECIDED = "undecided"


def problems(reports: Reports) -> tuple[Problem, ...]:
    """All of a run, the gravest first."""
    found = (
        *(not_judged_problem(each, reports.root) for each in reports.not_judged),
        *(problem for report in reports.reports for problem in _of(report, reports.root)),
    )
    order = list(Weight)
    return tuple(sorted(found, key=lambda each: order.index(each.weight)))


def not_judged_problem(each: NotJudged, root: str) -> Problem:
    """What is said of a configuration that was not judged."""
    place = Span(path_from(root, each.path), 1, 1, 1, 1) if each.path else None
    where = f"{each.path}: " if each.path else ""
    cure = f"; {each.cure}" if each.cure else ""
    weight = Weight.ERROR if each.exit_code else Weight.NOTE
    return Problem(NOT_JUDGED, weight, visible(f"{where}{each.problem}{cure}"), place)


def _of(report: Report, root: str) -> Iterator[Problem]:
    for line in report.unexplained:
        text = visible(f"Postfix refuses this: {line.problem}; {line.cure}")
        yield Problem(REFUSED, Weight.ERROR, text, place_of(report.instance, line.span, root))
    for rule, error in report.broken:
        text = visible(f"the rule {rule.name} failed, which is a fault of advisor's: {error}")
        yield Problem("rule-failed", Weight.WARNING, text)
    name = visible(path_from(root, report.instance.name))
    if report.hidden:
        fails = not set(report.failing).isdisjoint(report.hidden)
        weight = Weight.WARNING if fails else Weight.NOTE
        yield Problem("not-shown", weight, f"{name}: {not_shown(report)}")
    for kind, text in (("suppressed", not_counted(report)), (UNDECIDED, _undecided(report))):
        if text:
            yield Problem(kind, Weight.NOTE, f"{name}: {text}")


def _undecided(report: Report) -> str:
    """How many rules could not decide, in one sentence."""
    if not report.unknown:
        return ""
    needing = len(report.without_log)
    for_lack = f", {needing} for lack of a log: {visible(report.log_hint)}" if needing else ""
    count = len(report.unknown)
    return f"{count} {'rule is' if count == 1 else 'rules are'} undecided{for_lack}"
