"""Which rows a text can match, by its daemon and by how it begins: a line tries few patterns.

Most texts begin with a queue id, or with a level as "warning: "; what decides is the two letters behind.
"""

import re
from collections.abc import Iterable
from enum import Enum, auto
from functools import cache

import msgspec

from advisor.logs.grammar.row import (
    ANY_ID,
    FATAL,
    LEVEL,
    MAYBE_ID,
    MAYBE_LEVEL,
    QUEUE_ID,
    SOME_ID,
    WARNING,
    Message,
    fixed_prefix,
)


class Lead(Enum):
    """How a text begins."""

    ID = auto()
    LEVEL = auto()
    PLAIN = auto()


_LEADS: tuple[tuple[str, tuple[Lead, ...]], ...] = (
    (MAYBE_ID, (Lead.ID, Lead.PLAIN)),
    (MAYBE_LEVEL, (Lead.LEVEL, Lead.PLAIN)),
    (QUEUE_ID, (Lead.ID,)),
    (SOME_ID, (Lead.ID,)),
    (ANY_ID, (Lead.ID,)),
    (LEVEL, (Lead.LEVEL,)),
    (WARNING, (Lead.LEVEL,)),
    (FATAL, (Lead.LEVEL,)),
)
_LEVELS = frozenset({"warning", "error", "fatal", "panic"})
_LETTERS = 2
# The shortest queue id: microseconds in hexadecimal (src/global/mail_queue.c).
_SHORTEST_ID = 5
_Rows = tuple[Message, ...]


class Index(msgspec.Struct, frozen=True):
    """The rows of one daemon by the letters that decide, and (under "") those for all other letters.

    `words` is for texts that begin with a word in lower case, which are the most frequent.
    """

    words: dict[str, _Rows]
    behind_id: dict[str, _Rows]
    behind_level: dict[str, _Rows]
    plain: dict[str, _Rows]

    def rows(self, text: str) -> _Rows:
        """The rows that the text may match, in the order of the table."""
        letters = text[:_LETTERS]
        if letters in self.words:
            return self.words[letters]
        begin, _, rest = text.partition(": ")
        if begin in _LEVELS:
            found, letters = self.behind_level, rest[:_LETTERS]
        elif _is_id(begin):
            found, letters = self.behind_id, rest[:_LETTERS]
        else:
            found = self.plain
        return found[letters] if letters in found else found[""]


def _is_id(begin: str) -> bool:
    """Whether a text that begins so, with a colon behind, is taken to begin with a queue id."""
    return len(begin) >= _SHORTEST_ID and begin.isalnum() and not (begin.isalpha() and begin[1:].islower())


def index(rows: Iterable[Message]) -> Index:
    """The index of a daemon's rows."""
    listed = tuple(rows)
    places: dict[Lead, list[tuple[frozenset[str], Message]]] = {lead: [] for lead in Lead}
    for row in listed:
        leads, begins = _begins(row.form)
        for lead in leads:
            places[lead].append((begins, row))
    by_id, by_level, plain = (_by_letters(places[lead]) for lead in (Lead.ID, Lead.LEVEL, Lead.PLAIN))
    levels = {level[:_LETTERS] for level in _LEVELS}
    behind_id = {row.name for _, row in places[Lead.ID]}
    words: dict[str, _Rows] = {}
    for letters, chosen in plain.items():
        if letters.islower() and letters not in levels:
            names = behind_id.union(row.name for row in chosen)
            words[letters] = tuple(row for row in listed if row.name in names)
    return Index(words, by_id, by_level, plain)


def _by_letters(placed: list[tuple[frozenset[str], Message]]) -> dict[str, _Rows]:
    found: dict[str, list[Message]] = {
        letters: [] for letters in {""}.union(*(begins for begins, _ in placed))
    }
    for begins, row in placed:
        for letters in found if "" in begins else begins:
            found[letters].append(row)
    return {letters: tuple(rows) for letters, rows in found.items()}


@cache  # some rows are those of any daemon
def _begins(pattern: str) -> tuple[tuple[Lead, ...], frozenset[str]]:
    for prefix, leads in _LEADS:
        if pattern.startswith(prefix):
            return leads, beginnings(pattern.removeprefix(prefix))
    begin, _, rest = pattern.partition(": ")
    if _is_id(begin):  # a word in capitals, as `TLSRPT: `
        return (Lead.ID,), beginnings(rest)
    return (Lead.PLAIN,), beginnings(pattern)


_GROUP = re.compile(r"\((?:\?:|\?P<\w+>)")


def beginnings(pattern: str) -> frozenset[str]:
    """The letters that a match can begin with; "" among them when it may begin with any."""
    if not (group := _GROUP.match(pattern)):
        begin = fixed_prefix(pattern)
        return frozenset({begin[:_LETTERS] if len(begin) >= _LETTERS else ""})
    choices, end = _choices(pattern, group.end())
    if pattern[end : end + 1] in ("?", "*", "{"):
        return frozenset({""})
    return frozenset().union(*(beginnings(choice + pattern[end:]) for choice in choices))


def _choices(pattern: str, begin: int) -> tuple[list[str], int]:
    """The alternatives of the group that was opened before `begin`, and where the pattern goes on."""
    choices, depth, position, start = [], 0, begin, begin
    while depth or pattern[position] != ")":
        letter = pattern[position]
        if letter == "\\":
            position += 1
        elif letter == "[":
            position = pattern.index("]", position + 2)
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
        elif letter == "|" and not depth:
            choices.append(pattern[start:position])
            start = position + 1
        position += 1
    return [*choices, pattern[start:position]], position + 1
