"""What a line tells of a session or of a message: an event, one row of numbers."""

import numpy as np
from numpy.typing import NDArray

from advisor.logs.tables import Rows

# `key` says whose event it is, `seq` is the number of its line, `client` the hash of NAME[ADDRESS] or 0.
EVENT = np.dtype(
    [
        ("key", "u8"),
        ("seq", "i8"),
        ("time", "f8"),
        ("client", "u8"),
        ("tag", "u2"),
        ("kind", "u1"),
        ("stage", "u1"),
        ("flags", "u1"),
    ]
)

# The kinds, by the name of the grammar's row; a row that is not here is OTHER.
KINDS = {
    "connect": 1,
    "disconnect": 2,
    "client": 3,
    "lost-connection": 4,
    "timeout": 5,
    "too-many-errors": 6,
    "proxy-accept": 7,
    "proxy-reject": 8,
    "reject": 9,
    "sasl-failure": 10,
    "pickup": 11,
    "message-id": 12,
    "queue-active": 13,
    "removed": 14,
}
OTHER = 15
# Not in the log: something else ended it; and a session of the same process began in a later part.
CLOSED, BEGUN = 16, 17

CONNECT, DISCONNECT, CLIENT = KINDS["connect"], KINDS["disconnect"], KINDS["client"]
PICKUP, REMOVED = KINDS["pickup"], KINDS["removed"]

# Flags of `disconnect`: the line has counts; a message was taken; authentication, an envelope address, TLS
# failed; there was any command. Those of `client`: authenticated; the message has a queue id.
COUNTED, TAKEN, NO_AUTH, REFUSED, NO_TLS, SPOKEN, SASL, QUEUED = (1 << bit for bit in range(8))


def process_key(host: int, tag: int, pid: int) -> int:
    """The key of a process; `host` and `tag` are places in Metrics.names."""
    return host << 48 | tag << 32 | pid


def renamed(keys: NDArray[np.uint64], places: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The keys of processes when the names have moved to other places."""
    host, tag = keys >> np.uint64(48), (keys >> np.uint64(32)) & np.uint64(0xFFFF)
    moved = places[host] << np.uint64(48) | places[tag] << np.uint64(32)
    renamed_keys: NDArray[np.uint64] = moved | (keys & np.uint64(0xFFFFFFFF))
    return renamed_keys


def no_events() -> Rows:
    """No rows at all."""
    return np.empty(0, EVENT)
