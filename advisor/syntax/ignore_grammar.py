"""The text of an ignore comment: `# advisor: ignore[rule, …] until=YYYY-MM-DD -- reason`, or `ignore-file`.

Blanks do not count, nor does the case of its own words. What begins as one and goes on otherwise cannot be
read, and says why.
"""

import re
from collections.abc import Iterator
from datetime import date

import msgspec

from advisor.syntax.source import WHITE_SPACE


class Part(msgspec.Struct, frozen=True):
    """A piece of the text and its place: indices, the end exclusive."""

    text: str
    start: int
    end: int


class Said(msgspec.Struct, frozen=True):
    """What it says. `until` is the last day on which it counts, None where it always does."""

    names: tuple[Part, ...]
    until: date | None
    reason: str
    is_for_file: bool


class Unreadable(msgspec.Struct, frozen=True):
    """What is wrong with it, and the cure."""

    problem: str


def read_ignore(comment: str) -> Said | Unreadable | None:
    """What the comment says; it begins with `#`. None where it is a comment of another kind."""
    begin = _IGNORE.match(comment)
    if begin is None:
        return None
    form = _FORM.fullmatch(comment, begin.end())
    if form is None:
        return Unreadable(f"it names no rules in brackets; {_SHAPE}")
    names = tuple(_names(form["names"], form.start("names")))
    if not names:
        return Unreadable(f"it names no rule; {_SHAPE}")
    until = _until(form["words"].split())
    if isinstance(until, Unreadable):
        return until
    return Said(names, until, (form["reason"] or "").strip(WHITE_SPACE), bool(begin["file"]))


_IGNORE = re.compile(r"#+[ \t]*advisor:[ \t]*ignore(?P<file>-file)?\b", re.IGNORECASE)
_FORM = re.compile(
    r"[ \t]*\[(?P<names>[^][]*)\](?P<words>.*?)(?:(?<=[ \t\]])--[ \t]*(?P<reason>.*))?", re.DOTALL
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_UNTIL = "until="
_SHAPE = "write '# advisor: ignore[RULE, …] until=YYYY-MM-DD -- reason'"


def _names(text: str, start: int) -> Iterator[Part]:
    for part in text.split(","):
        if name := part.strip(WHITE_SPACE):
            begin = start + part.index(name)
            yield Part(name, begin, begin + len(name))
        start += len(part) + 1


def _until(words: list[str]) -> date | Unreadable | None:
    days = [word for word in words if word.lower().startswith(_UNTIL)]
    unknown = [word for word in words if word not in days] or days[1:]
    if unknown:
        return Unreadable(f"'{unknown[0]}' is not known there; {_SHAPE}")
    if not days:
        return None
    try:
        return date.fromisoformat(day) if _DAY.fullmatch(day := days[0][len(_UNTIL) :]) else _no_day(days[0])
    except ValueError:  # the 30th of February
        return _no_day(days[0])


def _no_day(word: str) -> Unreadable:
    return Unreadable(f"'{word}' names no day; write until=YYYY-MM-DD")
