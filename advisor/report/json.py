"""The report as JSON, version 1. The types are the format; docs/report.schema.json is made of them."""

from typing import Literal

import msgspec

from advisor import __version__
from advisor.engine.changes import Change, Fix
from advisor.engine.references import address
from advisor.engine.suppression import Suppressed
from advisor.engine.verdicts import Finding
from advisor.facts.causes import REMEDIES
from advisor.facts.delivery_causes import NO_HELP, WHAT_HELPS
from advisor.facts.delivery_diagnosis import Reason
from advisor.facts.delivery_observed import TransportObservation
from advisor.facts.observed import Observation
from advisor.facts.profile import kinds
from advisor.logs.breaks import Break
from advisor.missing import Missing
from advisor.report.json_text import as_json
from advisor.report.model import VERSION, Report, Reports
from advisor.report.predictions_json import PredictionItem, prediction_item
from advisor.settings.instance import Instance
from advisor.syntax.source import Span

# So many reasons and destinations are told; `advisor metrics` has all that were counted.
_DESTINATIONS = 20


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
    """What a popular remedy does against a cause; `helps` is null where it depends on what `reason` names."""

    cause: str
    remedy: str
    helps: bool | None
    reason: str


class Diagnosis(_Part, frozen=True):
    """One SMTP server; `saturated` is null and `cause` unknown where the log does not tell. `to_tell` is the
    command that separates causes which are alternatives, or empty.
    """

    service: str
    cause: str
    causes: list[str]
    saturated: bool | None
    summary: str
    to_tell: str
    evidence: list[Measured]
    ruled_out: list[RuledOutCause]
    remedies: list[RemedyHelp]


class DeliveryReason(_Part, frozen=True):
    """A cause of trouble with deliveries, why it is one, what helps, and what people try in vain."""

    cause: str
    summary: str
    helps: str
    no_help: str


class DeliveryDiagnosis(_Part, frozen=True):
    """One transport that the log shows: `services` log under one name. `reasons` is empty where all is well.
    `deferred_for` counts deferrals by the class of their reason, `deferred_destinations` by domain, the most
    frequent ones of both.
    """

    services: list[str]
    reasons: list[DeliveryReason]
    evidence: list[Measured]
    deferred_for: dict[str, int]
    deferred_destinations: dict[str, int]


class FixOffered(_Part, frozen=True):
    """`in_patch`: whether the patch makes it."""

    title: str
    applicability: str
    requires: str
    changes: list[Change]
    in_patch: bool


class FindingItem(_Part, frozen=True):
    """One finding; `also` are further services for which the same line says the same."""

    rule: str
    category: str
    severity: str
    confidence: str
    message: str
    location: Place
    service: str | None
    also: list[str]
    evidence: list[Measured]
    expected_effect: str
    predictions: list[PredictionItem]
    fixes: list[FixOffered]
    references: list[str]


class UnknownItem(_Part, frozen=True):
    """A rule that could not decide."""

    rule: str
    missing: list[str]
    how_to_get_it: list[str]


class NotShownItem(_Part, frozen=True):
    """A finding below --min-severity or --min-confidence; `in_patch` is the title of what the patch does for
    it, null where it does nothing.
    """

    rule: str
    severity: str
    confidence: str
    location: Place
    in_patch: str | None


class SuppressedItem(_Part, frozen=True):
    """A finding that somebody decided to live with: by a comment, the policy or the baseline. `where` that
    stands is null where it has no line of its own, `until` an ISO date, null where it holds for ever.
    """

    rule: str
    severity: str
    confidence: str
    message: str
    location: Place
    service: str | None
    by: str
    reason: str
    until: str | None
    where: Place | None


class NotAppliedItem(_Part, frozen=True):
    """A fix that the patch, or --fix, leaves out."""

    rule: str
    title: str
    reason: str


class FixedItem(_Part, frozen=True):
    """A fix that --fix made, and the files that it changed."""

    rule: str
    title: str
    applicability: str
    requires: str
    files: list[str]


class Postfix(_Part, frozen=True):
    """The release whose rules were applied, and how it was found."""

    version: str
    source: str


class ProfileItem(_Part, frozen=True):
    """A kind of machine that it was taken for; `because` is empty where --profile said so."""

    profile: str
    because: str


class Log(_Part, frozen=True):
    """What was read of the log; times in seconds since the epoch. `outside_lines` are those that --since,
    --until, --host and --instance leave out; `breaks` says what was not read of the files.
    """

    first: float
    last: float
    lines: int
    postfix_lines: int
    unknown_lines: dict[str, int]
    other_lines: int
    outside_lines: int
    breaks: list[Break]


class NotJudgedItem(_Part, frozen=True):
    """A configuration that was asked for, or that another names, and that could not be judged."""

    configuration: str
    problem: str
    cure: str


class NothingJudged(_Part, frozen=True):
    """What is left of a report where nothing could be judged at all."""

    version: Literal[1]
    advisor: str
    not_judged: list[NotJudgedItem]


class Document(_Part, frozen=True):
    """The whole report. `queue`: what the log shows to be wrong with the queue as a whole. `log_hint`: how to
    get the log that rules lack; empty when none lacks it. `further` has the reports on the other instances of
    the same run, each without further ones, and `notes` what is to be known of this one among them. `fixed`
    and `not_fixed`: what --fix wrote and what it left, empty without it; the rest is about the text behind.
    """

    version: Literal[1]
    advisor: str
    configuration: str
    policy: str | None
    postfix: Postfix
    profiles: list[ProfileItem]
    log: Log | None
    diagnosis: list[Diagnosis]
    queue: list[DeliveryReason]
    deliveries: list[DeliveryDiagnosis]
    findings: list[FindingItem]
    not_shown: list[NotShownItem]
    suppressed: list[SuppressedItem]
    unknown: list[UnknownItem]
    broken: dict[str, str]
    log_hint: str
    patch: str
    commands: list[str]
    proof: list[str]
    untested: list[str]
    not_applied: list[NotAppliedItem]
    fixed: list[FixedItem]
    not_fixed: list[NotAppliedItem]
    notes: list[str]
    further: list["Document"]
    not_judged: list[NotJudgedItem]


def write_json(reports: Reports) -> str:
    """The reports as one JSON document, that on the first instance with the others in it, indented, with a
    newline behind it. Bytes that are no UTF-8 become U+FFFD in texts; the patch in `--diff` has them as they
    are.
    """
    not_judged = [NotJudgedItem(each.path, each.problem, each.cure) for each in reports.not_judged]
    if not reports.reports:
        return as_json(msgspec.to_builtins(NothingJudged(VERSION, __version__, not_judged)))
    first, *others = reports.reports
    further = [_document(each, [], []) for each in others]
    return as_json(msgspec.to_builtins(_document(first, further, not_judged)))


def _document(report: Report, further: list[Document], not_judged: list[NotJudgedItem]) -> Document:
    instance = report.instance
    return Document(
        version=VERSION,
        advisor=__version__,
        configuration=instance.name,
        policy=report.policy or None,
        postfix=Postfix(str(instance.release), instance.release_source),
        profiles=_profiles(instance),
        log=_log(report),
        diagnosis=_diagnoses(report),
        queue=[] if isinstance(report.observed, Missing) else _reasons(report.observed.deliveries.reasons),
        deliveries=_deliveries(report),
        findings=[_finding(report, finding) for finding in report.shown],
        not_shown=[_not_shown(report, finding) for finding in report.hidden],
        suppressed=[_suppressed(each) for each in report.suppressed],
        unknown=[
            UnknownItem(rule.name, [each.what for each in missing], [each.how_to_get_it for each in missing])
            for rule, missing in report.unknown
        ],
        broken={rule.name: error for rule, error in report.broken},
        log_hint=report.log_hint if report.without_log else "",
        patch=report.patch,
        commands=list(report.commands),
        proof=list(report.proof),
        untested=list(report.untested),
        not_applied=[NotAppliedItem(each.rule, each.title, each.reason) for each in report.not_applied],
        fixed=_fixed(report),
        not_fixed=[NotAppliedItem(each.rule, each.title, each.reason) for each in report.not_fixed],
        notes=list(report.notes),
        further=further,
        not_judged=not_judged,
    )


def _fixed(report: Report) -> list[FixedItem]:
    made = report.mended.fixed if report.mended else ()
    return [
        FixedItem(
            each.finding.rule,
            each.fix.title,
            each.fix.applicability.value,
            each.fix.requires.value,
            list(each.files),
        )
        for each in made
    ]


def _profiles(instance: Instance) -> list[ProfileItem]:
    found = kinds(instance)
    return (
        []
        if isinstance(found, Missing)
        else [ProfileItem(each.profile.value, each.because) for each in found]
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
        dict(metrics.unknown_by_program()),
        metrics.other_lines,
        metrics.outside,
        metrics.breaks,
    )


def _diagnoses(report: Report) -> list[Diagnosis]:
    if isinstance(report.observed, Missing):
        return []
    return [_diagnosis(key, each) for key, each in report.observed.services.items()]


def _diagnosis(service: str, observation: Observation | Missing) -> Diagnosis:
    if isinstance(observation, Missing):
        reason = f"{observation.what}; {observation.how_to_get_it}"
        return Diagnosis(service, "unknown", ["unknown"], None, reason, "", [], [], [])
    found = observation.diagnosis
    return Diagnosis(
        service=service,
        cause=found.cause.value,
        causes=[cause.value for cause in found.causes],
        saturated=found.saturated,
        summary=found.summary,
        to_tell=found.to_tell,
        evidence=[Measured(each.name, _rounded(each.value), each.unit, "log") for each in found.evidence],
        ruled_out=[RuledOutCause(each.cause.value, each.reason) for each in found.ruled_out],
        remedies=[
            RemedyHelp(cause.value, each.remedy.value, each.helps, each.reason)
            for cause in found.causes
            for each in REMEDIES[cause]
        ],
    )


def _deliveries(report: Report) -> list[DeliveryDiagnosis]:
    if isinstance(report.observed, Missing):
        return []
    return [_transport(each) for each in report.observed.deliveries.transports.values()]


def _transport(observation: TransportObservation) -> DeliveryDiagnosis:
    load = observation.load
    measured = (
        ("attempts", load.attempts, "attempts"),
        ("sent", load.sent, "attempts"),
        ("deferred", load.deferred, "attempts"),
        ("bounced", load.bounced, "attempts"),
        ("busy processes", load.busy, "processes"),
        ("wait in the queue manager, 95 of 100", load.queued.p95, "s"),
        ("connecting, half", load.connecting.p50, "s"),
        ("connecting, 95 of 100", load.connecting.p95, "s"),
        ("sending, half", load.sending.p50, "s"),
        ("sending, 95 of 100", load.sending.p95, "s"),
    )
    return DeliveryDiagnosis(
        services=[observation.service, *observation.others],
        reasons=_reasons(observation.reasons),
        evidence=[Measured(name, _rounded(value), unit, "log") for name, value, unit in measured],
        deferred_for=dict(load.reasons[:_DESTINATIONS]),
        deferred_destinations={each.name: each.deferred for each in load.destinations[:_DESTINATIONS]},
    )


def _reasons(reasons: tuple[Reason, ...]) -> list[DeliveryReason]:
    return [
        DeliveryReason(each.cause.value, each.summary, WHAT_HELPS[each.cause], NO_HELP.get(each.cause, ""))
        for each in reasons
    ]


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
        also=list(finding.also),
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
        predictions=[prediction_item(each) for each in report.predicted(finding)],
        fixes=[_fix(fix, in_patch=fix == applied) for fix in finding.fixes],
        references=[address(each) for each in rule.references],
    )


def _not_shown(report: Report, finding: Finding) -> NotShownItem:
    applied = report.applied(finding)
    return NotShownItem(
        finding.rule,
        finding.severity.value,
        finding.confidence.value,
        _place(finding.where),
        applied.title if applied else None,
    )


def _suppressed(each: Suppressed) -> SuppressedItem:
    finding, suppression = each.finding, each.suppression
    return SuppressedItem(
        rule=finding.rule,
        severity=finding.severity.value,
        confidence=finding.confidence.value,
        message=finding.message,
        location=_place(finding.where),
        service=finding.service,
        by=suppression.by.value,
        reason=suppression.reason,
        until=suppression.until.isoformat() if suppression.until else None,
        where=_place(suppression.where) if suppression.where else None,
    )


def _fix(fix: Fix, *, in_patch: bool) -> FixOffered:
    return FixOffered(fix.title, fix.applicability.value, fix.requires.value, list(fix.changes), in_patch)


def _place(span: Span) -> Place:
    return Place(span.file, span.line, span.column, span.end_line, span.end_column)
