"""The report as GitHub's workflow commands, which its runner shows as annotations of the lines.

A step shows the first ten errors, warnings and notices, so the gravest come first.
"""

from collections.abc import Iterator

from advisor.engine.verdicts import Severity
from advisor.engine.wording import visible
from advisor.report.located import Located, located
from advisor.report.model import Reports
from advisor.report.problems import Problem, Weight, problems
from advisor.syntax.source import Span

LEVELS = {
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}
# Of what is said of data, and what is said of properties beside that (@actions/core's command.ts).
_IN_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES = _IN_DATA | {":": "%3A", ",": "%2C"}


def write_github(reports: Reports) -> str:
    """The reports as one line a finding, without those that are suppressed; empty where all is well."""
    found = problems(reports)
    lines = (
        *(_told(each) for each in found if each.weight is Weight.ERROR),
        *(_annotation(each) for each in located(reports)),
        *(_told(each) for each in found if each.weight is Weight.WARNING),
    )
    return "".join(f"{line}\n" for line in lines)


def _annotation(each: Located) -> str:
    finding = each.finding
    return _command(LEVELS[finding.severity], finding.rule, each.place, finding.message)


def _told(problem: Problem) -> str:
    return _command(problem.weight.value, problem.kind, problem.place, problem.text)


def _command(level: str, title: str, place: Span | None, message: str) -> str:
    properties = [*(_place(place) if place else ()), ("title", f"advisor: {title}")]
    told = ",".join(f"{name}={_escaped(value, _IN_PROPERTIES)}" for name, value in properties)
    return f"::{level} {told}::{_escaped(message, _IN_DATA)}"


def _place(place: Span) -> Iterator[tuple[str, str]]:
    """A column is told where the place is within one line: the runner drops it elsewhere."""
    yield "file", place.file
    yield "line", str(place.line)
    yield "endLine", str(place.end_line)
    if place.line == place.end_line:
        yield "col", str(place.column)


def _escaped(text: str, letters: dict[str, str]) -> str:
    # What else is unprintable goes to a log that people read.
    return "".join(letters[char] if char in letters else visible(char) for char in text)
