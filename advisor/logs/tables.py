"""Rows of numbers, many of them: the sessions and the messages of a log, as columns of numpy arrays.

Times are seconds since the epoch; NaN where the log does not have it.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

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
_IN_MEMORY = 24 << 20


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
    """Rows of one dtype in the order in which they came; on disk when there are many."""

    dtype: np.dtype[Any]
    in_memory: int = _IN_MEMORY
    _blocks: list[Rows] = field(default_factory=list)
    _held: int = 0
    _file: Any = None

    def __del__(self) -> None:
        """Closes the file, which removes it."""
        if self._file is not None:
            self._file.close()

    def __reduce__(self) -> tuple[Any, ...]:
        """Travels to another process with all its rows."""
        return _table_of, (self.dtype, self.in_memory, list(self.blocks()))

    def __len__(self) -> int:
        return self._on_disk() // self.dtype.itemsize + sum(map(len, self._blocks))

    def append(self, rows: Rows) -> None:
        """Takes more rows, which must not be changed afterwards."""
        if not len(rows):
            return
        self._blocks.append(rows)
        self._held += rows.nbytes
        if self._held > self.in_memory:
            self._file = self._file or tempfile.TemporaryFile(prefix="advisor-")  # noqa: SIM115 - as long as self
            for block in self._blocks:
                self._file.write(block.tobytes())
            self._blocks, self._held = [], 0

    def blocks(self) -> Iterator[Rows]:
        """All rows, a stretch at a time."""
        if self._file is not None:
            self._file.seek(0)
            step = max(1, (4 << 20) // self.dtype.itemsize) * self.dtype.itemsize
            while data := self._file.read(step):
                yield np.frombuffer(data, self.dtype)
        yield from self._blocks

    def rows(self, tag: int) -> Rows:
        """The rows of one log tag (its place in Metrics.names), in the order in which they came."""
        found = [chosen(block, block["tag"] == tag) for block in self.blocks()]
        return joined(*found) if found else np.empty(0, self.dtype)

    def _on_disk(self) -> int:
        if self._file is None:
            return 0
        self._file.seek(0, 2)
        return int(self._file.tell())


def _table_of(dtype: np.dtype[Any], in_memory: int, blocks: list[Rows]) -> Table:
    table = Table(dtype, in_memory)
    for block in blocks:
        table.append(block)
    return table
