"""Where a log begins and ends: the stamps of its first lines and of its last one."""

from collections.abc import Iterator
from io import SEEK_END

from advisor.logs.blocks import LogFile
from advisor.logs.headers import Header, HeaderReader
from advisor.logs.time_window import LogEnd

LONGEST_LINE = 16_384
_TAIL = 1 << 18


def headers_of(log: LogFile, data: bytes) -> Iterator[tuple[bytes, Header]]:
    """The lines of a piece of the log that have a header, and what that says."""
    reader = HeaderReader(log.modified)
    for line in data.split(b"\n"):
        header = reader.read(line[:LONGEST_LINE].decode("utf-8", "surrogateescape"))
        if header is not None:
            yield line, header


def first_time(log: LogFile) -> float:
    """The stamp of the first line that has one, in seconds since the epoch; infinity where there is none."""
    times = (header.time for _, header in headers_of(log, log.head()) if header.time is not None)
    return next(times, float("inf"))


def end_of(log: LogFile) -> LogEnd | None:
    """The last line's time; None where no stamp is. A plain file is not read for that, an archive is
    unpacked.
    """
    if log.is_read_once:  # the journal, which ends now
        return LogEnd(log.modified.timestamp(), 0.0)
    reader = HeaderReader(log.modified)
    for line in reversed(_tail(log).split(b"\n")):
        header = reader.read(line[:LONGEST_LINE].decode("utf-8", "surrogateescape"))
        if header is not None and header.time is not None:
            return LogEnd(header.time, header.offset)
    return None


def _tail(log: LogFile) -> bytes:
    if plain := log.plain:
        with plain.open("rb") as file:
            file.seek(max(0, file.seek(0, SEEK_END) - _TAIL))
            return file.read()
    tail = b""
    for block in log.blocks_unrecorded():
        tail = tail[-_TAIL:] + block
    return tail
