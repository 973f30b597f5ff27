"""How values look, and that nothing unprintable gets through."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.engine.prose import render
from advisor.engine.verdicts import Confidence, Severity
from advisor.engine.wording import number, percent, seconds, visible, written
from advisor.errors import RuleError
from advisor.missing import Missing


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (45, "45 s"),
        (5400, "1 h 30 min"),
        (0.25, "0.25 s"),
        (0, "0 s"),
        (60, "1 min"),
        (90, "1 min 30 s"),
        (3599.9, "1 h"),
        (86399.9, "1 d"),
        (93784, "1 d 2 h"),
        (-90, "-1 min 30 s"),
        (inf, "unlimited s"),
    ],
)
def test_seconds(value: float, text: str) -> None:
    assert seconds(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (123456, "123456"),
        (40.0, "40"),
        (1234.56, "1235"),
        (12.34, "12.3"),
        (0.01234, "0.0123"),
        (0.1 + 0.2, "0.3"),
        (-0.5, "-0.5"),
        (inf, "unlimited"),
        (nan, "not a number"),
    ],
)
def test_number(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.83, "83 %"), (0.004, "0.4 %"), (1.5, "150 %")])
def test_percent(value: float, text: str) -> None:
    assert percent(value) == text


def test_filters_refuse_what_is_no_number_and_pass_on_what_is_not_known() -> None:
    assert number(Missing("x", "")) == "unknown"
    with pytest.raises(RuleError, match="is not a number"):
        render("{{ x | seconds }}", {"x": "soon"})


def test_written() -> None:
    values = (Severity.HIGH, True, 0.30000000004, ("a\n", 1.0), Missing("x", ""), 7)
    assert [written(value) for value in values] == ["high", "yes", "0.3", r"a\n, 1", "unknown", "7"]


@given(st.text(st.characters()), st.text(st.characters()))
def test_no_value_reaches_the_terminal_raw(value: str, other: str) -> None:
    assert visible(value).isprintable()
    assert render("{{ x }}{{ [x, y] }}{{ x | upper }}{{ x ~ y }}", {"x": value, "y": other}).isprintable()


def test_line_breaks_of_the_template_are_kept() -> None:
    assert render(" one\ntwo \x1b{{ x }}\n", {"x": "\r\n"}) == "one\ntwo \\x1b\\r\\n"


@pytest.mark.parametrize(
    "text", ["{{ y }}", "{{ x.__class__ }}", "{{ x.upper() }}", "{{ range(3) }}", "{% include 'x' %}", "{{ x"]
)
def test_templates_that_cannot_be_written(text: str) -> None:
    with pytest.raises(RuleError, match="cannot be written out"):
        render(text, {"x": "a"}, "rule.toml: message")


def test_severity_and_confidence_are_ordered() -> None:
    assert Severity.INFO < Severity.LOW < Severity.MEDIUM < Severity.HIGH
    assert Severity.HIGH >= Severity.HIGH > Severity.INFO <= Severity.INFO
    assert max(Confidence) is Confidence.HIGH
    assert sorted(set(Severity)) == list(Severity)
