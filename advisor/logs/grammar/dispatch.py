"""Which rows a text can match, by its daemon and by how it begins: a line tries few patterns.

Most texts begin with a queue id, or with a level as "warning: "; what decides is the two letters behind.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

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
# A word in lower case is no queue id: releases before 2.3 wrote "reject: " without NOQUEUE in front.
_LEAD = re.compile(r"(warning|error|fatal|panic): |(?![A-Za-z][a-z]+:)[0-9A-Za-z]{5,}: ")
_LETTERS = 2
_Rows = tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """The rows of one daemon: by how the text begins and the letters behind; `others` for other letters."""

    found: dict[Lead, dict[str, _Rows]]
    others: dict[Lead, _Rows]

    def rows(self, text: str) -> _Rows:
        """The rows that the text may match, in the order of the table."""
        lead, position = Lead.PLAIN, 0
        if match := _LEAD.match(text):
            lead, position = (Lead.LEVEL if match[1] else Lead.ID), match.end()
        return self.found[lead].get(text[position : position + _LETTERS], self.others[lead])


def index(rows: Iterable[Message]) -> Index:
    """The index of a daemon's rows."""
    places: dict[Lead, list[tuple[str, Message]]] = {lead: [] for lead in Lead}
    for row in rows:
        leads, begin = _begin(row.pattern.pattern)
        for lead in leads:
            places[lead].append((begin[:_LETTERS], row))
    return Index(
        {
            lead: {
                letters: tuple(row for begin, row in placed if begin == letters or len(begin) < _LETTERS)
                for letters in {begin for begin, _ in placed if len(begin) == _LETTERS}
            }
            for lead, placed in places.items()
        },
        {
            lead: tuple(row for begin, row in placed if len(begin) < _LETTERS)
            for lead, placed in places.items()
        },
    )


def _begin(pattern: str) -> tuple[tuple[Lead, ...], str]:
    for prefix, leads in _LEADS:
        if pattern.startswith(prefix):
            return leads, fixed_prefix(pattern.removeprefix(prefix))
    return (Lead.PLAIN,), fixed_prefix(pattern)
