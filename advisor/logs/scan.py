"""Bytes of a log -> Metrics.

`scan(a + b).finish() == (scan(a) + scan(b)).finish()` wherever the bytes are split, also inside a line: a
`Part` carries the torn ends. A line that is too long, or no text at all, is counted and skipped.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Protocol

from advisor.logs.columns import LONGEST_LINE, PADDING
from advisor.logs.metrics import Metrics
from advisor.logs.tally import Tally
from advisor.logs.time_window import TimeWindow
from advisor.logs.wanted import EVERYTHING, Wanted

_PADDING = bytes(PADDING)
_PART = 32 << 20
# So much is read at a time.
BLOCK = 8 << 20
# Of a line that is longer than any, no more is kept than shows that.
_TOO_LONG = LONGEST_LINE + 2


class Readable(Protocol):
    """A file that fills a buffer with what follows in it."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """How many bytes there were; 0 at its end."""


class Stream:
    """Blocks that follow each other, as a file: but for the last time, it fills a buffer whole."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._held = memoryview(b"")

    def readinto(self, buffer: memoryview, /) -> int:
        """How many bytes there were; 0 behind the last block."""
        filled = 0
        while filled < len(buffer):
            if not self._held:
                block = next(self._blocks, None)
                if block is None:
                    break
                self._held = memoryview(block)
            taken = self._held[: len(buffer) - filled]
            buffer[filled : filled + len(taken)] = taken
            filled += len(taken)
            self._held = self._held[len(taken) :]
        return filled


@dataclass(slots=True)
class Part:
    """A stretch of one log file: whole lines in `metrics`, torn ones in `head` and `tail`.

    `head` is None until the first newline was seen; then it is what stood before it.
    """

    tally: Tally
    head: bytes | None = None
    tail: bytes = b""
    metrics: Metrics = field(default_factory=Metrics)

    def feed(self, data: bytes) -> None:
        """Takes the bytes that follow."""
        self.read(BytesIO(data), len(data))

    def read(self, file: Readable, size: int) -> int:
        """Takes the next `size` bytes of a file, or what it has; gives how many there were."""
        buffer = self.tally.buffer(len(self.tail) + min(size, BLOCK))
        view = memoryview(buffer)
        held, left = len(self.tail), size
        view[:held] = self.tail
        while left:
            count = file.readinto(view[held : held + min(left, len(buffer) - PADDING - held)])
            if not count:
                break
            left -= count
            begin, end = self._begin(buffer, held + count), buffer.rfind(b"\n", 0, held + count) + 1
            if begin < end:
                self.metrics.merge(self.tally.block(view[begin : end + PADDING], end - begin))
            torn = view[end : held + count][:_TOO_LONG]
            held = len(torn)
            view[:held] = bytes(torn)
        self.tail = bytes(view[:held])
        return size - left

    def _begin(self, buffer: bytearray, size: int) -> int:
        """Where the first whole line begins; the torn one before it becomes the head."""
        if self.head is not None:
            return 0
        begin = buffer.find(b"\n", 0, size) + 1
        if begin:
            self.head = bytes(buffer[: min(begin - 1, _TOO_LONG)])
        return begin

    def __add__(self, later: "Part") -> "Part":
        """The two as one part; both are used up by that."""
        if later.head is None:
            self.tail = (self.tail + later.tail)[:_TOO_LONG]
            return self
        self.feed(later.head + b"\n")
        self.metrics.merge(later.metrics)
        self.tail = later.tail
        return self

    def finish(self) -> Metrics:
        """The metrics of the stretch as a whole file: torn ends are taken as lines."""
        metrics = Metrics()
        if self.head is not None:
            metrics.merge(line_metrics(self.head, self.tally))
        metrics.merge(self.metrics)
        if self.tail:
            metrics.merge(line_metrics(self.tail, self.tally))
        return metrics


def line_metrics(line: bytes, tally: Tally) -> Metrics:
    """The metrics of a line that had been torn; it stands here without its newline."""
    line = line[:_TOO_LONG]
    return tally.block(line + b"\n" + _PADDING, len(line) + 1)


def scan(
    data: bytes,
    origin: str,
    reference: datetime,
    window: TimeWindow | None = None,
    wanted: Wanted = EVERYTHING,
    *,
    usual: bool = True,
) -> Part:
    """The part of the log that `data` is; `reference` is a time not before its last line. With `usual=False`
    all lines are read one by one.
    """
    part = Part(Tally(origin, reference, window, wanted, usual=usual))
    part.feed(data)
    return part


def scan_parts(file: Readable, tally: Tally) -> Iterator[Part]:
    """The parts of a whole log: of some size, which is quicker than to add up many."""
    size = _PART
    while size == _PART:
        part = Part(tally)
        size = part.read(file, _PART)
        yield part
