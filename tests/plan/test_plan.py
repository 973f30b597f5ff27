"""What enters a patch: proven fixes, one cure at a time, and nothing that contradicts itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from hypothesis import given
from hypothesis import strategies as st

from advisor.engine.changes import Applicability, Change, Fix, Requires, SetParameter, SetServiceField
from advisor.engine.judge import Judgement
from advisor.engine.verdicts import Confidence, Finding, Fired, Passed, Severity
from advisor.plan.plan import Plan, make_plan
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

if TYPE_CHECKING:
    from advisor.engine.rules import Rule

MASTER = "smtp inet n - n - 5 smtpd\nsubmission inet n - n - - smtpd\n  -o syslog_name=postfix/submission\n"


@dataclass(frozen=True)
class NamedRule:
    """All of a rule that a plan looks at."""

    name: str


def instance(main: str = "biff = no\n", master: str = MASTER) -> Instance:
    return Instance.of(
        SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse("3.7.11"), ""
    )


def asks(
    name: str, of: Instance, change: Change, applicability: Applicability = Applicability.UNSAFE
) -> Judgement:
    """A rule that fired on smtp/inet and wants the change."""
    finding = Finding(
        rule=name,
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        message="",
        where=of.main_cf.source.end_span,
        service="smtp/inet",
        evidence=(),
        fixes=(Fix(name, applicability, Requires.RELOAD, (change,)),),
        expected_effect="",
    )
    return Judgement(cast("Rule", NamedRule(name)), Fired((finding,)))


def content(judgements: Sequence[Judgement]) -> list[Judgement]:
    """The same rules, with nothing more to say."""
    return [Judgement(each.rule, Passed()) for each in judgements]


def plan(of: Instance, *judgements: Judgement) -> Plan:
    return make_plan(of, judgements, lambda _: content(judgements))


def test_a_proven_fix_is_in_the_patch() -> None:
    of = instance()
    made = plan(of, asks("a", of, SetServiceField("smtp/inet", "process_limit", "9")))
    (patch,) = made.patches
    assert patch.name == "master.cf"
    assert patch.after == MASTER.replace(" 5 ", " 9 ")
    assert made.proof


def test_a_rule_that_asks_again_behind_its_change_is_held_back() -> None:
    of = instance()
    judgements = [asks("a", of, SetServiceField("smtp/inet", "process_limit", "9"))]
    made = make_plan(of, judgements, lambda _: judgements)
    assert (made.patches, made.proof) == ((), ())
    assert "would ask for more" in made.held_back[0].reason


def test_a_change_after_which_another_rule_fires_is_held_back() -> None:
    of = instance()
    judgement = asks("a", of, SetServiceField("smtp/inet", "process_limit", "9"))
    other = asks("b", of, SetParameter("biff", "yes"))
    quiet = Judgement(other.rule, Passed())
    made = make_plan(of, [judgement, quiet], lambda _: [*content([judgement]), other])
    assert made.patches == ()
    assert "b would have more to say" in made.held_back[0].reason


def test_only_rules_that_were_asked_change_anything() -> None:
    of = instance()
    judgements = [
        asks("a", of, SetServiceField("smtp/inet", "process_limit", "9")),
        asks("b", of, SetServiceField("smtp/inet", "process_limit", "8")),
    ]
    made = make_plan(of, judgements, lambda _: content(judgements), frozenset({"a"}))
    assert [each.finding.rule for each in made.proven] == ["a"]
    assert (made.conflicts, made.held_back) == ((), ())


def test_a_rule_that_was_not_asked_still_watches() -> None:
    of = instance()
    judgement = asks("a", of, SetServiceField("smtp/inet", "process_limit", "9"))
    watching = asks("b", of, SetParameter("biff", "yes"))
    quiet = Judgement(watching.rule, Passed())
    made = make_plan(of, [judgement, quiet], lambda _: [*content([judgement]), watching], frozenset({"a"}))
    assert made.patches == ()
    assert "b would have more to say" in made.held_back[0].reason


def test_equal_changes_merge() -> None:
    of = instance()
    change = SetServiceField("smtp/inet", "process_limit", "9")
    made = plan(of, asks("a", of, change), asks("b", of, change))
    assert [each.finding.rule for each in made.proven] == ["a", "b"]


def test_unequal_changes_are_a_conflict_and_neither_is_made() -> None:
    of = instance()
    made = plan(
        of,
        asks("a", of, SetServiceField("smtp/inet", "process_limit", "9")),
        asks("b", of, SetServiceField("smtp/inet", "process_limit", "8")),
    )
    assert made.patches == ()
    assert [each.finding.rule for each in made.conflicts[0].fixes] == ["a", "b"]


def test_the_same_value_for_all_that_read_it_is_one_line_in_main_cf() -> None:
    of = instance("smtpd_timeout = 300\n")
    value = "${stress?{10}:{300}}s"
    made = plan(
        of,
        asks("a", of, SetParameter("smtpd_timeout", value, "smtp/inet")),
        asks("b", of, SetParameter("smtpd_timeout", value, "submission/inet")),
    )
    assert [(each.name, each.after) for each in made.patches] == [("main.cf", f"smtpd_timeout = {value}\n")]


def test_capacity_advice_is_one_change_at_a_time() -> None:
    of = instance()
    made = plan(
        of,
        asks("a", of, SetServiceField("smtp/inet", "process_limit", "9")),
        asks("b", of, SetParameter("smtpd_timeout", "${stress?{10}:{30}}s", "smtp/inet")),
    )
    assert [each.finding.rule for each in made.proven] == ["a"]
    assert "one cure at a time" in made.held_back[0].reason


def test_restoring_the_stress_form_is_no_capacity_advice() -> None:
    of = instance("smtpd_timeout = 300\n")
    made = plan(
        of,
        asks("a", of, SetServiceField("smtp/inet", "process_limit", "9")),
        asks("b", of, SetParameter("smtpd_timeout", "${stress?{10}:{300}}s", "smtp/inet")),
    )
    assert {each.finding.rule for each in made.proven} == {"a", "b"}


def test_manual_advice_is_never_in_the_patch() -> None:
    of = instance()
    change = SetServiceField("smtp/inet", "process_limit", "9")
    made = plan(of, asks("a", of, change, Applicability.MANUAL))
    assert (made.patches, len(made.held_back)) == ((), 1)


_NAMES = st.sampled_from(["smtpd_timeout", "smtpd_hard_error_limit", "smtpd_client_connection_count_limit"])
_LINES = st.lists(
    st.sampled_from(
        [
            "# a comment\n",
            "\n",
            "smtpd_timeout = 5\n",
            "smtpd_timeout = 5\n  # inside\n",
            "smtpd_hard_error_limit =\n\t# inside\n\n  7\n",
            "smtpd_banner = $myhostname\n  ESMTP\r\n",
            "relay_domains = $mydestination\n",
            "junk\n",
        ]
    ),
    max_size=8,
).map("".join)


@given(main=_LINES, name=_NAMES, number=st.integers(1, 900), service=st.sampled_from([None, "smtp/inet"]))
def test_exactly_what_was_asked_changes(main: str, name: str, number: int, service: str | None) -> None:
    of = instance(main)
    made = plan(of, asks("a", of, SetParameter(name, str(number), service)))
    assert made.held_back == ()
    texts = {patch.name: patch.after for patch in made.patches}
    new = instance(texts.get("main.cf", main), texts.get("master.cf", MASTER))
    comments = [line for line in main.splitlines() if line.lstrip().startswith("#")]
    assert [
        line for line in texts.get("main.cf", main).splitlines() if line.lstrip().startswith("#")
    ] == comments
    for key in ("smtp/inet", "submission/inet"):
        for each in (
            "smtpd_timeout",
            "smtpd_hard_error_limit",
            "smtpd_client_connection_count_limit",
            "relay_domains",
        ):
            value = new.setting(each, new.service(key)).text
            if each == name and service in (None, key):
                assert value == str(number)
            else:
                assert value == of.setting(each, of.service(key)).text
