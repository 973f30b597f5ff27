"""The clients of sessions: whose they are, by address, and how many at a time each had."""

from collections.abc import Mapping

import msgspec
import numpy as np

from advisor.capacity.occupancy import Floats, Integers, Places
from advisor.logs.clients import client_of
from advisor.logs.tables import Rows


class Addresses(msgspec.Struct, frozen=True):
    """`code` is for each session the place of its client in `names`, which are in the order of their first
    session. The address of a rare client may be missing: then it is empty, and the client one of its own.
    """

    code: Places
    names: tuple[str, ...]

    @classmethod
    def of(cls, rows: Rows, clients: Mapping[int, str]) -> "Addresses":
        """Those of sessions (dtype SESSION)."""
        keys, first, inverse = np.unique(rows["client"], return_index=True, return_inverse=True)
        places: dict[str | int, int] = {}
        codes = np.empty(len(keys), np.int32)
        for index in np.argsort(first).tolist():
            key = int(keys[index])
            address = client_of(clients.get(key, "")).address
            codes[index] = places.setdefault(address or key, len(places))
        names = tuple(place if isinstance(place, str) else "" for place in places)
        return cls(codes[inverse.reshape(-1)], names)


def peaks_by(code: Places, starts: Floats, ends: Floats, codes: int) -> Integers:
    """For each of the codes 0 to `codes` - 1 the most intervals at a time; 1 for moments, 0 for none."""
    if not len(code):
        return np.zeros(codes, np.int64)
    step = np.repeat(np.array([1, -1], np.int8), len(code))
    who = np.concatenate((code, code))
    # What ends at a time makes room for what begins then.
    order = np.lexsort((step, np.concatenate((starts, ends)), who))
    busy, who = np.cumsum(step[order], dtype=np.int32), who[order]
    # Each client's steps add up to nothing, so that the next one's begin at 0.
    begins = np.flatnonzero(np.append(True, np.diff(who) != 0))
    peaks = np.zeros(codes, np.int64)
    peaks[who[begins]] = np.maximum(1, np.maximum.reduceat(busy, begins))
    return peaks
