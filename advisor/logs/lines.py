"""The lines of a block: where each begins and ends, its time, who wrote it, where its text begins.

Usual lines, those with the stamp of RFC 3164 or RFC 3339 and `HOST TAG[PID]: ` behind, are taken apart as
columns; all others are read one by one, by HeaderReader. What comes out is the same: a minute, and what is
between stamp and process id, are read once by HeaderReader and then known by its bytes.
Lines of other programs that carry a whole line of Postfix are unwrapped.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.logs.columns import (
    FREE,
    IS_COMPILED,
    LONGEST_LINE,
    Block,
    Columns,
    first_of_each,
    headers_of,
    lines_of,
)
from advisor.logs.headers import HeaderReader
from advisor.logs.memo import Memo
from advisor.logs.messages import program_of
from advisor.logs.numbers import whole

I64 = NDArray[np.int64]

# docker, docker/NAME, dockerd, podman, or a tag with a container's number: twelve digits of it, or all.
_SENDS_ON = re.compile(r"(?:dockerd?|podman|containerd)(?:/|$)|(?:[^/]+/)?[0-9a-f]{12,64}$")
_MOST_WRITERS = 50_000  # syslog tags are anybody's choice
_MOST_MINUTES = 100_000
_TICK = 0.001  # seconds by which two readings of a stamp may differ
_YEAR = re.compile(rb" (?:19|20)\d\d[: ]")


class Writer(NamedTuple):
    """Who wrote a line: `program` is the daemon of Postfix, None for a program that is none of Postfix's."""

    host: str
    tag: str
    program: str | None


@dataclass(slots=True)
class Lines:
    """The columns. `writer` is a place in LineReader.writers, -1 for a line that has no header; `time` is NaN
    where the line has none; `text` is where the message begins, `stop` where the line ends. `plain`: the line
    has printable ASCII characters alone.
    """

    block: Block
    start: I64
    stop: I64
    time: NDArray[np.float64]
    zone: NDArray[np.float64]
    writer: NDArray[np.int32]
    pid: NDArray[np.uint32]
    text: I64
    plain: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.start)

    def text_of(self, start: int, stop: int) -> str:
        """What stands between two positions of the block."""
        return bytes(self.block[start:stop]).decode("utf-8", "surrogateescape")


@dataclass(slots=True)
class LineReader:
    """Reads the lines of one file; `usual=False` reads each alone."""

    reference: datetime
    usual: bool = True
    writers: list[Writer] = field(default_factory=list)
    _headers: HeaderReader = field(init=False)
    _minutes: dict[bytes, tuple[float, float]] = field(default_factory=dict)
    _places: dict[tuple[str, str], int] = field(default_factory=dict)
    _memo: Memo = field(default_factory=Memo)

    def __post_init__(self) -> None:
        self._headers = HeaderReader(self.reference)

    def read(self, block: Block, size: int) -> Lines:
        """The lines of the block's first `size` bytes, which end with a newline; PADDING bytes follow."""
        if len(self.writers) > _MOST_WRITERS:
            self.writers = []
            self._places.clear()
            self._memo = Memo()
        lines = self._usual(block, size) if self.usual and IS_COMPILED else _unread(block, size)
        for index in np.flatnonzero(lines.writer == _UNREAD).tolist():
            self._read_alone(lines, index)
        self._unwrap(lines)
        return lines

    def _place(self, host: str, tag: str) -> int:
        place = self._places.setdefault((host, tag), len(self.writers))
        if place == len(self.writers):
            self.writers.append(Writer(host, tag, program_of(tag)))
        return place

    def _read_alone(self, lines: Lines, index: int) -> None:
        start, stop = int(lines.start[index]), int(lines.stop[index])
        lines.writer[index], lines.pid[index], lines.text[index] = -1, 0, stop
        lines.time[index], lines.zone[index] = np.nan, 0.0
        if stop - start > LONGEST_LINE:
            return
        line = lines.text_of(start, stop)
        header = self._headers.read(line)
        if header is None:
            return
        lines.writer[index] = self._place(header.host, header.tag)
        lines.pid[index] = whole(header.pid or "0") & 0xFFFFFFFF
        lines.text[index] = stop - len(line[header.text :].encode("utf-8", "surrogateescape"))
        if header.time is not None:
            lines.time[index], lines.zone[index] = header.time, header.offset

    def _unwrap(self, lines: Lines) -> None:
        """Reads the header in the text where a container's log was sent on as text of another program.

        Docker's drivers for syslog and the journal do so. The first stamp counts. Of other programs a client
        may choose the text: they are not believed.
        """
        foreign = np.array([*(_SENDS_ON.match(writer.tag) is not None for writer in self.writers), False])
        places = np.flatnonzero(foreign[lines.writer] & ~np.isnan(lines.time))
        for index in places[_has_stamp(lines, places)].tolist():
            start, stop = int(lines.text[index]), int(lines.stop[index])
            text = lines.text_of(start, stop)
            header = self._headers.read(text)
            if header is None or header.time is None or program_of(header.tag) is None:
                continue
            host = header.host or self.writers[lines.writer[index]].host
            lines.writer[index] = self._place(host, header.tag)
            lines.pid[index] = whole(header.pid or "0") & 0xFFFFFFFF
            lines.text[index] = start + len(text[: header.text].encode("utf-8", "surrogateescape"))

    def _usual(self, block: Block, size: int) -> Lines:
        rows, minutes = lines_of(block, size)
        begins = np.array([self._minute(block, minute) for minute in minutes.tolist()] or [(np.nan, 0.0)])
        time, zone, writer, new = headers_of(rows, begins, self._memo.slots(), _UNREAD)
        if new:
            self._learn_writers(block, rows, time, np.flatnonzero(writer == FREE))
            time, zone, writer, _ = headers_of(rows, begins, self._memo.slots(), _UNREAD)
            writer[writer == FREE] = _UNREAD  # they were too many to be remembered
        return Lines(
            *(block, rows["start"], rows["stop"], time, zone),
            *(writer, rows["pid"], rows["text"], rows["plain"]),
        )

    def _learn_writers(self, block: Block, rows: Columns, time: NDArray[np.float64], places: I64) -> None:
        first = places[first_of_each(rows["writer"][places])]
        for row, at in zip(rows[first], time[first].tolist(), strict=True):
            line = bytes(block[row["start"] : row["stop"]])
            self._memo.learn(int(row["writer"]), self._learnt(line, int(row["mark"] - row["start"]), at))

    def _minute(self, block: Block, minute: tuple[int, int, int, int]) -> tuple[float, float]:
        """The time at which a minute begins, and its zone; NaN when its lines have to be read alone."""
        start, stop, zone, zone_stop = minute
        begin, end = bytes(block[start:stop]), bytes(block[zone:zone_stop])
        key = begin + end
        if key not in self._minutes:
            if len(self._minutes) > _MOST_MINUTES:
                self._minutes.clear()
            first, last = (self._sample_time(begin + second + end) for second in (b"00", b"59"))
            is_whole = first and last and last[0] == first[0] + 59
            self._minutes[key] = first if first and is_whole else (np.nan, 0.0)
        return self._minutes[key]

    def _sample_time(self, stamp: bytes) -> tuple[float, float] | None:
        header = self._headers.read(stamp.decode("utf-8", "surrogateescape") + "host tag: x")
        if header is None or header.time is None or (header.host, header.tag) != ("host", "tag"):
            return None
        return header.time, header.offset

    def _learnt(self, line: bytes, mark: int, time: float) -> int:
        """The place of the writer whose name ends at `mark`; -1 when such lines have to be read alone.

        So they have where part of the stamp stands behind `time`: a year, or a zone.
        """
        text = line.decode("utf-8", "surrogateescape")
        header = self._headers.read(text)
        is_known = header is not None and header.time is not None and abs(header.time - time) < _TICK
        if not is_known or header is None or _YEAR.search(line, 0, mark + 1):
            return -1
        behind = text[: header.text].encode("utf-8", "surrogateescape")[mark:]
        usual = rb"\[\d{1,8}\]: " if line[mark : mark + 1] == b"[" else rb": "
        return self._place(header.host, header.tag) if re.fullmatch(usual, behind) else -1


def _has_stamp(lines: Lines, places: I64) -> NDArray[np.bool_]:
    """Which of the lines' texts may begin with a stamp of RFC 3164 or RFC 3339."""
    data, at = np.frombuffer(lines.block, np.uint8), lines.text[places]
    space, dash, colon = b" -:"
    old = (data[at + 3] == space) & (data[at + 6] == space) & (data[at + 9] == colon)
    new = (data[at + 4] == dash) & (data[at + 7] == dash) & (data[at + 13] == colon)
    found: NDArray[np.bool_] = old | new
    return found


# A line that is still to be read.
_UNREAD = -3


def _unread(block: Block, size: int) -> Lines:
    """The lines, nothing of them read yet."""
    data = np.frombuffer(block, np.uint8)
    stop = np.flatnonzero(data[:size] == ord("\n"))
    start = np.zeros(len(stop), np.int64)
    start[1:] = stop[:-1] + 1
    stop = stop - ((data[np.maximum(stop - 1, 0)] == ord("\r")) & (stop > start))
    count = len(stop)
    return Lines(
        block,
        start,
        stop,
        np.full(count, np.nan),
        np.zeros(count),
        np.full(count, _UNREAD, np.int32),
        np.zeros(count, np.uint32),
        stop.copy(),
        np.zeros(count, np.uint8),
    )
