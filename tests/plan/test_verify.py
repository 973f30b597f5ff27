# ruff: noqa: E501 - a row of a table is easier to read in one line
"""The proof: what it objects to, and what it lets pass."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest

from advisor.engine.changes import (
    Applicability,
    Change,
    Fix,
    RenameParameter,
    Requires,
    SetParameter,
    SetServiceField,
    SetServiceOverride,
    UnsetParameter,
)
from advisor.engine.judge import Judgement
from advisor.engine.verdicts import Broken, Confidence, Finding, Fired, Passed, Severity
from advisor.plan.conflicts import Proposal
from advisor.plan.verify import objection
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

if TYPE_CHECKING:
    from advisor.engine.rules import Rule

MASTER = "smtp inet n - n - 5 smtpd\nsubmission inet n - n - - smtpd\n  -o syslog_name=postfix/submission\n"


def instance(main: str, master: str = MASTER) -> Instance:
    return Instance.of(
        SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse("3.7.11"), ""
    )


def proposal(change: Change, of: Instance, *, service: str | None = None, message: str = "m") -> Proposal:
    fix = Fix("", Applicability.UNSAFE, Requires.RELOAD, (change,))
    place = of.main_cf.source.end_span
    return Proposal(
        Finding("rule", Severity.LOW, Confidence.HIGH, message, place, service, (), (fix,), ""), fix
    )


def objected(before: str, change: Change, after: str, *, master: tuple[str, str] = (MASTER, MASTER)) -> str:
    old, new = instance(before, master[0]), instance(after, master[1])
    return objection(old, new, [proposal(change, old)], [], [])


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        ("biff = no\n", SetParameter("biff", "yes"), "biff = yes\n"),
        ("a = $biff\nbiff = no\n", SetParameter("biff", "yes"), "a = $biff\nbiff = yes\n"),
        ("biff = no\n", UnsetParameter("biff"), ""),
        ("mydistination = x\n", RenameParameter("mydistination", "mydestination"), "mydestination = x\n"),
        ("", SetParameter("smtpd_timeout", "9", "smtp/inet"), "smtpd_timeout = 9\n"),
    ],
)  # fmt: skip
def test_what_was_asked_is_proven(before: str, change: Change, after: str) -> None:
    # A value for one service may stand in main.cf only where no other service reads it.
    alone = MASTER.splitlines(keepends=True)[0]
    masters = (alone, alone) if isinstance(change, SetParameter) and change.service else (MASTER, MASTER)
    assert objected(before, change, after, master=masters) == ""


@pytest.mark.parametrize(
    ("before", "change", "after", "words"),
    [
        ("", SetParameter("biff", "yes"), "biff = no\n", "biff would not become what was asked"),
        ("", SetParameter("biff", "yes"), "biff = yes\nx = 1\n", "x would change as well"),
        ("", SetParameter("biff", "yes"), "biff = yes\nopen relay\n", "a line that Postfix does not understand"),
        ("a = 1\n", RenameParameter("a", "b"), "b = 2\n", "b would not become what was asked"),
        ("", SetParameter("smtpd_timeout", "9", "smtp/inet"), "smtpd_timeout = 9\n", "submission/inet smtpd_timeout would change as well"),
    ],
)  # fmt: skip
def test_what_was_not_asked_is_objected_to(before: str, change: Change, after: str, words: str) -> None:
    assert words in objected(before, change, after)


@pytest.mark.parametrize(
    ("change", "old", "new", "words"),
    [
        (SetServiceField("smtp/inet", "process_limit", "9"), " 5 ", " 9 ", ""),
        (SetServiceField("smtp/inet", "process_limit", "9"), " 5 ", " 8 ", "smtp/inet field process_limit would not become"),
        (SetServiceOverride("smtp/inet", "a", "1"), "5 smtpd\n", "5 smtpd\n  -o a=1\n", ""),
        (SetServiceOverride("smtp/inet", "a", "1"), "- smtpd\n", "- smtpd\n  -o a=1\n", "a would"),
        (UnsetParameter("syslog_name", "submission/inet"), "  -o syslog_name=postfix/submission\n", "", ""),
    ],
)  # fmt: skip
def test_in_master_cf(change: Change, old: str, new: str, words: str) -> None:
    said = objected("", change, "", master=(MASTER, MASTER.replace(old, new)))
    assert words in said
    assert bool(said) is bool(words)


@dataclass(frozen=True)
class NamedRule:
    """All of a rule that a proof looks at."""

    name: str
    pedantic: bool = False
    is_about_verdicts: bool = False


class TestTheRules:
    OF = instance("")

    def said(self, asked: Proposal, verdict: Fired | Passed | Broken) -> str:
        rule = cast("Rule", NamedRule("rule"))
        judgement = Judgement(rule, verdict)
        after = instance("biff = yes\n")
        return objection(self.OF, after, [asked], [Judgement(rule, Fired((asked.finding,)))], [judgement])

    def test_content(self) -> None:
        assert self.said(proposal(SetParameter("biff", "yes"), self.OF), Passed()) == ""

    def test_the_same_finding_again(self) -> None:
        asked = proposal(SetParameter("biff", "yes"), self.OF)
        assert "would ask for more behind its own change" in self.said(asked, Fired((asked.finding,)))

    def test_another_finding_of_the_same_rule(self) -> None:
        asked = proposal(SetParameter("biff", "yes"), self.OF)
        other = proposal(SetParameter("biff", "yes"), self.OF, message="another")
        assert self.said(asked, Fired((other.finding,))) == ""

    def test_a_rule_that_breaks(self) -> None:
        asked = proposal(SetParameter("biff", "yes"), self.OF)
        assert "rule would fail" in self.said(asked, Broken("x"))
