"""Metrics -> the document from which they can be made again."""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from advisor.logs.capped import Capped
from advisor.logs.classes import ENDINGS, STAGES
from advisor.logs.flow import Flow
from advisor.logs.histogram import Histogram
from advisor.logs.level_rows import rows_of
from advisor.logs.levels import Levels
from advisor.logs.metrics import Metrics
from advisor.logs.packed import MOST_ROWS, packed
from advisor.logs.sums import Sums
from advisor.logs.tables import SESSION, Rows
from advisor.report.metrics_state import (
    CappedCounts,
    ClockState,
    FlowState,
    LevelRows,
    MetricsState,
    Packed,
    Pairs,
    Peaks,
    SampleLine,
    Series,
    SessionSums,
    TaggedCounts,
    Values,
)

# Changes the columns that name clients and messages by a number; rows as they are, where nothing is hidden.
Hide = Callable[[Rows], Rows]


def unhidden(rows: Rows) -> Rows:
    """Rows as they are."""
    return rows


def state_of(
    metrics: Metrics,
    levels: Mapping[str, Levels],
    *,
    sessions: bool = True,
    hide: Hide = unhidden,
    hide_keys: Hide = unhidden,
) -> MetricsState:
    """The whole of the metrics; without `sessions`, of sessions and messages only those that reach over an
    end, what all come to, and their `levels` by log tag.

    `hide` gives rows of sessions under other numbers of clients, `hide_keys` events of messages under other
    keys.
    """
    return MetricsState(
        first=metrics.first,
        last=metrics.last,
        lines=dict(metrics.lines),
        matched=dict(metrics.matched),
        unknown=_capped(metrics.unknown),
        foreign=_capped(metrics.foreign),
        unstamped=metrics.unstamped,
        outside=metrics.outside,
        breaks=[(each.origin, each.text) for each in metrics.breaks],
        counters=[(tag, name, count) for (tag, name), count in sorted(metrics.counters.items())],
        details=[_tagged(tag, name, counts) for (tag, name), counts in sorted(metrics.details.items())],
        peaks=[Peaks(tag, name, dict(highest)) for (tag, name), highest in sorted(metrics.peaks.items())],
        series=[Series(tag, name, _pairs(counts)) for (tag, name), counts in sorted(metrics.series.items())],
        samples=[
            SampleLine(tag, name, each.origin, each.line, each.text)
            for (tag, name), samples in sorted(metrics.samples.items())
            for each in samples
        ],
        names=list(metrics.names),
        clients=_clients(metrics, hide, sessions=sessions),
        sessions=_packets(map(hide, metrics.sessions.blocks())) if sessions else None,
        messages=_packets(metrics.messages.blocks()) if sessions else None,
        session_flow=_flow(metrics.session_flow, hide),
        message_flow=_flow(_seam(metrics.message_flow), hide_keys),
        durations=[_values(tag, kind.value, each) for (tag, kind), each in sorted(metrics.durations.items())],
        sums=[_sums(tag, each) for tag, each in sorted(metrics.sums.items())],
        levels=_levels(metrics, metrics.levels if sessions else levels),
        summed=_summed(metrics, sessions=sessions),
        limit_warnings=[*metrics.limit_warnings],
        starts=[*metrics.starts],
        deliveries=[(*each, count) for each, count in sorted(metrics.deliveries.items())],
        delays=[_values(tag, part, each) for (tag, part), each in sorted(metrics.delays.items())],
        destinations=[_tagged(tag, "", counts) for tag, counts in sorted(metrics.destinations.items())],
        relays=[_tagged(tag, "", counts) for tag, counts in sorted(metrics.relays.items())],
        sizes=_pairs(metrics.sizes.buckets),
        clocks=[
            ClockState(origin, clock.first, clock.last, _pairs(clock.back.buckets))
            for origin, clock in metrics.clocks.items()
        ],
        minutes=_pairs(metrics.minutes),
        processes=_processes(metrics),
        losses=[(*each, count) for each, count in sorted(metrics.losses.items())],
    )


def _capped(table: Capped[Any]) -> CappedCounts:
    """The table; a key that is one text becomes an array of one."""
    counts = [([key] if isinstance(key, str) else list(key), count) for key, count in table.most_common()]
    return CappedCounts(counts, table.other, table.missed)


def _tagged(tag: str, name: str, table: Capped[Any]) -> TaggedCounts:
    return TaggedCounts(tag, name, _capped(table))


def _pairs(counts: Mapping[int, int]) -> Pairs:
    return sorted(counts.items())


def _values(tag: str, part: str, histogram: Histogram) -> Values:
    return Values(tag, part, _pairs(histogram.buckets))


def _sums(tag: str, sums: Sums) -> SessionSums:
    return SessionSums(
        tag=tag,
        endings=[
            (ENDINGS[ending], STAGES[stage], count) for (ending, stage), count in sorted(sums.endings.items())
        ],
        unseen=sums.unseen,
        authenticated=sums.authenticated,
        messages=sums.messages,
        connect=_pairs(sums.connect.buckets),
        envelope=_pairs(sums.envelope.buckets),
        content=_pairs(sums.content.buckets),
    )


def _levels(metrics: Metrics, levels: Mapping[str, Levels]) -> list[LevelRows]:
    return [
        LevelRows(metrics.names.place(tag), _packets([rows_of(each)])) for tag, each in sorted(levels.items())
    ]


def _summed(metrics: Metrics, *, sessions: bool) -> list[tuple[float, float]]:
    """From when to when the levels are told."""
    if sessions:
        return sorted(metrics.summed)
    return [(metrics.first, metrics.last)] if metrics.first is not None and metrics.last is not None else []


def _packets(blocks: Iterable[Rows]) -> list[Packed]:
    """The rows in packets, of which none has too many."""
    return [
        _packet(block[first : first + MOST_ROWS])
        for block in blocks
        for first in range(0, len(block), MOST_ROWS)
    ]


def _packet(rows: Rows) -> Packed:
    columns = [(name, rows.dtype[name].str) for name in rows.dtype.names or ()]
    return Packed(columns, len(rows), b64encode(packed(rows)).decode())


def _flow(flow: Flow, hide: Hide) -> FlowState:
    heads, opens, begun = (_packets([hide(rows)]) for rows in (flow.heads, flow.opens, flow.begun))
    return FlowState(heads, opens, begun, [*flow.closings])


def _seam(flow: Flow) -> Flow:
    """What may join with another part. A message that is whole is not among it: there are too many."""
    waiting = np.union1d(flow.heads["key"], flow.opens["key"])
    begun = flow.begun[np.isin(flow.begun["key"], waiting)]
    return Flow(flow.begins, flow.ends, flow.heads, flow.opens, begun, flow.closings)


def _clients(metrics: Metrics, hide: Hide, *, sessions: bool) -> dict[str, str]:
    """NAME[ADDRESS] by number, of the clients that the rows of the document name."""
    blocks: list[Rows] = [metrics.session_flow.heads, metrics.session_flow.opens]
    if sessions:
        blocks += metrics.sessions.blocks()
    named: set[int] = set()
    for block in blocks:
        named.update(np.unique(block["client"]).tolist())
    known = sorted(named & metrics.clients.keys())
    numbers = np.zeros(len(known), SESSION)
    numbers["client"] = known
    shown = hide(numbers)["client"].tolist()
    return {f"{number:x}": metrics.clients[client] for number, client in zip(shown, known, strict=True)}


def _processes(metrics: Metrics) -> dict[str, list[str]]:
    by_host: dict[str, list[str]] = defaultdict(list)
    for process in sorted(metrics.processes):
        by_host[process.host].append(process.pid)
    return dict(by_host)
