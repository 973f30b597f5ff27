"""A unified diff applied in memory: the opposite of diff.py, for what `diff -u` and advisor write.

Each hunk has to fit exactly at its place, or at a place near by where lines were added or taken in front of
it. Knowledge: POSIX diff, "Diff -u Output Format"; GNU patch.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import msgspec

from advisor.errors import UsageError
from advisor.settings.instance import Instance
from advisor.settings.tables import CONFIGURATION, TableReader
from advisor.syntax.source import SourceFile

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_NO_NEWLINE = "\\"
_CURE = "make the diff from this very text: diff -u OLD NEW, or advisor check --diff"


class Hunk(msgspec.Struct, frozen=True):
    """The lines that are replaced, from line `start` (from 1), and those that stand in their place."""

    start: int
    before: tuple[str, ...]
    after: tuple[str, ...]


def apply_diff(diff: str, read: Callable[[str], str | None], where: str) -> dict[str, str]:
    """The new texts by file name. `read` has the present text of a name, None where there is none; names are
    without the first folder, as `patch -p1` takes them. Raises UsageError, which says `where` the diff is
    from.
    """
    found: dict[str, str] = {}
    for name, hunks in _files(diff, where):
        text = found.get(name, read(name))
        if text is None:
            raise UsageError(f"the patch is for {name}, which was not given", where=where, cure=_CURE)
        found[name] = _applied(text, hunks, f"{where}: {name}")
    if not found:
        raise UsageError("this is no unified diff", where=where, cure=_CURE)
    return found


def patched(before: Instance, diff: str, name: str) -> Instance:
    """The instance with its files as the diff of that name leaves them, tables too. Raises UsageError where
    it does not fit.
    """
    sources = {"main.cf": before.main_cf.source}
    if before.master_cf is not None:
        sources["master.cf"] = before.master_cf.source

    def present(file: str) -> str | None:
        source = sources.get(file) or before.table(str(CONFIGURATION / file)) or before.table(f"/{file}")
        return source.text if source else None

    texts = apply_diff(diff, present, name)
    named = {file: SourceFile(sources[file].name, texts.pop(file)) for file in sources if file in texts}
    after = before.with_text(main=named.get("main.cf"), master=named.get("master.cf"))
    return replace(after, table=_with(texts, before.table)) if texts else after


def _with(texts: dict[str, str], table: TableReader) -> TableReader:
    changed = {
        path: SourceFile(f"{path} with the patch", text)
        for file, text in texts.items()
        for path in (str(CONFIGURATION / file), f"/{file}")
    }
    return lambda path: changed.get(path) or table(path)


def _files(diff: str, where: str) -> Iterator[tuple[str, list[Hunk]]]:
    lines = diff.split("\n")
    place = 0
    while place < len(lines):
        if not lines[place].startswith("--- ") or not lines[place + 1 : place + 2]:
            place += 1
            continue
        name = _name(lines[place + 1], where)
        place += 2
        hunks: list[Hunk] = []
        while place < len(lines) and (head := _HUNK.match(lines[place])):
            hunk, place = _hunk(lines, place + 1, head, where)
            hunks.append(hunk)
        yield name, hunks


def _name(line: str, where: str) -> str:
    path = line.removeprefix("+++ ").split("\t")[0].rstrip("\r")
    if not line.startswith("+++ ") or path.startswith('"'):
        raise UsageError(f"a file's name is missing or quoted: {line!r}", where=where, cure=_CURE)
    return path.partition("/")[2] or path


def _hunk(lines: list[str], place: int, head: re.Match[str], where: str) -> tuple[Hunk, int]:
    sizes = [int(head[group] or "1") for group in (2, 4)]
    sides: tuple[list[str], list[str]] = ([], [])
    while len(sides[0]) < sizes[0] or len(sides[1]) < sizes[1]:
        line = lines[place] if place < len(lines) else "?"
        place += 1
        mark, text = line[:1] or " ", line[1:]
        if mark == _NO_NEWLINE:
            continue
        if mark not in " +-":
            raise UsageError("a hunk of the patch is cut off", where=where, cure=_CURE)
        is_whole = not "".join(lines[place : place + 1]).startswith(_NO_NEWLINE)
        for side, other in ((0, "+"), (1, "-")):
            if mark != other:
                sides[side].append(text + "\n" * is_whole)
    if "".join(lines[place : place + 1]).startswith(_NO_NEWLINE):
        place += 1
    return Hunk(int(head[1]), tuple(sides[0]), tuple(sides[1])), place


def _applied(text: str, hunks: list[Hunk], where: str) -> str:
    lines = _by_newline(text)
    moved = 0
    for hunk in hunks:
        wanted = hunk.start - 1 + moved + (not hunk.before)
        place = _fits(lines, hunk, wanted)
        if place is None:
            raise UsageError(f"the patch does not fit at line {hunk.start}", where=where, cure=_CURE)
        lines[place : place + len(hunk.before)] = hunk.after
        moved += len(hunk.after) - len(hunk.before) + place - wanted
    return "".join(lines)


def _by_newline(text: str) -> list[str]:
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _fits(lines: list[str], hunk: Hunk, wanted: int) -> int | None:
    """The place nearest to the wanted one where the old lines stand."""
    size = len(hunk.before)
    if not size:
        return wanted if 0 <= wanted <= len(lines) else None
    for distance in range(len(lines) + 1):
        for place in (wanted - distance, wanted + distance):
            if 0 <= place <= len(lines) - size and tuple(lines[place : place + size]) == hunk.before:
                return place
    return None
