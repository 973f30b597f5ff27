"""The report as JSON, version 1. The types are the format; docs/report.schema.json is made of them."""

from typing import Any

import msgspec

from advisor import __version__
from advisor.engine.changes import Fix
from advisor.engine.verdicts import Finding
from advisor.facts.causes import REMEDIES
from advisor.facts.observe import Observation
from advisor.facts.registry import Missing
from advisor.report.model import VERSION, Report
from advisor.syntax.source import Span


class _Part(msgspec.Struct, frozen=True):
    pass


class Place(_Part, frozen=True):
    """Lines and columns count from 1; the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Measured(_Part, frozen=True):
    """A number or text with its unit, and what it was read from."""

    name: str
    value: str | int | float | bool | list[str | int | float | bool]
    unit: str
    source: str


class RuledOutCause(_Part, frozen=True):
    """A cause that it is not, and why not."""

    cause: str
    reason: str


class RemedyHelp(_Part, frozen=True):
    """What a popular remedy does here; `helps` is null where it depends on what `reason` names."""

    remedy: str
    helps: bool | None
    reason: str


class Diagnosis(_Part, frozen=True):
    """One SMTP server; `saturated` is null and `cause` unknown where the log does not tell."""

    service: str
    cause: str
    causes: list[str]
    saturated: bool | None
    summary: str
    evidence: list[Measured]
    ruled_out: list[RuledOutCause]
    remedies: list[RemedyHelp]


class FixOffered(_Part, frozen=True):
    """`in_patch`: whether the patch makes it."""

    title: str
    applicability: str
    requires: str
    changes: list[dict[str, str | None]]
    in_patch: bool


class FindingItem(_Part, frozen=True):
    """One finding."""

    rule: str
    category: str
    severity: str
    confidence: str
    message: str
    location: Place
    service: str | None
    evidence: list[Measured]
    expected_effect: str
    fixes: list[FixOffered]
    references: list[str]


class UnknownItem(_Part, frozen=True):
    """A rule that could not decide."""

    rule: str
    missing: list[str]
    how_to_get_it: list[str]


class NotAppliedItem(_Part, frozen=True):
    """A fix that the patch leaves out."""

    rule: str
    title: str
    reason: str


class Postfix(_Part, frozen=True):
    """The release whose rules were applied, and how it was found."""

    version: str
    source: str


class Log(_Part, frozen=True):
    """What was read of the log; times in seconds since the epoch."""

    first: float
    last: float
    lines: int
    postfix_lines: int
    unknown_lines: dict[str, int]
    other_lines: int


class Document(_Part, frozen=True):
    """The whole report."""

    version: int
    advisor: str
    configuration: str
    postfix: Postfix
    log: Log | None
    diagnosis: list[Diagnosis]
    findings: list[FindingItem]
    unknown: list[UnknownItem]
    broken: dict[str, str]
    patch: str
    commands: list[str]
    proof: list[str]
    not_applied: list[NotAppliedItem]


def write_json(report: Report) -> str:
    """The report as one JSON document, indented, with a newline behind it. Bytes that are no UTF-8 become
    U+FFFD in texts; the patch in `--diff` has them as they are.
    """
    plain: Any = msgspec.to_builtins(_document(report))
    return msgspec.json.format(msgspec.json.encode(_clean(plain)), indent=2).decode() + "\n"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the format."""
    return msgspec.json.schema(Document)


def _clean(value: Any) -> Any:
    """Strings that JSON can hold: surrogate escapes stand for bytes that were no text."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(each) for key, each in value.items()}
    return value


def _document(report: Report) -> Document:
    instance = report.instance
    return Document(
        version=VERSION,
        advisor=__version__,
        configuration=instance.name,
        postfix=Postfix(str(instance.release), instance.release_source),
        log=_log(report),
        diagnosis=_diagnoses(report),
        findings=[_finding(report, finding) for finding in report.findings],
        unknown=[
            UnknownItem(rule.name, [each.what for each in missing], [each.how_to_get_it for each in missing])
            for rule, missing in report.unknown
        ],
        broken={rule.name: error for rule, error in report.broken},
        patch=report.patch,
        commands=list(report.commands),
        proof=list(report.proof),
        not_applied=[NotAppliedItem(each.rule, each.title, each.reason) for each in report.not_applied],
    )


def _log(report: Report) -> Log | None:
    metrics = report.metrics
    if metrics is None:
        return None
    return Log(
        metrics.first or 0.0,
        metrics.last or 0.0,
        metrics.lines.total(),
        metrics.postfix_lines,
        dict(metrics.unknown),
        metrics.foreign + metrics.unstamped,
    )


def _diagnoses(report: Report) -> list[Diagnosis]:
    if isinstance(report.observed, Missing):
        return []
    return [_diagnosis(key, each) for key, each in report.observed.services.items()]


def _diagnosis(service: str, observation: Observation | Missing) -> Diagnosis:
    if isinstance(observation, Missing):
        reason = f"{observation.what}; {observation.how_to_get_it}"
        return Diagnosis(service, "unknown", ["unknown"], None, reason, [], [], [])
    found = observation.diagnosis
    return Diagnosis(
        service=service,
        cause=found.cause.value,
        causes=[cause.value for cause in found.causes],
        saturated=found.saturated,
        summary=found.summary,
        evidence=[Measured(each.name, _rounded(each.value), each.unit, "log") for each in found.evidence],
        ruled_out=[RuledOutCause(each.cause.value, each.reason) for each in found.ruled_out],
        remedies=[RemedyHelp(each.remedy.value, each.helps, each.reason) for each in REMEDIES[found.cause]],
    )


def _rounded(value: float) -> float:
    """Three decimals: a log has no more to say."""
    return round(value, 3)


def _finding(report: Report, finding: Finding) -> FindingItem:
    rule = report.rule(finding.rule)
    applied = report.applied(finding)
    return FindingItem(
        rule=finding.rule,
        category=rule.category,
        severity=finding.severity.value,
        confidence=finding.confidence.value,
        message=finding.message,
        location=_place(finding.where),
        service=finding.service,
        evidence=[
            Measured(
                each.name,
                list(each.value) if isinstance(each.value, tuple) else each.value,
                each.unit,
                each.source.value,
            )
            for each in finding.evidence
        ],
        expected_effect=finding.expected_effect,
        fixes=[_fix(fix, in_patch=fix == applied) for fix in finding.fixes],
        references=list(rule.references),
    )


def _fix(fix: Fix, *, in_patch: bool) -> FixOffered:
    changes = [{"change": type(change).__name__, **msgspec.to_builtins(change)} for change in fix.changes]
    return FixOffered(fix.title, fix.applicability.value, fix.requires.value, changes, in_patch)


def _place(span: Span) -> Place:
    return Place(span.file, span.line, span.column, span.end_line, span.end_column)
