"""Several files of one folder become new together, or stay old together.

A journal first; then each new file beside the old one, whole and on the disk; then one name after the other.
Nothing that fails before the first name changes anything; what fails behind it is taken back.
"""

from collections.abc import Sequence

import msgspec

from advisor.errors import WriteError
from advisor.writing.folders import Folder
from advisor.writing.journal import (
    JOURNAL,
    Entry,
    Journal,
    digest,
    remove_journal,
    temporary_name,
    write_journal,
)
from advisor.writing.target import Target


class Exchange(msgspec.Struct, frozen=True):
    """A file by its name in the folder of the journal, where it leads to, its new bytes, and the name of the
    file that has them first.
    """

    name: str
    target: Target
    after: bytes
    temporary: str

    @classmethod
    def of(cls, name: str, target: Target, after: bytes) -> "Exchange":
        """The exchange of a file that was found."""
        return cls(name, target, after, temporary_name(target.name))

    @property
    def entry(self) -> Entry:
        """What the journal says of it."""
        return Entry(self.name, self.temporary, digest(self.target.data), digest(self.after))

    @property
    def is_done(self) -> bool:
        """Whether the file has its new bytes. Raises OSError, WriteError."""
        return self.target.folder.read(self.target.name) == self.after


def exchange(folder: Folder, files: Sequence[Exchange]) -> None:
    """Writes all of the files; the journal is in `folder` until then. Raises WriteError, and then all of them
    are what they were, or it says that they are not.
    """
    try:
        write_journal(folder, Journal.of([each.entry for each in files]))
        for each in files:
            each.target.prepare(each.temporary, each.after)
        for each in files:
            each.target.replace(each.temporary)
    except BaseException:
        _take_back(folder, files)
        raise
    remove_journal(folder)


def _take_back(folder: Folder, files: Sequence[Exchange]) -> None:
    try:
        done = [each for each in files if each.is_done]
        if done:
            _exchange_back(folder, files, done)
        for each in files:
            each.target.folder.remove(each.temporary)
        remove_journal(folder)
    except (OSError, WriteError) as error:
        names = " and ".join(each.name for each in files)
        raise WriteError(
            f"the change of {names} could neither be finished nor taken back: {error}",
            where=str(folder.path),
            cure=f"mend that and run --fix again: it goes on from {JOURNAL}",
        ) from error


def _exchange_back(folder: Folder, files: Sequence[Exchange], done: Sequence[Exchange]) -> None:
    """Gives those that are done their old bytes. From the moment at which all of these are on the disk, the
    journal says so, and whoever finds it goes in this direction too.
    """
    for each in done:
        each.target.prepare(each.temporary, each.target.data)
    back = [
        Entry(each.name, each.temporary, each.entry.new if each in done else each.entry.old, each.entry.old)
        for each in files
    ]
    write_journal(folder, Journal.of(back, takes_back=True))
    for each in done:
        each.target.folder.replace(each.target.name, each.temporary)
