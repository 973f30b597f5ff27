"""The part of the report about the queue: each transport whose mail waits or is deferred, with its numbers.

It answers what qshape(1) is asked: for which destinations, and why.
"""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from advisor.engine.wording import number, seconds, visible
from advisor.facts.delivery_causes import NO_HELP, WHAT_HELPS
from advisor.facts.delivery_diagnosis import Reason
from advisor.facts.delivery_load import DeliveryLoad, Times
from advisor.facts.delivery_observed import TransportObservation
from advisor.report.layout import labelled

_SHOWN = 5


def queue_section(reasons: tuple[Reason, ...]) -> RenderableType:
    """What is wrong with the queue as a whole."""
    rows = labelled()
    _explain(rows, reasons)
    return Group(_head("queue", reasons), Padding(rows, (0, 0, 0, 2)))


def _head(name: str, reasons: tuple[Reason, ...]) -> Text:
    causes = " and ".join(dict.fromkeys(each.cause.value for each in reasons))
    return Text.assemble((visible(name), "bold"), "  ", (causes, "bold red"))


def _explain(rows: Table, reasons: tuple[Reason, ...]) -> None:
    rows.add_row(Text("because", "dim"), Text("\n".join(visible(each.summary) for each in reasons)))
    helps = dict.fromkeys(WHAT_HELPS[each.cause] for each in reasons)
    rows.add_row(Text("helps", "dim"), Text("\n".join(helps)))
    if no_help := dict.fromkeys(NO_HELP[each.cause] for each in reasons if each.cause in NO_HELP):
        rows.add_row(Text("no help", "dim"), Text("\n".join(no_help)))


def transport_section(observation: TransportObservation) -> RenderableType:
    """One transport: its causes, the numbers behind them, the destinations and the reasons of deferrals."""
    load = observation.load
    rows = labelled()
    _explain(rows, observation.reasons)
    rows.add_row(Text("measured", "dim"), Text(_measured(observation)))
    if load.reasons:
        rows.add_row(Text("deferred", "dim"), Text(_counts(load.reasons)))
        by_name = tuple((each.name, each.deferred) for each in load.destinations)
        rows.add_row(Text("for", "dim"), Text(visible(_counts(by_name))))
    names = " and ".join((observation.service, *observation.others))
    return Group(_head(names, observation.reasons), Padding(rows, (0, 0, 0, 2)))


def _measured(observation: TransportObservation) -> str:
    load, limit = observation.load, observation.limits.processes
    most = "" if limit is None else f" of {limit}" if limit else ", no limit"
    return "; ".join(
        (
            f"{load.attempts} attempts",
            f"{load.sent} sent, {load.deferred} deferred, {load.bounced} bounced",
            f"processes busy in the busiest {seconds(load.window)} about {number(load.busy)}{most}",
            *_times(load),
        )
    )


def _times(load: DeliveryLoad) -> tuple[str, ...]:
    parts = (
        ("in the queue manager", load.queued),
        ("connecting", load.connecting),
        ("sending", load.sending),
    )
    return tuple(f"{name} {_spread(values)}" for name, values in parts)


def _spread(values: Times) -> str:
    return f"{seconds(values.p50)} (half) to {seconds(values.p95)} (95 of 100)"


def _counts(counted: tuple[tuple[str, int], ...]) -> str:
    shown = ", ".join(f"{name or 'no reason given'} {count}" for name, count in counted[:_SHOWN])
    rest = len(counted) - _SHOWN
    return f"{shown}, and {rest} others" if rest > 0 else shown
