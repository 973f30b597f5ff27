"""How long how many processes were busy, minute by minute, and with what.

From these sums the slot seconds during saturation follow for any limit, without the sessions. An idle minute
has no entry.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from advisor.capacity.occupancy import Floats, Integers, edges_of
from advisor.capacity.spans import spans
from advisor.logs.classes import CLASSES, SessionClass
from advisor.logs.tables import Rows

_MINUTE = 60.0
# A wild time stamp makes a session last for centuries. When for a week no session begins or ends, the rest of
# that time is counted for the week's last minute.
_MOST_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Levels:
    """By minute since the epoch and number of busy processes (`level`), in that order, each pair once:
    `seconds` at that level, and `slots`, the slot seconds, with a column for each of CLASSES.
    """

    minute: Integers
    level: Integers
    seconds: Floats
    slots: Floats

    @classmethod
    def nothing(cls) -> "Levels":
        """No time at all: the neutral element."""
        return cls(
            np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty((0, len(CLASSES)), float)
        )

    def __add__(self, other: "Levels") -> "Levels":
        """The levels of two stretches of time of which neither holds a part of the other."""
        return _gathered(
            np.concatenate((self.minute, other.minute)),
            np.concatenate((self.level, other.level)),
            np.concatenate((self.seconds, other.seconds)),
            np.concatenate((self.slots, other.slots)),
        )

    @property
    def peak(self) -> int:
        """The most that were busy at a time."""
        return int(self.level.max(initial=0))

    def saturated(self, limit: int, share: float = 0.95) -> "Saturated":
        """The time with at least `share` of `limit` processes busy."""
        full = self.level >= share * limit
        slots = self.slots[full].sum(axis=0).tolist()
        by_class = {kind: held for kind, held in zip(CLASSES, slots, strict=True) if held}
        return Saturated(float(self.seconds[full].sum()), by_class)


@dataclass(frozen=True, slots=True)
class Saturated:
    """The seconds for which a pool was full, and the slot seconds in them by class of session."""

    seconds: float
    by_class: Mapping[SessionClass, float]


def levels(rows: Rows, first: float, last: float) -> Levels:
    """The levels of sessions (dtype SESSION) in a log with lines from `first` to `last`."""
    starts, ends = spans(rows, first, last)
    some = ends > starts
    starts, ends, kinds = starts[some], ends[some], rows["kind"][some]
    if not len(starts):
        return Levels.nothing()
    cuts = _cuts(starts, ends)
    held = np.column_stack([_busy(starts[kinds == k], ends[kinds == k], cuts) for k in range(len(CLASSES))])
    level = held.sum(axis=1)
    busy = level > 0
    seconds = np.diff(cuts)[busy]
    minute = np.floor(cuts[:-1][busy] / _MINUTE).astype(np.int64)
    return _gathered(minute, level[busy], seconds, held[busy] * seconds[:, None])


def _cuts(starts: Floats, ends: Floats) -> Floats:
    """The times at which a session or a minute begins or ends, as long as anything is busy."""
    edges = edges_of(starts, ends)
    begin, end = np.floor(edges[:-1] / _MINUTE), np.ceil(edges[1:] / _MINUTE) - 1
    busy = _busy(starts, ends, edges) > 0
    inner = np.where(busy, np.clip(end - begin, 0, _MOST_MINUTES), 0).astype(np.int64)
    numbers = np.arange(inner.sum()) - np.repeat(np.cumsum(inner) - inner, inner)
    cuts = np.sort(np.concatenate((edges, (np.repeat(begin, inner) + 1 + numbers) * _MINUTE)))
    # What np.unique would give, which imports numpy.ma for it.
    return cuts[np.diff(cuts, prepend=-np.inf) > 0]


def _busy(starts: Floats, ends: Floats, cuts: Floats) -> Integers:
    """How many intervals hold each stretch between two cuts."""
    begun, ended = (
        np.searchsorted(np.sort(times, kind="stable"), cuts[:-1], "right") for times in (starts, ends)
    )
    return begun - ended


def _gathered(minute: Integers, level: Integers, seconds: Floats, slots: Floats) -> Levels:
    if not len(minute):
        return Levels.nothing()
    order = np.lexsort((level, minute))
    minute, level = minute[order], level[order]
    first = np.append(True, (np.diff(minute) != 0) | (np.diff(level) != 0))
    begins = np.flatnonzero(first)
    return Levels(
        minute[first],
        level[first],
        np.add.reduceat(seconds[order], begins),
        np.add.reduceat(slots[order], begins, axis=0),
    )
