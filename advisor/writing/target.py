"""A file that is to be replaced: found behind its links, and known again right before that."""

import os
from pathlib import Path

import msgspec

from advisor.errors import WriteError
from advisor.writing.attributes import Attributes
from advisor.writing.folders import Folder, Folders, contents, told
from advisor.writing.refusals import must_be_replaceable


class Target(msgspec.Struct, frozen=True):
    """A file by its name in a folder, the bytes it has, and what is kept of it beside them. `number` is the
    same for the same file.
    """

    folder: Folder
    name: str
    data: bytes
    kept: Attributes
    number: tuple[int, int]

    @classmethod
    def find(cls, path: Path, folders: Folders) -> "Target":
        """The file at a path, or behind the link there; the link stays. Raises WriteError if it may not or
        cannot be replaced.
        """
        with told(path):
            real = Path(os.path.realpath(path, strict=True))
        found = cls._look(folders.take(real.parent), real.name)
        with told(real), found.folder.opened(found.name) as fd:
            must_be_replaceable(found.folder, found.name, fd, found.kept)
        return found

    @classmethod
    def _look(cls, folder: Folder, name: str) -> "Target":
        with told(folder.path / name), folder.opened(name) as fd:
            status = os.fstat(fd)
            kept = Attributes.of(fd)
            return cls(folder, name, contents(fd), kept, (status.st_dev, status.st_ino))

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.folder.path / self.name

    def prepare(self, temporary: str, data: bytes) -> None:
        """A file beside it with other bytes and all else the same."""
        with told(self.path):
            self.folder.create(temporary, data, lambda fd: self.kept.give(fd, str(self.path)))

    def replace(self, temporary: str) -> None:
        """Puts what was prepared in its place. Raises WriteError if it is not any more what was found."""
        if self._look(self.folder, self.name) != self:
            raise changed(self.path)
        with told(self.path):
            self.folder.replace(self.name, temporary)


def changed(path: Path) -> WriteError:
    """What is said of a file that somebody else has changed meanwhile."""
    return WriteError("has changed since it was read", where=str(path), cure="run this again")
