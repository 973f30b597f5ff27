"""Which files are meant, each once, in the order of their lines."""

import glob
import os
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from advisor.errors import InputError
from advisor.logs.blocks import LogFile, cannot_be_read, log_file
from advisor.logs.breaks import Break
from advisor.logs.ends import first_time, headers_of
from advisor.logs.headers import Header

_LOOKED_AT = 50  # lines that decide what a file is


def files_named(name: str) -> Iterator[LogFile]:
    """The logs that a path means: a file, the files a pattern matches, all logs in a folder. Raises
    InputError.
    """
    path = Path(name)
    if not path.exists() and glob.has_magic(name):
        matches = sorted(glob.glob(name))  # noqa: PTH207 - the pattern may be absolute, or begin with ../
        if not matches:
            raise InputError("no file matches", where=name, cure="name a readable file")
        for match in matches:
            yield from files_named(match)
    elif path.is_dir():
        yield from _files_in(path, name)
    else:
        yield log_file(path, name)


def _files_in(folder: Path, name: str) -> Iterator[LogFile]:
    try:
        paths = sorted(each for each in folder.iterdir() if each.is_file())
    except OSError as error:
        raise cannot_be_read(name, error) from error
    found = False
    for path in paths:
        file = log_file(path, os.path.join(name, path.name))  # noqa: PTH118 - as the administrator wrote it
        if first_header(file) is not None:
            found = True
            yield file
    if not found:
        raise InputError("no file in this folder looks like a log", where=name, cure="name the log itself")


def first_header(file: LogFile) -> Header | None:
    """The header of the first line that has one with a program; None where the file looks like no log."""
    lines = file.head().split(b"\n", _LOOKED_AT)[:_LOOKED_AT]
    headers = (header for _, header in headers_of(file, b"\n".join(lines)) if header.tag)
    return next(headers, None)


def in_order(files: Sequence[LogFile]) -> tuple[list[LogFile], list[Break]]:
    """The files by the stamps of their first lines, those without one at the end, and what was left out: a
    file
    that is named twice, or whose lines another one holds as well.
    """
    kept: list[LogFile] = []
    doubles: list[Break] = []
    by_head = sorted(_different(files), key=lambda file: _first_line(file.head()))
    for _, group in groupby(by_head, key=lambda file: _first_line(file.head())):
        alike: list[LogFile] = []
        for file in group:
            _take(file, alike, doubles)
        kept += alike
    return sorted(kept, key=first_time), sorted(doubles)


def _different(files: Sequence[LogFile]) -> list[LogFile]:
    seen: dict[object, LogFile] = {}
    for file in files:
        status = file.path.stat() if file.path else None
        seen.setdefault((status.st_dev, status.st_ino) if status else id(file), file)
    return list(seen.values())


def _take(file: LogFile, alike: list[LogFile], doubles: list[Break]) -> None:
    """Adds a file to those that begin as it does, unless one of them holds all of it."""
    for index, other in enumerate(alike):
        longer = None if file.is_read_once or other.is_read_once else _longer(other, file)
        if longer is None:
            continue
        left_out = other if longer is file else file
        alike[index] = longer
        doubles.append(Break(left_out.name, f"left out: {longer.name} holds the same lines"))
        return
    alike.append(file)


def _longer(one: LogFile, other: LogFile) -> LogFile | None:
    """The one that begins with all that the other holds; None where they differ, or where one is empty."""
    blocks, others = one.blocks_unrecorded(), other.blocks_unrecorded()
    left = right = b""
    alike = 0
    while (left := left or next(blocks, b"")) and (right := right or next(others, b"")):
        size = min(len(left), len(right))
        if left[:size] != right[:size]:
            return None
        alike += size
        left, right = left[size:], right[size:]
    if not alike:
        return None
    return other if right or next(others, b"") else one


def _first_line(head: bytes) -> bytes:
    return head.lstrip(b"\r\n").partition(b"\n")[0]
