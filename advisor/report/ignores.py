"""What somebody decided to live with, as text, and as JSON, version 1: docs/ignores.schema.json."""

from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace
from rich.console import Console
from rich.text import Text

from advisor.engine.suppression import Decision, SuppressedBy
from advisor.engine.verdicts import Finding
from advisor.engine.wording import visible
from advisor.report.json_text import as_json
from advisor.report.model import VERSION, Reports
from advisor.syntax.source import Span


class IgnorePlace(msgspec.Struct, frozen=True):
    """A place in a file; lines and columns count from 1."""

    file: str
    line: int
    column: int


class HiddenFinding(msgspec.Struct, frozen=True):
    """A finding that an ignore hides."""

    rule: str
    severity: str
    message: str
    where: IgnorePlace


class IgnoreItem(msgspec.Struct, frozen=True):
    """One ignore of a configuration: `by` says where it was decided, `where` is null for what has no line.

    `until` is the last day on which it counts, null where it always does. `problem` says why it cannot be
    read.
    """

    configuration: str
    by: SuppressedBy
    where: IgnorePlace | None
    rules: list[str]
    until: str | None
    expired: bool
    reason: str
    problem: str
    hides: list[HiddenFinding]


class IgnoresDocument(msgspec.Struct, frozen=True):
    """What `advisor ignores --output-format json` writes."""

    version: int
    ignores: list[IgnoreItem]


def ignores_as_json(reports: Reports) -> str:
    """The document, indented, with a newline behind it."""
    items = [_item(each.instance.name, decision) for each in reports.reports for decision in each.decisions]
    return as_json(msgspec.to_builtins(IgnoresDocument(VERSION, items)))


def write_ignores(reports: Reports, console: Console) -> None:
    """Prints each ignore with what it hides, and how many there are."""
    decisions = _each_once([each for report in reports.reports for each in report.decisions])
    for decision in decisions:
        for line in _lines(decision):
            console.print(line, soft_wrap=True)
    console.print(_count(decisions))


def _each_once(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions; an entry of a policy that counts for several configurations is there once, with all that
    it hides.
    """
    found: dict[Decision, tuple[Finding, ...]] = {}
    for each in decisions:
        bare = replace(each, hides=())
        found[bare] = found.get(bare, ()) + tuple(each.hides)
    return [replace(bare, hides=hides) for bare, hides in found.items()]


def _item(configuration: str, decision: Decision) -> IgnoreItem:
    said = decision.suppression
    return IgnoreItem(
        configuration=configuration,
        by=said.by,
        where=_place(said.where) if said.where else None,
        rules=list(decision.rules),
        until=said.until.isoformat() if said.until else None,
        expired=decision.expired,
        reason=said.reason,
        problem=decision.problem,
        hides=[_hidden(each) for each in decision.hides],
    )


def _hidden(finding: Finding) -> HiddenFinding:
    return HiddenFinding(finding.rule, finding.severity.value, finding.message, _place(finding.where))


def _place(span: Span) -> IgnorePlace:
    return IgnorePlace(span.file, span.line, span.column)


def _lines(decision: Decision) -> Iterator[Text]:
    said = decision.suppression
    place = visible(str(said.where)) if said.where else said.by.value
    yield Text.assemble((place, "cyan"), "  ", (visible(", ".join(decision.rules)) or "no rule", "bold"))
    if decision.problem:
        yield _line("problem", visible(decision.problem))
        return
    if said.until:
        yield _line("until", f"{said.until}, expired" if decision.expired else str(said.until))
    yield _line("reason", visible(said.reason) or "not given")
    for finding in decision.hides:
        yield _line("hides", f"{finding.rule}  {visible(str(finding.where))}  {finding.severity.value}")
    if not decision.hides:
        yield _line("hides", "nothing")


def _line(label: str, text: str) -> Text:
    return Text.assemble("  ", (f"{label:<9}", "dim"), text)


def _count(decisions: list[Decision]) -> str:
    if not decisions:
        return "nothing is ignored"
    expired = sum(each.expired for each in decisions)
    hidden = len({id(finding) for each in decisions for finding in each.hides})
    past = f", {expired} of them expired" if expired else ""
    return f"{_number(len(decisions), 'ignore')}{past}; hidden: {_number(hidden, 'finding')}"


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
