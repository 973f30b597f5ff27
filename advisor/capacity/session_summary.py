"""What the SMTP sessions of one log tag come to, without any setting. Times in seconds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from advisor.capacity.clients import client_peaks
from advisor.capacity.levels import Levels, levels
from advisor.capacity.occupancy import Occupancy
from advisor.capacity.phases import phase_times
from advisor.capacity.quantiles import Quantiles, quantiles_in, quantiles_of
from advisor.capacity.spans import spans
from advisor.capacity.strip import strip
from advisor.capacity.withheld import are_withheld, ended_by_class, tags_with_sessions
from advisor.logs.classes import CLASSES, ENDINGS, STAGES, SessionClass
from advisor.logs.histogram import Histogram
from advisor.logs.metrics import LimitWarning, Metrics
from advisor.logs.tables import Rows

# So many columns of a screen show how many sessions were open.
STRIP = 60
# From so many of a limit's processes on, a service has hardly any to spare (as facts/thresholds.py has it).
NEAR = 0.95
# Names under which master.cf has servers that log as `postfix/smtpd`, where no other tag has their name.
_PLAIN = ("smtp", "smtpd", "submission", "submissions", "smtps")
_PLAIN_PARTS = 2


@dataclass(frozen=True, slots=True)
class ClientLoad:
    """A client by its address: its sessions, and the most it had at a time."""

    address: str
    sessions: int
    peak: int


@dataclass(frozen=True, slots=True)
class Saturation:
    """The time with at least NEAR of `limit` processes busy: its `seconds`, its `share` of the log, and the
    process seconds that sessions of each class took meanwhile.
    """

    limit: int
    seconds: float
    share: float
    slot_seconds: Mapping[SessionClass, float]


@dataclass(frozen=True, slots=True)
class LevelTime:
    """The seconds of a minute (since the epoch) in which `busy` processes were busy, and by class of session
    the process seconds. From these the time at any limit follows; they add.
    """

    minute: int
    busy: int
    seconds: float
    slot_seconds: Mapping[SessionClass, float]


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """The SMTP sessions of one log tag. `peak`: the most that were open at a time, and so processes busy;
    `busy` has the peak of each of equal stretches of the log.

    `began_before` and `open_at_end` count those of which the log lacks the begin or the end. Of the clients
    that left before their first command, `lost_unseen` had gone before smtpd asked for their address.
    `login_failures` and `encrypted` count lines: failed SASL logins, TLS connections. `saturated` has one
    for each limit that master(8) said was reached. `phases`: from connect to the first sender, from there to
    the header's end, from there into the queue.

    `withheld`: the single sessions were left out of a document, so that only `sessions`, `by_class` and
    `lasted` (a histogram's) tell of all of them; the rest is of those that reach over an end of the log.
    """

    tag: str
    withheld: bool
    sessions: int
    messages: int
    by_class: Mapping[SessionClass, int]
    peak: int
    busy: tuple[int, ...]
    lasted: Quantiles | None
    began_before: int
    open_at_end: int
    lost_unseen: int
    lost_named: int
    lost: Mapping[str, int]
    timed_out: Mapping[str, int]
    authenticated: int
    login_failures: int
    encrypted: int
    saturated: tuple[Saturation, ...]
    phases: Mapping[str, Quantiles]
    clients: tuple[ClientLoad, ...]
    levels: tuple[LevelTime, ...]


def summarize_sessions(metrics: Metrics, tag: str) -> SessionSummary:
    """The summary of the sessions of a tag that has some."""
    withheld = are_withheld(metrics, tag)
    rows = metrics.session_rows(tag)
    first, last = metrics.first or 0.0, metrics.last or 0.0
    starts, ends = spans(rows, first, last)
    busy = Occupancy.of(starts, ends)
    held = levels(rows, first, last)
    classes = Counter(
        {
            kind: int(count)
            for kind, count in zip(CLASSES, np.bincount(rows["kind"], minlength=len(CLASSES)), strict=True)
        }
    )
    if withheld:
        classes += ended_by_class(metrics, tag)
    lost = rows[
        (rows["ended_by"] == ENDINGS.index("lost-connection")) & (rows["stage"] == STAGES.index("CONNECT"))
    ]
    unseen = _unseen(metrics, lost)
    return SessionSummary(
        tag=tag,
        withheld=withheld,
        sessions=classes.total(),
        messages=int(rows["messages"].sum()),
        by_class={kind: classes[kind] for kind in CLASSES if classes[kind]},
        peak=busy.peak,
        busy=() if withheld else strip(busy, first, last, STRIP),
        lasted=_durations(metrics, tag) if withheld else quantiles_of(ends - starts),
        began_before=int(np.isnan(rows["start"]).sum()),
        open_at_end=int(np.isnan(rows["end"]).sum()),
        lost_unseen=unseen,
        lost_named=len(lost) - unseen,
        lost=_stages(rows, "lost-connection"),
        timed_out=_stages(rows, "timeout"),
        authenticated=int(rows["sasl"].sum()),
        login_failures=metrics.counters[tag, "sasl-failure"],
        encrypted=metrics.counters[tag, "tls-connection"],
        saturated=() if withheld else _saturated(metrics, tag, held),
        phases=_phases(metrics, tag, rows),
        clients=_clients(metrics, rows),
        levels=() if withheld else _level_times(held),
    )


def _durations(metrics: Metrics, tag: str) -> Quantiles | None:
    return quantiles_in(
        sum((each for (name, _), each in metrics.durations.items() if name == tag), Histogram())
    )


def _unseen(metrics: Metrics, lost: Rows) -> int:
    numbers, counts = np.unique(lost["client"], return_counts=True)
    return sum(
        count
        for number, count in zip(numbers.tolist(), counts.tolist(), strict=True)
        if metrics.client(number).address in ("", "unknown")
    )


def _clients(metrics: Metrics, rows: Rows) -> tuple[ClientLoad, ...]:
    """The clients with the most sessions; first those that had most at a time."""
    found = client_peaks(rows, metrics.clients, metrics.first or 0.0, metrics.last or 0.0).top
    ordered = sorted(found, key=lambda each: (-each.peak, -each.sessions, each.address))
    return tuple(ClientLoad(each.address or "unknown", each.sessions, each.peak) for each in ordered)


def _level_times(held: Levels) -> tuple[LevelTime, ...]:
    columns = (held.minute.tolist(), held.level.tolist(), held.seconds.tolist(), held.slots.tolist())
    return tuple(
        LevelTime(minute, busy, round(seconds, 3), _by_class(slots))
        for minute, busy, seconds, slots in zip(*columns, strict=True)
    )


def _by_class(slots: list[float]) -> dict[SessionClass, float]:
    return {kind: round(held, 3) for kind, held in zip(CLASSES, slots, strict=True) if held}


def _stages(rows: Rows, ending: str) -> dict[str, int]:
    counts = np.bincount(rows["stage"][rows["ended_by"] == ENDINGS.index(ending)], minlength=len(STAGES))
    named = Counter(
        {stage or "another command": int(count) for stage, count in zip(STAGES, counts, strict=True)}
    )
    return {stage: count for stage, count in named.most_common() if count}


def _saturated(metrics: Metrics, tag: str, held: Levels) -> tuple[Saturation, ...]:
    limits = sorted({each.limit for each in metrics.limit_warnings if _is_of(each, tag, metrics)})
    length = (metrics.last or 0.0) - (metrics.first or 0.0)
    found = ((limit, held.saturated(limit, NEAR)) for limit in limits)
    return tuple(
        Saturation(limit, each.seconds, each.seconds / length if length else 0.0, each.by_class)
        for limit, each in found
    )


def _is_of(warning: LimitWarning, tag: str, metrics: Metrics) -> bool:
    """Whether a service of master.cf is the one that logs under a tag, as far as names tell."""
    service = warning.entry.rpartition(":")[2]
    named = {other for other in tags_with_sessions(metrics) if service in other.split("/")[1:-1]}
    if named:
        return tag in named
    is_plain = len(tag.split("/")) == _PLAIN_PARTS
    return is_plain and (service in _PLAIN or service.isdigit())


def _phases(metrics: Metrics, tag: str, rows: Rows) -> dict[str, Quantiles]:
    times = phase_times(rows, metrics.message_rows(tag))
    found = {
        "connect to client": quantiles_in(times.connect),
        "client to header": quantiles_in(times.envelope),
        "header to queue": quantiles_in(times.content),
    }
    return {name: each for name, each in found.items() if each is not None}
