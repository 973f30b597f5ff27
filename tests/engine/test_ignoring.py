"""For which findings an ignore between continuation lines is: those within its line, and nothing else."""

import pytest

from advisor.engine.changes import Applicability, Change, ChangeElement, Fix, Requires, SetParameter
from advisor.engine.ignoring import is_for
from advisor.engine.verdicts import Confidence, Finding, Severity
from advisor.syntax.ignore_comments import ignore_comments
from advisor.syntax.source import Span
from tests.judging import instance

MAIN = """\
list = a b,
  # advisor: ignore[r]
  c d,
  e c,
  # advisor: ignore[r]
  f
other = d
"""
MASTER = """\
smtp inet n - n - - smtpd
  # advisor: ignore[r]
  -o x=y -o { list = a,
  # advisor: ignore[r]
     c d,
     e }
smtp unix - - n - - smtp
"""


def finding(where: Span, *changes: Change) -> Finding:
    fix = Fix("title", Applicability.UNSAFE, Requires.RELOAD, changes)
    return Finding("r", Severity.LOW, Confidence.HIGH, "", where, None, (), (fix,) if changes else (), "")


def covering(where: Span, *changes: Change) -> list[int]:
    """The lines of the comments that are for such a finding."""
    of = instance(MAIN, MASTER)
    assert of.master_cf is not None
    comments = (*ignore_comments(of.main_cf), *ignore_comments(of.master_cf))
    return [each.span.line for each in comments if is_for(each, of, finding(where, *changes))]


WHOLE = Span("main.cf", 1, 1, 6, 4)
SERVICE = Span("master.cf", 1, 1, 6, 9)
KEY = "smtp/inet"


@pytest.mark.parametrize(
    ("where", "lines"),
    [
        (Span("main.cf", 3, 3, 3, 4), [2]),
        (Span("main.cf", 4, 3, 4, 4), []),
        (Span("main.cf", 6, 3, 6, 4), [5]),
        (Span("main.cf", 3, 3, 4, 4), []),
        (Span("main.cf", 7, 1, 7, 6), []),
        (Span("master.cf", 3, 6, 3, 9), [2]),
        (Span("master.cf", 3, 13, 6, 9), []),
        (Span("other", 3, 3, 3, 4), []),
        (WHOLE, []),
    ],
)
def test_by_its_place(where: Span, lines: list[int]) -> None:
    assert covering(where) == lines


@pytest.mark.parametrize(
    ("where", "changes", "lines"),
    [
        (WHOLE, [ChangeElement("list", "d", ())], [2]),
        (WHOLE, [ChangeElement("list", "c d", ("x",))], [2]),
        (WHOLE, [ChangeElement("list", "c", ())], []),  # stands on two lines
        (WHOLE, [ChangeElement("list", "b c", ())], []),  # goes over two
        (WHOLE, [ChangeElement("list", "zz", ())], []),
        (WHOLE, [ChangeElement("list", "d", ()), ChangeElement("list", "f", ())], []),
        (WHOLE, [ChangeElement("list", "f", ("f", "x"))], []),  # that one stays
        (WHOLE, [ChangeElement("list", "f", ()), SetParameter("x", "y")], []),
        (WHOLE, [SetParameter("list", "y")], []),
        (WHOLE, [ChangeElement("other", "d", ())], []),
        (SERVICE, [ChangeElement("list", "d", (), KEY)], [4]),
        (SERVICE, [ChangeElement("list", "a", (), KEY)], [2]),
        (SERVICE, [ChangeElement("list", "d", (), "smtp/unix")], []),
        (SERVICE, [ChangeElement("list", "d", ())], []),
    ],
)
def test_by_the_elements_that_change(where: Span, changes: list[Change], lines: list[int]) -> None:
    assert covering(where, *changes) == lines
