"""What an `[[ignore]]` hides: all of a finding or nothing, on the days that were chosen."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from advisor.engine.suppression import Suppressed, SuppressedBy, Suppression
from advisor.engine.verdicts import Confidence, Finding, Severity
from advisor.facts.case import NO_LOG, Case
from advisor.settings.instance import Instance
from advisor.settings.release import NEWEST
from advisor.suppress_policy import PolicyIgnore, PolicyIgnores
from advisor.syntax.source import SourceFile, Span

TODAY = date(2027, 3, 1)
INSTANCE = Instance.of(SourceFile("main.cf", ""), None, NEWEST, "a test")
SERVICES = [None, "smtp/inet", "submission/inet", "smtps/inet"]

rules = st.sampled_from(["vrfy-enabled", "smtp-smuggling"])
days = st.none() | st.integers(-2, 2).map(lambda days: TODAY + timedelta(days))


@st.composite
def entries(draw: st.DrawFn) -> PolicyIgnore:
    where = Span("advisor.toml", draw(st.integers(1, 99)), 1, 1, 1)
    suppression = Suppression(SuppressedBy.POLICY, "why", draw(days), where)
    return PolicyIgnore(
        draw(rules), draw(st.sampled_from(SERVICES)), suppression, where, is_own=draw(st.booleans())
    )


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    first, *also = draw(st.lists(st.sampled_from(SERVICES), min_size=1, max_size=3, unique=True))
    return Finding(
        rule=draw(rules),
        severity=Severity.LOW,
        confidence=Confidence.HIGH,
        message="",
        where=Span("main.cf", draw(st.integers(1, 9)), 1, 1, 2),
        service=first,
        evidence=(),
        fixes=(),
        expected_effect="",
        also=tuple(each for each in also if each is not None),
    )


def ignores(*some: PolicyIgnore) -> PolicyIgnores:
    return PolicyIgnores(some, frozenset({"vrfy-enabled", "smtp-smuggling"}), TODAY)


@given(st.lists(entries(), max_size=5), findings())
def test_a_finding_is_hidden_where_each_of_its_services_is(
    some: list[PolicyIgnore], finding: Finding
) -> None:
    live = [
        each
        for each in some
        if each.rule == finding.rule and (each.suppression.until is None or each.suppression.until >= TODAY)
    ]
    covered = all(
        any(each.service is None or each.service == service for each in live) for service in finding.services
    )
    hidden = ignores(*some).hidden(INSTANCE, [finding])
    assert (finding in hidden) is covered
    assert set(hidden.values()) <= {each.suppression for each in live}


@given(st.lists(entries(), max_size=4), entries(), st.lists(findings(), max_size=4))
def test_another_entry_uncovers_nothing(
    some: list[PolicyIgnore], more: PolicyIgnore, found: list[Finding]
) -> None:
    before = ignores(*some).hidden(INSTANCE, found)
    assert before.keys() <= ignores(*some, more).hidden(INSTANCE, found).keys()
    assert ignores(*reversed(some)).hidden(INSTANCE, found).keys() == before.keys()


@given(st.lists(entries(), max_size=4), st.lists(findings(), max_size=4))
def test_what_each_hides_is_what_is_hidden(some: list[PolicyIgnore], found: list[Finding]) -> None:
    of = ignores(*some)
    suppressed = [Suppressed(finding, why) for finding, why in of.hidden(INSTANCE, found).items()]
    decisions = of.decisions(INSTANCE, (), suppressed)
    assert [each.suppression for each in decisions] == [each.suppression for each in some]
    assert {each for decision in decisions for each in decision.hides} == {
        each.finding for each in suppressed
    }
    assert all(not each.hides for each in decisions if each.expired)


def test_a_rule_that_was_not_asked_leaves_nothing_unused() -> None:
    where = Span("advisor.toml", 1, 1, 1, 1)
    entry = PolicyIgnore(
        "vrfy-enabled", None, Suppression(SuppressedBy.POLICY, "why", None, where), where, is_own=True
    )
    (told,) = ignores(entry).told(Case(INSTANCE, NO_LOG), ())
    assert [each.is_unused for each in told.rules] == [False]
