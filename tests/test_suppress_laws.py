"""What holds of ignore comments in every configuration."""

from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.plan.edits import apply_changes
from advisor.settings.instance import Instance
from tests.judging import MAIN, judged, said

ABOUT_IGNORES = {"unused-ignore", "expired-ignore", "ignore-without-reason"}
WEAK = "smtp_tls_protocols = SSLv3, TLSv1\n"
SLOW = "smtpd_timeout = 300s\n"
LINES = st.sampled_from(
    [WEAK, SLOW, "mynetworks = 0.0.0.0/0\n", "biff = maybe\n", "colour = dark\n", "\n", "# c\n"]
)
RULES = st.sampled_from(
    [
        "weak-tls-protocol",
        "literal-smtpd-timeout",
        "mynetworks-too-wide",
        "open-relay",
        "bad-value-type",
        "unknown-parameter",
        "duplicate-parameter",
        "unused-ignore",
        "qqq",
    ]
)
IGNORES = st.lists(RULES, min_size=1, max_size=3).map(
    lambda names: f"# advisor: ignore[{', '.join(names)}] -- why\n"
)
CONFIGURATIONS = st.lists(st.one_of(LINES, IGNORES), max_size=8).map("".join)
few = settings(max_examples=40)


def above(text: str, line: int) -> str:
    """The comment lines directly above a line, all of them one text."""
    before = text.split("\n")[: line - 1]
    start = len(before)
    while start and before[start - 1].startswith("#"):
        start -= 1
    return " ".join(before[start:])


@few
@given(CONFIGURATIONS)
def test_an_ignore_hides_what_stands_below_it_and_nothing_else(text: str) -> None:
    text = MAIN + text
    with_comments, without = said(text), said(text, with_ignores=False)
    about_others = [each for each in with_comments.found if each[0] not in ABOUT_IGNORES]
    assert sorted(about_others + with_comments.hidden) == without.found
    for rule, line in without.found:
        is_hidden = f"{rule}," in above(text, line) or f"{rule}]" in above(text, line)
        assert ((rule, line) in with_comments.hidden) is (is_hidden and rule != "open-relay")


@few
@given(CONFIGURATIONS)
def test_without_the_unused_ignores_nothing_else_differs_and_none_is_left(text: str) -> None:
    report = judged(MAIN + text)
    unused = [each.fixes[0] for each in report.findings if each.rule == "unused-ignore"]
    behind = apply_changes(report.instance, [change for fix in unused for change in fix.changes])
    assert isinstance(behind, Instance)
    lines = [
        [(line.name, line.raw_value) for line in of.main_cf.assignments] for of in (report.instance, behind)
    ]
    assert lines[0] == lines[1]
    again = said(behind.main_cf.source.text)
    assert again.unused == []
    assert [rule for rule, _ in again.hidden] == sorted(each.finding.rule for each in report.suppressed)
    held_back = [each.reason for each in report.not_applied if each.rule == "unused-ignore"]
    assert held_back == []
