"""One log as blocks of bytes with plain lines, whatever it is packed in and whoever wrote it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from itertools import chain
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

from advisor.errors import InputError, unreadable
from advisor.logs.archives import BLOCK, Broke, decompressor_of, unpacked
from advisor.logs.breaks import Break
from advisor.logs.journal import translator_of
from advisor.logs.source import Progress, unheard
from advisor.standard_input import standard_input

HEAD = 1 << 14  # bytes that are looked at to find out what a file is

Raw = Callable[[], Iterator[bytes]]


@dataclass(slots=True)
class LogFile:
    """A log: its name in messages, and a time not before its last line. `raw` gives its bytes as they are
    stored.

    `breaks` is filled while it is read. `path` is None, and `is_read_once` True, for what is no file.
    """

    name: str
    modified: datetime
    raw: Raw = field(repr=False)
    path: Path | None = None
    is_read_once: bool = False
    breaks: list[Break] = field(default_factory=list)
    _head: bytes | None = field(default=None, repr=False)
    _begun: Iterator[bytes] | None = field(default=None, repr=False)

    @property
    def plain(self) -> Path | None:
        """The file, where it may be read in ranges of bytes: neither packed nor in need of translation."""
        if self.path is None:
            return None
        raw = self.raw()
        first = next(raw, b"")
        return None if decompressor_of(first) or translator_of(first) else self.path

    @property
    def is_packed(self) -> bool:
        """Whether it is an archive whose lines need no translation; False for what can be read once."""
        if self.is_read_once or not decompressor_of(next(self.raw(), b"")):
            return False
        return translator_of(next(unpacked(self.raw(), lambda _: None), b"")) is None

    def head(self) -> bytes:
        """The first lines, as `blocks` gives them; empty for an empty log. Raises InputError."""
        if self._head is None:
            if not self.is_read_once:
                self._head = next(self.blocks_unrecorded(), b"")[:HEAD]
            else:
                blocks = self._translated(self.raw(), self._broke)
                first = next(blocks, b"")
                self._begun = chain((first,), blocks)
                self._head = first[:HEAD]
        return self._head

    def blocks_unrecorded(self) -> Iterator[bytes]:
        """All of it, of what can be read again: where it breaks off is not kept."""
        return self._translated(self.raw(), lambda _: None)

    def blocks(self, progress: Progress = unheard) -> Iterator[bytes]:
        """All of it, about `BLOCK` bytes at a time. Raises InputError where a file cannot be read."""
        if self._begun is not None:
            begun, self._begun = self._begun, None
            return begun
        return self._translated(_heard(self.raw(), progress), self._broke)

    def _broke(self, text: str) -> None:
        self.breaks.append(Break(self.name, text))

    def _translated(self, raw: Iterator[bytes], broke: Broke) -> Iterator[bytes]:
        blocks = unpacked(raw, broke)
        first = next(blocks, b"")
        translator = translator_of(first)
        blocks = chain((first,), blocks)
        return translator().translate(blocks) if translator else blocks


def log_file(path: Path, name: str) -> LogFile:
    """The log in a file, or behind a pipe. Raises InputError."""
    try:
        status = path.stat()
    except OSError as error:
        raise cannot_be_read(name, error) from error
    is_file = S_ISREG(status.st_mode)

    def raw() -> Iterator[bytes]:
        try:
            with path.open("rb") as file:
                yield from _read(file)
        except OSError as error:
            raise cannot_be_read(name, error) from error

    modified = datetime.fromtimestamp(status.st_mtime, UTC) if is_file else datetime.now(UTC)
    return LogFile(name, modified, raw, path if is_file else None, is_read_once=not is_file)


def piped_log() -> LogFile:
    """What is piped in."""
    return LogFile("standard input", datetime.now(UTC), lambda: _read(standard_input()), is_read_once=True)


def log_in_memory(name: str, data: bytes, modified: datetime) -> LogFile:
    """A log that is at hand as bytes."""
    return LogFile(name, modified, lambda: _read(BytesIO(data)))


def cannot_be_read(name: str, error: OSError) -> InputError:
    """What is said of a file that the system does not give."""
    return unreadable(error, name, "the log")


def _read(file: BinaryIO) -> Iterator[bytes]:
    size = HEAD  # whoever looks at the head alone reads no more
    while block := file.read(size):
        yield block
        size = BLOCK


def _heard(blocks: Iterator[bytes], progress: Progress) -> Iterator[bytes]:
    for block in blocks:
        progress(len(block))
        yield block
