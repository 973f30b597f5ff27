"""Events cut into pieces that begin and end, where a log may be split anywhere.

The pieces add up: `a.merge(b)` leaves `a` as if it had seen b's events itself. Events in front of a key's
first beginning wait in `heads` for the part that comes before; pieces that have not ended wait in `opens` for
the part that follows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.logs.columns import IS_COMPILED, order_of
from advisor.logs.events import BEGUN, CLOSED, EVENT, no_events
from advisor.logs.pieces import cut
from advisor.logs.tables import Rows, chosen, joined

_PID = np.uint64(0xFFFFFFFF)
_HOST_AND_PID = np.uint64(0xFFFF0000FFFFFFFF)
_HOST = np.uint64(0xFFFF << 48)


class Closing(NamedTuple):
    """Something that ends every open piece of a host, or of one of its processes (pid 0: of all)."""

    host: int
    pid: int
    time: float
    seq: int

    def applies_to(self, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Which of the keys it ends the pieces of."""
        mask = _HOST_AND_PID if self.pid else _HOST
        found: NDArray[np.bool_] = keys & mask == np.uint64(self.host << 48 | self.pid)
        return found


# The rows of pieces that have ended, where each begins, and when something else ended it, or NaN.
Ended = tuple[Rows, NDArray[np.int64], NDArray[np.float64]]


class Pieces(NamedTuple):
    """Rows by key, and by line for each, cut: piece i is from `first[i]` up to `last[i]`, inclusive.

    `end`: the time at which something else ended it (its key began anew), NaN where its own last event did or
    nothing. `ended`: whether it has ended.
    """

    rows: Rows
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    begun: NDArray[np.bool_]
    ended: NDArray[np.bool_]
    end: NDArray[np.float64]
    leading: NDArray[np.bool_]


def _flags(kinds: Iterable[int]) -> NDArray[np.bool_]:
    found = np.zeros(256, np.bool_)
    found[list(kinds)] = True
    return found


@dataclass(slots=True)
class Flow:
    """`begins` and `ends` are the kinds of the events that begin and end a piece."""

    begins: frozenset[int]
    ends: frozenset[int]
    heads: Rows = field(default_factory=no_events)
    opens: Rows = field(default_factory=no_events)
    begun: Rows = field(default_factory=no_events)  # the first beginning of each key, in the order of keys
    closings: list[Closing] = field(default_factory=list)

    def take(self, events: Rows, closings: list[Closing]) -> Ended:
        """Takes the events of the first stretch (the flow has none yet); gives what has ended."""
        keys = _distinct(events["key"]) if closings else events["key"]
        pieces = self.cut(_with(events, _closing_rows(closings, keys)))
        self.heads = _rows_of(pieces, pieces.leading & ~pieces.begun)
        self.opens = _rows_of(pieces, pieces.begun & ~pieces.ended)
        self.begun = _first_beginnings(pieces)
        self.closings = closings
        return _ended(pieces)

    def merge(self, later: "Flow") -> Ended:
        """Adds the part of the log that follows, its lines numbered on; gives what has ended by that."""
        ended = _no_pieces()
        waiting = _distinct(self.opens["key"])
        known = _is_in(later.heads["key"], self.begun["key"]) | _is_in(later.heads["key"], waiting)
        if len(waiting):
            marks = _marks(later.begun, waiting)
            rows = (self.opens, chosen(later.heads, known), marks, _closing_rows(later.closings, waiting))
            pieces = self.cut(joined(*rows))
            self.opens = _rows_of(pieces, pieces.begun & ~pieces.ended)
            ended = _ended(pieces)
        self.opens = _with(self.opens, later.opens)
        self._merge_heads(later, chosen(later.heads, ~known))
        new = chosen(later.begun, ~_is_in(later.begun["key"], self.begun["key"]))
        if len(new):
            both = joined(self.begun, new)
            self.begun = both.take(order_of(both["key"]))
        self.closings = [*self.closings, *later.closings]
        return ended

    def settle(self, until: float) -> None:
        """Forgets what only a part that comes before could need, but for the heads until then."""
        self.heads, self.begun = chosen(self.heads, self.heads["time"] < until), no_events()

    def moved(self, lines: int) -> "Flow":
        """The same, with its lines numbered on behind so many others."""
        if not lines:
            return self
        heads, opens, begun = (rows.copy() for rows in (self.heads, self.opens, self.begun))
        for rows in (heads, opens, begun):
            rows["seq"] += lines
        closings = [each._replace(seq=each.seq + lines) for each in self.closings]
        return Flow(self.begins, self.ends, heads, opens, begun, closings)

    def unbegun(self) -> Pieces:
        """The pieces that began before the log, as far as it has them."""
        pieces = self.cut(self.heads)
        keys, times = self.begun["key"], self.begun["time"]
        own = pieces.rows["key"][pieces.first]
        place = np.searchsorted(keys, own)
        found = (place < len(keys)) & ~pieces.ended
        found[found] = keys[place[found]] == own[found]
        pieces.end[found] = times[place[found]]
        return pieces

    def unended(self) -> Pieces:
        """The pieces that have not ended."""
        return self.cut(self.opens)

    def _merge_heads(self, later: "Flow", heads: Rows) -> None:
        own = _distinct(self.heads["key"])
        if self.closings:
            stray = np.zeros(len(heads), np.bool_)
            for closing in self.closings:
                stray |= closing.applies_to(heads["key"])
            heads = heads[~stray | _is_in(heads["key"], own)]
        own = own[~_is_in(own, self.begun["key"])]
        marks = _marks(later.begun, own)
        rows = joined(self.heads, heads, marks, _closing_rows(later.closings, own))
        if len(rows) != len(self.heads):
            pieces = self.cut(rows)
            rows = _rows_of(pieces, pieces.leading & ~pieces.begun)
        self.heads = rows

    def cut(self, events: Rows) -> Pieces:
        """The pieces that events are."""
        seq = events["seq"]
        if not bool(np.all(seq[1:] >= seq[:-1])):
            events = events.take(np.argsort(seq, kind="stable"))
        return _cut_compiled(events, self._roles()) if IS_COMPILED else self.cut_plain(events)

    def _roles(self) -> NDArray[np.uint8]:
        """What each kind does, for pieces.cut."""
        return _flags(self.begins) + 2 * _flags(self.ends).astype(np.uint8)

    def cut_plain(self, events: Rows) -> Pieces:
        """The same without the compiled form, for rows in the order of lines."""
        keys = events["key"]
        order = order_of(keys)
        rows = events.take(order)
        key, kind = keys[order], rows["kind"]
        new_key = np.ones(len(rows), np.bool_)
        new_key[1:] = key[1:] != key[:-1]
        begin = _flags((*self.begins, BEGUN))[kind]
        end = _flags((*self.ends, CLOSED))[kind]
        start = new_key | begin
        start[1:] |= end[:-1]
        first = np.flatnonzero(start)
        last = np.append(first[1:], len(rows))[: len(first)] - 1
        ended = end[last]
        following = np.minimum(last + 1, len(rows) - 1)
        cut = ~ended & begin[following] & ~new_key[following] & (last + 1 < len(rows))
        time = np.full(len(first), np.nan)
        time[cut] = rows["time"][following[cut]]
        closed = kind[last] == CLOSED
        time[closed] = rows["time"][last[closed]]
        begun = _flags(self.begins)[kind[first]]
        leading = new_key[first] & (kind[first] != CLOSED) & (kind[first] != BEGUN)
        return Pieces(rows, first, last, begun, ended | cut, time, leading)


def _cut_compiled(events: Rows, roles: NDArray[np.uint8]) -> Pieces:
    rows, pieces = cut(events, roles)
    return Pieces(
        rows,
        pieces["first"],
        pieces["stop"] - 1,
        pieces["begun"],
        pieces["ended"],
        pieces["end"].copy(),
        pieces["leading"],
    )


def _distinct(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The keys in order, each once."""
    ordered = np.sort(keys)
    new = np.ones(len(ordered), np.bool_)
    new[1:] = ordered[1:] != ordered[:-1]
    return ordered[new]


def _is_in(keys: NDArray[np.uint64], ordered: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which of the keys are among others that are in order."""
    if not len(ordered):
        return np.zeros(len(keys), np.bool_)
    place = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    found: NDArray[np.bool_] = ordered[place] == keys
    return found


def _no_pieces() -> Ended:
    return no_events(), np.empty(0, np.int64), np.empty(0)


def _with(rows: Rows, more: Rows) -> Rows:
    return joined(rows, more) if len(more) else rows


def _rows_of(pieces: Pieces, which: NDArray[np.bool_]) -> Rows:
    """The rows of some of the pieces."""
    count = pieces.last - pieces.first + 1
    return chosen(pieces.rows, np.repeat(which, count))


def _first_beginnings(pieces: Pieces) -> Rows:
    """The row with which each key first begins, in the order of keys."""
    rows = pieces.rows.take(pieces.first[pieces.begun])
    key = rows["key"]
    is_first = np.ones(len(rows), np.bool_)
    is_first[1:] = key[1:] != key[:-1]
    rows = chosen(rows, is_first)
    return rows.take(order_of(rows["key"]))


def _ended(pieces: Pieces) -> Ended:
    which = pieces.begun & pieces.ended
    count = (pieces.last - pieces.first + 1)[which]
    return _rows_of(pieces, which), np.cumsum(count) - count, pieces.end[which]


def _marks(begun: Rows, keys: NDArray[np.uint64]) -> Rows:
    """Where some keys begin in a later part."""
    marks = chosen(begun, _is_in(begun["key"], keys))
    marks["kind"] = BEGUN
    return marks


def _closing_rows(closings: list[Closing], keys: NDArray[np.uint64]) -> Rows:
    """For each closing, an event of each key that it applies to."""
    found = [no_events()]
    for closing in closings:
        own = keys[closing.applies_to(keys)]
        rows = np.zeros(len(own), EVENT)
        rows["key"], rows["seq"], rows["time"], rows["kind"] = own, closing.seq, closing.time, CLOSED
        found.append(rows)
    return joined(*found)
