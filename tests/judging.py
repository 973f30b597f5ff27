"""A configuration as it is judged by advisor's own rules, for the tests about what is ignored.

What these assert is to be small: pytest writes down all of what fails, and of a report that takes it minutes.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import msgspec

from advisor.engine.rules import Rule
from advisor.engine.selection import Selection
from advisor.engine.suppression import Suppression, Suppressor
from advisor.engine.verdicts import Finding
from advisor.facts.case import NO_LOG, Case
from advisor.judging import judge_case
from advisor.report.model import Report
from advisor.rule_sets import all_rules
from advisor.settings.instance import Instance
from advisor.settings.release import NEWEST, Release
from advisor.suppress import IgnoreComments
from advisor.syntax.source import SourceFile

TODAY = date(2026, 12, 1)
MASTER = "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\n"
# Little is said of these lines, so that what is added to them stands out.
MAIN = "compatibility_level = 3.11\nmydestination = example.com\nsmtp_tls_security_level = may\n"
EVERYTHING = Selection()


@cache
def rules() -> tuple[Rule, ...]:
    return all_rules()


def instance(main: str, master: str | None = MASTER, release: Release = NEWEST) -> Instance:
    return Instance.of(
        SourceFile("main.cf", main),
        None if master is None else SourceFile("master.cf", master),
        release,
        "",
    )


def judged(
    main: str,
    master: str | None = MASTER,
    *,
    selection: Selection = EVERYTHING,
    today: date = TODAY,
    suppressors: Sequence[Suppressor] = (),
    with_ignores: bool = True,
    release: Release = NEWEST,
    own_rules: Sequence[Rule] = (),
) -> Report:
    known = (*rules(), *own_rules)
    chosen = selection.choose(known)
    asked = frozenset(rule.name for rule in chosen.asked)
    comments = IgnoreComments({rule.name: rule for rule in known}, asked, today)
    return judge_case(
        chosen,
        Case(instance(main, master, release), NO_LOG),
        None,
        suppressors=suppressors,
        ignores=(comments,) if with_ignores else (),
    )


class Said(msgspec.Struct, frozen=True):
    """What is said of the lines that are added to MAIN, and of comments: pairs of a rule and a line."""

    found: list[tuple[str, int]]
    hidden: list[tuple[str, int]]
    unused: list[str]
    behind: list[str]  # the lines that the patch takes away and adds
    expired: list[bool]
    why_not: list[str]
    suppressions: list[Suppression]


def said(main: str, master: str | None = MASTER, **options: Any) -> Said:
    report, plain = (
        judged(main, master, **options),
        {(each.rule, each.message) for each in findings_of_main()},
    )
    added = [each for each in report.findings if (each.rule, each.message) not in plain]
    patch = report.patch.splitlines()
    return Said(
        found=sorted((each.rule, each.where.line) for each in added),
        hidden=sorted((each.finding.rule, each.finding.where.line) for each in report.suppressed),
        unused=[each.message for each in report.findings if each.rule == "unused-ignore"],
        behind=[line for line in patch if line[:1] in "+-" and not line.startswith(("---", "+++"))],
        expired=[each.expired for each in report.decisions],
        why_not=[each.reason for each in report.not_applied],
        suppressions=[each.suppression for each in report.suppressed],
    )


@cache
def findings_of_main() -> tuple[Finding, ...]:
    return judged(MAIN).findings
