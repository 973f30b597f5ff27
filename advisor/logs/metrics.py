"""What a log says, in a form that adds.

`Metrics` is an ordered monoid: the metrics of a log are the sum of those of its parts, wherever it was split
between two lines (scan.py carries lines that were torn). Counters and histograms add exactly, and so do
sessions and messages that begin in one part and end in another.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from advisor.logs.clock import Clock
from advisor.logs.histogram import Histogram
from advisor.logs.losses import Loss
from advisor.logs.messages import Feeds, Message
from advisor.logs.rows import Client, client_key, message_rows, session_rows
from advisor.logs.sessions import Session, reduce_session
from advisor.logs.streams import Closing, Event, Key, Streams
from advisor.logs.tables import Rows

# Enough to recognise a message by; the rest is in the log.
_SAMPLES = 3
_MINUTE = 60
_NO_TAG = ""


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


class Ended(NamedTuple):
    """Something ended what a process of a host had begun; an empty `pid` stands for all of its processes."""

    host: str
    pid: str
    time: float


class Start(NamedTuple):
    """Postfix was started; the version is what master says."""

    time: float
    host: str
    version: str


class Phases(NamedTuple):
    """Seconds of a message: its envelope and header, then its body, the filters behind it and the disk.

    `tag` is that of the program it came by, `start` when it was first heard of.
    """

    tag: str
    start: float
    client_to_message_id: float | None
    message_id_to_active: float | None


def _reduce_message(key: Key, events: list[Event], cut: float | None) -> Phases:  # noqa: ARG001
    at = {event.name: event.time for event in reversed(events)}
    client, header, active = at.get("client"), at.get("message-id"), at.get("queue-active")
    return Phases(
        events[0].fields.get("tag") or "",
        events[0].time,
        header - client if client is not None and header is not None else None,
        active - header if header is not None and active is not None else None,
    )


def _sessions() -> Streams[Session]:
    return Streams(frozenset({"connect"}), frozenset({"disconnect"}), reduce_session)


def _messages() -> Streams[Phases]:
    return Streams(frozenset({"client", "pickup"}), frozenset({"removed"}), _reduce_message)


@dataclass(slots=True)
class Metrics:
    """The sum of a log, or of a part of it. Times are seconds since the epoch."""

    first: float | None = None
    last: float | None = None
    lines: Counter[str] = field(default_factory=Counter)  # by origin
    matched: Counter[str] = field(default_factory=Counter)  # lines of Postfix that the grammar knows, by tag
    unknown: Counter[str] = field(default_factory=Counter)  # … that it does not know, by program
    foreign: int = 0  # lines of other programs
    unstamped: int = 0  # lines without a time stamp that is known
    outside: int = 0  # lines outside the time that was asked for
    counters: Counter[tuple[str, str]] = field(default_factory=Counter)  # (tag, message) -> count
    samples: dict[tuple[str, str], list[Sample]] = field(default_factory=dict)
    sessions: Streams[Session] = field(default_factory=_sessions)
    messages: Streams[Phases] = field(default_factory=_messages)
    limit_warnings: list[LimitWarning] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)
    deliveries: Counter[Delivery] = field(default_factory=Counter)
    delays: dict[tuple[str, str], Histogram] = field(default_factory=dict)  # (tag, a|b|c|d) -> seconds
    clocks: dict[str, Clock] = field(default_factory=dict)  # by origin
    minutes: Counter[int] = field(default_factory=Counter)  # lines of Postfix, by minute since the epoch
    processes: set[Process] = field(default_factory=set)
    losses: Counter[Loss] = field(default_factory=Counter)  # lines that a log writer dropped

    def take(
        self, time: float, host: str, tag: str, pid: str, found: tuple[Message, dict[str, str | None]]
    ) -> None:
        """Counts one recognised line of a Postfix program."""
        message, fields = found
        event = Event(time, message.name, fields)
        self.matched[tag] += 1
        self.counters[tag, message.name] += 1
        match message.feeds:
            case Feeds.SESSION:
                self.sessions.feed(Key(host, tag, pid), event)
                if message.name == "client" and fields["queue_id"] != "NOQUEUE":
                    self._feed_message(host, tag, event)
            case Feeds.MESSAGE:
                self._feed_message(host, tag, event)
            case Feeds.DELIVERY:
                self.deliveries[Delivery(tag, str(fields["status"]))] += 1
                for part in "abcd":
                    histogram = self.delays.setdefault((tag, part), Histogram())
                    histogram.add(_seconds(fields[part]))
            case Feeds.PROCESS_LIMIT:
                self.limit_warnings.append(
                    LimitWarning(time, host, str(fields["entry"]), int(fields["limit"] or 0))
                )
            case Feeds.PROCESS_END:
                self.sessions.close(Closing(host, str(fields["pid"]), event))
            case Feeds.START:
                self.sessions.close(Closing(host, "", event))
                if fields.get("version"):
                    self.starts.append(Start(time, host, str(fields["version"])))
            case Feeds.COUNTER:
                pass

    def _feed_message(self, host: str, tag: str, event: Event) -> None:
        key = Key(host, _NO_TAG, str(event.fields["queue_id"]))
        self.messages.feed(key, event._replace(fields={"tag": tag}))

    def stamp(self, time: float, origin: str) -> None:
        """Takes the time of the next line of a file."""
        self._widen(time)
        clock = self.clocks.get(origin)
        if clock is None:
            self.clocks[origin] = Clock(time, time)
        elif time != clock.last:
            clock.read(time)

    def _widen(self, time: float) -> None:
        if self.first is None or time < self.first:
            self.first = time
        if self.last is None or time > self.last:
            self.last = time

    def wrote(self, time: float, host: str, pid: str) -> None:
        """Counts a line of Postfix, known or not, for its minute and its process."""
        self.minutes[int(time) // _MINUTE] += 1
        self.processes.add(Process(host, pid))

    def sample(self, tag: str, name: str, sample: Sample) -> None:
        """Keeps the first few lines of each kind."""
        kept = self.samples.setdefault((tag, name), [])
        if len(kept) < _SAMPLES:
            kept.append(sample)

    def merge(self, later: "Metrics") -> None:
        """Adds the metrics of what follows in the log."""
        for time in (later.first, later.last):
            if time is not None:
                self._widen(time)
        for origin, clock in later.clocks.items():
            if origin in self.clocks:
                self.clocks[origin].merge(clock)
            else:
                self.clocks[origin] = Clock(clock.first, clock.last, clock.back + Histogram())
        for (tag, name), samples in later.samples.items():
            for origin, line, text in samples:
                self.sample(tag, name, Sample(origin, line + self.lines[origin], text))
        self.lines.update(later.lines)
        self.matched.update(later.matched)
        self.unknown.update(later.unknown)
        self.foreign += later.foreign
        self.unstamped += later.unstamped
        self.outside += later.outside
        self.counters.update(later.counters)
        self.sessions.merge(later.sessions)
        self.messages.merge(later.messages)
        self.limit_warnings.extend(later.limit_warnings)
        self.starts.extend(later.starts)
        self.deliveries.update(later.deliveries)
        self.minutes.update(later.minutes)
        self.processes |= later.processes
        self.losses.update(later.losses)
        for place, histogram in later.delays.items():
            self.delays[place] = self.delays.get(place, Histogram()) + histogram

    @property
    def postfix_lines(self) -> int:
        """The number of lines that a program of Postfix wrote."""
        return self.matched.total() + self.unknown.total()

    def all_sessions(self, tag: str) -> list[Session]:
        """The sessions of a log tag by start: ended ones, open ones, and those that began before the log."""
        sessions = [session for session in self.sessions.closed if session.tag == tag]
        for key, events in (*self.sessions.open.items(), *self.sessions.heads.items()):
            piece = _first_piece(events)
            if key.tag == tag and piece:
                sessions.append(reduce_session(key, piece, None))
        return sorted(sessions, key=lambda session: (session.start or float("-inf"), session.pid))

    def session_tags(self) -> frozenset[str]:
        """The log tags under which SMTP sessions were seen."""
        keys = (*self.sessions.open, *self.sessions.heads)
        return frozenset(session.tag for session in self.sessions.closed) | {key.tag for key in keys}

    @property
    def names(self) -> list[str]:
        """The hosts and log tags that rows name by their places here."""
        return sorted({name for each in self._every_session() for name in (each.host, each.tag)})

    @property
    def clients(self) -> dict[int, Client]:
        """The clients that rows name by these numbers."""
        seen = {Client(each.client, each.address) for each in self._every_session()}
        return {client_key(client): client for client in seen}

    @property
    def closings(self) -> list[Ended]:
        """What ended sessions without a line of theirs, in the order of the log."""
        return [Ended(each.host, each.pid, each.event.time) for each in self.sessions.closings]

    def session_rows(self, tag: str) -> Rows:
        """The sessions of a log tag as rows of dtype SESSION, in the order of `all_sessions`."""
        return session_rows(self.all_sessions(tag), self.names)

    def message_rows(self, tag: str) -> Rows:
        """The messages that came by a log tag as rows of dtype MESSAGE, in the order of their ends."""
        names = self.names
        place = names.index(tag) if tag in names else 0
        return message_rows((each for each in self.messages.closed if each.tag == tag), place)

    def _every_session(self) -> list[Session]:
        return [session for tag in sorted(self.session_tags()) for session in self.all_sessions(tag)]


def _first_piece(events: list[Event]) -> list[Event]:
    """The events up to the first that ends a session; empty when nothing is left."""
    piece: list[Event] = []
    for event in events:
        if event.name in ("start", "stop", "process-end"):
            break
        piece.append(event)
        if event.name == "disconnect":
            break
    return piece


def _seconds(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
