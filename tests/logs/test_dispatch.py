"""Which letters a pattern can begin with, read off its text."""

import pytest

from advisor.logs.grammar.dispatch import beginnings
from advisor.logs.grammar.row import fixed_prefix


@pytest.mark.parametrize(
    ("pattern", "letters"),
    [
        (r"connect from ", {"co"}),
        (r"(?:one|two) x", {"on", "tw"}),
        (r"(?P<way>one|(?:two|three)) x", {"on", "tw", "th"}),
        (r"(?:one|\S+) x", {"on", ""}),
        (r"(?:one)?two", {""}),
        (r"(?:a[)|]b|c\|d)", {"", "c|"}),
        (r"a+b", {""}),
        (r"(?:x|y)z", {"xz", "yz"}),
        ("", {""}),
    ],
)
def test_the_letters_that_a_pattern_begins_with(pattern: str, letters: set[str]) -> None:
    assert beginnings(pattern) == letters


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("abc", "abc"), (r"PASS \[", "PASS ["), ("ab?c", "a"), (r"ab\d", "ab"), ("(?:a)", ""), ("a.b", "a")],
)
def test_the_text_that_every_match_begins_with(pattern: str, text: str) -> None:
    assert fixed_prefix(pattern) == text
