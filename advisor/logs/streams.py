"""Events of one process, or of one message, cut into pieces that begin and end.

The pieces add up wherever the log was split: `a.merge(b)` leaves `a` as if it had seen b's events itself.
What stands before the first beginning of a key waits in `heads` for the part that comes before.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar


class Event(NamedTuple):
    """A recognised line: its time, the message's name, and the named groups of its pattern."""

    time: float
    name: str
    fields: dict[str, str | None]


class Key(NamedTuple):
    """Whose events they are: host, tag and pid for a session; host, no tag and queue id for a message."""

    host: str
    tag: str
    id: str


class Closing(NamedTuple):
    """Something that ends every open piece of a host, or of one of its processes (empty pid: of all)."""

    host: str
    pid: str
    event: Event

    def applies_to(self, key: Key) -> bool:
        """Whether it ends the pieces of `key`."""
        return self.host == key.host and self.pid in ("", key.id)


# The names of the events that end the pieces of others.
CLOSING_NAMES = frozenset({"start", "stop", "process-end"})

Piece = TypeVar("Piece")


@dataclass(slots=True)
class Streams(Generic[Piece]):
    """`reduce(key, events, cut)` makes a piece of its events; `cut` is the time at which something else ended
    it (its process began anew, or died), None where its own last event did.
    """

    begins: frozenset[str]
    ends: frozenset[str]
    reduce: Callable[[Key, list[Event], float | None], Piece]
    closed: list[Piece] = field(default_factory=list)
    open: dict[Key, list[Event]] = field(default_factory=dict)
    heads: dict[Key, list[Event]] = field(default_factory=dict)
    begun: dict[Key, float] = field(default_factory=dict)
    closings: list[Closing] = field(default_factory=list)
    strays: int = 0

    def feed(self, key: Key, event: Event) -> None:
        """Takes the next event of a key."""
        if event.name in self.begins:
            self._cut(key, event.time)
            if key not in self.begun:
                self._recall_closing(key)
                self.begun[key] = event.time
            self.open[key] = [event]
        elif key in self.open:
            self.open[key].append(event)
            if event.name in self.ends:
                self.closed.append(self.reduce(key, self.open.pop(key), None))
        elif key in self.begun:
            self.strays += 1
        else:
            self._recall_closing(key)
            self.heads.setdefault(key, []).append(event)

    def close(self, closing: Closing) -> None:
        """Ends every open piece to which `closing` applies."""
        for key in [*self.open, *self.heads]:
            if closing.applies_to(key):
                self._end(key, closing.event)
        self.closings.append(closing)

    def merge(self, later: "Streams[Piece]") -> None:
        """Adds the pieces of the part of the log that follows."""
        waiting = [*self.open, *self.heads]
        for key, events in later.heads.items():
            for event in events:
                if event.name not in CLOSING_NAMES:
                    self.feed(key, event)
                elif key in self.begun or self._recall_closing(key):
                    self._end(key, event)
                elif key not in self.heads:
                    self.heads[key] = [event]
        for key in waiting:
            if key in later.begun:
                self._cut(key, later.begun[key])
            elif key not in later.heads and (closing := later.first_closing(key)):
                self._end(key, closing.event)
        for key, time in later.begun.items():
            if key not in self.begun:
                self._recall_closing(key)
                self.begun[key] = time
        self.closed.extend(later.closed)
        self.open.update((key, [*events]) for key, events in later.open.items())
        self.closings.extend(later.closings)
        self.strays += later.strays

    def first_closing(self, key: Key) -> Closing | None:
        """The first event of this part that ended what was open under `key`."""
        return next((closing for closing in self.closings if closing.applies_to(key)), None)

    def _recall_closing(self, key: Key) -> bool:
        """Notes, before a key's first event in this part, that what came before it had been ended.

        True when the key has a head now.
        """
        if key not in self.heads and (closing := self.first_closing(key)):
            self.heads[key] = [closing.event]
        return key in self.heads

    def _end(self, key: Key, event: Event) -> None:
        self._cut(key, event.time)
        head = self.heads.get(key)
        if head and key not in self.begun and head[-1].name not in CLOSING_NAMES:
            head.append(event)

    def _cut(self, key: Key, time: float) -> None:
        if key in self.open:
            self.closed.append(self.reduce(key, self.open.pop(key), time))
