"""What is deleted had no say: no client's fate is another one without it."""

from hypothesis import given
from hypothesis import strategies as st

from advisor.engine.changes import ChangeElement
from advisor.facts.case import NO_LOG, Case
from advisor.facts.unreachable_restrictions import RestrictionOrder, restriction_orders
from advisor.facts.wanted import Element
from advisor.plan.edits import apply_changes
from advisor.settings.instance import Instance
from tests.facts.test_permits_first import ANSWERS, LISTS, PERMITS, decision, instance


def order_of(of: Instance) -> RestrictionOrder:
    (found,) = restriction_orders(Case(of, NO_LOG))
    return found


@given(LISTS.filter(bool), ANSWERS, st.sampled_from((*PERMITS, "")))
def test_nobody_notices(elements: list[str], answers: dict[str, str | None], permit: str) -> None:
    before = instance([*elements, "warn_if_reject"] if len(elements) % 2 else elements, "smtp")
    wanted = [each for each in order_of(before).changes if isinstance(each, Element)]
    changes = [ChangeElement(each.name, each.element, each.new, each.service) for each in wanted]
    after = apply_changes(before, changes)
    assert isinstance(after, Instance)
    assert decision(after, answers, (permit,)) == decision(before, answers, (permit,))
    if changes:
        order = order_of(after)
        assert not order.unreachable
        assert not order.dangling
