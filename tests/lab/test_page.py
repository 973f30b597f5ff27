"""docs/lab.md is what the last campaign found, and knows each rule on capacity and time limits."""

from pathlib import Path

from tests.lab import results
from tests.lab.page import NO_LOOP, PAGE, page


def test_the_page_is_made_of_what_was_found() -> None:
    found = page(results.read())
    assert (Path(__file__).parent.parent.parent / PAGE).read_text(encoding="utf-8") == found


def test_no_reason_is_given_for_a_rule_that_spoke() -> None:
    spoke = {rule for each in results.read() for rule in each.rules}
    assert spoke.isdisjoint(NO_LOOP)
