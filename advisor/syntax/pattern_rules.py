"""The rules of a regexp: or pcre: table in their order, with what stands inside of if and endif.

Knowledge: regexp_table(5), pcre_table(5), dict_regexp_parseline() in src/util/dict_regexp.c.
"""

import re
from collections.abc import Iterator

import msgspec

from advisor.syntax.logical_lines import LogicalLine, logical_lines
from advisor.syntax.source import SourceFile

_RULE = re.compile(
    r"(?P<condition>if\s+)?(?P<not>!?)\s*"
    r"(?P<delimiter>[^\w\s!])(?P<body>(?:\\.|(?!(?P=delimiter))[^\\])*)(?P=delimiter)\w*",
    re.IGNORECASE,
)
_END = re.compile(r"endif\b", re.IGNORECASE)


class PatternRule(msgspec.Struct, frozen=True):
    """One pattern without its delimiters; `line` is the first of its rule, from 1. `depth` is how many `if`
    are open around it. `is_condition`: it stands behind an `if`; `is_negated`: behind `!`.
    """

    body: str
    line: int
    depth: int
    is_condition: bool
    is_negated: bool


def pattern_rules(source: SourceFile) -> tuple[PatternRule, ...]:
    """The rules in file order. Lines that are no rule are passed over, as Postfix does with a warning."""
    return tuple(_rules(source))


def _rules(source: SourceFile) -> Iterator[PatternRule]:
    depth = 0
    for line in logical_lines(source):
        if not isinstance(line, LogicalLine):
            continue
        if _END.match(line.text):
            depth = max(0, depth - 1)
        elif match := _RULE.match(line.text):
            condition = match["condition"] is not None
            number = source.position(line.start)[0]
            yield PatternRule(match["body"], number, depth, condition, bool(match["not"]))
            depth += condition
