"""The law of the three places: the command line wins, then the file, then the default."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict

from advisor.engine.selection import Selection
from advisor.engine.verdicts import Confidence, Severity
from advisor.errors import UsageError
from advisor.fail_on import FailOn
from advisor.policy.choices import Choices

words = st.lists(st.sampled_from(["tls", "syntax", "open-relay", "all"]), max_size=3).map(tuple)
SAID: dict[str, st.SearchStrategy[Any]] = {
    "select": words,
    "extend_select": words,
    "ignore": words,
    "pedantic": st.booleans(),
    "min_severity": st.sampled_from(Severity),
    "min_confidence": st.sampled_from(Confidence),
    "fail_on": st.sampled_from(FailOn),
    "baseline": st.sampled_from(["", "a.json"]),
    "profile": st.sampled_from([(), ("null-client",)]),
    "postfix_version": st.sampled_from(["3.7", "3.11.6"]),
    "memory": st.sampled_from(["4G", "512M"]),
    "rules_dir": st.sampled_from([(), ("mine",)]),
    "enabled": words,
    "disabled": words,
}
choices = st.fixed_dictionaries({}, optional=SAID).map(lambda said: Choices(**said))
SELECTION = {"select", "extend_select", "ignore", "enabled", "disabled"}


def test_every_choice_is_drawn() -> None:
    assert set(SAID) == set(Choices.__struct_fields__)


@given(choices, choices)
def test_what_is_said_above_wins(above: Choices, below: Choices) -> None:
    upper, lower = asdict(above), asdict(below)
    for name, value in asdict(above.over(below)).items():
        if upper[name] is not None:
            assert value == upper[name]
        elif above.select is not None and name in SELECTION:
            assert value is None  # to select starts anew
        else:
            assert value == lower[name]


@given(choices)
def test_nothing_said_changes_nothing(some: Choices) -> None:
    assert Choices().over(some) == some
    assert some.over(Choices()) == some


@given(choices, choices, choices)
def test_three_places_one_after_the_other(first: Choices, second: Choices, third: Choices) -> None:
    assert first.over(second).over(third) == first.over(second.over(third))


def test_the_default_selection() -> None:
    assert Choices().selection == Selection()


def test_what_is_enabled_and_disabled_is_selected_by_name() -> None:
    chosen = Choices(ignore=("tls",), enabled=("a",), disabled=("b",)).selection
    assert (chosen.extend_select, chosen.ignore) == (("a",), ("tls", "b"))


def test_to_select_nothing_makes_no_sense() -> None:
    with pytest.raises(UsageError, match="names no rule"):
        _ = Choices(select=()).selection
