"""A simulation as JSON, version 1. The types are the format; docs/simulate.schema.json is made of them.

Shares are 0 to 1, times seconds; a number that is null never happens within the log.
"""

from math import isinf
from typing import Literal

import msgspec

from advisor.capacity.replay import Limits
from advisor.missing import Missing
from advisor.report.json_text import as_json
from advisor.report.model import VERSION
from advisor.report.simulate_model import Row, SimulateReport
from advisor.simulation.outcome import Estimate, Outcome
from advisor.simulation.sweep import Sweep


class EstimateItem(msgspec.Struct, frozen=True):
    """A number, and the bounds that nine of ten draws of the demand have it within."""

    value: float | None
    low: float | None
    high: float | None


class OutcomeItem(msgspec.Struct, frozen=True):
    """What becomes of the demand: the fields of docs/simulate.md."""

    busy_p50: EstimateItem
    busy_p99: EstimateItem
    full_from: EstimateItem
    full_seconds: EstimateItem
    waited: EstimateItem
    wait_p95: EstimateItem
    served: EstimateItem
    lost: EstimateItem


class LimitsItem(msgspec.Struct, frozen=True):
    """The limits of the service; 0 stands for none."""

    processes: int
    smtpd_timeout: float
    smtpd_timeout_under_stress: float
    client_limit: int
    max_use: int
    max_idle: float


class NotPredicted(msgspec.Struct, frozen=True):
    """Why nothing is predicted, and what would tell."""

    why: str
    cure: str


class RowItem(msgspec.Struct, frozen=True):
    """One set of limits. `kind`: replay (as they were), set, plan or remedy. `verdict` is null where none can
    be given or nothing needs a remedy.
    """

    kind: str
    label: str
    settings: list[str]
    limits: LimitsItem | None
    outcome: OutcomeItem | None
    not_predicted: NotPredicted | None
    verdict: str | None
    doubts: list[str]
    reason: str


class MeasuredItem(msgspec.Struct, frozen=True):
    """What the log itself shows."""

    busy_p50: float
    busy_p99: float
    full_from: float | None
    full_seconds: float


class PointItem(msgspec.Struct, frozen=True):
    """One value of the sweep, in seconds where it is a time."""

    value: int
    outcome: OutcomeItem | None
    not_predicted: NotPredicted | None


class SweepItem(msgspec.Struct, frozen=True):
    """The curve and its knee, null where there is none; `safe_knee` by the upper end of the interval."""

    key: str
    is_time: bool
    knee: int | None
    safe_knee: int | None
    points: list[PointItem]


class StripItem(msgspec.Struct, frozen=True):
    """The most processes busy at a time in equal stretches of the log, from its first line to its last."""

    label: str
    busy: list[int]
    limit: int


class LogItem(msgspec.Struct, frozen=True):
    """What was replayed: `first` and `last` in seconds since the epoch. `is_least`: of some time with all
    processes busy, the log shows only who was accepted. `is_reproduced`: the replay finds what the log shows.
    """

    first: float
    last: float
    sessions: int
    good_sessions: int
    is_least: bool
    is_reproduced: bool


class SimulateDocument(msgspec.Struct, frozen=True):
    """What `advisor simulate --output-format json` writes. `patience` is null where clients never leave."""

    version: Literal[1]
    configuration: str
    service: str
    causes: list[str]
    log: LogItem
    limits: LimitsItem
    patience: float | None
    measured: MeasuredItem
    rows: list[RowItem]
    sweep: SweepItem | None
    strips: list[StripItem]
    notes: list[str]
    other_services: list[str]


def simulation_as_json(report: SimulateReport) -> str:
    """The document, indented, with a newline behind it."""
    study, sample, measured = report.study, report.study.sample, report.measured
    document = SimulateDocument(
        version=VERSION,
        configuration=report.instance.name,
        service=study.service.key,
        causes=[cause.value for cause in study.causes],
        log=LogItem(
            sample.first,
            sample.last,
            len(sample.logged),
            int(sample.logged.is_good.sum()),
            sample.is_least,
            report.is_reproduced,
        ),
        limits=_limits(study.limits),
        patience=_finite(study.patience),
        measured=MeasuredItem(
            measured.busy_p50, measured.busy_p99, _finite(measured.full_from), measured.full_seconds
        ),
        rows=[_row(report, row) for row in report.rows],
        sweep=_sweep(report.sweep) if report.sweep else None,
        strips=[StripItem(each.label, list(each.busy), each.limit) for each in report.strips],
        notes=list(report.notes),
        other_services=list(report.others),
    )
    return as_json(msgspec.to_builtins(document))


def _row(report: SimulateReport, row: Row) -> RowItem:
    verdict = report.verdict(row)
    return RowItem(
        kind=row.kind.value,
        label=row.label,
        settings=list(row.settings),
        limits=None if isinstance(row.limits, Missing) else _limits(row.limits),
        outcome=_outcome(row.outcome),
        not_predicted=_missing(row.outcome),
        verdict=verdict.value if verdict else None,
        doubts=list(row.doubts),
        reason=row.reason,
    )


def _limits(limits: Limits) -> LimitsItem:
    return LimitsItem(*msgspec.structs.astuple(limits))


def _sweep(sweep: Sweep) -> SweepItem:
    points = [PointItem(each.value, _outcome(each.outcome), _missing(each.outcome)) for each in sweep.points]
    return SweepItem(sweep.key, sweep.is_time, sweep.knee, sweep.safe_knee, points)


def _outcome(found: Outcome | Missing) -> OutcomeItem | None:
    if isinstance(found, Missing):
        return None
    return OutcomeItem(*map(_estimate, msgspec.structs.astuple(found)))


def _missing(found: Outcome | Missing) -> NotPredicted | None:
    return NotPredicted(found.what, found.how_to_get_it) if isinstance(found, Missing) else None


def _estimate(found: Estimate) -> EstimateItem:
    return EstimateItem(_finite(found.value), _finite(found.low), _finite(found.high))


def _finite(value: float) -> float | None:
    return None if isinf(value) else value
