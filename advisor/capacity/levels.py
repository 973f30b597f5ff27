"""Sessions -> how long how many processes were busy, minute by minute, and with what."""

import ctypes

import numpy as np
from numpy.typing import NDArray

from advisor.capacity.occupancy import Floats, Integers, edges_of
from advisor.logs.classes import CLASSES
from advisor.logs.columns import LIBRARY, address_of, order_of
from advisor.logs.levels import Levels

_MINUTE = 60.0
# A wild time stamp makes a session last for centuries. When for a week no session begins or ends, the rest of
# that time is counted for the week's last minute.
_MOST_MINUTES = 7 * 24 * 60


# What levels.c gives: a row of Levels.
LEVEL = np.dtype([("minute", "i8"), ("level", "i8"), ("seconds", "f8"), ("slots", "f8", (len(CLASSES),))])


def levels(starts: Floats, ends: Floats, kinds: NDArray[np.uint8]) -> Levels:
    """The levels of sessions, each with its class's place in CLASSES."""
    some = ends > starts
    starts, ends, kinds = starts[some], ends[some], kinds[some]
    if not len(starts):
        return Levels.nothing()
    return _swept(starts, ends, kinds) if LIBRARY is not None else levels_plain(starts, ends, kinds)


def _swept(starts: Floats, ends: Floats, kinds: NDArray[np.uint8]) -> Levels:
    assert LIBRARY is not None  # noqa: S101 - nobody asks where it is not there
    times = np.concatenate((starts, ends))
    order = order_of(_ordered_bits(times))
    step = np.repeat(np.array([1, -1], np.int8), len(starts))[order]
    kind = np.concatenate((kinds, kinds))[order]
    edges, room, found = times[order], len(times), -1
    peak = int(np.cumsum(step, dtype=np.int64).max())
    rows = np.empty(0, LEVEL)
    while found < 0:
        room *= 2
        rows, held = np.empty(room, LEVEL), np.zeros(peak + 1, LEVEL)
        found = LIBRARY.levels_sweep(
            *(address_of(edges), address_of(step), address_of(kind), ctypes.c_int64(len(times))),
            *(ctypes.c_int64(_MOST_MINUTES), address_of(held), address_of(rows), ctypes.c_int64(room)),
        )
    names = ("minute", "level", "seconds", "slots")
    return Levels(*(np.ascontiguousarray(rows[name][:found]) for name in names))


def _ordered_bits(times: Floats) -> NDArray[np.uint64]:
    """Numbers in the order of the times: those of IEEE 754 are, but for the sign."""
    bits = times.view(np.int64)
    return np.where(bits < 0, ~bits, bits ^ np.int64(-1 << 63)).view(np.uint64)


def levels_plain(starts: Floats, ends: Floats, kinds: NDArray[np.uint8]) -> Levels:
    """The same without the compiled form; each session lasts for some time."""
    cuts = _cuts(starts, ends)
    held = np.column_stack([_busy(starts[kinds == k], ends[kinds == k], cuts) for k in range(len(CLASSES))])
    level = held.sum(axis=1)
    busy = level > 0
    seconds = np.diff(cuts)[busy]
    minute = np.floor(cuts[:-1][busy] / _MINUTE).astype(np.int64)
    return Levels.gathered(minute, level[busy], seconds, held[busy] * seconds[:, None])


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
