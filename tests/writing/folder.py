"""A folder with two files that belong together, old or new."""

from pathlib import Path

from advisor.writing.recovery import recover
from advisor.writing.rewrite import Rewrite
from advisor.writing.write import write

OLD = {"main.cf": b"biff = yes\nbiff = no\n", "master.cf": b"smtp inet n - n - - smtpd\n"}
NEW = {"main.cf": b"biff = no\n", "master.cf": b"smtp inet n - n - 20 smtpd\n"}


def fill(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in OLD.items():
        (folder / name).write_bytes(data)
        (folder / name).chmod(0o640)
    return folder


def rewrites(folder: Path) -> tuple[Rewrite, ...]:
    return tuple(Rewrite(folder / name, OLD[name], NEW[name]) for name in OLD)


def mend(folder: Path) -> None:
    """What a run of --fix does to the disk."""
    recover(folder)
    if bytes_of(folder) != NEW:
        write([rewrites(folder)])


def bytes_of(folder: Path) -> dict[str, bytes]:
    """All files with their bytes."""
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def must_be_whole(folder: Path) -> None:
    """Each file is the old or the new one, whatever else there may be."""
    for name, old in OLD.items():
        assert (folder / name).read_bytes() in (old, NEW[name])
        assert (folder / name).stat().st_mode & 0o7777 == 0o640
