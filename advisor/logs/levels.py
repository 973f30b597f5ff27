"""How long how many processes were busy, minute by minute, and with what: in a form that adds.

From these sums the slot seconds during saturation follow for any limit, without the sessions. An idle minute
has no entry.
"""

from collections.abc import Iterable, Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from advisor.logs.classes import CLASSES, SessionClass

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Levels(msgspec.Struct, frozen=True):
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

    @classmethod
    def gathered(cls, minute: Integers, level: Integers, seconds: Floats, slots: Floats) -> "Levels":
        """The levels of columns in any order, a pair of minute and level in any number of rows."""
        if not len(minute):
            return cls.nothing()
        order = np.lexsort((level, minute))
        minute, level = minute[order], level[order]
        first = np.append(True, (np.diff(minute) != 0) | (np.diff(level) != 0))
        begins = np.flatnonzero(first)
        return cls(
            minute[first],
            level[first],
            np.add.reduceat(seconds[order], begins),
            np.add.reduceat(slots[order], begins, axis=0),
        )

    @classmethod
    def total(cls, parts: Iterable["Levels"]) -> "Levels":
        """The levels of stretches of time of which none holds a part of another."""
        every = [cls.nothing(), *parts]
        return cls.gathered(
            np.concatenate([each.minute for each in every]),
            np.concatenate([each.level for each in every]),
            np.concatenate([each.seconds for each in every]),
            np.concatenate([each.slots for each in every]),
        )

    def __add__(self, other: "Levels") -> "Levels":
        """The levels of two stretches of time of which neither holds a part of the other."""
        return Levels.total((self, other))

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


class Saturated(msgspec.Struct, frozen=True):
    """The seconds for which a pool was full, and the slot seconds in them by class of session."""

    seconds: float
    by_class: Mapping[SessionClass, float]
