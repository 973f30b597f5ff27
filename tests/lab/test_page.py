"""docs/lab.md is what the last campaign found, and has each rule on capacity and time limits."""

from pathlib import Path

from advisor.engine.loader import load_rules
from advisor.resources import resource_folder
from tests.lab import results
from tests.lab.page import ON_LOAD, PAGE, page


def test_the_page_is_made_of_what_was_found() -> None:
    found = page(results.read())
    assert (Path(__file__).parent.parent.parent / PAGE).read_text(encoding="utf-8") == found


def test_each_rule_on_load_spoke_in_a_loop() -> None:
    spoke = {rule for each in results.read() for rule in each.rules}
    rules = load_rules((resource_folder("rules"),), examples=False)
    assert [each.name for each in rules if each.category in ON_LOAD and each.name not in spoke] == []
