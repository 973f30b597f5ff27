"""One element is taken out of a list, and no other like it."""

import pytest

from advisor.facts.list_elements import without
from advisor.facts.wanted import Element


@pytest.mark.parametrize(
    ("words", "first", "element", "kept"),
    [
        ("a permit b", 2, "b", ()),
        ("b permit b", 2, "permit b", ("permit",)),
        ("check_a t permit t", 3, "permit t", ("permit",)),
        ("a warn b a warn", 4, "b a warn", ("b a",)),
        ("permit permit", 1, "permit permit", ("permit",)),
    ],
)
def test_the_words_before_tell_which(words: str, first: int, element: str, kept: tuple[str, ...]) -> None:
    items = words.split()
    assert without("p", None, items, first, len(items)) == Element("p", element, kept)


def test_what_cannot_be_told_apart_stays() -> None:
    assert without("p", None, ["a", "b", "a"], 0, 1) is None
