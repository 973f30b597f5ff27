"""The patterns of regexp: and pcre: tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.syntax.pattern_table import Pattern, patterns
from advisor.syntax.source import SourceFile


def read(text: str) -> tuple[Pattern, ...]:
    return patterns(SourceFile("table", text))


def test_rules_conditions_and_what_is_neither() -> None:
    found = read(
        "# a comment\n"
        "/^Subject: a|b/i REJECT no\n"
        "  more of the answer\n"
        "if !/^X-Spam:/\n"
        "!/^From:/ WARN\n"
        "endif\n"
        "no pattern at all\n"
        r"~^http://a\~b~ REJECT" + "\n"
    )
    assert found == (
        Pattern("^Subject: a|b", "i", 2),
        Pattern("^X-Spam:", "", 4, is_condition=True, is_negated=True),
        Pattern("^From:", "", 5, depth=1, is_negated=True),
        Pattern(r"^http://a\~b", "", 8),
    )


def test_conditions_enclose_rules() -> None:
    text = (
        "# a comment\n"
        "/a/ REJECT\n"
        "if !/b/\n"
        "IF ~c~i\n"
        "! /d/ WARN\n"
        "endif\n"
        "  endif too\n"
        "no rule\n"
        "endif\n"
        "endif\n"
        "/e\\/f/ DUNNO\n"
    )
    assert read(text) == (
        Pattern("a", "", 2, 0, is_condition=False, is_negated=False),
        Pattern("b", "", 3, 0, is_condition=True, is_negated=True),
        Pattern("c", "i", 4, 1, is_condition=True, is_negated=False),
        Pattern("d", "", 5, 2, is_condition=False, is_negated=True),
        Pattern("e\\/f", "", 11, 0, is_condition=False, is_negated=False),
    )


@pytest.mark.parametrize(
    ("body", "branches"),
    [
        ("a", 1),
        ("a|b|c", 3),
        (r"a\|b", 1),
        ("[|]", 1),
        ("[]|]x|y", 2),
        ("(a|(b|c))", 3),
        ("[^|[:alpha:]|]", 1),
    ],
)
def test_branches(body: str, branches: int) -> None:
    assert Pattern(body, "", 1).branches == branches


@given(st.text(alphabet="/!if \n\t|[]\\()ax", max_size=60))
def test_any_text_is_read(text: str) -> None:
    for pattern in read(text):
        assert 1 <= pattern.line <= text.count("\n") + 1
        assert pattern.branches >= 1
