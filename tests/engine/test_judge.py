"""Given this rule and this case, that verdict."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from packaging.version import Version

from advisor.engine.changes import (
    Applicability,
    Fix,
    RenameParameter,
    Requires,
    SetParameter,
    SetServiceField,
    SetServiceOverride,
    UnsetParameter,
)
from advisor.engine.judge import judge
from advisor.engine.rules import Rule
from advisor.engine.verdicts import (
    Broken,
    Confidence,
    Evidence,
    Finding,
    Fired,
    NotApplicable,
    Passed,
    Severity,
    Unknown,
    Verdict,
)
from advisor.errors import RuleError
from advisor.facts.registry import Collection, Fact, Source
from advisor.missing import Missing
from advisor.syntax.source import Span

RELEASE = Version("3.9.1")
Load = Callable[..., Rule]


def verdict(rule: Rule, case: object, options: dict[str, Any] | None = None) -> Verdict:
    (judgement,) = judge([rule], case, RELEASE, {rule.name: options or {}})
    assert judgement.rule is rule
    return judgement.verdict


def finding(rule: Rule, case: object, options: dict[str, Any] | None = None) -> Finding:
    fired = verdict(rule, case, options)
    assert isinstance(fired, Fired), fired
    return fired.findings[0]


def test_a_rule_that_fires_says_where_why_and_what_to_do(load: Load, new_case: Any) -> None:
    assert finding(load(), new_case()) == Finding(
        rule="process-limit-reached",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        message="smtp has 100 processes and needs 260",
        where=Span("master.cf", 1, 1, 1, 5),
        service="smtp/inet",
        evidence=(
            Evidence("observed.cause(service)", "too-few-processes", "", Source.LOG),
            Evidence("service.process_limit", 100, "", Source.SETTINGS),
            Evidence("processes_needed(service, options.headroom)", 260.0, "processes", Source.LOG),
        ),
        fixes=(
            Fix(
                "Give smtp/inet 260 processes",
                Applicability.UNSAFE,
                Requires.RELOAD,
                (SetServiceField("smtp/inet", "process_limit", "260"),),
            ),
        ),
        expected_effect="260 processes carry the load with 130 %",
    )


def test_options_of_a_site_count(load: Load, new_case: Any) -> None:
    assert finding(load(), new_case(), {"headroom": 1}).fixes[0].title == "Give smtp/inet 200 processes"
    with pytest.raises(RuleError, match="did you mean headroom"):
        verdict(load(), new_case(), {"hedroom": 1.0})
    with pytest.raises(RuleError, match="is not of the type float"):
        verdict(load(), new_case(), {"headroom": "1"})


def test_levels_replace_severity_and_confidence(load: Load, new_case: Any) -> None:
    found = finding(load(), new_case(needed=120.0, sessions=400))
    assert (found.severity, found.confidence) == (Severity.MEDIUM, Confidence.LOW)


def test_passed_where_the_setting_meets_its_target(load: Load, new_case: Any, new_service: Any) -> None:
    assert verdict(load(), new_case(services=(new_service("smtp", 260),))) == Passed()


def test_another_release_or_no_service_is_not_applicable(load: Load, new_case: Any) -> None:
    (judgement,) = judge([load()], new_case(), Version("2.2"))
    assert judgement.verdict == NotApplicable("for Postfix >=2.3, and this is 2.2")
    assert verdict(load(), new_case(services=())) == NotApplicable("there is nothing in smtp services")


def test_a_snapshot_counts_as_its_release(load: Load, new_case: Any) -> None:
    (judgement,) = judge([load()], new_case(), Version("3.11.dev20260101"))
    assert isinstance(judgement.verdict, Fired)


def test_what_is_missing_is_named_once(load: Load, new_case: Any, new_service: Any, no_log: Missing) -> None:
    services = (new_service("smtp", 100), new_service("smtps", 100))
    case = new_case(services=services, cause=no_log, needed=no_log)
    assert verdict(load(), case) == Unknown((no_log,))


def test_a_false_term_decides_beside_a_missing_one(
    load: Load, new_case: Any, new_service: Any, no_log: Missing
) -> None:
    assert verdict(load(), new_case(services=(new_service("smtp", 999),), cause=no_log)) == Passed()


def test_too_few_sessions_are_unknown(load: Load, new_case: Any, no_log: Missing) -> None:
    assert verdict(load(), new_case(sessions=12)) == Unknown(
        (Missing("sessions: 12, and at least 50 are needed", "give a log of a longer time"),)
    )
    assert verdict(load(), new_case(sessions=no_log)) == Unknown((no_log,))


def test_one_that_fires_outweighs_one_that_is_unknown(
    load: Load, rule_text: str, new_case: Any, new_service: Any, no_log: Missing
) -> None:
    text = rule_text.replace(
        """when = "observed.cause(service) == 'too-few-processes' and service.process_limit < needed\"""",
        """when = "service.process_limit < 50 or observed.cause(service) == 'slow-clients'\"""",
    )
    services = (new_service("smtp", 10), new_service("smtps", 100))
    fired = verdict(load(text), new_case(services=services, cause=no_log))
    assert isinstance(fired, Fired)
    assert [found.service for found in fired.findings] == ["smtp/inet"]
    assert verdict(load(text), new_case(services=services[1:], cause=no_log)) == Unknown((no_log,))


def test_a_fix_whose_condition_or_value_is_not_known_is_not_offered(
    load: Load, rule_text: str, new_case: Any, no_memory: Missing
) -> None:
    text = rule_text.replace("and needs", "and needs {{ value }}:")
    found = finding(load(text), new_case(memory=no_memory))
    assert found.fixes == ()
    assert found.message == "smtp has 100 processes and needs unknown: 260"
    assert found.expected_effect == ""
    text = rule_text.replace('"ceil(needed)"', '"memory()"').replace('only_if = "memory() > 1000"', "")
    assert finding(load(text), new_case(memory=no_memory)).fixes == ()


def test_a_failing_fact_breaks_its_own_rule_alone(load: Load, rule_text: str, new_case: Any) -> None:
    text = rule_text.replace("ran out", "runs out")
    broken = load(text.replace("process_limit < needed", "process_limit < fails()"))
    sound = load()
    judgements = judge([broken, sound], new_case(), RELEASE)
    assert judgements[0].verdict == Broken("fails(): KeyError: 'a bug in a fact'")
    assert isinstance(judgements[1].verdict, Fired)


def test_a_failing_collection_breaks_its_own_rule_alone(load: Load, new_case: Any) -> None:
    def falls(case: object) -> tuple[object, ...]:
        raise RuntimeError("a bug\x1b[2J")

    rule = load()
    broken = replace(rule, for_each=replace(rule.for_each, function=falls))
    assert verdict(broken, new_case()) == Broken("RuntimeError: a bug\\x1b[2J")


def test_a_collection_may_be_unknown_as_a_whole(load: Load, new_case: Any, no_log: Missing) -> None:
    rule = load()
    collection: Collection = replace(rule.for_each, function=lambda _: no_log)
    assert verdict(replace(rule, for_each=collection), new_case()) == Unknown((no_log,))


def test_division_by_zero_is_broken_but_counts_only_where_it_is_used(
    load: Load, rule_text: str, new_case: Any
) -> None:
    text = rule_text.replace("[options]", 'share = "1 / memory()"\n[options]')
    text = text.replace("process_limit < needed", "process_limit < needed and (memory() == 0 or share < 1)")
    assert isinstance(verdict(load(text), new_case(memory=0)), Fired)
    text = text.replace("memory() == 0 or ", "")
    assert verdict(load(text), new_case(memory=0)) == Broken("share: 1 / memory(): division by zero")


def test_a_value_with_a_line_break_never_becomes_a_change(
    load: Load, rule_text: str, new_case: Any, new_service: Any
) -> None:
    text = rule_text.replace('"ceil(needed)"', '"service.name"')
    case = new_case(services=(new_service("smtp\nmynetworks = 0.0.0.0/0", 100),))
    broken = verdict(load(text), case)
    assert isinstance(broken, Broken)
    assert "not printable" in broken.error
    assert "\n" not in broken.error


def test_a_hostile_name_is_made_visible(load: Load, new_case: Any, new_service: Any) -> None:
    found = finding(load(), new_case(services=(new_service("\x1b]0;x\x07\n\udcff\u202e", 100),)))
    assert found.message.startswith(r"\x1b]0;x\x07\n\xff\u202e has 100")
    assert found.fixes[0].title.isprintable()


@pytest.mark.parametrize(
    ("fix", "change"),
    [
        ("change = 'set-parameter'\nparameter = 'p'\nvalue = '5'", SetParameter("p", "5", "smtp/inet")),
        (
            "change = 'set-parameter'\nparameter = 'p'\nvalue = 'True'\nfor_service = false",
            SetParameter("p", "yes"),
        ),
        (
            "change = 'set-parameter'\nparameter = 'p'\nvalue = '''['a', 'b']'''",
            SetParameter("p", "a, b", "smtp/inet"),
        ),
        ("change = 'unset-parameter'\nparameter = 'p'", UnsetParameter("p", "smtp/inet")),
        ("change = 'rename-parameter'\nparameter = 'p'\nnew_name = 'q'", RenameParameter("p", "q")),
        (
            "change = 'set-override'\nparameter = 'p'\nvalue = '''service.name + '-x' '''",
            SetServiceOverride("smtp/inet", "p", "smtp-x"),
        ),
    ],
)
def test_each_kind_of_change(load: Load, rule_text: str, new_case: Any, fix: str, change: object) -> None:
    start, end = rule_text.index("[[fix]]"), rule_text.index("[[example]]")
    block = f"[[fix]]\ntitle = 'Change it'\napplicability = 'safe'\n{fix}\n"
    text = rule_text[:start] + block + rule_text[end:]
    text = text.replace("{{ value }} processes carry", "It carries")
    assert finding(load(text), new_case()).fixes[0].changes == (change,)


AGAINST = """[[against]]
title = "Twice as many ({{ value }})"
applicability = "manual"
change = "service-field"
field = "process_limit"
value = "2 * service.process_limit"
"""


def test_what_a_rule_advises_against_is_no_fix(load: Load, rule_text: str, new_case: Any) -> None:
    found = finding(load(rule_text.replace("[[example]]", f"{AGAINST}[[example]]", 1)), new_case())
    assert [each.title for each in found.against] == ["Twice as many (200)"]
    assert found.against[0].changes == (SetServiceField("smtp/inet", "process_limit", "200"),)
    assert found.fixes == finding(load(), new_case()).fixes
    assert found.message == finding(load(), new_case()).message


def test_what_a_rule_advises_against_is_checked_as_a_fix_is(load: Load, rule_text: str) -> None:
    wrong = AGAINST.replace("service.process_limit", "service.proces_limit")
    with pytest.raises(RuleError, match="did you mean process_limit") as raised:
        load(rule_text.replace("[[example]]", f"{wrong}[[example]]", 1))
    assert "against 1 value" in raised.value.where


def test_a_rule_about_parameters_takes_their_names(load: Load, new_case: Any, new_parameter: Any) -> None:
    text = """
name = "renamed"
category = "legacy"
summary = "A parameter has a new name"
severity = "low"
confidence = "high"
for_each = "parameters"
when = "parameter.replacement != ''"
message = "{{ parameter.name }} is called {{ parameter.replacement }}"
why = "The old name will go."
[[fix]]
title = "Rename it"
applicability = "safe"
change = "rename-parameter"
parameter_from = "parameter.name"
new_name_from = "parameter.replacement"
[[example]]
verdict = "fired"
[[example]]
verdict = "passed"
"""
    rule = load(text, "renamed", "legacy")
    found = finding(rule, new_case(parameters=(new_parameter("old", "new"), new_parameter("x", ""))))
    assert found.fixes[0].changes == (RenameParameter("old", "new"),)
    assert found.service is None


def test_fractions_are_no_value_for_postfix(load: Load, rule_text: str, new_case: Any) -> None:
    text = rule_text.replace("ceil(needed)", "needed / 7")
    broken = verdict(load(text), new_case())
    assert isinstance(broken, Broken)
    assert "use ceil or floor" in broken.error


def test_the_registered_unit_reaches_the_evidence(load: Load, new_case: Any) -> None:
    rule = load()
    facts: dict[str, Fact] = dict(rule.scope.facts)
    assert facts["processes_needed"].unit == "processes"
    assert {each.unit for each in finding(rule, new_case()).evidence} == {"", "processes"}


def test_what_printed_text_does_not_show_has_not_passed(load: Load, new_case: Any, new_service: Any) -> None:
    unseen = Missing("comments are not shown", "give the files")
    printed = type("Printed", (new_case,), {"unseen": unseen})
    rule = load()
    on_text = replace(rule, for_each=replace(rule.for_each, source=Source.TEXT))
    fine = printed(services=(new_service("smtp", 1000),))
    assert isinstance(verdict(rule, fine), Passed)
    assert verdict(on_text, fine) == Unknown((unseen,))
    assert verdict(on_text, printed(services=())) == Unknown((unseen,))
    assert isinstance(verdict(on_text, printed()), Fired)
    assert isinstance(verdict(on_text, new_case(services=(new_service("smtp", 1000),))), Passed)


def test_what_is_read_in_a_doubted_source_is_one_step_less_sure(
    load: Load, rule_text: str, new_case: Any
) -> None:
    doubter = load(rule_text.replace('confidence = "high"', 'confidence = "high"\ndoubts = "log"', 1))
    sure = load()
    both = judge([doubter, sure], new_case(), RELEASE)
    confidences = [each.verdict.findings[0].confidence for each in both if isinstance(each.verdict, Fired)]
    assert confidences == [Confidence.HIGH, Confidence.MEDIUM]
    assert [each.one_step_less for each in Confidence] == [
        Confidence.LOW,
        Confidence.LOW,
        Confidence.MEDIUM,
    ]
