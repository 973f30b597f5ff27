"""What enters a patch: proven fixes, one cure at a time, and nothing that contradicts itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from advisor.engine.changes import (
    AddService,
    Applicability,
    Change,
    Fix,
    RenameParameter,
    Requires,
    SetParameter,
    SetServiceField,
    SetServiceOverride,
    UnsetParameter,
)
from advisor.engine.judge import Judgement
from advisor.engine.verdicts import Confidence, Finding, Fired, Passed, Severity
from advisor.plan.plan import Plan, Rejudge, make_plan
from advisor.settings.given import Given
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
    pedantic: bool = False
    is_about_verdicts: bool = False


def instance(main: str = "biff = no\n", master: str = MASTER) -> Instance:
    return Instance.of(
        SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse("3.7.11"), ""
    )


def asks(
    name: str, of: Instance, *changes: Change, applicability: Applicability = Applicability.UNSAFE
) -> Judgement:
    """A rule that fired on smtp/inet and wants the changes, together."""
    finding = Finding(
        rule=name,
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        message="",
        where=of.main_cf.source.end_span,
        service="smtp/inet",
        evidence=(),
        fixes=(Fix(name, applicability, Requires.RELOAD, changes),),
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
    made = plan(of, asks("a", of, change, applicability=Applicability.MANUAL))
    assert (made.patches, len(made.held_back)) == ((), 1)


def test_changes_that_belong_together_are_made_together() -> None:
    of = instance("smtp_use_tls = yes\n")
    made = plan(
        of,
        asks(
            "a",
            of,
            SetParameter("smtp_tls_security_level", "may"),
            UnsetParameter("smtp_use_tls"),
            SetServiceField("smtp/inet", "chroot", "y"),
        ),
    )
    texts = {patch.name: patch.after for patch in made.patches}
    assert texts == {
        "main.cf": "smtp_tls_security_level = may\n",
        "master.cf": MASTER.replace("n - n - 5", "n - y - 5"),
    }


def test_of_changes_that_belong_together_none_is_made_alone() -> None:
    of = instance()
    nobody = SetServiceField("nobody/inet", "chroot", "y")
    made = plan(of, asks("a", of, SetParameter("biff", "yes"), nobody))
    assert (made.patches, len(made.held_back)) == ((), 1)
    assert "master.cf has no service nobody/inet" in made.held_back[0].reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SetParameter("biff", "yes"), UnsetParameter("biff")),
        (SetServiceOverride("smtp/inet", "biff", "yes"), UnsetParameter("biff", "smtp/inet")),
        (SetParameter("biff", "yes"), RenameParameter("biff", "puff")),
        (SetParameter("puff", "yes"), RenameParameter("biff", "puff")),
        (AddService("a/unix", "error"), AddService("a/unix", "discard")),
    ],
)
def test_two_wishes_for_one_place_are_a_conflict(one: Change, other: Change) -> None:
    of = instance(master=MASTER.replace("5 smtpd\n", "5 smtpd\n  -o biff=no\n"))
    made = plan(of, asks("a", of, one), asks("b", of, other))
    assert made.patches == ()
    assert [each.finding.rule for each in made.conflicts[0].fixes] == ["a", "b"]


def test_two_new_services_are_no_conflict() -> None:
    of = instance()
    wishes = (AddService("a/unix", "error"), AddService("b/unix", "discard"))
    made = plan(of, asks("a", of, wishes[0]), asks("b", of, wishes[1]))
    (patch,) = made.patches
    assert patch.after.startswith(MASTER)
    assert [line.split()[0] for line in patch.after.removeprefix(MASTER).splitlines()] == ["a", "b"]
    assert made.proof


def test_a_name_that_only_one_service_sets_is_renamed_there() -> None:
    of = instance(master=MASTER.replace("5 smtpd\n", "5 smtpd\n  -o fallback_relay=\n"))
    made = plan(of, asks("a", of, RenameParameter("fallback_relay", "smtp_fallback_relay")))
    assert [patch.after for patch in made.patches] == [
        MASTER.replace("5 smtpd\n", "5 smtpd\n  -o smtp_fallback_relay=\n")
    ]


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


def test_a_fix_behind_which_more_would_be_wanted_is_held_back() -> None:
    of = instance()
    judgement = asks("a", of, SetServiceField("smtp/inet", "process_limit", "9"))

    def rejudge(behind: Instance) -> list[Judgement]:
        if "- 9 smtpd" not in (behind.master_cf.source.text if behind.master_cf else ""):
            return content([judgement])
        return [*content([judgement]), asks("b", behind, SetParameter("biff", "yes"))]

    # The other rule had as much to say before, so that nothing got worse; but now it can be cured.
    fired = asks("b", of).verdict
    assert isinstance(fired, Fired)
    before = Judgement(cast("Rule", NamedRule("b")), Fired((replace(fired.findings[0], fixes=()),)))
    made = make_plan(of, [judgement, before], rejudge_once(rejudge, before))
    assert made.proven == ()
    assert made.patches == ()
    assert "behind it, advisor would want more" in {each.reason for each in made.held_back}


def rejudge_once(rejudge: Callable[[Instance], list[Judgement]], before: Judgement) -> Rejudge:
    """Judges new text by the function, and what is asked again behind the whole patch as content."""

    def judge(behind: Instance) -> list[Judgement]:
        if "biff = yes" in behind.main_cf.source.text:
            return content([before])
        return rejudge(behind)

    return judge


def test_without_a_master_cf_the_proof_is_about_the_stock_services() -> None:
    of = Instance.of(
        SourceFile("main.cf", "biff = no\n"),
        None,
        Release.parse("3.7.11"),
        "",
        given=Given(stock_services=True),
    )
    made = plan(of, asks("a", of, SetParameter("biff", "yes")))
    assert any("stock services" in line for line in made.proof)
    assert [patch.name for patch in made.patches] == ["main.cf"]
    refused = plan(of, asks("a", of, SetServiceField("smtp/inet", "process_limit", "9")))
    assert "give --master" in refused.held_back[0].reason


def test_one_fix_that_cannot_be_made_does_not_hold_the_others() -> None:
    of = instance()
    made = plan(
        of,
        asks("a", of, SetServiceField("smtp/inet", "process_limit", "9")),
        asks("b", of, SetServiceField("nobody/inet", "process_limit", "9")),
    )
    assert [each.finding.rule for each in made.proven] == ["a"]
    assert [each.reason for each in made.held_back] == ["master.cf has no service nobody/inet"]
