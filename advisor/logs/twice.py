"""Two logs that tell of the same mail, as /var/log/syslog and /var/log/mail.log do on some systems.

Neither is a copy of the other, so that both are read, and their common lines count twice. That is said.
"""

from collections.abc import Iterator, Sequence

import msgspec

from advisor.logs.blocks import LogFile
from advisor.logs.breaks import Break
from advisor.logs.ends import end_of, first_time, headers_of

# A file's modification time and its stamps, which may be local time, are so much apart at most.
_ZONES = 86_400.0


class _Log(msgspec.Struct, frozen=True):
    """A log, its first line of Postfix, that line's time and host, and the times of its begin and end."""

    file: LogFile
    line: bytes
    time: float
    host: str
    begin: float
    end: float

    def may_hold(self, other: "_Log") -> bool:
        """Whether the other's first line may stand in here, by host and time."""
        return self is not other and self.host == other.host and self.begin <= other.time < self.end


def told_twice(files: Sequence[LogFile]) -> list[Break]:
    """The files whose first line of Postfix stands in another one too, which is named.

    A file is looked into only where another of the same host begins within its time, and up to there.
    """
    if len(files) < 2:
        return []
    logs = [log for file in files if not file.is_read_once for log in _looked_at(file)]
    found: dict[str, str] = {}
    for log in logs:
        sought = [other for other in logs if log.may_hold(other) and log.file.name not in found]
        for other in _held(log, sought):
            found.setdefault(other.file.name, log.file.name)
    return [
        Break(name, f"lines of it are in {other} too, and count twice: name one of the two")
        for name, other in sorted(found.items())
    ]


def _looked_at(file: LogFile) -> Iterator[_Log]:
    for line, header in headers_of(file, file.head()):
        if header.time is not None and "/" in header.tag:
            end = end_of(file) if file.plain else None
            last = end.time if end else file.modified.timestamp() - _ZONES
            yield _Log(file, line.rstrip(b"\r"), header.time, header.host, first_time(file), last)
            return


def _held(log: _Log, sought: Sequence[_Log]) -> Iterator[_Log]:
    """Those of the sought whose first line the log holds."""
    left = [*sought]
    rest = b""
    for block in log.file.blocks_unrecorded():
        if not left:
            return
        data = rest + block
        for other in [each for each in left if each.line in data]:
            left.remove(other)
            yield other
        times = (header.time for _, header in headers_of(log.file, block[:4096]) if header.time is not None)
        begin = next(times, float("-inf"))
        left = [each for each in left if each.time >= begin - 1]
        rest = block[-max((len(each.line) for each in left), default=1) :]
