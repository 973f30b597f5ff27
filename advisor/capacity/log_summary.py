"""A log's sums for people to read: what each service and each delivery program did, without any setting.

The same numbers that the facts are made of, before a configuration says what they mean. Times in seconds.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import msgspec

from advisor.capacity.quantiles import Quantiles, quantiles_in
from advisor.capacity.session_summary import SessionSummary, summarize_sessions
from advisor.logs.breaks import Break
from advisor.logs.capped import Capped
from advisor.logs.histogram import Histogram
from advisor.logs.metrics import Metrics

# The parts of `delays=a/b/c/d`, as postconf(5) has them under delay_logging_resolution_limit.
DELAY_PARTS: Mapping[str, str] = {
    "a": "before qmgr",
    "b": "in qmgr",
    "c": "connection",
    "d": "transmission",
}
# So many keys of a table are shown at most; all of them are in the document's `metrics`.
_KEYS = 50
# So many minutes without a line of Postfix are worth a word, where there are lines on both sides.
_GAP_MINUTES = 10
_GAPS = 5
_MINUTE = 60


class Top(msgspec.Struct, frozen=True):
    """The keys that came most often, and how often all the others did together. No count is too low by more
    than `missed`.
    """

    most: tuple[tuple[tuple[str, ...], int], ...]
    other: int
    missed: int


class DeliverySummary(msgspec.Struct, frozen=True):
    """The delivery attempts of one log tag by status, how long each part of them took (by DELAY_PARTS), and
    for whom and by which next hop they were.
    """

    tag: str
    by_status: Mapping[str, int]
    delays: Mapping[str, Quantiles]
    destinations: Top
    relays: Top


class LimitSummary(msgspec.Struct, frozen=True):
    """How often master(8) warned that a service has as many processes as it may have."""

    entry: str
    limit: int
    warnings: int


class MessageSummary(msgspec.Struct, frozen=True):
    """One kind of line: how often it came, what it said by key, and the highest of what it measures."""

    tag: str
    message: str
    count: int
    keys: Top
    highest: Mapping[str, float]


class Gap(msgspec.Struct, frozen=True):
    """A time from which there is no line of Postfix."""

    start: float
    end: float


class CoverageSummary(msgspec.Struct, frozen=True):
    """What was read and what was not understood. `unknown`: by program and the line's shape; `foreign`: lines
    of other programs. `lost`: lines that a log writer said it dropped. `breaks`: what was not read of a file.
    """

    lines: int
    postfix: int
    understood: int
    unstamped: int
    outside: int
    foreign: Top
    unknown: Top
    lost: Mapping[str, int]
    gaps: tuple[Gap, ...]
    clock_steps_back: int
    breaks: tuple[Break, ...]


class LogSummary(msgspec.Struct, frozen=True):
    """The whole log. `first` and `last` in seconds since the epoch; `sizes` in bytes, of queued messages."""

    first: float
    last: float
    coverage: CoverageSummary
    versions: tuple[str, ...]
    sessions: tuple[SessionSummary, ...]
    limits: tuple[LimitSummary, ...]
    deliveries: tuple[DeliverySummary, ...]
    sizes: Quantiles | None
    messages: tuple[MessageSummary, ...]


def summarize(metrics: Metrics, *, levels: bool = True) -> LogSummary:
    """The summary of the metrics of a log that has at least one line with a time stamp.

    Without `levels` it is small: what people read.
    """
    warned = Counter((warning.entry, warning.limit) for warning in metrics.limit_warnings)
    return LogSummary(
        first=metrics.first or 0.0,
        last=metrics.last or 0.0,
        coverage=_coverage(metrics),
        versions=tuple(dict.fromkeys(start.version for start in metrics.starts)),
        sessions=summarize_sessions(metrics, levels=levels),
        limits=tuple(LimitSummary(entry, limit, count) for (entry, limit), count in sorted(warned.items())),
        deliveries=tuple(
            _deliveries(metrics, tag) for tag in sorted({each.tag for each in metrics.deliveries})
        ),
        sizes=quantiles_in(metrics.sizes),
        messages=tuple(
            MessageSummary(
                tag,
                name,
                count,
                top(metrics.details.get((tag, name), Capped())),
                metrics.peaks.get((tag, name), {}),
            )
            for (tag, name), count in sorted(metrics.counters.items())
        ),
    )


def top(table: Capped[Any]) -> Top:
    """The most frequent keys of a table; a key that is one text is a tuple of one."""
    ordered = table.most_common()
    most = tuple(((key,) if isinstance(key, str) else key, count) for key, count in ordered[:_KEYS])
    rest = sum(count for _, count in ordered[_KEYS:])
    return Top(most, rest + table.other, table.missed)


def _coverage(metrics: Metrics) -> CoverageSummary:
    lost: Counter[str] = Counter()
    for loss, count in metrics.losses.items():
        lost[f"{loss.writer}: {loss.whose}" if loss.whose else loss.writer] += count
    return CoverageSummary(
        lines=metrics.lines.total(),
        postfix=metrics.postfix_lines,
        understood=metrics.matched.total(),
        unstamped=metrics.unstamped,
        outside=metrics.outside,
        foreign=top(metrics.foreign),
        unknown=top(metrics.unknown),
        lost=dict(lost.most_common()),
        gaps=_gaps(metrics.minutes),
        clock_steps_back=sum(clock.back.count for clock in metrics.clocks.values()),
        breaks=tuple(metrics.breaks),
    )


def _gaps(minutes: Mapping[int, int]) -> tuple[Gap, ...]:
    """The longest times without a line, longest first."""
    seen = sorted(minutes)
    found = sorted(pairwise(seen), key=lambda pair: pair[0] - pair[1])
    return tuple(
        Gap((before + 1) * _MINUTE, after * _MINUTE)
        for before, after in found[:_GAPS]
        if after - before > _GAP_MINUTES
    )


def _deliveries(metrics: Metrics, tag: str) -> DeliverySummary:
    statuses = {each.status: count for each, count in metrics.deliveries.most_common() if each.tag == tag}
    parts = {part: quantiles_in(metrics.delays.get((tag, part), Histogram())) for part in DELAY_PARTS}
    return DeliverySummary(
        tag,
        statuses,
        {part: found for part, found in parts.items() if found is not None},
        top(metrics.destinations.get(tag, Capped())),
        top(metrics.relays.get(tag, Capped())),
    )
