"""What a run of --fix is about to do, on the disk before it does it, so that the next one can go on.

The journal names files of its own folder, and temporary ones whose names only --fix gives. Whoever can put a
false one there can write the files themselves, and no more.
"""

import os
import re
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final

import msgspec

from advisor.errors import WriteError
from advisor.writing.folders import Folder, contents, told

JOURNAL: Final = ".advisor-fix.json"
INTERRUPTED: Final = (
    "an earlier run of --fix was interrupted, so these files may not belong together; "
    "'advisor check --fix' finishes it or takes it back"
)
_UNREADY = f"{JOURNAL}.new"
_VERSION = 1
_LARGEST = 1 << 16

_Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
_FileName = Annotated[str, msgspec.Meta(pattern=r"^[^/\x00]+$")]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file: its name in the folder, where it may be a link; the temporary file beside what it leads to;
    and the digests of its bytes before and behind.
    """

    name: _FileName
    temporary: _FileName
    old: _Digest
    new: _Digest


class Journal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The files that belong together."""

    version: int
    files: tuple[Entry, ...]

    @classmethod
    def of(cls, files: tuple[Entry, ...]) -> "Journal":
        """The journal for these files."""
        return cls(_VERSION, files)


def digest(data: bytes) -> str:
    """What stands for bytes in a journal."""
    return sha256(data).hexdigest()


def temporary_name(name: str) -> str:
    """A name for what is to become the file of that name, which nobody else uses."""
    return f".{name}.advisor-{os.urandom(8).hex()}"


def is_temporary(temporary: str, name: str) -> bool:
    """Whether `temporary_name(name)` may have given that."""
    return re.fullmatch(rf"\.{re.escape(name)}\.advisor-[0-9a-f]{{16}}", temporary) is not None


def has_journal(folder: Path) -> bool:
    """Whether a run of --fix in the folder did not end; False where one may not look."""
    return os.path.lexists(folder / JOURNAL)


def has_trace(folder: Path) -> bool:
    """Whether such a run left anything in the folder, be it a journal that it had not finished."""
    return has_journal(folder) or os.path.lexists(folder / _UNREADY)


def must_have_no_journal(folder: Folder) -> None:
    """Raises WriteError where a run was interrupted since this one began; it would lose its journal."""
    if has_journal(folder.path):
        raise WriteError(
            "another run of --fix was interrupted", where=str(folder.path), cure="run this again"
        )


def write_journal(folder: Folder, journal: Journal) -> None:
    """Puts the journal into its folder; it is there as a whole or not at all. Raises WriteError."""
    with told(folder.path / JOURNAL):
        folder.remove(_UNREADY)  # the folder is locked: nobody is writing it
        folder.create(_UNREADY, msgspec.json.encode(journal))
        folder.replace(JOURNAL, _UNREADY)


def remove_journal(folder: Folder) -> None:
    """What it said is done. Raises WriteError."""
    with told(folder.path / JOURNAL):
        folder.remove(JOURNAL)
        folder.remove(_UNREADY)


def read_journal(folder: Folder) -> Journal:
    """The journal of a folder that has one. Raises WriteError for one that --fix did not write."""
    path = folder.path / JOURNAL
    with told(path), folder.opened(JOURNAL) as fd:
        status = os.fstat(fd)
        owners = (0, os.geteuid(), os.fstat(folder.fd).st_uid)
        if status.st_uid not in owners or status.st_size > _LARGEST:
            raise _not_ours(path)
        data = contents(fd)
    try:
        journal = msgspec.json.decode(data, type=Journal)
    except msgspec.MsgspecError as error:
        raise _not_ours(path) from error
    if journal.version != _VERSION:
        raise _not_ours(path)
    return journal


def _not_ours(path: Path) -> WriteError:
    return WriteError(
        "is not the journal of an interrupted run of this advisor's --fix",
        where=str(path),
        cure="see that main.cf and master.cf are as you want them, and remove it",
    )
