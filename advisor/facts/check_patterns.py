"""Rules of header and body checks that can never decide, that are tried in vain, or that run away.

All of it is proven on what the patterns mean, and nothing is run: `advisor checks` measures.
Knowledge: header_checks(5), regexp_table(5), pcre_table(5), src/util/dict_pcre.c, src/util/dict_regexp.c.
"""

from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.check_tables import CheckList, pattern_table
from advisor.facts.inspection import inspection
from advisor.facts.registry import fact, known
from advisor.missing import Missing
from advisor.patterns.flaws import Flaw, FlawKind, find_flaws
from advisor.patterns.guards import find_guards
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.syntax.pattern_table import PatternTable, TableType

_GUARD_TEXT = 4  # bytes that all rules behind one condition need; shorter ones are in most lines


class Run(msgspec.Struct, frozen=True):
    """Rules that follow each other and need one text; `place` is file:line of the first, `condition` the line
    that would spare them the others.
    """

    condition: str
    count: int
    place: str


@fact()
def runaway_patterns(case: Case, checks: CheckList) -> tuple[str, ...] | Missing:
    """Where pcre: tables of the checks have a text that can be shared out in exponentially many ways."""
    return tuple(f"{path}:{flaw.line}" for path, flaw in _flaws(case.instance, checks, FlawKind.BACKTRACKS))


@fact()
def endless_rules(case: Case, checks: CheckList) -> tuple[str, ...] | Missing:
    """Where a rule of the checks matches every line though others follow it, and how many do."""
    behind: dict[str, int] = {}
    for path, flaw in _flaws(case.instance, checks, FlawKind.UNREACHABLE):
        place = f"{path}:{flaw.other}"
        behind[place] = behind.get(place, 0) + 1
    return tuple(f"{place} ({count} behind it)" for place, count in behind.items())


@fact()
def covered_rules(case: Case, checks: CheckList) -> tuple[str, ...] | Missing:
    """Where a rule of the checks never decides, since an earlier one matches all of its lines, and which."""
    return tuple(
        f"{path}:{flaw.line} (by line {flaw.other})"
        for path, flaw in _flaws(case.instance, checks, FlawKind.DUPLICATE, FlawKind.CONTAINED)
    )


@fact()
def vain_patterns(case: Case, checks: CheckList) -> tuple[str, ...] | Missing:
    """Where a pattern of the checks matches no line at all, and why."""
    return tuple(
        f"{path}:{flaw.line}: {flaw.text}"
        for path, flaw in _flaws(case.instance, checks, FlawKind.MATCHES_NOTHING)
    )


@fact()
def skipped_rules(case: Case, checks: CheckList) -> tuple[str, ...] | Missing:
    """Where Postfix passes over a line of the checks, or over all that follows it, and its words."""
    return tuple(
        f"{path}:{flaw.line}: {flaw.text}"
        for path, flaw in _flaws(case.instance, checks, FlawKind.SKIPPED, FlawKind.OPEN_IF)
    )


@fact()
def header_patterns_for_bodies(case: Case, checks: CheckList) -> tuple[str, ...] | Missing:
    """Where body checks look for a header."""
    return tuple(f"{path}:{flaw.line}" for path, flaw in _flaws(case.instance, checks, FlawKind.WRONG_TABLE))


@fact()
def unguarded_runs(case: Case, checks: CheckList, least: int) -> tuple[Run, ...] | Missing:
    """The rows of at least so many rules that need one text, which no if/endif keeps from other lines."""
    return tuple(
        Run(guard.condition.strip(), guard.rules, f"{path}:{table.nodes[guard.first].line}")
        for path, table in _tables(case.instance, checks)
        for guard in find_guards(table, least, _GUARD_TEXT)
    )


@fact()
def body_runs(case: Case, service: Service, least: int) -> tuple[Run, ...] | Missing:
    """The longest row of at least so many body checks that need one text, for mail of a service."""
    runs = [
        Run(guard.condition.strip(), guard.rules, f"{name.partition(':')[2]}:{table.nodes[guard.first].line}")
        for name in inspection(case.instance, service).body_checks
        if name.partition(":")[0] in (TableType.PCRE, TableType.REGEXP)
        for table in (known(pattern_table(case.instance, name)),)
        for guard in find_guards(table, least, _GUARD_TEXT)
    ]
    return tuple(sorted(runs, key=lambda run: -run.count)[:1])


def _flaws(instance: Instance, checks: CheckList, *kinds: FlawKind) -> Iterator[tuple[str, Flaw]]:
    of_body = checks.parameter.endswith("body_checks")
    for path, table in _tables(instance, checks):
        for flaw in find_flaws(table, of_body=of_body):
            if flaw.kind in kinds:
                yield path, flaw


def _tables(instance: Instance, checks: CheckList) -> Iterator[tuple[str, PatternTable]]:
    for name in checks.tables:
        kind, _, path = name.partition(":")
        if kind in (TableType.PCRE, TableType.REGEXP):
            yield path, known(pattern_table(instance, name))
