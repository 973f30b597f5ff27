"""A log's sums for people to read: what each service and each delivery program did, without any setting.

The same numbers that the facts are made of, before a configuration says what they mean. Times in seconds.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from advisor.capacity.occupancy import Occupancy
from advisor.capacity.spans import spans
from advisor.logs.classes import CLASSES, ENDINGS, STAGES, SessionClass
from advisor.logs.histogram import Histogram
from advisor.logs.metrics import Metrics

# The parts of `delays=a/b/c/d`, as postconf(5) has them under delay_logging_resolution_limit.
DELAY_PARTS: Mapping[str, str] = {
    "a": "before qmgr",
    "b": "in qmgr",
    "c": "connection",
    "d": "transmission",
}

_LOST_CONNECTION = ENDINGS.index("lost-connection")
_AT_CONNECT = STAGES.index("CONNECT")


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """The SMTP sessions of one log tag. `peak`: the most that were open at a time, and so processes busy.

    `began_before` and `open_at_end` count those of which the log lacks the begin or the end. Of the clients
    that left before their first command, `lost_unseen` had gone before smtpd asked for their address.
    """

    tag: str
    sessions: int
    by_class: Mapping[SessionClass, int]
    peak: int
    median_seconds: float
    p95_seconds: float
    began_before: int
    open_at_end: int
    lost_unseen: int
    lost_named: int


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Of one part of the delays."""

    part: str
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class DeliverySummary:
    """The delivery attempts of one log tag, by status, and how long each part of them took."""

    tag: str
    by_status: Mapping[str, int]
    delays: tuple[Percentiles, ...]


@dataclass(frozen=True, slots=True)
class LimitSummary:
    """How often master(8) warned that a service has as many processes as it may have."""

    entry: str
    limit: int
    warnings: int


@dataclass(frozen=True, slots=True)
class LogSummary:
    """The whole log. `first` and `last` in seconds since the epoch; `unknown` by program."""

    first: float
    last: float
    lines: int
    postfix_lines: int
    other_lines: int
    outside_lines: int
    unknown: Mapping[str, int]
    versions: tuple[str, ...]
    sessions: tuple[SessionSummary, ...]
    limits: tuple[LimitSummary, ...]
    deliveries: tuple[DeliverySummary, ...]


def summarize(metrics: Metrics) -> LogSummary:
    """The summary of the metrics of a log that has at least one line with a time stamp."""
    first, last = metrics.first or 0.0, metrics.last or 0.0
    warned = Counter((warning.entry, warning.limit) for warning in metrics.limit_warnings)
    return LogSummary(
        first=first,
        last=last,
        lines=metrics.lines.total(),
        postfix_lines=metrics.postfix_lines,
        other_lines=metrics.foreign + metrics.unstamped,
        outside_lines=metrics.outside,
        unknown=dict(metrics.unknown.most_common()),
        versions=tuple(dict.fromkeys(start.version for start in metrics.starts)),
        sessions=tuple(_sessions(metrics, tag, first, last) for tag in sorted(metrics.session_tags())),
        limits=tuple(LimitSummary(entry, limit, count) for (entry, limit), count in sorted(warned.items())),
        deliveries=tuple(
            _deliveries(metrics, tag) for tag in sorted({each.tag for each in metrics.deliveries})
        ),
    )


def _sessions(metrics: Metrics, tag: str, first: float, last: float) -> SessionSummary:
    rows = metrics.session_rows(tag)
    classes = np.bincount(rows["kind"], minlength=len(CLASSES)).tolist()
    starts, ends = spans(rows, first, last)
    lengths = Histogram()
    lengths.add_all(ends - starts)
    lost = rows[(rows["ended_by"] == _LOST_CONNECTION) & (rows["stage"] == _AT_CONNECT)]
    clients = metrics.clients
    gone = [
        key
        for key in np.unique(lost["client"]).tolist()
        if key in clients and clients[key].address == "unknown"
    ]
    unseen = int(np.sum(np.isin(lost["client"], np.array(gone, np.uint64))))
    return SessionSummary(
        tag=tag,
        sessions=len(rows),
        by_class={kind: count for kind, count in zip(CLASSES, classes, strict=True) if count},
        peak=Occupancy.of(starts, ends).peak,
        median_seconds=_seconds(lengths, 0.5),
        p95_seconds=_seconds(lengths, 0.95),
        began_before=int(np.sum(np.isnan(rows["start"]))),
        open_at_end=int(np.sum(np.isnan(rows["end"]))),
        lost_unseen=unseen,
        lost_named=len(lost) - unseen,
    )


def _seconds(histogram: Histogram, share: float) -> float:
    """A quantile; a log has no more to say than milliseconds."""
    return round(histogram.quantile(share) or 0.0, 3)


def _deliveries(metrics: Metrics, tag: str) -> DeliverySummary:
    statuses = {each.status: count for each, count in metrics.deliveries.most_common() if each.tag == tag}
    parts = ((part, metrics.delays.get((tag, part), Histogram())) for part in DELAY_PARTS)
    return DeliverySummary(
        tag,
        statuses,
        tuple(
            Percentiles(part, *(_seconds(histogram, share) for share in (0.5, 0.95, 0.99)))
            for part, histogram in parts
        ),
    )
