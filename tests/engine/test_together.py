"""Several changes in one fix: what a fact wants becomes changes, and nothing else does."""

from collections.abc import Callable
from typing import Any

import pytest
from packaging.version import Version

from advisor.engine.changes import SetParameter, SetServiceField, SetServiceOverride, UnsetParameter
from advisor.engine.judge import judge
from advisor.engine.loader import verify_prose
from advisor.engine.rules import Rule
from advisor.engine.verdicts import Broken, Fired, Verdict
from advisor.errors import RuleError

Load = Callable[..., Rule]

COMPANY = (
    SetParameter("p", "5"),
    SetServiceOverride("smtp/inet", "q", "a"),
    UnsetParameter("r"),
    UnsetParameter("s", "smtp/inet"),
    SetServiceField("smtp/inet", "chroot", "y"),
)
TOGETHER = "change = 'together'\nchanges = "


@pytest.fixture
def with_fix(load: Load, rule_text: str) -> Callable[[str], Rule]:
    """The rule with this fix in place of its own."""

    def loaded(fix: str) -> Rule:
        start, end = rule_text.index("[[fix]]"), rule_text.index("[[example]]")
        block = f"[[fix]]\ntitle = 'Change {{{{ value }}}}'\napplicability = 'unsafe'\n{fix}\n"
        rule = load(rule_text[:start] + block + rule_text[end:])
        verify_prose(rule)
        return rule

    return loaded


def verdict(rule: Rule, case: object) -> Verdict:
    return judge([rule], case, Version("3.7.11"))[0].verdict


def test_what_a_fact_wants_becomes_changes(with_fix: Callable[[str], Rule], new_case: Any) -> None:
    fired = verdict(with_fix(TOGETHER + "'company(service)'"), new_case())
    assert isinstance(fired, Fired)
    (fix,) = fired.findings[0].fixes
    assert fix.changes == COMPANY
    words = "p = 5, q = a for smtp/inet, delete r, delete s for smtp/inet, chroot y for smtp/inet"
    assert fix.title == f"Change {words}"


def test_a_change_brings_others_with_it(with_fix: Callable[[str], Rule], new_case: Any) -> None:
    own = "change = 'service-field'\nfield = 'process_limit'\nvalue = '9'\nchanges = 'company(service)'"
    fired = verdict(with_fix(own), new_case())
    assert isinstance(fired, Fired)
    (fix,) = fired.findings[0].fixes
    assert fix.changes == (SetServiceField("smtp/inet", "process_limit", "9"), *COMPANY)
    assert fix.title == "Change 9"


def test_where_nothing_is_wanted_there_is_no_fix(with_fix: Callable[[str], Rule], new_case: Any) -> None:
    fired = verdict(with_fix(TOGETHER + "'no_company()'"), new_case())
    assert isinstance(fired, Fired)
    assert fired.findings[0].fixes == ()


def test_what_is_not_known_is_not_offered(
    with_fix: Callable[[str], Rule], new_case: Any, no_memory: Any
) -> None:
    rule = with_fix(TOGETHER + "'company(service) if memory() > 0 else no_company()'")
    fired = verdict(rule, new_case(memory=no_memory))
    assert isinstance(fired, Fired)
    assert fired.findings[0].fixes == ()


def test_a_value_with_a_line_break_is_no_change(
    with_fix: Callable[[str], Rule], new_case: Any, new_service: Any
) -> None:
    broken = verdict(
        with_fix(TOGETHER + "'company(service)'"), new_case(services=(new_service("hostile", 9),))
    )
    assert isinstance(broken, Broken)
    assert "not printable" in broken.error


def test_something_else_than_changes_breaks_the_rule(with_fix: Callable[[str], Rule], new_case: Any) -> None:
    broken = verdict(with_fix(TOGETHER + "'wrong_company()'"), new_case())
    assert isinstance(broken, Broken)
    assert "is no tuple of changes" in broken.error


@pytest.mark.parametrize(
    ("fix", "message"),
    [
        ("change = 'together'", "a together needs changes"),
        (TOGETHER + "'names()'", "names() gives no changes"),
        (TOGETHER + "'memory()'", "memory() gives no changes"),
        (TOGETHER + "'compny(service)'", "did you mean company?"),
        (TOGETHER + "'company(service)'\nparameter = 'p'", "a together has no parameter"),
        (TOGETHER + "'company(service)'\nfor_service = true", "says itself what it is for"),
    ],
)
def test_errors_are_said_when_the_rule_is_loaded(
    with_fix: Callable[[str], Rule], fix: str, message: str
) -> None:
    with pytest.raises(RuleError) as caught:
        with_fix(fix)
    assert message in str(caught.value)
    assert "fix 1" in caught.value.where
    assert caught.value.cure
