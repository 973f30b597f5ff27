"""The patterns of a regexp: or pcre: table.

Knowledge: regexp_table(5), pcre_table(5), dict_regexp_get_pat() in src/util/dict_regexp.c.
"""

import re
from functools import lru_cache

import msgspec

from advisor.syntax.logical_lines import LogicalLine, logical_lines
from advisor.syntax.source import SourceFile

# [!]/pattern/flags, also behind `if`; any character but a letter, a digit, a blank or `!` may delimit it.
_PATTERN = re.compile(
    r"(?:if\s+)?!?\s*(?P<delimiter>[^\w\s!])(?P<body>(?:\\.|(?!(?P=delimiter))[^\\])*)(?P=delimiter)(?P<flags>\w*)",
    re.IGNORECASE,
)
# What a `|` cannot divide: an escaped character, and the inside of brackets.
_OPAQUE = re.compile(r"\\.|\[\^?\]?(?:\[:\w+:\]|[^\]])*\]")


class Pattern(msgspec.Struct, frozen=True):
    """One pattern, without its delimiters; `line` is the first of its rule, from 1."""

    body: str
    flags: str
    line: int

    @property
    def branches(self) -> int:
        """How many alternatives it has, at any depth."""
        return _OPAQUE.sub("", self.body).count("|") + 1


@lru_cache(maxsize=32)  # several rules ask of one table, before and behind a change
def patterns(source: SourceFile) -> tuple[Pattern, ...]:
    """The patterns in file order, those of `if` too. Lines that are no pattern are passed over, as Postfix
    does with a warning.
    """
    return tuple(
        Pattern(match["body"], match["flags"], source.position(line.start)[0])
        for line in logical_lines(source)
        if isinstance(line, LogicalLine) and (match := _PATTERN.match(line.text))
    )
