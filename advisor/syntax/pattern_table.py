"""The patterns of a regexp: or pcre: table, with what stands inside of if and endif.

Knowledge: regexp_table(5), pcre_table(5), dict_regexp_parseline() and dict_regexp_get_pat() in
src/util/dict_regexp.c.
"""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

import msgspec

from advisor.syntax.logical_lines import LogicalLine, logical_lines
from advisor.syntax.source import SourceFile

# [!]/pattern/flags, also behind `if`; any character but a letter, a digit, a blank or `!` may delimit it.
_PATTERN = re.compile(
    r"(?P<condition>if\s+)?(?P<not>!?)\s*"
    r"(?P<delimiter>[^\w\s!])(?P<body>(?:\\.|(?!(?P=delimiter))[^\\])*)(?P=delimiter)(?P<flags>\w*)",
    re.IGNORECASE,
)
_END = re.compile(r"endif\b", re.IGNORECASE)
# What a `|` cannot divide: an escaped character, and the inside of brackets.
_OPAQUE = re.compile(r"\\.|\[\^?\]?(?:\[:\w+:\]|[^\]])*\]")


class Pattern(msgspec.Struct, frozen=True, dict=True):
    """One pattern, without its delimiters; `line` is the first of its rule, from 1.

    `depth` is how many `if` are open around it. `is_condition`: it stands behind an `if`; `is_negated`:
    behind `!`.
    """

    body: str
    flags: str
    line: int
    depth: int = 0
    is_condition: bool = False
    is_negated: bool = False

    @cached_property
    def branches(self) -> int:
        """How many alternatives it has, at any depth."""
        return _OPAQUE.sub("", self.body).count("|") + 1 if "|" in self.body else 1


@lru_cache(maxsize=32)  # several rules ask of one table, before and behind a change
def patterns(source: SourceFile) -> tuple[Pattern, ...]:
    """The patterns in file order, those of `if` too. Lines that are no pattern are passed over, as Postfix
    does with a warning.
    """
    return tuple(_patterns(source))


def _patterns(source: SourceFile) -> Iterator[Pattern]:
    depth = 0
    for line in logical_lines(source):
        if not isinstance(line, LogicalLine):
            continue
        if _END.match(line.text):
            depth = max(0, depth - 1)
        elif match := _PATTERN.match(line.text):
            condition = match["condition"] is not None
            number = source.position(line.start)[0]
            yield Pattern(match["body"], match["flags"], number, depth, condition, bool(match["not"]))
            depth += condition
