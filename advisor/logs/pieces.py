"""The compiled forms of what flow.py and sessions.py do with many events (pieces.c), where there are such."""

import ctypes

import numpy as np
from numpy.typing import NDArray

from advisor.logs.columns import LIBRARY, address_of
from advisor.logs.events import EVENT
from advisor.logs.tables import MESSAGE, SESSION, Rows

# A piece: from `first` up to `stop`; what the others mean is said at flow.Pieces.
PIECE = np.dtype(
    [
        ("first", "i8"),
        ("stop", "i8"),
        ("end", "f8"),
        ("begun", "?"),
        ("ended", "?"),
        ("leading", "?"),
        ("pad", "V5"),
    ]
)


def cut(rows: Rows, roles: NDArray[np.uint8]) -> tuple[Rows, Rows]:
    """The rows together by key, equal keys as they stand, and their PIECE rows; `roles` has for each kind
    1 where it begins a piece, 2 where it ends one.
    """
    assert LIBRARY is not None  # noqa: S101 - nobody asks where it is not there
    count, rows = len(rows), np.ascontiguousarray(rows)
    bits = max(4, (2 * count).bit_length())
    ordered, pieces = np.empty(count, EVENT), np.empty(count, PIECE)
    slots, group = np.zeros(1 << bits, np.int64), np.empty(2 * count, np.int64)
    found = LIBRARY.pieces_cut(
        *(
            address_of(rows),
            ctypes.c_int64(count),
            address_of(roles),
            address_of(slots),
            ctypes.c_int64(bits),
        ),
        *map(address_of, (group, group[count:], ordered, pieces)),
    )
    return ordered, pieces[:found]


def sessions(rows: Rows, starts: NDArray[np.int64], ended: NDArray[np.float64]) -> Rows:
    """What sessions.reduce_sessions gives."""
    assert LIBRARY is not None  # noqa: S101
    found = np.empty(len(starts), SESSION)
    rows, starts, ended = map(np.ascontiguousarray, (rows, starts, ended))
    LIBRARY.pieces_sessions(
        *(address_of(rows), ctypes.c_int64(len(rows)), address_of(starts), address_of(ended)),
        *(ctypes.c_int64(len(starts)), address_of(found)),
    )
    return found


def messages(rows: Rows, starts: NDArray[np.int64]) -> Rows:
    """What sessions.reduce_messages gives."""
    assert LIBRARY is not None  # noqa: S101
    found = np.empty(len(starts), MESSAGE)
    rows, starts = map(np.ascontiguousarray, (rows, starts))
    LIBRARY.pieces_messages(
        *(address_of(rows), ctypes.c_int64(len(rows)), address_of(starts)),
        *(ctypes.c_int64(len(starts)), address_of(found)),
    )
    return found
