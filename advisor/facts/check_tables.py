"""Header and body checks: the tables they name, and what a change of their type would meet.

Knowledge: header_checks(5), regexp_table(5), pcre_table(5), src/util/dict_regexp.c, src/util/dict_pcre.c.
"""

import re

import msgspec

from advisor.facts.case import Case
from advisor.facts.causes import Cause
from advisor.facts.inspection import inspection
from advisor.facts.observed import Observation
from advisor.facts.registry import Source, collection, fact, known
from advisor.missing import Missing
from advisor.patterns.differences import differences
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.setting import MainCfLine
from advisor.settings.values import BadValue
from advisor.syntax.pattern_table import PatternTable, TableType, parse_pattern_table
from advisor.syntax.source import Span

_PARAMETERS = (
    "header_checks",
    "mime_header_checks",
    "nested_header_checks",
    "body_checks",
    "milter_header_checks",
    "smtp_header_checks",
    "smtp_mime_header_checks",
    "smtp_nested_header_checks",
    "smtp_body_checks",
)
_PATTERN_TYPES = ("regexp", "pcre")


class CheckList(msgspec.Struct, frozen=True):
    """One parameter of main.cf that names pattern tables. `tables` are as written, `regexp:/path`; `as_pcre`
    is the parameter's value with each regexp: made pcre:.
    """

    parameter: str
    value: str
    tables: tuple[str, ...]
    as_pcre: str
    span: Span

    @property
    def regexp_tables(self) -> tuple[str, ...]:
        """Those of the C library's regular expressions."""
        return tuple(table for table in self.tables if table.startswith("regexp:"))


@collection(element=CheckList, variable="checks", locate=lambda checks: checks.span)
def check_lists(case: Case) -> tuple[CheckList, ...]:
    """The header and body checks that main.cf sets to pattern tables."""
    found = []
    for name in _PARAMETERS:
        setting = case.instance.setting(name)
        items = setting.items()
        if not isinstance(setting.origin, MainCfLine) or isinstance(items, BadValue):
            continue
        tables = tuple(item for item in items if item.partition(":")[0] in _PATTERN_TYPES)
        if tables:
            found.append(CheckList(name, setting.text, tables, _as_pcre(setting.text), setting.origin.span))
    return tuple(found)


def _as_pcre(value: str) -> str:
    return re.sub(r"(?<![\w:])regexp:", "pcre:", value)


@fact(unit="patterns")
def regexp_patterns(case: Case, checks: CheckList) -> int | Missing:
    """How many patterns the regexp: tables of the checks have."""
    return sum(len(known(pattern_table(case.instance, table)).patterns) for table in checks.regexp_tables)


@fact(unit="branches")
def regexp_branches(case: Case, checks: CheckList) -> int | Missing:
    """How many alternatives the largest pattern in the regexp: tables of the checks has."""
    return max(
        (
            each.branches
            for table in checks.regexp_tables
            for each in known(pattern_table(case.instance, table)).patterns
        ),
        default=0,
    )


@fact()
def only_posix(case: Case, checks: CheckList) -> str | Missing:
    """Where a regexp: table of the checks may mean something else as pcre:; empty: proven not to."""
    for table in checks.regexp_tables:
        for each in differences(known(pattern_table(case.instance, table))):
            return f"{table.partition(':')[2]}:{each.line}: {each.text}"
    return ""


@fact()
def pcre_is_missing(case: Case) -> bool | Missing:
    """Whether this Postfix has no pcre: tables."""
    types = case.instance.host.table_types
    if types is None:
        return Missing("whether this Postfix has pcre: tables", "give --table-types with 'postconf -m'")
    return "pcre" not in types


@fact()
def table_types_are_given(case: Case) -> bool:
    """Whether it was told which table types this Postfix has."""
    return case.instance.host.table_types is not None


@fact(unit="patterns")
def body_patterns(case: Case, service: Service) -> int | Missing:
    """How many patterns each line of a body is tried against, for mail of a service."""
    tables = inspection(case.instance, service).body_checks
    pattern_tables = (table for table in tables if table.partition(":")[0] in _PATTERN_TYPES)
    return sum(len(known(pattern_table(case.instance, table)).patterns) for table in pattern_tables)


@fact(source=Source.LOG)
def checks_are_dear(case: Case, checks: CheckList) -> bool | Missing:
    """Whether the log shows for certain that body checks keep the clients of an SMTP server waiting."""
    if checks.parameter != "body_checks":
        return False
    return any(
        Cause.CPU_BOUND_CHECKS in each.diagnosis.causes and not each.diagnosis.to_tell
        for each in known(case.observed).services.values()
        if isinstance(each, Observation)
    )


@fact()
def log_is_given(case: Case) -> bool:
    """Whether there is a log to measure by."""
    return not isinstance(case.observed, Missing)


def pattern_table(instance: Instance, table: str) -> PatternTable | Missing:
    """The tree of a table that is written `type:/path`; Missing where its file was not given."""
    kind, _, path = table.partition(":")
    source = instance.table(path)
    if source is None:
        return Missing(
            f"the table {path} was not given", "put it beside main.cf, or give a bundle of advisor collect"
        )
    return parse_pattern_table(source, TableType(kind))
