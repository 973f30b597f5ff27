"""A run of --fix that was killed is finished, or taken back, by the next one."""

from enum import Enum
from pathlib import Path

import msgspec

from advisor.errors import WriteError
from advisor.writing.folders import Folders, told
from advisor.writing.journal import (
    JOURNAL,
    Entry,
    digest,
    has_journal,
    has_trace,
    is_temporary,
    read_journal,
    remove_journal,
)
from advisor.writing.target import Target


class _State(Enum):
    OLD = "old"
    NEW = "new"
    OTHER = "other"


class _Found(msgspec.Struct, frozen=True):
    """A file of the journal, as it is now."""

    entry: Entry
    target: Target

    @property
    def state(self) -> _State:
        found = digest(self.target.data)
        if found == self.entry.new:
            return _State.NEW
        return _State.OLD if found == self.entry.old else _State.OTHER


def recover(folder: Path) -> str:
    """What was done about an interrupted run in the folder, in words; empty if there was none.

    Once a file was new, the others become so; before that, nothing is changed. Raises WriteError, and changes
    nothing, where a file is neither the old nor the new one.
    """
    if not has_trace(folder):
        return ""
    with Folders() as folders:
        own = folders.take(folder)
        if not has_journal(folder):
            remove_journal(own)  # the run had not come so far, or another one was quicker
            return ""
        files = [_look(folder, entry, folders) for entry in read_journal(own).files]
        if unknown := [each for each in files if each.state is _State.OTHER]:
            raise _by_hand(folder, files, f"{unknown[0].entry.name} is neither the old nor the new one")
        begun = any(each.state is _State.NEW for each in files)
        waiting = [each for each in files if begun and each.state is _State.OLD]
        for each in waiting:
            _must_be_whole(folder, files, each)
        for each in waiting:
            each.target.replace(each.entry.temporary)
        for each in files:
            with told(each.target.path):
                each.target.folder.remove(each.entry.temporary)
        remove_journal(own)
    names = " and ".join(each.entry.name for each in files)
    done = f"its change of {names} is finished now" if begun else f"{names} had not been changed yet"
    return f"an earlier run of --fix was interrupted: {done}"


def _look(folder: Path, entry: Entry, folders: Folders) -> _Found:
    target = Target.find(folder / entry.name, folders)
    if not is_temporary(entry.temporary, target.name):
        raise WriteError(
            f"names a file that --fix would not make: {entry.temporary}",
            where=str(folder / JOURNAL),
            cure="see that the files are as you want them, and remove it",
        )
    return _Found(entry, target)


def _must_be_whole(folder: Path, files: list[_Found], found: _Found) -> None:
    """The new file is on the disk before the first name changes, so only somebody else can take it."""
    path = found.target.folder.path / found.entry.temporary
    try:
        data = found.target.folder.read(found.entry.temporary)
    except (OSError, WriteError) as error:
        raise _by_hand(folder, files, f"{path} is not there any more") from error
    if digest(data) != found.entry.new:
        raise _by_hand(folder, files, f"{path} was changed")


def _by_hand(folder: Path, files: list[_Found], why: str) -> WriteError:
    names = " and ".join(each.entry.name for each in files)
    left = ", ".join([JOURNAL, *(each.entry.temporary for each in files)])
    return WriteError(
        f"an earlier run of --fix was interrupted, and {why}",
        where=str(folder),
        cure=f"see that {names} are as you want them, and remove {left}",
    )
