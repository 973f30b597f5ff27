"""Every rule file: its prose can be rendered, and its examples hold."""

import pytest

from advisor.engine.loader import verify_prose
from advisor.engine.rules import Rule
from advisor.rule_sets import all_rules
from advisor.rule_tests import run_examples

RULES = all_rules()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_prose_can_be_rendered(rule: Rule) -> None:
    verify_prose(rule)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_examples_hold(rule: Rule) -> None:
    problems = [f"example {each.number}: {each.problem}" for each in run_examples(rule) if each.problem]
    assert problems == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_fix_that_the_plan_may_make_has_an_example_of_the_text_behind_it(rule: Rule) -> None:
    if any(fix.applicability != "manual" for fix in rule.fixes):
        assert any(each.after_main_cf or each.after_master_cf for each in rule.examples)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_that_offers_no_change_says_why(rule: Rule) -> None:
    assert rule.fixes or rule.no_change
