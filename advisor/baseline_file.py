"""The file that holds a baseline: JSON with one entry a line, sorted, so that a diff of it can be read."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec

from advisor.errors import InputError, unreadable
from advisor.output_file import write_whole
from advisor.report.json_text import schema_of

VERSION: Final = 1
# 64 MB are some 200,000 findings.
_LARGEST: Final = 64 << 20
_ANEW = "write it anew with 'advisor baseline'"


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding that was there when the baseline was written. `configuration` is the folder of main.cf as
    seen from the folder of this file, `file` a file as seen from there. `message` is for people alone, and
    `service` is null for what is about no service.
    """

    configuration: str
    file: str
    rule: str
    service: str | None
    fingerprint: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
    message: str


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A baseline of advisor: the findings that `advisor check --baseline FILE` does not count."""

    version: Literal[1]
    entries: list[Entry]


class _AnyVersion(msgspec.Struct, frozen=True):
    version: int
    entries: list[msgspec.Raw]


def read_entries(path: Path) -> tuple[Entry, ...]:
    """The entries of the file. Raises InputError for one that is missing, unreadable, or no baseline of a
    version that is known here.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError as error:
        raise InputError(
            "does not exist", where=str(path), cure="write it with 'advisor baseline'"
        ) from error
    except OSError as error:
        raise unreadable(error, str(path)) from error
    if len(data) > _LARGEST:
        raise InputError(f"has more than {_LARGEST >> 20} MB", where=str(path), cure=_ANEW)
    try:
        version = msgspec.json.decode(data, type=_AnyVersion).version
        if version == VERSION:
            return tuple(msgspec.json.decode(data, type=Document).entries)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise InputError(
            f"is no baseline: {error}", where=str(path), cure=f"move it away, and {_ANEW}"
        ) from error
    raise InputError(
        f"is a baseline of version {version}, and this advisor knows version {VERSION}",
        where=str(path),
        cure=f"install the advisor that wrote it, or move it away and {_ANEW}",
    )


def baseline_text(entries: Iterable[Entry]) -> str:
    """The text of a baseline: the same findings give the same bytes."""
    lines = [msgspec.json.encode(each).decode() for each in sorted(set(entries), key=_order)]
    listed = ",\n    ".join(lines)
    inside = f"[\n    {listed}\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "entries": {inside}\n}}\n'


def write_entries(path: Path, entries: Iterable[Entry]) -> None:
    """Writes the baseline, in the place of an older one. Raises InputError where that cannot be done, and
    where the file that is there is none.
    """
    try:
        is_there = path.is_file() and path.stat().st_size > 0
    except OSError as error:
        raise unreadable(error, str(path)) from error
    if is_there:
        _must_be_one(path)
    write_whole(path, baseline_text(entries).encode())


def _must_be_one(path: Path) -> None:
    try:
        read_entries(path)
    except InputError as error:
        raise InputError(
            "is there, and is no baseline that could be replaced",
            where=str(path),
            cure="name another file, or move it away",
        ) from error


def baseline_schema() -> dict[str, Any]:
    """The JSON Schema of the format."""
    return schema_of(Document)


def _order(entry: Entry) -> tuple[str, ...]:
    return (
        entry.configuration,
        entry.file,
        entry.rule,
        entry.service or "",
        entry.message,
        entry.fingerprint,
    )
