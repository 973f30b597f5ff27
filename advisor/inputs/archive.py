"""The files in a tar, read in memory.

An archive is a stranger's: nothing of it is unpacked to disk, no link is followed, and what is larger than
any real one is refused.
"""

import gzip
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import RawIOBase
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec

from advisor.errors import InputError

_GZIP_MAGIC = b"\x1f\x8b"
_TAR_MAGIC = b"ustar"
_TAR_MAGIC_AT = 257
_SUFFIXES = (".tar", ".tar.gz", ".tgz")
# collect.sh takes at most 1 MB of a table and 256 MB of the log; an archive made by hand may have more.
_LARGEST_FILE = 16 << 20
_LARGEST_LOG = 512 << 20
_LARGEST_ARCHIVE = 768 << 20
_MOST_FILES = 5000
_CURE = "make it with 'advisor collect --script'"


class Content(msgspec.Struct, frozen=True):
    """A regular file of the archive, and when it was last changed."""

    data: bytes
    modified: datetime


def is_archive(path: Path) -> bool:
    """Whether the file is a tar, or named like one. A folder or a missing file is none."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(_TAR_MAGIC_AT + len(_TAR_MAGIC))
    except OSError:
        return False
    return head.startswith(_GZIP_MAGIC) or head[_TAR_MAGIC_AT:] == _TAR_MAGIC or path.name.endswith(_SUFFIXES)


def files_of(path: Path) -> dict[PurePosixPath, Content]:
    """The regular files of the archive, plain or gzipped, by name.

    Raises InputError for one that is damaged or too large.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
            raw.seek(0)
            plain = _Bounded(gzip.GzipFile(fileobj=raw) if packed else raw, path)
            with tarfile.open(fileobj=plain, mode="r|") as archive:
                files = dict(_contents(archive, path))
        if plain.tail.strip(b"\0"):
            raise _Torn("it ends in the middle")
    except (tarfile.TarError, EOFError, OSError, ValueError, OverflowError) as error:
        raise InputError(
            f"is no archive that can be read: {error}", where=str(path), cure="copy it again"
        ) from error
    return files


class _Torn(tarfile.TarError):
    """The archive lacks the block of zeros at its end, which tarfile lets pass."""


class _Bounded(RawIOBase):
    """What is behind an archive, up to a size that no real one has. `tail` is the last block of it."""

    def __init__(self, file: IO[bytes] | gzip.GzipFile, path: Path) -> None:
        self._file = file
        self._path = path
        self._left = _LARGEST_ARCHIVE
        self.tail = b""

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self._left -= len(data)
        self.tail = (self.tail + data)[-tarfile.BLOCKSIZE :]
        if self._left < 0:
            raise _too_large(self._path, "it", _LARGEST_ARCHIVE)
        return data


def _contents(archive: tarfile.TarFile, path: Path) -> Iterator[tuple[PurePosixPath, Content]]:
    for count, member in enumerate(archive):
        if count >= _MOST_FILES:
            raise InputError(f"holds more than {_MOST_FILES} files", where=str(path), cure=_CURE)
        name = PurePosixPath(member.name)
        if not member.isreg() or member.issparse() or name.is_absolute() or ".." in name.parts:
            continue
        largest = _LARGEST_LOG if name.parent.name == "log" else _LARGEST_FILE
        if member.size > largest:
            raise _too_large(path, str(name), largest)
        content = archive.extractfile(member)
        if content is not None:
            modified = datetime.fromtimestamp(max(0, member.mtime), UTC)
            yield name, Content(content.read(), modified)


def _too_large(path: Path, what: str, limit: int) -> InputError:
    return InputError(f"{what} has more than {limit >> 20} MB", where=str(path), cure=_CURE)
