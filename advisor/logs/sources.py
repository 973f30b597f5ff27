"""Where logs come from: files, .gz files, standard input.

Several files are put into the order of their first stamps, whatever their names say.
"""

import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from advisor.errors import InputError, NothingToCheck
from advisor.logs.metrics import Metrics
from advisor.logs.scan import scan_file

_BLOCK = 1 << 18
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP = 31  # what zlib calls "a gzip header, and the largest window"
STDIN = "-"


@dataclass(frozen=True, slots=True)
class LogText:
    """A log that is at hand as bytes: its name in messages, and a time not before its last line."""

    name: str
    data: bytes = field(repr=False)
    modified: datetime


def read_logs(paths: Sequence[str], texts: Sequence[LogText] = ()) -> Metrics:
    """The metrics of all the files and texts together.

    Raises InputError when a file cannot be read and NothingToCheck when none holds a line of Postfix.
    """
    parts = [_read(path) for path in paths]
    parts += [scan_file(_blocks(BytesIO(text.data), text.name), text.name, text.modified) for text in texts]
    parts.sort(key=lambda part: part.first if part.first is not None else float("inf"))
    total = Metrics()
    for part in parts:
        total.merge(part)
    if total.postfix_lines == 0:
        raise NothingToCheck(
            f"no line of Postfix among {total.lines.total()} lines",
            where=", ".join((*paths, *(text.name for text in texts))),
            cure="name the log that Postfix writes, often /var/log/mail.log or /var/log/maillog",
        )
    return total


def _read(path: str) -> Metrics:
    if path == STDIN:
        return scan_file(_blocks(sys.stdin.buffer, "standard input"), "standard input", datetime.now(UTC))
    try:
        with Path(path).open("rb") as file:
            modified = datetime.fromtimestamp(Path(path).stat().st_mtime, UTC)
            return scan_file(_blocks(file, path), path, modified)
    except OSError as error:
        raise InputError(
            f"the log cannot be read: {error.strerror}", where=path, cure="name a readable file"
        ) from error


def _blocks(file: BinaryIO, name: str) -> Iterator[bytes]:
    block = file.read(_BLOCK)
    if not block.startswith(_GZIP_MAGIC):
        while block:
            yield block
            block = file.read(_BLOCK)
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
            block = file.read(_BLOCK)
    if not unpack.eof:
        raise InputError("the archive ends in the middle", where=name, cure="copy it again")
