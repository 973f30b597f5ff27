"""Each cause in words, with the thresholds that hold."""

import pytest
from msgspec.structs import replace

from advisor.facts.causes import REMEDIES, Cause
from advisor.facts.recognition import portrait
from advisor.facts.thresholds import default_thresholds


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_has_a_portrait_and_a_table_of_remedies(cause: Cause) -> None:
    shown = portrait(cause, default_thresholds())
    assert shown.meaning.endswith(".")
    assert "{" not in shown.recognised
    assert cause in REMEDIES


def test_the_words_have_the_numbers_of_the_thresholds() -> None:
    thresholds = replace(default_thresholds(), slow_share=0.42, slow_seconds=17, full_seconds=33)
    words = portrait(Cause.SLOW_CLIENTS, thresholds).recognised
    assert "42% or more" in words
    assert "stayed for 17 s" in words
    assert "busy for 33 s of 180 s" in words


def test_what_full_means_is_said_only_where_it_matters() -> None:
    said = [cause for cause in Cause if "Full means" in portrait(cause, default_thresholds()).recognised]
    assert Cause.TOO_FEW_PROCESSES in said
    assert Cause.PROBES not in said
