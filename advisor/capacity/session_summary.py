"""What the SMTP sessions of one log tag come to, without any setting. Times in seconds."""

from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec
import numpy as np

from advisor.capacity.concurrency import Concurrency, concurrency
from advisor.capacity.quantiles import Quantiles, quantiles_in
from advisor.capacity.spans import spans
from advisor.capacity.withheld import are_withheld, ended_by_class, tags_with_sessions
from advisor.logs.classes import CLASSES, ENDINGS, STAGES, SessionClass
from advisor.logs.histogram import Histogram
from advisor.logs.levels import Levels
from advisor.logs.metrics import LimitWarning, Metrics, by_tag
from advisor.logs.sums import Sums
from advisor.logs.tables import SESSION, Rows

_NONE = np.empty(0, SESSION)
# So many columns of a screen show how many sessions were open.
STRIP = 60
# From so many of a limit's processes on, a service has hardly any to spare (as facts/thresholds.py has it).
NEAR = 0.95
# Names under which master.cf has servers that log as `postfix/smtpd`, where no other tag has their name.
_PLAIN = ("smtp", "smtpd", "submission", "submissions", "smtps")
_PLAIN_PARTS = 2


class ClientLoad(msgspec.Struct, frozen=True):
    """A client by its address: its sessions, and the most it had at a time."""

    address: str
    sessions: int
    peak: int


class Saturation(msgspec.Struct, frozen=True):
    """The time with at least NEAR of `limit` processes busy: its `seconds`, its `share` of the log, and the
    process seconds that sessions of each class took meanwhile.
    """

    limit: int
    seconds: float
    share: float
    slot_seconds: Mapping[SessionClass, float]


class LevelTime(msgspec.Struct, frozen=True):
    """The seconds of a minute (since the epoch) in which `busy` processes were busy, and by class of session
    the process seconds. From these the time at any limit follows; they add.
    """

    minute: int
    busy: int
    seconds: float
    slot_seconds: Mapping[SessionClass, float]


class SessionSummary(msgspec.Struct, frozen=True):
    """The SMTP sessions of one log tag. `peak`: the most that were open at a time, and so processes busy;
    `busy` has the peak of each of equal stretches of the log.

    `began_before` and `open_at_end` count those of which the log lacks the begin or the end. Of the clients
    that left before their first command, `lost_unseen` had gone before smtpd asked for their address.
    `login_failures` and `encrypted` count lines: failed SASL logins, TLS connections. `saturated` has one
    for each limit that master(8) said was reached. `phases`: from connect to the first sender, from there to
    the header's end, from there into the queue.

    `withheld`: single sessions were left out of a document, so that `clients` has not all of them.
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


def summarize_sessions(metrics: Metrics, *, levels: bool = True) -> tuple[SessionSummary, ...]:
    """The summary of each tag that has sessions; without `levels`, which are many, for people to read."""
    found = concurrency(metrics, STRIP)
    rest = dict(by_tag(metrics.unended_sessions()))
    nobody = Concurrency(Levels.nothing(), (), ())
    return tuple(
        _summary(
            metrics, tag, found.get(tag, nobody), rest.get(metrics.names.find(tag) or 0, _NONE), levels=levels
        )
        for tag in sorted(tags_with_sessions(metrics))
    )


def _summary(metrics: Metrics, tag: str, found: Concurrency, rest: Rows, *, levels: bool) -> SessionSummary:
    """`rest` are the sessions that reach over an end of the log."""
    sums = Sums()
    sums.take_sessions(rest)
    sums += metrics.sums.get(tag, Sums())
    classes = ended_by_class(metrics, tag)
    for place, count in enumerate(np.bincount(rest["kind"]).tolist()):
        classes[CLASSES[place]] += count
    return SessionSummary(
        tag=tag,
        withheld=are_withheld(metrics, tag),
        sessions=classes.total(),
        messages=sums.messages,
        by_class={kind: classes[kind] for kind in CLASSES if classes[kind]},
        peak=found.levels.peak,
        busy=found.busy,
        lasted=_lasted(metrics, tag, rest),
        began_before=int(np.isnan(rest["start"]).sum()),
        open_at_end=int(np.isnan(rest["end"]).sum()),
        lost_unseen=sums.unseen,
        lost_named=sums.lost_at_connect - sums.unseen,
        lost=_stages(sums, "lost-connection"),
        timed_out=_stages(sums, "timeout"),
        authenticated=sums.authenticated,
        login_failures=metrics.counters[tag, "sasl-failure"],
        encrypted=metrics.counters[tag, "tls-connection"],
        saturated=_saturated(metrics, tag, found.levels),
        phases=_phases(sums),
        clients=_clients(found),
        levels=tuple(level_times(found.levels)) if levels else (),
    )


def _lasted(metrics: Metrics, tag: str, rest: Rows) -> Quantiles | None:
    """Of those that reach over an end of the log, as long as the log shows them."""
    starts, ends = spans(rest, metrics.first or 0.0, metrics.last or 0.0)
    found = Histogram()
    found.add_all(ends - starts)
    return quantiles_in(sum((each for (name, _), each in metrics.durations.items() if name == tag), found))


def _clients(found: Concurrency) -> tuple[ClientLoad, ...]:
    """The clients with the most sessions; first those that had most at a time."""
    ordered = sorted(found.clients, key=lambda each: (-each.peak, -each.sessions, each.address))
    return tuple(ClientLoad(each.address or "unknown", each.sessions, each.peak) for each in ordered)


def level_times(held: Levels) -> Iterator[LevelTime]:
    """The levels, one after the other: they are many."""
    columns = (held.minute, held.level, held.seconds, held.slots)
    for minute, busy, seconds, slots in zip(*columns, strict=True):
        yield LevelTime(int(minute), int(busy), round(float(seconds), 3), _by_class(slots.tolist()))


def _by_class(slots: list[float]) -> dict[SessionClass, float]:
    return {kind: round(held, 3) for kind, held in zip(CLASSES, slots, strict=True) if held}


def _stages(sums: Sums, ending: str) -> dict[str, int]:
    place = ENDINGS.index(ending)
    named = Counter(
        {stage or "another command": sums.endings[place, number] for number, stage in enumerate(STAGES)}
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


def _phases(sums: Sums) -> dict[str, Quantiles]:
    found = {
        "connect to client": quantiles_in(sums.connect),
        "client to header": quantiles_in(sums.envelope),
        "header to queue": quantiles_in(sums.content),
    }
    return {name: each for name, each in found.items() if each is not None}
