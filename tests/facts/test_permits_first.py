"""Whom a list refuses, before its own users pass first and behind it: nobody else, and nobody less."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.engine.changes import ChangeElement
from advisor.facts.case import NO_LOG, Case
from advisor.facts.list_elements import grouped
from advisor.facts.login_order import tests_before_permits as early_tests
from advisor.facts.login_order import tests_moved_behind_permits as moved
from advisor.facts.wanted import Element
from advisor.plan.edits import apply_changes
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.values import split_items
from advisor.syntax.source import SourceFile

R = "smtpd_client_restrictions"
PERMITS = ("permit_mynetworks", "permit_sasl_authenticated")
TESTS = ("reject_rbl_client a.example", "reject_unknown_client_hostname")
OTHERS = (
    "reject_unauth_pipelining",
    "reject_sender_login_mismatch",
    "check_client_access hash:/a",
    "warn_if_reject reject_rbl_client b.example",
)
LISTS = st.lists(st.sampled_from((*PERMITS, *TESTS, *OTHERS, "permit", "reject")), max_size=7)
# What each element says of a client, where it says something: None is the next one's to decide.
ANSWERS = st.fixed_dictionaries(
    {
        **{each: st.sampled_from((None, "refuse")) for each in (*TESTS, *OTHERS[:2])},
        OTHERS[2]: st.sampled_from((None, "refuse", "permit")),
    }
)


def instance(elements: Sequence[str], service: str) -> Instance:
    main = f"smtpd_sasl_auth_enable = yes\n{R} = {', '.join(elements)}\n"
    master = f"{service} inet n - n - - smtpd\n"
    sources = SourceFile("main.cf", main), SourceFile("master.cf", master)
    return Instance.of(*sources, Release.parse("3.7.11"), "")


def behind(before: Instance) -> Instance | None:
    """The instance with the changes made; None where none are offered."""
    (service,) = before.services
    wanted = moved(Case(before, NO_LOG), service)
    changes = [
        ChangeElement(each.name, each.element, each.new, each.service)
        for each in wanted
        if isinstance(each, Element)
    ]
    assert len(changes) == len(wanted)
    after = apply_changes(before, changes) if changes else None
    assert after is None or isinstance(after, Instance)
    return after


def decision(of: Instance, answers: Mapping[str, str | None], permits: Sequence[str]) -> str:
    """What becomes of a client that these permits name."""
    for each in grouped(split_items(of.setting(R).text)):
        if each.name in ("permit", "reject"):
            return "permit" if each.name == "permit" else "refuse"
        answer = "permit" if each.name in permits else answers.get(each.element)
        if answer:
            return answer
    return "permit"


@given(LISTS, ANSWERS, st.sampled_from(("smtp", "submission")))
def test_strangers_meet_the_same_fate(
    elements: list[str], answers: dict[str, str | None], service: str
) -> None:
    before = instance(elements, service)
    after = behind(before)
    if after is not None:
        assert decision(after, answers, ()) == decision(before, answers, ())


@given(LISTS, ANSWERS, st.sampled_from(PERMITS), st.sampled_from(("smtp", "submission")))
def test_ones_own_users_are_spared_the_tests_alone(
    elements: list[str], answers: dict[str, str | None], permit: str, service: str
) -> None:
    before = instance(elements, service)
    after = behind(before)
    if after is not None:
        spared = {**answers, **dict.fromkeys(TESTS)}
        assert decision(after, spared, (permit,)) == decision(before, spared, (permit,))
        assert not early_tests(Case(after, NO_LOG), after.services[0])


@pytest.mark.parametrize("between", ["check_client_access hash:/a", "permit_dnswl_client a.example", "$own"])
def test_what_may_say_ok_is_not_passed(between: str) -> None:
    assert behind(instance((TESTS[0], between, *PERMITS), "smtp")) is None


def test_what_stands_behind_the_end_counts_for_nothing() -> None:
    of = instance((TESTS[0], "permit", PERMITS[1]), "smtp")
    assert early_tests(Case(of, NO_LOG), of.services[0]) == ()
