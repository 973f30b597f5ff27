"""Where logs come from: files, .gz files, standard input.

Several files are put into the order of their first stamps, whatever their names say.
"""

import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from advisor.errors import InputError, NothingToCheck, UsageError
from advisor.logs.metrics import Metrics
from advisor.logs.scan import scan_file
from advisor.logs.time_window import AskedTime, LogEnd, TimeWindow
from advisor.logs.timestamps import StampReader

_BLOCK = 4 << 20
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP = 31  # what zlib calls "a gzip header, and the largest window"
STDIN = "-"

# Hears how many more bytes have been read, once a block.
Progress = Callable[[int], None]
_ALL_TIME = AskedTime()


def unheard(_: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class LogText:
    """A log that is at hand as bytes: its name in messages, and a time not before its last line."""

    name: str
    data: bytes = field(repr=False)
    modified: datetime

    def __str__(self) -> str:
        return self.name


# A path, `-` for standard input, or the text itself.
Source = str | LogText


def read_logs(
    sources: Sequence[Source], *, asked: AskedTime = _ALL_TIME, progress: Progress = unheard
) -> Metrics:
    """The metrics of all the sources together, of the time that was asked for.

    Raises InputError when a file cannot be read, NothingToCheck when none holds a line of Postfix, UsageError
    for a time that counts back from the end of standard input.
    """
    window = asked.window(_end(sources) if asked.needs_end else None) if asked != _ALL_TIME else None
    parts = [_read(source, window, progress) for source in sources]
    parts.sort(key=lambda part: part.first if part.first is not None else float("inf"))
    total = Metrics()
    for part in parts:
        total.merge(part)
    if total.postfix_lines == 0:
        outside = f", {total.outside} of them outside of --since and --until" if total.outside else ""
        raise NothingToCheck(
            f"no line of Postfix among {total.lines.total()} lines{outside}",
            where=", ".join(map(str, sources)),
            cure="ask for another time"
            if outside
            else "name the log that Postfix writes, often /var/log/mail.log or /var/log/maillog",
        )
    return total


class _Opened(NamedTuple):
    """An open source: its bytes, its name in messages, and a time not before its last line."""

    file: BinaryIO
    name: str
    modified: datetime


@contextmanager
def _opened(source: Source) -> Iterator[_Opened]:
    if isinstance(source, LogText):
        yield _Opened(BytesIO(source.data), source.name, source.modified)
        return
    if source == STDIN:
        yield _Opened(sys.stdin.buffer, "standard input", datetime.now(UTC))
        return
    try:
        with Path(source).open("rb") as file:
            modified = datetime.fromtimestamp(Path(source).stat().st_mtime, UTC)
            yield _Opened(file, source, modified)
    except OSError as error:
        raise InputError(
            f"the log cannot be read: {error.strerror}", where=source, cure="name a readable file"
        ) from error


def _read(source: Source, window: TimeWindow | None, progress: Progress) -> Metrics:
    with _opened(source) as (file, name, modified):
        return scan_file(_blocks(file, name, progress), name, modified, window)


def _end(sources: Sequence[Source]) -> LogEnd:
    """The last line's time. A plain file is not read for that, an archive has to be unpacked."""
    if any(isinstance(each, str) and (each == STDIN or Path(each).is_fifo()) for each in sources):
        raise UsageError(
            "a time that counts back from the log's end needs a file: a pipe can be read once",
            where="--since, --until",
            cure="give an absolute time such as 2026-11-23T04:00",
        )
    ends = [end for end in map(_end_of, sources) if end is not None]
    if not ends:
        raise InputError(
            "the last lines have no time stamp, so that --since or --until cannot count back from them",
            where=", ".join(map(str, sources)),
            cure="give an absolute time such as 2026-11-23T04:00",
        )
    return max(ends, key=lambda end: end.time)


def _end_of(source: Source) -> LogEnd | None:
    with _opened(source) as (file, name, modified):
        stamps = StampReader(modified)
        if file.read(len(_GZIP_MAGIC)) != _GZIP_MAGIC:
            file.seek(max(0, file.seek(0, SEEK_END) - _BLOCK))
            tail = file.read()
        else:
            file.seek(0)
            tail = b""
            for block in _blocks(file, name, unheard):
                tail = tail[-_BLOCK:] + block
    for line in reversed(tail.split(b"\n")):
        if stamp := stamps.read(line.decode("utf-8", "surrogateescape")):
            return LogEnd(stamp[0], stamps.offset)
    return None


def _blocks(file: BinaryIO, name: str, progress: Progress) -> Iterator[bytes]:
    def read() -> bytes:
        block = file.read(_BLOCK)
        progress(len(block))
        return block

    block = read()
    if not block.startswith(_GZIP_MAGIC):
        while block:
            yield block
            block = read()
        return
    unpack = zlib.decompressobj(wbits=_GZIP)
    while block:
        try:
            yield unpack.decompress(block)
        except zlib.error as error:
            raise InputError(
                f"the archive is damaged: {error}", where=name, cure="copy it again, or unpack it by hand"
            ) from error
        if unpack.eof and unpack.unused_data:  # an archive may be several, one behind the other
            block, unpack = unpack.unused_data, zlib.decompressobj(wbits=_GZIP)
        else:
            block = read()
    if not unpack.eof:
        raise InputError("the archive ends in the middle", where=name, cure="copy it again")
