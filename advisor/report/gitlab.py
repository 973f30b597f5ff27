"""The report as GitLab's code quality: a list of issues, each with a fingerprint of its own."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from advisor.engine.verdicts import Severity
from advisor.engine.wording import visible
from advisor.report.json_text import as_json
from advisor.report.located import Located, located
from advisor.report.model import Reports
from advisor.report.problems import Problem, Weight, problems
from advisor.syntax.source import Span

SEVERITIES = {
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}
# That the run fails whatever the gate says is graver than any finding.
_FAILS = "blocker"


def write_gitlab(reports: Reports) -> str:
    """The reports as one JSON array, with a newline behind it; suppressed findings are not in it."""
    return as_json([*_failures(reports), *(_issue(each) for each in located(reports))])


def _issue(each: Located) -> dict[str, Any]:
    finding = each.finding
    return _described(
        finding.rule, finding.message, SEVERITIES[finding.severity], each.place, each.fingerprint
    )


def _failures(reports: Reports) -> Iterator[dict[str, Any]]:
    for each in problems(reports):
        if each.weight is Weight.ERROR:
            yield _described(each.kind, each.text, _FAILS, _place(each), each.text)


def _place(problem: Problem) -> Span:
    """GitLab shows no issue without a path."""
    return problem.place or Span("main.cf", 1, 1, 1, 1)


def _described(name: str, text: str, severity: str, place: Span, fingerprint: str) -> dict[str, Any]:
    whole = "\0".join((place.file, name, fingerprint)).encode("utf-8", "surrogateescape")
    return {
        "description": f"{name}: {' '.join(text.split())}",
        "check_name": name,
        "fingerprint": sha256(whole).hexdigest()[:32],
        "severity": severity,
        "location": {"path": visible(place.file), "lines": {"begin": place.line, "end": place.end_line}},
    }
