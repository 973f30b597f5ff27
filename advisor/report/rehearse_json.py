"""A rehearsal as JSON, version 1. The types are the format; docs/rehearse.schema.json is made of them.

Shares are 0 to 1, times seconds of the log, memory bytes.
"""

from typing import Literal

import msgspec

from advisor.capacity.replay import Limits
from advisor.missing import Missing
from advisor.rehearsal.profile import Prediction
from advisor.report.json_text import as_json
from advisor.report.model import VERSION
from advisor.report.rehearse_model import Logged, Measured, RehearseReport, Side


class LimitsPlayed(msgspec.Struct, frozen=True):
    """The limits of the service; 0 stands for none."""

    processes: int
    smtpd_timeout: float
    smtpd_timeout_under_stress: float
    client_limit: int


class SideItem(msgspec.Struct, frozen=True):
    """One form of the configuration: what was measured, and what a replay says of the same clients, null with
    the reason in `not_predicted` where it cannot tell.
    """

    limits: LimitsPlayed
    measured: Measured
    predicted: Prediction | None
    not_predicted: str


class Section(msgspec.Struct, frozen=True):
    """The part of the log that was played: from `begin`, seconds since the epoch, for so many seconds, in
    `played_seconds`; of more clients than can be played it `was_cut`.
    """

    begin: float
    seconds: float
    played_seconds: float
    factor: int
    was_cut: bool


class RehearseDocument(msgspec.Struct, frozen=True):
    """What `advisor rehearse --output-format json` writes; `after` and `result` are null where nothing was
    changed.
    """

    version: Literal[1]
    configuration: str
    service: str
    causes: list[str]
    log: Logged
    section: Section
    clients: int
    result: str | None
    before: SideItem
    after: SideItem | None
    changes: list[str]
    replaced: list[str]
    notes: list[str]


def rehearsal_as_json(report: RehearseReport) -> str:
    """The document, indented, with a newline behind it."""
    stretch = report.stretch
    document = RehearseDocument(
        version=VERSION,
        configuration=report.configuration,
        service=report.service,
        causes=[cause.value for cause in report.causes],
        log=report.logged,
        section=Section(stretch.begin, stretch.seconds, report.seconds, stretch.factor, stretch.was_cut),
        clients=report.visits,
        result=report.result.name.lower() if report.result else None,
        before=_side(report.before),
        after=_side(report.after) if report.after else None,
        changes=list(report.changes),
        replaced=list(report.replaced),
        notes=list(report.notes),
    )
    return as_json(msgspec.to_builtins(document))


def _side(side: Side) -> SideItem:
    found = side.predicted
    known, why = (None, found.what) if isinstance(found, Missing) else (found, "")
    return SideItem(_limits(side.limits), side.measured, known, why)


def _limits(limits: Limits) -> LimitsPlayed:
    return LimitsPlayed(limits.processes, limits.timeout, limits.stress_timeout, limits.client_limit)
