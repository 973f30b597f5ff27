"""What a log says, in a form that adds.

`Metrics` is an ordered monoid: the metrics of a log are the sum of those of its parts, wherever it was split
between two lines (scan.py carries lines that were torn). Counters and histograms add exactly, and so do
sessions and messages that begin in one part and end in another; counts by key are Capped.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.logs import events
from advisor.logs.breaks import Break
from advisor.logs.capped import Capped
from advisor.logs.classes import CLASSES, SessionClass
from advisor.logs.clients import Client, client_of
from advisor.logs.clock import Clock
from advisor.logs.events import DISCONNECT, PICKUP, REMOVED
from advisor.logs.flow import Closing as FlowClosing
from advisor.logs.flow import Flow
from advisor.logs.histogram import Histogram
from advisor.logs.levels import Levels
from advisor.logs.losses import Loss
from advisor.logs.sessions import reduce_messages, reduce_sessions
from advisor.logs.sums import Sums
from advisor.logs.tables import MESSAGE, SESSION, Rows, Table, chosen, joined

# Enough to recognise a message by; the rest is in the log.
SAMPLES = 3
# What is left of a message that began before the log is kept for another log, if it comes so soon.
_CROSSING = 3_600
# So many clients are known by name and address; whoever comes later is known by a number alone.
_CLIENTS = 200_000
_MOST_NAMES = 60_000


class Sample(NamedTuple):
    """A line as it stood, for people to look at."""

    origin: str
    line: int
    text: str


class Process(NamedTuple):
    """A process that wrote a line of Postfix."""

    host: str
    pid: str


class Delivery(NamedTuple):
    """One delivery attempt's place in the sums: the log tag and what became of it."""

    tag: str
    status: str


class LimitWarning(NamedTuple):
    """master's warning that a service has as many processes as it may have (src/master/master_avail.c)."""

    time: float
    host: str
    entry: str
    limit: int


class Start(NamedTuple):
    """Postfix was started; the version is what master says."""

    time: float
    host: str
    version: str


class Closing(NamedTuple):
    """Something that ended the sessions of a host, or of one of its processes (empty pid: of all)."""

    host: str
    pid: str
    time: float


class Names(list[str]):
    """Hosts and tags, each once; a row has their places. The first is empty, for all beyond the limit."""

    def __init__(self, names: Iterable[str] = ("",)) -> None:
        super().__init__(names)
        self._places = {name: place for place, name in enumerate(self)}

    def place(self, name: str) -> int:
        """The place of a name, which is a new one where it was not there."""
        place = self._places.get(name)
        if place is None:
            if len(self) >= _MOST_NAMES:
                return 0
            place = self._places[name] = len(self)
            self.append(name)
        return place

    def find(self, name: str) -> int | None:
        """The place of a name, None where it is not there."""
        return self._places.get(name)


def _session_flow() -> Flow:
    return Flow(frozenset({events.CONNECT}), frozenset({DISCONNECT}))


def _message_flow() -> Flow:
    return Flow(frozenset({events.CLIENT, PICKUP}), frozenset({REMOVED}))


@dataclass(slots=True)
class Metrics:
    """The sum of a log, or of a part of it. Times are seconds since the epoch.

    `sessions` and `messages` have those that have ended, and `sums` what they come to; `session_rows` all.
    `clients` has NAME[ADDRESS] for SESSION["client"].
    """

    first: float | None = None
    last: float | None = None
    lines: Counter[str] = field(default_factory=Counter)  # by origin
    matched: Counter[str] = field(default_factory=Counter)  # lines of Postfix that the grammar knows, by tag
    unknown: Capped[tuple[str, str]] = field(default_factory=Capped)  # others, by program and shape
    foreign: Capped[str] = field(default_factory=Capped)  # lines of other programs, by their tag
    unstamped: int = 0  # lines that are none of a log's, as far as is known
    outside: int = 0  # lines outside the time, the hosts, the instances that were asked for
    breaks: list[Break] = field(default_factory=list)  # what was not read of the files
    counters: Counter[tuple[str, str]] = field(default_factory=Counter)  # (tag, message) -> count
    details: dict[tuple[str, str], Capped[tuple[str, ...]]] = field(default_factory=dict)
    peaks: dict[tuple[str, str], dict[str, float]] = field(default_factory=dict)
    series: dict[tuple[str, str], Counter[int]] = field(default_factory=dict)  # by minute since the epoch
    samples: dict[tuple[str, str], list[Sample]] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    clients: dict[int, str] = field(default_factory=dict)
    sessions: Table = field(default_factory=lambda: Table(SESSION))
    messages: Table = field(default_factory=lambda: Table(MESSAGE))
    session_flow: Flow = field(default_factory=_session_flow)
    message_flow: Flow = field(default_factory=_message_flow)
    durations: dict[tuple[str, SessionClass], Histogram] = field(default_factory=dict)
    sums: dict[str, Sums] = field(default_factory=dict)  # by tag
    # Of documents without sessions: how many were open at a time, by tag; from when to when that is told.
    levels: dict[str, Levels] = field(default_factory=dict)
    summed: list[tuple[float, float]] = field(default_factory=list)
    limit_warnings: list[LimitWarning] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)
    deliveries: Counter[Delivery] = field(default_factory=Counter)
    delays: dict[tuple[str, str], Histogram] = field(default_factory=dict)  # (tag, a|b|c|d) -> seconds
    destinations: dict[str, Capped[tuple[str, str]]] = field(default_factory=dict)  # tag -> (domain, status)
    relays: dict[str, Capped[tuple[str, str]]] = field(default_factory=dict)  # tag -> (relay, status)
    sizes: Histogram = field(default_factory=Histogram)  # bytes of messages that came into the active queue
    clocks: dict[str, Clock] = field(default_factory=dict)  # by origin
    minutes: Counter[int] = field(default_factory=Counter)  # lines of Postfix, by minute since the epoch
    processes: set[Process] = field(default_factory=set)
    losses: Counter[Loss] = field(default_factory=Counter)  # lines that a log writer dropped

    def widen(self, first: float, last: float) -> None:
        """Takes the times of more lines."""
        self.first = first if self.first is None else min(first, self.first)
        self.last = last if self.last is None else max(last, self.last)

    def take_events(self, sessions: Rows, messages: Rows, closings: list[FlowClosing]) -> None:
        """Takes the events of a block: the first that these metrics see."""
        self._keep_sessions(*self.session_flow.take(sessions, closings))
        self._keep_messages(*self.message_flow.take(messages, []))

    def merge(self, later: "Metrics") -> None:
        """Adds the metrics of what follows in the log, which are used up by it."""
        places = self._places(later)
        lines = self.lines.total()
        if later.first is not None and later.last is not None:
            self.widen(later.first, later.last)
        for origin, clock in later.clocks.items():
            if origin in self.clocks:
                self.clocks[origin].merge(clock)
            else:
                self.clocks[origin] = clock
        for kind, samples in later.samples.items():
            for origin, line, text in samples:
                self.sample(kind, Sample(origin, line + self.lines[origin], text))
        self.lines.update(later.lines)
        self._merge_flows(later, places, lines)
        self._merge_counts(later)
        self._merge_capped(later)

    def settle(self) -> None:
        """Forgets what only an earlier part could need, but for messages that began just before it."""
        self.message_flow.settle((self.first or 0.0) + _CROSSING)

    def sample(self, kind: tuple[str, str], sample: Sample) -> None:
        """Keeps the first few lines of each kind."""
        kept = self.samples.setdefault(kind, [])
        if len(kept) < SAMPLES:
            kept.append(sample)

    @property
    def postfix_lines(self) -> int:
        """The number of lines that a program of Postfix wrote."""
        return self.matched.total() + self.unknown.total()

    @property
    def closings(self) -> list[Closing]:
        """What ended sessions from outside, in the order of the log."""
        return [
            Closing(self.names[each.host], str(each.pid or ""), each.time)
            for each in self.session_flow.closings
        ]

    @property
    def other_lines(self) -> int:
        """The number of lines that no program of Postfix wrote."""
        return self.foreign.total() + self.unstamped

    def unknown_by_program(self) -> Counter[str]:
        """How many lines of each program the grammar does not know."""
        found: Counter[str] = Counter()
        for (program, _), count in self.unknown.counts.items():
            found[program] += count
        if self.unknown.other:
            found["others"] += self.unknown.other
        return found

    def client(self, number: int) -> Client:
        """Who a session's client is."""
        return client_of(self.clients.get(number, ""))

    def session_rows(self, tag: str) -> Rows:
        """The sessions of a log tag by start: ended ones, open ones, and those that began before the log."""
        place = self.names.find(tag)
        if place is None:
            return np.empty(0, SESSION)
        rest = self.unended_sessions()
        rows = self.sessions.rows(place, chosen(rest, rest["tag"] == place))
        start = np.where(np.isnan(rows["start"]), -np.inf, rows["start"])
        order = np.lexsort((rows["pid"], start))
        for name in SESSION.names or ():  # one after the other: all at once would be all twice
            rows[name] = rows[name][order]
        return rows

    def message_rows(self, tag: str) -> Rows:
        """The messages that came by the program of a log tag and have left the queue."""
        place = self.names.find(tag)
        return self.messages.rows(place) if place is not None else np.empty(0, MESSAGE)

    def unended_sessions(self) -> Rows:
        """The sessions that are open at the log's end (end is NaN) or began before it (start is NaN)."""
        pieces = self.session_flow.unended()
        opens = reduce_sessions(pieces.rows, pieces.first, pieces.end)
        pieces = self.session_flow.unbegun()
        return joined(opens, reduce_sessions(pieces.rows, pieces.first, pieces.end))

    def session_tags(self) -> frozenset[str]:
        """The log tags under which SMTP sessions were seen."""
        places = self.sessions.counts.keys() | set(self.unended_sessions()["tag"].tolist())
        return frozenset(self.names[place] for place in places)

    def _keep_sessions(self, rows: Rows, starts: NDArray[np.int64], cut: NDArray[np.float64]) -> None:
        sessions = reduce_sessions(rows, starts, cut)
        self.sessions.append(sessions)
        length = sessions["end"] - sessions["start"]
        group = sessions["tag"].astype(np.int64) * len(CLASSES) + sessions["kind"]
        for each, values in grouped(group, length):
            tag, kind = divmod(each, len(CLASSES))
            self.durations.setdefault((self.names[tag], CLASSES[kind]), Histogram()).add_all(
                np.maximum(values, 0.0)
            )
        for tag, own in by_tag(sessions):
            self.sums.setdefault(self.names[tag], Sums()).take_sessions(own)

    def _keep_messages(self, rows: Rows, starts: NDArray[np.int64], cut: NDArray[np.float64]) -> None:  # noqa: ARG002
        messages = reduce_messages(rows, starts)
        self.messages.append(messages)
        for tag, own in by_tag(messages):
            self.sums.setdefault(self.names[tag], Sums()).take_messages(own)

    def _places(self, later: "Metrics") -> NDArray[np.uint64] | None:
        """Where the names of `later` stand here; None when they stand in the same places."""
        if later.names is self.names:
            return None
        places = np.array([self.names.place(name) for name in later.names], np.uint64)
        return None if bool(np.all(places == np.arange(len(places)))) else places

    def _merge_flows(self, later: "Metrics", places: NDArray[np.uint64] | None, lines: int) -> None:
        sessions, messages = later.session_flow.moved(lines), later.message_flow.moved(lines)
        if places is not None:
            sessions, messages = _renamed(sessions, places, keys=True), _renamed(messages, places, keys=False)
        for block in later.sessions.blocks():
            self.sessions.append(block if places is None else _moved(block, places, "host", "tag"))
        for block in later.messages.blocks():
            self.messages.append(block if places is None else _moved(block, places, "tag"))
        self._keep_sessions(*self.session_flow.merge(sessions))
        self._keep_messages(*self.message_flow.merge(messages))
        room = _CLIENTS - len(self.clients)
        self.clients.update(islice(later.clients.items(), max(0, room)))

    def _merge_counts(self, later: "Metrics") -> None:
        self.matched.update(later.matched)
        self.unstamped += later.unstamped
        self.outside += later.outside
        self.breaks.extend(later.breaks)
        self.counters.update(later.counters)
        self.limit_warnings.extend(later.limit_warnings)
        self.starts.extend(later.starts)
        self.deliveries.update(later.deliveries)
        self.minutes.update(later.minutes)
        self.processes |= later.processes
        self.losses.update(later.losses)
        self.sizes += later.sizes
        for place, histogram in later.delays.items():
            self.delays[place] = self.delays.get(place, Histogram()) + histogram
        for which, histogram in later.durations.items():
            self.durations[which] = self.durations.get(which, Histogram()) + histogram
        for tag, sums in later.sums.items():
            self.sums[tag] = self.sums.get(tag, Sums()) + sums
        for tag, levels in later.levels.items():
            self.levels[tag] = self.levels.get(tag, Levels.nothing()) + levels
        self.summed.extend(later.summed)
        for kind, counts in later.series.items():
            self.series.setdefault(kind, Counter()).update(counts)
        for kind, peaks in later.peaks.items():
            own = self.peaks.setdefault(kind, {})
            for key, value in peaks.items():
                own[key] = max(value, own.get(key, value))

    def _merge_capped(self, later: "Metrics") -> None:
        self.unknown.merge(later.unknown)
        self.foreign.merge(later.foreign)
        for kind, details in later.details.items():
            self.details.setdefault(kind, Capped()).merge(details)
        for own, others in ((self.destinations, later.destinations), (self.relays, later.relays)):
            for tag, counts in others.items():
                own.setdefault(tag, Capped()).merge(counts)


def grouped(
    group: NDArray[np.int64], values: NDArray[np.float64]
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """The values of each group."""
    if not len(group):
        return
    order = np.argsort(group, kind="stable")
    edges = np.flatnonzero(np.diff(group[order])) + 1
    for part in np.split(order, edges):
        yield int(group[part[0]]), values[part]


def by_tag(rows: Rows) -> Iterator[tuple[int, Rows]]:
    """The rows of each tag, with its place."""
    for tag, count in enumerate(np.bincount(rows["tag"]).tolist() if len(rows) else []):
        if count:
            yield tag, rows if count == len(rows) else chosen(rows, rows["tag"] == tag)


def _renamed(flow: Flow, places: NDArray[np.uint64], *, keys: bool) -> Flow:
    parts = []
    for rows in (flow.heads, flow.opens, flow.begun):
        moved = _moved(rows, places, "tag")
        if keys:
            moved["key"] = events.renamed(moved["key"], places)
        parts.append(moved)
    closings = [each._replace(host=int(places[each.host])) for each in flow.closings]
    heads, opens, begun = parts
    return Flow(flow.begins, flow.ends, heads, opens, begun, closings)


def _moved(rows: Rows, places: NDArray[np.uint64], *columns: str) -> Rows:
    moved = rows.copy()
    for column in columns:
        moved[column] = places[rows[column]]
    return moved
