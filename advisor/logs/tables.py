"""Rows of numbers, many of them: the sessions and the messages of a log, as columns of numpy arrays.

Times are seconds since the epoch; NaN where the log does not have it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[Any]

# One SMTP session; `kind`, `ended_by` and `stage` are places in the tuples above, `host` and `tag` in
# Metrics.names, `client` is a key of Metrics.clients. The meaning of each is that of sessions.Session.
SESSION = np.dtype(
    [
        ("start", "f8"),
        ("end", "f8"),
        ("client_at", "f8"),
        ("filtered_at", "f8"),
        ("longest_pause", "f4"),
        ("pid", "u4"),
        ("client", "u8"),
        ("host", "u2"),
        ("tag", "u2"),
        ("messages", "u2"),
        ("kind", "u1"),
        ("ended_by", "u1"),
        ("stage", "u1"),
        ("sasl", "?"),
    ]
)

# One message: by which program it came, when it was first heard of, the seconds from `client=` to its
# message-id, and from there into the active queue.
MESSAGE = np.dtype([("start", "f8"), ("envelope", "f4"), ("content", "f4"), ("tag", "u2")])

# One delivery attempt for one recipient: `status` is a place in DELIVERY_STATUSES, `domain` and `relay` are
# hashes, a to d are the seconds of its delays=.
DELIVERY_STATUSES = ("sent", "deferred", "bounced", "expired", "deliverable", "undeliverable", "other")
DELIVERY = np.dtype(
    [
        ("tag", "u2"),
        ("status", "u2"),
        ("domain", "u8"),
        ("relay", "u8"),
        ("a", "f8"),
        ("b", "f8"),
        ("c", "f8"),
        ("d", "f8"),
    ]
)

# So many bytes stay in memory; what is more goes into a file that has no name.
_IN_MEMORY = 8 << 20
# Rows in the file are read again in stretches: so many at a time, but for what came at once.
_STRETCH = 1 << 14


class Stretch(NamedTuple):
    """Rows that came one after the other. None of them begins before `begin`, which is minus infinity where
    the begin of one is not known.
    """

    begin: float
    rows: Rows


class _Stored(NamedTuple):
    """A stretch in the file: where its rows begin there, and how many they are."""

    begin: float
    place: int
    size: int


def chosen(rows: Rows, which: NDArray[np.bool_]) -> Rows:
    """Some of the rows; to index structured rows by truth values takes four times as long."""
    return rows.take(np.flatnonzero(which))


def joined(*parts: Rows) -> Rows:
    """The rows of all parts, of one dtype; numpy alone copies structured rows field by field."""
    dtype = parts[0].dtype
    raw = np.dtype((np.void, dtype.itemsize))
    return np.concatenate([part.view(raw) for part in parts]).view(dtype)


@dataclass(slots=True)
class Table:
    """Rows of one dtype, with a `start` and a `tag`, in the order in which they came; on disk when there are
    many. `counts` says how many there are of each tag.
    """

    dtype: np.dtype[Any]
    in_memory: int = _IN_MEMORY
    counts: Counter[int] = field(default_factory=Counter)
    _blocks: list[Rows] = field(default_factory=list)
    _held: int = 0
    _stored: list[_Stored] = field(default_factory=list)
    _file: Any = None

    def __del__(self) -> None:
        """Closes the file, which removes it."""
        if self._file is not None:
            self._file.close()

    def __reduce__(self) -> tuple[Any, ...]:
        """Travels to another process with all its rows."""
        return _table_of, (self.dtype, self.in_memory, list(self.blocks()))

    def __len__(self) -> int:
        return self.counts.total()

    def append(self, rows: Rows) -> None:
        """Takes more rows, which must not be changed afterwards."""
        if not len(rows):
            return
        self._blocks.append(rows)
        self._held += rows.nbytes
        for tag, count in enumerate(np.bincount(rows["tag"]).tolist()):
            if count:
                self.counts[tag] += count
        if self._held > self.in_memory:
            self._store()

    def blocks(self) -> Iterator[Rows]:
        """All rows, a stretch at a time."""
        yield from (self._read(each) for each in self._stored)
        yield from self._blocks

    def by_begin(self) -> Iterator[Stretch]:
        """All rows, a stretch at a time: first the one of which a row begins first."""
        held = [(_begin(block), block) for block in self._blocks]
        places = [(begin, place) for place, (begin, _) in enumerate(held)]
        places += [(each.begin, place) for place, each in enumerate(self._stored, len(held))]
        for begin, place in sorted(places):
            yield Stretch(
                begin,
                held[place][1] if place < len(held) else self._read(self._stored[place - len(held)]),
            )

    def rows(self, tag: int, more: Rows | None = None) -> Rows:
        """The rows of a log tag (a place in Metrics.names), in the order in which they came; then `more`."""
        found = np.empty(self.counts[tag] + (len(more) if more is not None else 0), self.dtype)
        place = 0
        for block in self.blocks() if self.counts[tag] else ():
            own = chosen(block, block["tag"] == tag)
            found[place : place + len(own)] = own
            place += len(own)
        if more is not None:
            found[place:] = more
        return found

    def _read(self, stored: _Stored) -> Rows:
        self._file.seek(stored.place)
        return np.frombuffer(self._file.read(stored.size * self.dtype.itemsize), self.dtype)

    def _store(self) -> None:
        """Moves what is in memory into the file."""
        import tempfile  # noqa: PLC0415 - a small log needs no file

        self._file = self._file or tempfile.TemporaryFile(prefix="advisor-")  # noqa: SIM115 - as long as self
        place = self._file.seek(0, 2)
        for block in self._blocks:
            self._file.write(block.tobytes())
            for first in range(0, len(block), _STRETCH):
                rows = block[first : first + _STRETCH]
                new = _Stored(_begin(rows), place, len(rows))
                last = self._stored[-1] if self._stored else new
                if self._stored and last.size + new.size <= _STRETCH:
                    new = _Stored(min(last.begin, new.begin), last.place, last.size + new.size)
                    self._stored.pop()
                self._stored.append(new)
                place += rows.nbytes
        self._blocks, self._held = [], 0


def _begin(rows: Rows) -> float:
    start = rows["start"]
    return -np.inf if bool(np.isnan(start).any()) else float(start.min())


def _table_of(dtype: np.dtype[Any], in_memory: int, blocks: list[Rows]) -> Table:
    table = Table(dtype, in_memory)
    for block in blocks:
        table.append(block)
    return table
