"""Folders that are open: each file is named relative to one, so that no link on the way can lead elsewhere.

Everything that is done to the disk is done here.
"""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, ENOSPC
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from types import TracebackType

import msgspec

from advisor.errors import WriteError

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FULL = (ENOSPC, EDQUOT, EFBIG)


class Folder(msgspec.Struct, frozen=True):
    """A folder, by its whole path without links, and as it is open."""

    path: Path
    fd: int

    @contextmanager
    def opened(self, name: str) -> Iterator[int]:
        """The regular file of that name, open to be read. Raises WriteError for anything else, OSError."""
        fd = os.open(name, _READ, dir_fd=self.fd)
        try:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise WriteError(
                    "is not a regular file",
                    where=str(self.path / name),
                    cure="put a file in its place, or use 'advisor check --diff'",
                )
            yield fd
        finally:
            os.close(fd)

    def read(self, name: str) -> bytes:
        """The bytes of a regular file. Raises as `opened` does."""
        with self.opened(name) as fd:
            return contents(fd)

    def create(self, name: str, data: bytes, prepare: Callable[[int], None] | None = None) -> None:
        """A new file with these bytes, for its owner alone, safely on the disk. `prepare` may change the
        open file otherwise. Raises OSError, also where there is one of that name.
        """
        fd = os.open(name, _CREATE, 0o600, dir_fd=self.fd)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(fd, rest) :]
            if prepare is not None:
                prepare(fd)
            os.fsync(fd)
        finally:
            os.close(fd)

    def replace(self, name: str, by: str) -> None:
        """Gives the file `by` the name of another one, at one stroke, safely on the disk."""
        os.rename(by, name, src_dir_fd=self.fd, dst_dir_fd=self.fd)
        os.fsync(self.fd)

    def remove(self, name: str) -> None:
        """Removes a file, if there is one."""
        try:
            os.unlink(name, dir_fd=self.fd)
        except FileNotFoundError:
            return
        os.fsync(self.fd)


class Folders:
    """The folders that are worked in; no other run of --fix works in them until these are closed.

    The lock is the kernel's and on the folder itself: it ends with the process, and leaves nothing behind.
    """

    def __init__(self) -> None:
        self._open: dict[tuple[int, int], Folder] = {}

    def __enter__(self) -> "Folders":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for folder in self._open.values():
            os.close(folder.fd)

    def take(self, path: Path) -> Folder:
        """The folder, open and locked. Raises WriteError where another run has it, or that cannot be told."""
        with told(path):
            path = Path(os.path.realpath(path))
            fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            status = os.fstat(fd)
            key = (status.st_dev, status.st_ino)
            if key in self._open:
                os.close(fd)
                return self._open[key]
            self._open[key] = folder = Folder(path, fd)
            try:
                flock(fd, LOCK_EX | LOCK_NB)
            except BlockingIOError as error:
                raise WriteError(
                    "another run of advisor check --fix is at work in this folder",
                    where=str(path),
                    cure="wait until it has ended",
                ) from error
            return folder


def contents(fd: int) -> bytes:
    """All bytes of an open file, from where it stands."""
    parts: list[bytes] = []
    while part := os.read(fd, 1 << 20):
        parts.append(part)
    return b"".join(parts)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What the system refuses becomes a WriteError that names `path`."""
    try:
        yield
    except OSError as error:
        cure = "make room there" if error.errno in _FULL else "see to that, or use 'advisor check --diff'"
        raise WriteError(f"cannot be written: {error.strerror}", where=str(path), cure=cure) from error
