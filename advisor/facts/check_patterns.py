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
from advisor.facts.check_tables import CheckList, patterns_of
from advisor.facts.registry import fact, known
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.syntax.pattern_table import Pattern

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
        f"{path}:{rule.line} {found.group()}"
        for path, rules in _tables(case.instance, checks, ("pcre",))
        for rule in rules
        if (found := _NESTED.search(rule.body))
    )


@fact()
def endless_rules(case: Case, checks: CheckList) -> tuple[str, ...] | Missing:
    """Where a rule of the checks matches every line though others follow it, and how many do."""
    found = []
    for path, rules in _tables(case.instance, checks, ("pcre", "regexp")):
        place = next((index for index, rule in enumerate(rules) if _matches_all(checks, rule)), len(rules))
        behind = [rule for rule in rules[place + 1 :] if not rule.is_condition]
        if behind:
            found.append(f"{path}:{rules[place].line} ({len(behind)} behind it)")
    return tuple(found)


@fact()
def unguarded_runs(case: Case, checks: CheckList, least: int) -> tuple[Run, ...] | Missing:
    """The rows of at least so many rules for one header that no if/endif spares the other headers."""
    found = []
    for path, rules in _tables(case.instance, checks, ("pcre", "regexp")):
        for header, group in groupby(rules, key=_header):
            own = list(group)
            if header and len(own) >= least:
                found.append(Run(header, len(own), f"{path}:{own[0].line}"))
    return tuple(found)


def _header(rule: Pattern) -> str:
    """The header that an unguarded rule is about; empty for any other."""
    match = _HEADER.match(rule.body)
    return match[1].lower() if match and not (rule.depth or rule.is_condition or rule.is_negated) else ""


def _matches_all(checks: CheckList, rule: Pattern) -> bool:
    always = rule.body in _ALWAYS or (
        rule.body in _IF_NOT_EMPTY and not checks.parameter.endswith("body_checks")
    )
    return always and not (rule.depth or rule.is_condition or rule.is_negated)


def _tables(
    instance: Instance, checks: CheckList, types: tuple[str, ...]
) -> Iterator[tuple[str, tuple[Pattern, ...]]]:
    for table in checks.tables:
        kind, _, path = table.partition(":")
        if kind in types:
            yield path, known(patterns_of(instance, table))
