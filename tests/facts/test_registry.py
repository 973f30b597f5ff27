"""Facts and collections are registered once, and say what they give."""

from collections.abc import Mapping

import pytest

# These register the facts and collections that the tests meet.
import advisor.facts.overload_facts
import advisor.facts.services  # noqa: F401
from advisor.facts import registry
from advisor.facts.registry import COLLECTIONS, FACTS, collection, fact, known, observed
from advisor.missing import Missing


def test_what_is_missing_is_the_answer() -> None:
    missing = Missing("the log", "give one")

    def total(case: object, part: int | Missing) -> int:
        """A sum."""
        return 1 + known(part)

    facts_before = dict(FACTS)
    try:
        fact(unit="seconds", name="test.total")(total)
        answer = FACTS["test.total"].function
        assert answer(None, 2) == 3
        assert answer(None, missing) is missing
        assert (FACTS["test.total"].unit, FACTS["test.total"].doc) == ("seconds", "A sum.")
    finally:
        _forget(facts_before)


def _forget(facts_before: Mapping[str, object]) -> None:
    for name in registry.FACTS.keys() - facts_before.keys():
        registry._facts.pop(name)


def test_two_of_one_name_are_an_error() -> None:
    taken = next(name for name in FACTS if not name.startswith("observed."))
    with pytest.raises(ValueError, match=f"two facts are called {taken}"):
        fact(name=taken)(lambda case: case)
    of_log = next(name for name in FACTS if name.startswith("observed."))

    def again(case: object) -> object:
        """Once more."""
        return case

    again.__name__ = of_log.removeprefix("observed.")
    with pytest.raises(ValueError, match=f"two facts are called {of_log}"):
        observed()(again)
    again.__name__ = next(iter(COLLECTIONS))
    with pytest.raises(ValueError, match="two collections are called"):
        collection(element=object, variable="x", locate=lambda each: each)(again)


def test_a_fact_says_what_it_gives() -> None:
    with pytest.raises(ValueError, match="has no docstring"):
        fact(name="test.silent")(lambda case: case)
