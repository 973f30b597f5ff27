"""Which rules are asked: laws that hold for whatever words are given."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.engine.selection import ALL, Selection
from advisor.errors import UsageError
from advisor.rule_sets import all_rules

RULES = all_rules()
WORDS = st.sampled_from(
    [ALL, *(rule.name for rule in RULES if rule.ignorable), *(rule.category for rule in RULES)]
)
LISTS = st.lists(WORDS, max_size=4).map(tuple)


def names(selection: Selection) -> set[str]:
    with suppress(UsageError):  # that nothing is left to ask; every word is one that is known
        return {rule.name for rule in selection.choose(RULES).asked}
    return set()


@given(LISTS, LISTS, LISTS)
def test_to_select_more_never_asks_less(
    select: tuple[str, ...], more: tuple[str, ...], ignore: tuple[str, ...]
) -> None:
    assert names(Selection(select, (), ignore)) <= names(Selection(select, more, ignore))


@given(LISTS, LISTS, LISTS)
def test_to_ignore_more_never_asks_more(
    select: tuple[str, ...], one: tuple[str, ...], more: tuple[str, ...]
) -> None:
    assert names(Selection(select, (), (*one, *more))) <= names(Selection(select, (), one))


@given(LISTS)
def test_what_is_ignored_by_name_is_not_asked(ignore: tuple[str, ...]) -> None:
    assert names(Selection(ignore=ignore, extend_select=ignore)).isdisjoint(
        each for each in ignore if any(rule.name == each for rule in RULES)
    )


@given(LISTS, LISTS)
def test_the_watching_are_the_asked_and_what_nobody_ignored(
    select: tuple[str, ...], ignore: tuple[str, ...]
) -> None:
    try:
        chosen = Selection(select, (), ignore).choose(RULES)
    except UsageError:
        return
    watching = {rule.name for rule in chosen.watching}
    assert {rule.name for rule in chosen.asked} <= watching
    for rule in RULES:
        if not {rule.name, rule.category, ALL} & set(ignore) and not rule.pedantic:
            assert rule.name in watching


def test_a_word_that_is_none() -> None:
    with pytest.raises(
        UsageError, match=r"--select: no rule and no category is called capacty; did you mean capacity\?"
    ):
        Selection(("capacty",)).choose(RULES)
