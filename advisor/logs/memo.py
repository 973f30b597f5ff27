"""Numbers of 64 bits -> small places, for many at a time: what was read once is known again by its hash."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]

# Places that are not known.
UNKNOWN = -2
_BITS = 18
_MIX = np.uint64(0x9FB21C651E98DF25)
_ALL = (1 << 64) - 1


@dataclass(slots=True)
class Memo:
    """`places(keys)` gives what `learn` was told, UNKNOWN for what it was not. It forgets everything when it
    holds `limit` keys.
    """

    limit: int = 50_000
    _known: dict[int, int] = field(default_factory=dict)
    _keys: U64 = field(default_factory=lambda: np.zeros(1 << _BITS, np.uint64))
    _places: NDArray[np.int32] = field(default_factory=lambda: np.full(1 << _BITS, UNKNOWN, np.int32))

    def places(self, keys: U64) -> NDArray[np.int32]:
        """The place of each key."""
        slots = (keys * _MIX) >> np.uint64(64 - _BITS)
        found = self._places[slots]
        other = np.flatnonzero(self._keys[slots] != keys)
        if len(other) and self._known:
            known = self._known
            found[other] = [known.get(key, UNKNOWN) for key in keys[other].tolist()]
        else:
            found[other] = UNKNOWN
        return found

    def first_of_new(self, keys: U64, places: NDArray[np.int32]) -> I64:
        """One position of each key that is not known yet."""
        new = np.flatnonzero(places == UNKNOWN)
        if not len(new):
            return new
        _, first = np.unique(keys[new], return_index=True)
        return new[first]

    def learn(self, key: int, place: int) -> None:
        """Remembers the place of a key."""
        if len(self._known) >= self.limit:
            self._known.clear()
            self._places.fill(UNKNOWN)
            self._keys.fill(0)
        self._known[key] = place
        slot = (key * int(_MIX) & _ALL) >> (64 - _BITS)
        self._keys[slot], self._places[slot] = key, place
