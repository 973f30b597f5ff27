"""Events of sessions and messages, many at a time: pieces.c has what flow.py and sessions.py do, compiled."""

import ctypes
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.logs.columns import LIBRARY, address_of
from advisor.logs.events import CLIENT, EVENT, QUEUED
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

# What a row of the grammar feeds: its Feeds.value, as far as it matters here.
OF_SESSION, OF_MESSAGE = 1, 2


class Told(NamedTuple):
    """Lines as columns: what they tell of a session or a message, and of which process, host, queue id.

    `row` is a place in the grammar; `feeds` has for each of those OF_SESSION, OF_MESSAGE or another number.
    """

    seq: NDArray[np.int64]
    time: NDArray[np.float64]
    process: NDArray[np.uint64]
    tag: NDArray[np.uint16]
    host: NDArray[np.uint64]
    row: NDArray[np.int32]
    kind: NDArray[np.uint8]
    stage: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    client: NDArray[np.uint64]
    queue_id: NDArray[np.uint64]
    feeds: NDArray[np.uint8]


def events_of(told: Told) -> tuple[Rows, Rows]:
    """The events (dtype EVENT) of sessions and of messages."""
    return _events_compiled(told) if LIBRARY is not None else events_plain(told)


def _events_compiled(told: Told) -> tuple[Rows, Rows]:
    assert LIBRARY is not None  # noqa: S101 - nobody asks where it is not there
    count, found = len(told.seq), np.zeros(2, np.int64)
    sessions, messages = np.empty(count, EVENT), np.empty(count, EVENT)
    columns = [*map(np.ascontiguousarray, told)]
    LIBRARY.pieces_events(ctypes.c_int64(count), *map(address_of, (*columns, sessions, messages, found)))
    of_sessions, of_messages = found.tolist()
    return sessions[:of_sessions], messages[:of_messages]


def events_plain(told: Told) -> tuple[Rows, Rows]:
    """The same without the compiled form."""
    timed, feeds = ~np.isnan(told.time), told.feeds[told.row]
    session = np.flatnonzero((feeds == OF_SESSION) & timed)
    sessions = _events(told, session)
    sessions["key"], sessions["client"] = told.process[session], told.client[session]
    sessions["stage"], sessions["flags"] = told.stage[session], told.flags[session]
    queued = (told.kind == CLIENT) & (told.flags & QUEUED != 0)
    message = np.flatnonzero(((feeds == OF_MESSAGE) | queued) & timed & (told.queue_id != 0))
    messages = _events(told, message)
    messages["key"] = told.queue_id[message] ^ told.host[message]
    return sessions, messages


def _events(told: Told, places: NDArray[np.int64]) -> Rows:
    rows = np.zeros(len(places), EVENT)
    for name in ("seq", "time", "tag", "kind"):
        rows[name] = getattr(told, name)[places]
    return rows


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
