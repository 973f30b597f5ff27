"""Patterns of header and body checks that can never match, that are tried in vain, or that run away.

The first rule that matches a line ends the search. PCRE tries all ways to divide a text between nested
repetitions, up to its match limit; then Postfix warns and goes on as if nothing had matched (tried with
3.7.11). The C library does not try them one by one, so that regexp: is not concerned. Knowledge:
header_checks(5), regexp_table(5), pcre_table(5), src/util/dict_pcre.c.
"""

import re
from collections.abc import Iterator
from itertools import groupby

import msgspec

from advisor.facts.case import Case
from advisor.facts.check_tables import CheckList, pattern_table
from advisor.facts.registry import fact, known
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.syntax.pattern_table import PatternTable, Placed, node_patterns

# What matches every line; a header line has at least one character.
_ALWAYS = frozenset({"^", "$", ".*", "^.*", ".*$", "^.*$", "(.*)", "^(.*)$", "^(.*)"})
_IF_NOT_EMPTY = frozenset({".", "^.", ".+", "^.+", "^.+$", "(.+)", "^(.+)$"})
_HEADER = re.compile(r"\^([A-Za-z][A-Za-z-]*):")
# A group of nothing but one repeated character or class, that is repeated itself: (a+)+ or (?:[a-z]*)*.
_NESTED = re.compile(
    r"(?<!\\)\((?:\?:)?"
    r"(?:\\[wWdDsSbhHvVNR.]|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|[^()\[\]\\|*+?{}^$])[+*]\??"
    r"\)(?:[+*]|\{\d+,\})(?!\+)(?=.)"
)


class Run(msgspec.Struct, frozen=True):
    """Rules that follow each other and look at one header; `place` is file:line of the first."""

    header: str
    count: int
    place: str


@fact()
def runaway_patterns(case: Case, checks: CheckList) -> tuple[str, ...] | Missing:
    """Where pcre: tables of the checks have nested repetitions: file:line and the part itself."""
    return tuple(
        f"{path}:{node.line} {found.group()}"
        for path, table in _tables(case.instance, checks, ("pcre",))
        for node in table.nodes
        for pattern in node_patterns(node)
        if (found := _NESTED.search(pattern.body))
    )


@fact()
def endless_rules(case: Case, checks: CheckList) -> tuple[str, ...] | Missing:
    """Where a rule of the checks matches every line though others follow it, and how many do."""
    found = []
    for path, table in _tables(case.instance, checks, ("pcre", "regexp")):
        rules = table.placed()
        place = next((index for index, each in enumerate(rules) if _matches_all(checks, each)), len(rules))
        if behind := rules[place + 1 :]:
            found.append(f"{path}:{rules[place].rule.line} ({len(behind)} behind it)")
    return tuple(found)


@fact()
def unguarded_runs(case: Case, checks: CheckList, least: int) -> tuple[Run, ...] | Missing:
    """The rows of at least so many rules for one header that no if/endif spares the other headers."""
    found = []
    for path, table in _tables(case.instance, checks, ("pcre", "regexp")):
        for header, group in groupby(table.placed(), key=_header):
            own = list(group)
            if header and len(own) >= least:
                found.append(Run(header, len(own), f"{path}:{own[0].rule.line}"))
    return tuple(found)


def _header(placed: Placed) -> str:
    """The header that an unguarded rule is about; empty for any other."""
    match = _HEADER.match(placed.rule.pattern.body)
    return match[1].lower() if match and _is_plain(placed) else ""


def _matches_all(checks: CheckList, placed: Placed) -> bool:
    body = placed.rule.pattern.body
    always = body in _ALWAYS or (body in _IF_NOT_EMPTY and not checks.parameter.endswith("body_checks"))
    return always and _is_plain(placed)


def _is_plain(placed: Placed) -> bool:
    return not (placed.conditions or placed.rule.pattern.is_negated or placed.rule.second)


def _tables(
    instance: Instance, checks: CheckList, types: tuple[str, ...]
) -> Iterator[tuple[str, PatternTable]]:
    for table in checks.tables:
        kind, _, path = table.partition(":")
        if kind in types:
            yield path, known(pattern_table(instance, table))
