"""Numbers of 64 bits -> small places, for many at a time: what was read once is known again by its hash."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from advisor.logs.columns import FREE, IS_COMPILED, Keys, Places, first_of_each, learn_places, places_of

# Places that are not known.
UNKNOWN = FREE
_SMALLEST = 1 << 12


@dataclass(slots=True)
class Memo:
    """`places(keys)` gives what `learn` was told, UNKNOWN for what it was not. It forgets everything when it
    holds `limit` keys.
    """

    limit: int = 50_000
    _known: dict[int, int] = field(default_factory=dict)
    _keys: Keys = field(default_factory=lambda: np.zeros(_SMALLEST, np.uint64))
    _slots: Places = field(default_factory=lambda: np.full(_SMALLEST, UNKNOWN, np.int32))
    _new: list[int] = field(default_factory=list)

    def places(self, keys: Keys) -> Places:
        """The place of each key."""
        if not IS_COMPILED:
            return np.array([self._known.get(key, UNKNOWN) for key in keys.tolist()], np.int32)
        return places_of(keys, *self.slots())

    def slots(self) -> tuple[Keys, Places]:
        """The table in which columns.c looks keys up: UNKNOWN is the place in its free slots."""
        if self._new:
            self._settle()
        return self._keys, self._slots

    def first_of_new(self, keys: Keys, places: Places) -> NDArray[np.int64]:
        """One position of each key that is not known yet."""
        new = np.flatnonzero(places == UNKNOWN)
        return new[first_of_each(keys[new])]

    def learn(self, key: int, place: int) -> None:
        """Remembers the place of a key."""
        if len(self._known) >= self.limit:
            self._known.clear()
            self._new.clear()
            self._slots.fill(UNKNOWN)
        self._known[key] = place
        self._new.append(key)

    def _settle(self) -> None:
        """Puts what is new into the slots."""
        size = len(self._keys)
        if 2 * len(self._known) > size:
            while 2 * len(self._known) > size:
                size *= 4
            self._keys, self._slots = np.zeros(size, np.uint64), np.full(size, UNKNOWN, np.int32)
            self._new = list(self._known)
        keys = np.array(self._new, np.uint64)
        places = np.array([self._known[key] for key in self._new], np.int32)
        learn_places(keys, places, self._keys, self._slots)
        self._new = []
