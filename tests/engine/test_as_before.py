"""Behind a change of advisor's own as much is hidden as before it, and no more."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from advisor.engine.suppression import Suppressed, SuppressedBy, Suppression, as_before
from advisor.engine.verdicts import Confidence, Finding, Severity
from advisor.settings.instance import Instance
from advisor.settings.release import ASSUMED, NEWEST
from advisor.syntax.source import SourceFile, Span

INSTANCE = Instance.of(SourceFile("main.cf", ""), None, NEWEST, ASSUMED)
WHY = Suppression(SuppressedBy.BASELINE)


def finding(rule: str, service: str, message: str, line: int) -> Finding:
    where = Span("main.cf", line, 1, line, 2)
    return Finding(rule, Severity.LOW, Confidence.HIGH, message, where, service, (), (), "")


findings = st.lists(
    st.builds(
        finding, st.sampled_from("rs"), st.sampled_from("xy"), st.sampled_from("mn"), st.integers(1, 9)
    ),
    unique=True,
    max_size=8,
)


def subjects(of: list[Finding]) -> Counter[tuple[str, str | None]]:
    return Counter((each.rule, each.service) for each in of)


@given(findings, findings)
def test_as_many_of_each_rule_and_service_are_hidden(before: list[Finding], behind: list[Finding]) -> None:
    hidden = as_before([Suppressed(each, WHY) for each in before])(INSTANCE, behind)
    assert subjects(list(hidden)) == subjects(before) & subjects(behind)


@given(findings, st.lists(st.integers(0, 7), unique=True))
def test_what_was_hidden_comes_first(now: list[Finding], chosen: list[int]) -> None:
    before = [each for number, each in enumerate(now) if number in chosen]
    hidden = as_before([Suppressed(each, WHY) for each in before])(INSTANCE, now)
    said = Counter((each.rule, each.service, each.message) for each in before)
    assert Counter((each.rule, each.service, each.message) for each in hidden) == said
