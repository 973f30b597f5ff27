"""Sessions and messages as far as they are in the file; times in seconds since the epoch."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from benchmarks.maillog.events import Line
from benchmarks.maillog.occupancy import Span

_ENDS = ("lost-connection", "timeout", "too-many-errors")
# What makes a line one of a session; lines of TLS and of names are not.
SESSION_NAMES = frozenset(("connect", "disconnect", "client", "reject", "sasl-failure", *_ENDS))
# What an open session is by what was written of it; the first that is there decides.
_SIGNS = (
    ("client", "productive"),
    ("timeout", "timeout"),
    ("too-many-errors", "hangup"),
    ("sasl-failure", "auth-failed"),
    ("reject", "rejected"),
)


@dataclass(slots=True)
class Session:
    """What was written of one session."""

    tag: str
    address: str
    kind: str
    start: float | None = None
    end: float | None = None
    first_client: float | None = None
    messages: int = 0
    sasl: bool = False
    ended_by: str = ""
    stage: str = ""
    names: set[str] = field(default_factory=set)

    def span(self, first: float, last: float) -> Span:
        """From begin to end; what reaches beyond the log is cut at its first or last line."""
        start = first if self.start is None else self.start
        return (
            start,
            last if self.end is None else self.end,
            self.kind if self.end is not None else self._so_far,
        )

    @property
    def _so_far(self) -> str:
        """What an open session is, as far as its lines tell: the counts come with its last line."""
        return next((kind for name, kind in _SIGNS if name in self.names), "silent")

    @property
    def is_whole(self) -> bool:
        """Whether its begin and its end were written."""
        return self.start is not None and self.end is not None

    @property
    def seconds(self) -> float:
        """From connect to disconnect, of a whole one."""
        return (self.end or 0.0) - (self.start or 0.0)


@dataclass(slots=True)
class Message:
    """The times that were written of one message."""

    tag: str
    client: float
    header: float | None = None
    active: float | None = None
    removed: bool = False


@dataclass(slots=True)
class Written:
    """All of them, from the lines that were written."""

    sessions: dict[Any, Session] = field(default_factory=dict)
    messages: dict[tuple[str, str], Message] = field(default_factory=dict)

    def take_session(self, line: Line, time: float) -> None:
        """Takes a line of a session."""
        key, address, kind, *more = line.facts
        session = self.sessions.setdefault(key, Session(line.tag, address, kind))
        session.names.add(line.name)
        if line.name == "connect":
            session.start = time
        elif line.name == "disconnect":
            session.end = time
        elif line.name in _ENDS:
            session.ended_by, session.stage = line.name, more[0]
        elif line.name == "client":
            queue_id, sasl = more
            session.messages += 1
            session.sasl = session.sasl or bool(sasl)
            session.first_client = time if session.first_client is None else session.first_client
            self.messages[line.host, queue_id] = Message(line.tag, time)

    def take_message(self, line: Line, time: float) -> None:
        """Takes a line of a queue id; the first of a kind counts."""
        message = self.messages.get((line.host, line.facts[0]))
        if message is None:
            return
        if line.name == "message-id" and message.header is None:
            message.header = time
        elif line.name == "queue-active" and message.active is None:
            message.active = time
        elif line.name == "removed":
            message.removed = True

    def by_tag(self) -> dict[str, list[Session]]:
        """The sessions of each log tag."""
        found: dict[str, list[Session]] = defaultdict(list)
        for session in self.sessions.values():
            found[session.tag].append(session)
        return found

    def phases(self) -> dict[str, list[tuple[float | None, float | None]]]:
        """The seconds from client to header, from there into the queue, by log tag: of what left it."""
        found: dict[str, list[tuple[float | None, float | None]]] = defaultdict(list)
        for message in self.messages.values():
            if message.removed:
                envelope = None if message.header is None else message.header - message.client
                known = message.header is not None and message.active is not None
                content = (message.active or 0.0) - (message.header or 0.0) if known else None
                found[message.tag].append((envelope, content))
        return found
