"""A log's sums for people to read: what each service and each delivery program did, without any setting.

The same numbers that the facts are made of, before a configuration says what they mean. Times in seconds.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from advisor.capacity.occupancy import Interval, stretches
from advisor.logs.breaks import Break
from advisor.logs.histogram import Histogram
from advisor.logs.metrics import Metrics
from advisor.logs.sessions import Session, SessionClass

# The parts of `delays=a/b/c/d`, as postconf(5) has them under delay_logging_resolution_limit.
DELAY_PARTS: Mapping[str, str] = {
    "a": "before qmgr",
    "b": "in qmgr",
    "c": "connection",
    "d": "transmission",
}


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
    breaks: tuple[Break, ...]
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
        breaks=tuple(metrics.breaks),
        unknown=dict(metrics.unknown.most_common()),
        versions=tuple(dict.fromkeys(start.version for start in metrics.starts)),
        sessions=tuple(
            _sessions(tag, metrics.all_sessions(tag), first, last) for tag in sorted(metrics.session_tags())
        ),
        limits=tuple(LimitSummary(entry, limit, count) for (entry, limit), count in sorted(warned.items())),
        deliveries=tuple(
            _deliveries(metrics, tag) for tag in sorted({each.tag for each in metrics.deliveries})
        ),
    )


def _sessions(tag: str, sessions: list[Session], first: float, last: float) -> SessionSummary:
    classes = Counter(session.kind for session in sessions)
    intervals = [_interval(session, first, last) for session in sessions]
    lengths = Histogram()
    for start, end in intervals:
        lengths.add(end - start)
    lost = [session for session in sessions if session.lost_at_connect]
    unseen = sum(session.address == "unknown" for session in lost)
    return SessionSummary(
        tag=tag,
        sessions=len(sessions),
        by_class={kind: classes[kind] for kind in SessionClass if classes[kind]},
        peak=max((stretch.busy for stretch in stretches(intervals)), default=0),
        median_seconds=_seconds(lengths, 0.5),
        p95_seconds=_seconds(lengths, 0.95),
        began_before=sum(session.start is None for session in sessions),
        open_at_end=sum(session.end is None for session in sessions),
        lost_unseen=unseen,
        lost_named=len(lost) - unseen,
    )


def _interval(session: Session, first: float, last: float) -> Interval:
    start = first if session.start is None else session.start
    return Interval(start, max(start, last if session.end is None else session.end))


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
