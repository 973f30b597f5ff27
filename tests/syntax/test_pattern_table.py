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
        Pattern("^X-Spam:", "", 4),
        Pattern("^From:", "", 5),
        Pattern(r"^http://a\~b", "", 8),
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
