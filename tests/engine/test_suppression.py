"""What a suppressor hides counts for nothing, changes nothing, and stays known."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from advisor.engine.judge import Judgement
from advisor.engine.suppression import Suppressed, SuppressedBy, Suppression, Suppressor, without_suppressed
from advisor.engine.verdicts import Finding, Fired, Passed, Unknown
from advisor.missing import Missing
from advisor.settings.instance import Instance
from tests.judging import MAIN, instance, judged, rules

WEAK = f"{MAIN}smtp_tls_protocols = SSLv3, TLSv1\nsmtpd_timeout = 300s\n"
OPEN = (
    f"{MAIN}mynetworks = 0.0.0.0/0\nsmtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n"
)
POLICY = Suppression(SuppressedBy.POLICY, "a policy")
BASELINE = Suppression(SuppressedBy.BASELINE)


def hides(rule: str, why: Suppression) -> Suppressor:
    def suppressor(of: Instance, findings: Sequence[Finding]) -> Mapping[Finding, Suppression]:
        return {finding: why for finding in findings if finding.rule == rule}

    return suppressor


def everything(of: Instance, findings: Sequence[Finding]) -> Mapping[Finding, Suppression]:
    return dict.fromkeys(findings, BASELINE)


def named(findings: Sequence[Finding]) -> set[str]:
    return {finding.rule for finding in findings}


# What is asserted is small: pytest writes down all of what fails, and that takes it minutes of a report.
def test_what_is_hidden_is_no_finding_and_in_no_patch() -> None:
    plain, hidden = judged(WEAK), judged(WEAK, suppressors=[hides("weak-tls-protocol", POLICY)])
    before, after = named(plain.findings), named(hidden.findings)
    assert before - after == {"weak-tls-protocol"}
    assert "literal-smtpd-timeout" in after
    patches = plain.patch, hidden.patch
    assert ["-smtp_tls_protocols" in patch for patch in patches] == [True, False]
    assert ["-smtpd_timeout" in patch for patch in patches] == [True, True]
    suppressed = [(each.finding.rule, each.suppression) for each in hidden.suppressed]
    assert suppressed == [("weak-tls-protocol", POLICY)]
    proven = {each.finding.rule for each in hidden.proven}
    assert "weak-tls-protocol" not in proven


def test_where_all_is_hidden_nothing_is_changed_or_held_back() -> None:
    plain, hidden = judged(WEAK), judged(WEAK, suppressors=[everything])
    left = len(hidden.findings), hidden.patch, len(hidden.proven), len(hidden.not_applied)
    assert left == (0, "", 0, 0)
    before, suppressed = named(plain.findings), named([each.finding for each in hidden.suppressed])
    assert suppressed == before


def test_of_several_suppressors_the_first_counts() -> None:
    both = [hides("weak-tls-protocol", POLICY), everything]
    why = {each.finding.rule: each.suppression for each in judged(WEAK, suppressors=both).suppressed}
    assert (why["weak-tls-protocol"], why["literal-smtpd-timeout"]) == (POLICY, BASELINE)
    why = {each.finding.rule: each.suppression for each in judged(WEAK, suppressors=both[::-1]).suppressed}
    assert why["weak-tls-protocol"] == BASELINE


def test_what_cannot_be_ignored_is_shown_all_the_same() -> None:
    protected = {rule.name for rule in rules() if not rule.ignorable}
    plain = named(judged(OPEN).findings)
    assert "open-relay" in plain
    hidden = judged(OPEN, suppressors=[everything])
    left, suppressed = named(hidden.findings), named([each.finding for each in hidden.suppressed])
    assert (left, suppressed) == (plain & protected, plain - protected)
    changed = [line for line in hidden.patch.splitlines() if line.startswith("-mynetworks")]
    assert changed == []  # that change is another rule's, which may be hidden


def test_a_rule_that_could_not_decide_of_all_is_undecided_without_its_findings() -> None:
    missing = Missing("what", "how")
    for verdict, left in (
        (fired("weak-tls-protocol"), Passed),
        (replace(fired("weak-tls-protocol"), missing=(missing,)), Unknown),
    ):
        (judgement,), (suppressed,) = left_of("weak-tls-protocol", verdict, everything)
        assert isinstance(judgement.verdict, left)
        assert suppressed.suppression == BASELINE
        (judgement,), nothing = left_of("weak-tls-protocol", verdict, hides("another", POLICY))
        same = judgement.verdict == verdict
        assert (same, nothing) == (True, ())


def test_the_other_findings_of_a_rule_stay() -> None:
    verdict = fired("weak-tls-protocol")
    other = replace(verdict.findings[0], message="another")
    both = replace(verdict, findings=(*verdict.findings, other))
    (judgement,), (suppressed,) = left_of("weak-tls-protocol", both, lambda *_: {other: POLICY})
    same = judgement.verdict == verdict
    assert (same, suppressed.finding.message) == (True, "another")


def fired(name: str) -> Fired:
    return Fired(tuple(each for each in judged(WEAK).findings if each.rule == name))


def left_of(
    name: str, verdict: Fired, suppressor: Suppressor
) -> tuple[tuple[Judgement, ...], tuple[Suppressed, ...]]:
    rule = next(each for each in rules() if each.name == name)
    return without_suppressed([Judgement(rule, verdict)], instance(WEAK), [suppressor])
