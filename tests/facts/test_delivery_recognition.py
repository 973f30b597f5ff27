"""Each cause of trouble on the way out in words, with the thresholds that hold."""

import pytest
from msgspec.structs import replace

from advisor.facts.delivery_causes import DeliveryCause
from advisor.facts.delivery_recognition import EXPLAINED, delivery_portrait
from advisor.facts.thresholds import default_thresholds


@pytest.mark.parametrize("cause", EXPLAINED)
def test_a_portrait_is_whole_sentences_with_all_numbers_filled_in(cause: DeliveryCause) -> None:
    shown = delivery_portrait(cause, default_thresholds())
    for text in (shown.meaning, shown.recognised):
        assert text.endswith(".")
        assert "{" not in text


def test_the_words_have_the_numbers_of_the_thresholds() -> None:
    thresholds = default_thresholds()
    changed = replace(
        thresholds, delivery=replace(thresholds.delivery, queue_wait_seconds=17, busy_share=0.42)
    )
    words = delivery_portrait(DeliveryCause.TOO_FEW_PROCESSES, changed).recognised
    assert "waited 17 s or more" in words
    assert "42% or more of the processes" in words


def test_no_two_causes_are_recognised_alike() -> None:
    told = [delivery_portrait(cause, default_thresholds()).recognised for cause in EXPLAINED]
    assert len(set(told)) == len(told)
