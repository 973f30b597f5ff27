"""Bytes of a log -> Metrics.

`scan(a + b).finish() == (scan(a) + scan(b)).finish()` wherever the bytes are split, also inside a line: a
`Part` carries the torn ends. A line that is too long, or no text at all, is counted and skipped.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from advisor.logs.headers import HeaderReader
from advisor.logs.losses import lost_lines
from advisor.logs.messages import PROGRAMS, recognise
from advisor.logs.metrics import Metrics, Sample
from advisor.logs.time_window import TimeWindow
from advisor.logs.wanted import EVERYTHING, Wanted

# syslogd cuts at 1 to 8 kB; more is no log line, and patterns are not to be tried on it.
_LONGEST_LINE = 16_384


class Scanner:
    """Feeds lines into metrics; `origin` names the file for samples. Lines outside `window` are only counted,
    each by its own stamp: what began before them is a session whose begin the log does not have.
    """

    def __init__(
        self,
        origin: str,
        reference: datetime,
        window: TimeWindow | None = None,
        wanted: Wanted = EVERYTHING,
    ) -> None:
        self.origin = origin
        self._headers = HeaderReader(reference)
        self._window = window
        self._wanted = wanted

    def line(self, metrics: Metrics, raw: bytes) -> None:
        """Takes one line, without its newline."""
        metrics.lines[self.origin] += 1
        if len(raw) > _LONGEST_LINE:
            metrics.unstamped += 1
            return
        line = raw.decode("utf-8", "surrogateescape").rstrip("\r")
        header = self._headers.read(line)
        if header is None or header.time is None:
            metrics.unstamped += 1
            return
        time, (_, offset, host, tag, pid, text) = header.time, header
        in_time = self._window is None or self._window.holds(time, offset)
        if not in_time or not self._wanted.holds(host, tag):
            metrics.outside += 1
            return
        # Other programs' lines count for the window: a server that is full has nothing more to log itself.
        metrics.stamp(time, self.origin)
        instance, _, program = tag.rpartition("/")
        if program not in PROGRAMS or not instance:
            metrics.foreign += 1
            if lost := lost_lines(f"{host or '-'} {tag}: {line[text:]}", 0):
                loss, count = lost
                metrics.losses[loss] += count
            return
        metrics.wrote(time, host, pid)
        found = recognise(program, line[text:])
        if found is None:
            metrics.unknown[program] += 1
            name = "unknown"
        else:
            message, match = found
            name = message.name
            metrics.take(time, host, tag, pid, (message, match.groupdict()))
        metrics.sample(tag, name, Sample(self.origin, metrics.lines[self.origin], line))


@dataclass(slots=True)
class Part:
    """A stretch of one log file: whole lines in `metrics`, torn ones in `head` and `tail`.

    `head` is None until the first newline was seen; then it is what stood before it.
    """

    scanner: Scanner
    head: bytes | None = None
    tail: bytes = b""
    metrics: Metrics = field(default_factory=Metrics)

    def feed(self, data: bytes) -> None:
        """Takes the bytes that follow."""
        *lines, self.tail = (self.tail + data).split(b"\n")
        for line in lines:
            if self.head is None:
                self.head = line
            else:
                self.scanner.line(self.metrics, line)

    def __add__(self, later: "Part") -> "Part":
        total = Part(self.scanner, self.head, self.tail, Metrics())
        total.metrics.merge(self.metrics)
        if later.head is None:
            total.tail += later.tail
            return total
        total.feed(later.head + b"\n")
        total.metrics.merge(later.metrics)
        total.tail = later.tail
        return total

    def finish(self) -> Metrics:
        """The metrics of the stretch as a whole file: torn ends are taken as lines."""
        metrics = Metrics()
        if self.head is not None:
            self.scanner.line(metrics, self.head)
        metrics.merge(self.metrics)
        if self.tail:
            self.scanner.line(metrics, self.tail)
        return metrics


def scan(data: bytes, origin: str, reference: datetime, window: TimeWindow | None = None) -> Part:
    """The part of the log that `data` is; `reference` is a time not before its last line."""
    part = Part(Scanner(origin, reference, window))
    part.feed(data)
    return part


def scan_file(
    blocks: Iterable[bytes],
    origin: str,
    reference: datetime,
    window: TimeWindow | None = None,
    wanted: Wanted = EVERYTHING,
) -> Metrics:
    """The metrics of a whole log that comes in blocks."""
    part = Part(Scanner(origin, reference, window, wanted))
    for block in blocks:
        part.feed(block)
    return part.finish()
