"""The report as SARIF 2.1.0, the format of code scanning. One run holds all instances.

Columns count characters, the end of a region is exclusive.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from advisor import __version__
from advisor.engine.rules import Rule
from advisor.engine.suppression import SuppressedBy, Suppression
from advisor.engine.wording import visible
from advisor.report.documentation import SITE
from advisor.report.json_text import as_json
from advisor.report.located import Located, located, located_suppressed
from advisor.report.model import Reports
from advisor.report.problems import Problem, Weight, problems
from advisor.report.sarif_rules import LEVELS, descriptor
from advisor.syntax.source import Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "advisor/v1"
ROOT = "%SRCROOT%"
_KINDS = {
    SuppressedBy.COMMENT: "inSource",
    SuppressedBy.POLICY: "external",
    SuppressedBy.BASELINE: "external",
}


def write_sarif(reports: Reports) -> str:
    """The reports as one SARIF document, with a newline behind it. Suppressed findings are in it, marked."""
    found = (*located(reports), *located_suppressed(reports))
    rules = {each.finding.rule: each.report.rule(each.finding.rule) for each in found}
    names = sorted(rules)
    with_baseline = any(
        each.suppression is not None and each.suppression.by is SuppressedBy.BASELINE for each in found
    )
    return as_json(
        {
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": _driver([rules[name] for name in names])},
                    "invocations": [_invocation(problems(reports))],
                    "originalUriBaseIds": {
                        ROOT: {"description": {"text": "The folder that advisor was started in."}}
                    },
                    "columnKind": "unicodeCodePoints",
                    "results": [
                        _result(each, names.index(each.finding.rule), with_baseline=with_baseline)
                        for each in found
                    ],
                }
            ],
        }
    )


def _driver(rules: Sequence[Rule]) -> dict[str, Any]:
    return {
        "name": "advisor",
        "fullName": f"advisor {__version__}, a tuning advisor and linter for Postfix",
        "version": __version__,
        "semanticVersion": __version__,
        **({"informationUri": SITE} if SITE else {}),
        "rules": [descriptor(rule) for rule in rules],
    }


def _invocation(found: Sequence[Problem]) -> dict[str, Any]:
    """That of the run: what was not judged and what Postfix refuses are notifications."""
    return {
        "executionSuccessful": all(each.weight is not Weight.ERROR for each in found),
        "toolExecutionNotifications": [_notification(each) for each in found],
    }


def _notification(problem: Problem) -> dict[str, Any]:
    place = {} if problem.place is None else {"locations": [_location(problem.place)]}
    return {
        "descriptor": {"id": problem.kind},
        "level": problem.weight.value,
        "message": {"text": _without_links(problem.text)},
        **place,
    }


def _result(each: Located, index: int, *, with_baseline: bool) -> dict[str, Any]:
    finding = each.finding
    services = [name for name in finding.services if name]
    location = _location(each.place)
    if services:
        location["logicalLocations"] = [
            {"fullyQualifiedName": visible(name), "kind": "service"} for name in services
        ]
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "kind": "fail",
        "level": LEVELS[finding.severity],
        "message": {"text": _without_links(finding.message)},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: each.fingerprint},
        **dict(_decided(each.suppression, with_baseline=with_baseline)),
        "properties": {
            "severity": finding.severity.value,
            "confidence": finding.confidence.value,
            "changes": [visible(fix.title) for fix in finding.fixes],
        },
    }


def _decided(suppression: Suppression | None, *, with_baseline: bool) -> Iterator[tuple[str, Any]]:
    """What somebody decided about a result. An empty list of suppressions says that it counts."""
    is_known = suppression is not None and suppression.by is SuppressedBy.BASELINE
    if with_baseline:
        yield "baselineState", "unchanged" if is_known else "new"
    yield "suppressions", [] if suppression is None else [_suppression(suppression)]


def _suppression(suppression: Suppression) -> dict[str, Any]:
    return {
        "kind": _KINDS[suppression.by],
        "status": "accepted",
        **({"justification": visible(suppression.reason)} if suppression.reason else {}),
        "properties": {
            "by": suppression.by.value,
            **({"until": suppression.until.isoformat()} if suppression.until else {}),
        },
    }


def _location(place: Span) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(place.file),
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endLine": place.end_line,
                "endColumn": place.end_column,
            },
        }
    }


def _without_links(text: str) -> str:
    """The text without what a viewer would take for a link (SARIF 2.1.0, 3.11.6): it may quote a stranger."""
    return text.replace("](", "] (")


def _artifact(path: str) -> dict[str, Any]:
    """A path below the root is told from there; another is a whole address."""
    address = quote(path.encode("utf-8", "surrogateescape"))
    return {"uri": f"file://{address}"} if path.startswith("/") else {"uri": address, "uriBaseId": ROOT}
