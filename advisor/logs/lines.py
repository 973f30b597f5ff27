"""The lines of a block: where each begins and ends, its time, who wrote it, where its text begins.

Usual lines, those with the stamp of RFC 3164 or RFC 3339 and `HOST TAG[PID]: ` behind, are read as columns, many
at a time; all others one by one, by HeaderReader. What comes out is the same: a minute, and everything between
stamp and process id, is read once by HeaderReader and then known by its bytes.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.logs.headers import Header, HeaderReader
from advisor.logs.messages import program_of
from advisor.logs.memo import Memo
from advisor.logs.words import I64, Text, digits_in, whole

# syslogd cuts at 1 to 8 kB; more is no log line, and patterns are not to be tried on it.
LONGEST_LINE = 16_384

_NEWLINE, _RETURN = 10, 13
_SPACE, _TILDE = np.uint8(32), np.uint8(126)
_USUAL = re.compile(
    rb"(?P<minute>[A-Z][a-z]{2} [ 0-3]\d \d\d:\d\d:|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:)\d\d"
    rb"(?:(?P<mark>[.,])(?P<fraction>\d{1,9}))?(?P<zone>Z|[+-]\d\d:?\d\d)? "
)
_MOST_WRITERS = 50_000  # syslog tags are anybody's choice
_LAYOUTS = 4  # a file seldom changes its form within a block


class Writer(NamedTuple):
    """Who wrote a line: `program` is the daemon of Postfix, None for a program that is none of Postfix's."""

    host: str
    tag: str
    program: str | None


@dataclass(slots=True)
class Lines:
    """The columns. `writer` is a place in LineReader.writers, -1 for a line that has no header; `time` is NaN
    where the line has none; `text` is where the message begins, `stop` where the line ends.
    """

    text_of: Text
    start: I64
    stop: I64
    time: NDArray[np.float64]
    zone: NDArray[np.float64]
    writer: NDArray[np.int32]
    pid: NDArray[np.uint32]
    text: I64
    plain: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.start)


@dataclass(slots=True)
class LineReader:
    """Reads the lines of one file; `usual=False` reads each alone."""

    reference: datetime
    usual: bool = True
    writers: list[Writer] = field(default_factory=list)
    _header_reader: HeaderReader = field(init=False)
    _minutes: dict[bytes, tuple[float, float] | None] = field(default_factory=dict)
    _places: dict[Writer, int] = field(default_factory=dict)
    _memo: Memo = field(default_factory=Memo)

    def __post_init__(self) -> None:
        self._header_reader = HeaderReader(self.reference)

    def read(self, block: bytes | bytearray | memoryview, size: int) -> Lines:
        """The lines of the block's first `size` bytes, which end with a newline; PADDING bytes stand behind."""
        if len(self.writers) > _MOST_WRITERS:
            self.writers.clear()
            self._places.clear()
            self._memo = Memo()
        text = Text(block, size)
        lines = _empty_lines(text, size)
        odd = np.ones(len(lines), np.bool_)
        if self.usual and len(lines):
            odd[self._read_usual(lines)] = False
        for index in np.flatnonzero(odd).tolist():
            self._read_odd(lines, index)
        return lines

    def writer_place(self, host: str, tag: str) -> int:
        """The place of a writer in `writers`."""
        writer = Writer(host, tag, program_of(tag))
        place = self._places.get(writer)
        if place is None:
            place = self._places[writer] = len(self.writers)
            self.writers.append(writer)
        return place

    def _read_odd(self, lines: Lines, index: int) -> None:
        start, stop = int(lines.start[index]), int(lines.stop[index])
        if stop - start > LONGEST_LINE:
            return
        line = lines.text_of.slice(start, stop).decode("utf-8", "surrogateescape")
        header = self._header_reader.read(line)
        if header is None:
            return
        lines.writer[index] = self.writer_place(header.host, header.tag)
        lines.pid[index] = whole(header.pid or "0") & 0xFFFFFFFF
        lines.text[index] = start + len(line[: header.text].encode("utf-8", "surrogateescape"))
        if header.time is not None:
            lines.time[index], lines.zone[index] = header.time, header.offset

    def _read_usual(self, lines: Lines) -> I64:
        """Reads the usual lines, and gives their places."""
        rest = np.flatnonzero(lines.stop - lines.start <= LONGEST_LINE)
        done: list[I64] = []
        for _ in range(_LAYOUTS):
            if not len(rest):
                break
            start, stop = lines.start[rest[0]], lines.stop[rest[0]]
            layout = _USUAL.match(lines.text_of.slice(int(start), int(stop)))
            if layout is None:
                rest = rest[1:]
                continue
            here, behind = self._stamped(lines, rest, layout)
            read = self._written(lines, here, behind)
            done.append(read)
            keep = np.ones(len(lines), np.bool_)
            keep[here] = False
            rest = rest[keep[rest]]
            if len(here) == 0:
                break
        return np.concatenate(done) if done else np.empty(0, np.int64)

    def _stamped(self, lines: Lines, rest: I64, layout: re.Match[bytes]) -> tuple[I64, I64]:
        """Those of the lines whose stamp has this layout, their times filled in, and where the stamp ends."""
        text, length = lines.text_of, layout.end()
        second = layout.end("minute")
        tail = bytes(layout[0][layout.end("fraction") if layout["fraction"] else second + 2 :])
        start = lines.start[rest]
        fits = start + length < lines.stop[rest]
        fits &= text.starts_with(start + length - len(tail), tail)
        fits &= _all_digits(text, start + second, 2) & (text.bytes[start + second] < ord("6"))
        if layout["fraction"]:
            fits &= text.starts_with(start + second + 2, layout["mark"])
            fits &= _all_digits(text, start + second + 3, len(layout["fraction"]))
        rest, start = rest[fits], start[fits]
        base, zone = self._bases(text, start, second, tail)
        known = ~np.isnan(base)
        rest, start, base, zone = rest[known], start[known], base[known], zone[known]
        ten, one = text.bytes[start + second], text.bytes[start + second + 1]
        time = base + (ten.astype(np.float64) * 10 + one - 11 * 48)
        if layout["fraction"]:
            digits = start + second + 3
            time += _fraction(text, digits, len(layout["fraction"]))
        lines.time[rest], lines.zone[rest] = time, zone
        return rest, start + length

    def _bases(
        self, text: Text, start: I64, second: int, tail: bytes
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The time at the begin of each line's minute, NaN for one that has to be read alone, and its zone."""
        if not len(start):
            return np.empty(0), np.empty(0)
        last = start + second - 8
        first, mid, end = text.words[start], text.words[start + 5], text.words[last]
        new = np.ones(len(start), np.bool_)
        new[1:] = (first[1:] != first[:-1]) | (mid[1:] != mid[:-1]) | (end[1:] != end[:-1])
        found = [self._minute(text.slice(at, at + second), tail) for at in start[new].tolist()]
        place = np.cumsum(new) - 1
        base = np.array([minute[0] if minute else np.nan for minute in found])
        zone = np.array([minute[1] if minute else 0.0 for minute in found])
        return base[place], zone[place]

    def _minute(self, minute: bytes, tail: bytes) -> tuple[float, float] | None:
        key = minute + tail
        if key not in self._minutes:
            if len(self._minutes) > 100_000:
                self._minutes.clear()
            begin, end = (self._sample_time(minute + second + tail) for second in (b"00", b"59"))
            self._minutes[key] = begin if begin and end and end[0] == begin[0] + 59 else None
        return self._minutes[key]

    def _sample_time(self, stamp: bytes) -> tuple[float, float] | None:
        header = self._header_reader.read(stamp.decode("utf-8", "surrogateescape") + "host tag: x")
        if header is None or header.time is None or (header.host, header.tag) != ("host", "tag"):
            return None
        return header.time, header.offset

    def _written(self, lines: Lines, here: I64, behind: I64) -> I64:
        """Those of the lines whose writer is known by what stands in front of `[` or `:`."""
        text, stop = lines.text_of, lines.stop[here]
        mark = text.find(behind, stop, b"[", b":")
        within = mark < stop
        here, behind, mark, stop = here[within], behind[within], mark[within], stop[within]
        key = text.hash(behind, mark + 1)
        place = self._memo.places(key)
        for index in self._memo.first_of_new(key, place).tolist():
            line = text.slice(int(lines.start[here[index]]), int(stop[index]))
            self._memo.learn(int(key[index]), self._learnt(line, int(mark[index] - lines.start[here[index]])))
        place = self._memo.places(key)
        bracket = text.bytes[mark] == ord("[")
        close = text.find(mark + 1, np.minimum(stop, mark + 9), b"]")
        pid, good = text.digits(mark + 1, close)
        good &= text.starts_with(close, b"]: ") & (close + 3 <= stop)
        good = np.where(bracket, good, text.bytes[mark + 1] == ord(" ")) & (place >= 0)
        begin = np.where(bracket, close + 3, mark + 2)
        good &= ~text.starts_with(begin, b"[ID ")
        here = here[good]
        lines.writer[here] = place[good]
        lines.pid[here] = np.where(bracket, pid, 0)[good]
        lines.text[here] = np.minimum(begin[good], lines.stop[here])
        return here

    def _learnt(self, line: bytes, mark: int) -> int:
        """The place of the writer whose name ends at `mark`; -1 when such lines have to be read alone."""
        text = line.decode("utf-8", "surrogateescape")
        header = self._header_reader.read(text)
        if header is None or "[ID " in text:
            return -1
        named = text[: header.text].encode("utf-8", "surrogateescape")
        usual = rb"\[\d{1,8}\]: " if line[mark : mark + 1] == b"[" else rb": "
        if not re.fullmatch(usual, named[mark:]) or (line[mark : mark + 1] == b":" and header.pid):
            return -1
        return self.writer_place(header.host, header.tag)


def _empty_lines(text: Text, size: int) -> Lines:
    """The lines, nothing of them read yet."""
    strange = np.flatnonzero((text.bytes[:size] - _SPACE) > _TILDE - _SPACE)
    is_end = text.bytes[strange] == _NEWLINE
    stop = strange[is_end]
    count = len(stop)
    start = np.zeros(count, np.int64)
    start[1:] = stop[:-1] + 1
    plain = np.ones(count, np.bool_)
    other = strange[~is_end]
    if len(other):
        returns = text.bytes[np.maximum(stop - 1, 0)] == _RETURN
        stop = stop - (returns & (stop > start))
        line = np.searchsorted(stop, other)
        plain[line[other < stop[np.minimum(line, count - 1)]]] = False
    return Lines(
        text,
        start,
        stop,
        np.full(count, np.nan),
        np.zeros(count),
        np.full(count, -1, np.int32),
        np.zeros(count, np.uint32),
        stop.copy(),
        plain,
    )


def _all_digits(text: Text, at: I64, count: int) -> NDArray[np.bool_]:
    found = np.ones(len(at), np.bool_)
    for offset in range(0, count, 8):
        wanted = np.uint64(0x8080808080808080 & ((1 << 8 * min(8, count - offset)) - 1))
        found &= (digits_in(text.words[at + offset]) & wanted) == wanted
    return found


def _fraction(text: Text, at: I64, count: int) -> NDArray[np.float64]:
    whole, _ = text.digits(at, at + min(count, 8))
    number = whole.astype(np.float64)
    if count > 8:
        number = number * 10 + (text.bytes[at + 8] - 48.0)
    return number / 10.0**count
