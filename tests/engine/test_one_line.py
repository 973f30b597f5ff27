"""One line of main.cf that several services read is one finding, which names them all."""

from collections.abc import Callable
from typing import Any

import pytest
from packaging.version import Version

from advisor.engine.changes import SetParameter
from advisor.engine.judge import judge
from advisor.engine.rules import Rule
from advisor.engine.verdicts import Finding, Fired, Severity

Load = Callable[..., Rule]

SETTINGS_ALONE = "service.process_limit < 500"


@pytest.fixture
def on_one_line(load: Load, rule_text: str) -> Callable[..., Rule]:
    """The rule about one line that all services read, with the condition and another value of its fix."""

    def loaded(when: str = SETTINGS_ALONE, value: str = "ceil(needed)", **more: str) -> Rule:
        start, end = rule_text.index("[[fix]]"), rule_text.index("[[example]]")
        fix = f"""[[fix]]
title = "Write it for {{{{ service.key }}}}"
applicability = "unsafe"
change = "set-parameter"
parameter = "smtpd_timeout"
value = "{value}"

"""
        text = rule_text[:start] + fix + rule_text[end:]
        condition = next(line for line in text.splitlines() if line.startswith("when = "))
        text = text.replace(condition, f'when = "{when}"\nparameter = "smtpd_timeout"')
        text = text.replace("{{ service.name }} has", "{{ service.key }} has")
        for old, new in more.items():
            text = text.replace(old, new)
        return load(text)

    return loaded


def findings(rule: Rule, case: Any) -> tuple[Finding, ...]:
    (judgement,) = judge([rule], case, Version("3.7.11"))
    assert isinstance(judgement.verdict, Fired), judgement.verdict
    return judgement.verdict.findings


def test_services_that_read_one_line_share_a_finding(
    on_one_line: Callable[..., Rule], case_on_one_line: Any, new_service: Any
) -> None:
    case = case_on_one_line(services=(new_service("smtp", 100), new_service("smtps", 100)))
    (found,) = findings(on_one_line(), case)
    assert (found.service, found.also) == ("smtp/inet", ("smtps/inet",))
    assert found.message == "smtp/inet has 100 processes and needs 260 The same holds for smtps/inet."
    (fix,) = found.fixes
    assert fix.title == "Write it for smtp/inet, smtps/inet"
    assert fix.changes == (
        SetParameter("smtpd_timeout", "260", "smtp/inet"),
        SetParameter("smtpd_timeout", "260", "smtps/inet"),
    )


def test_the_worst_of_them_speaks(
    on_one_line: Callable[..., Rule], case_on_one_line: Any, new_service: Any
) -> None:
    rule = on_one_line(**{"needed > 2 * service.process_limit": "service.name == 'smtps'"})
    case = case_on_one_line(services=(new_service("smtp", 100), new_service("smtps", 100)))
    (found,) = findings(rule, case)
    assert (found.service, found.also, found.severity) == ("smtps/inet", ("smtp/inet",), Severity.HIGH)


def test_what_says_another_thing_stays_apart(
    on_one_line: Callable[..., Rule], case_on_one_line: Any, new_service: Any
) -> None:
    case = case_on_one_line(services=(new_service("smtp", 100), new_service("smtps", 90)))
    assert [each.also for each in findings(on_one_line(), case)] == [(), ()]


def test_what_asks_for_other_changes_stays_apart(
    on_one_line: Callable[..., Rule], case_on_one_line: Any, new_service: Any
) -> None:
    rule = on_one_line(value="60 if service.name == 'smtp' else 300")
    case = case_on_one_line(services=(new_service("smtp", 100), new_service("smtps", 100)))
    assert [each.also for each in findings(rule, case)] == [(), ()]


def test_what_was_measured_of_each_stays_apart(
    on_one_line: Callable[..., Rule], case_on_one_line: Any, new_service: Any
) -> None:
    rule = on_one_line("observed.cause(service) == 'too-few-processes'")
    case = case_on_one_line(services=(new_service("smtp", 100), new_service("smtps", 100)))
    assert [each.also for each in findings(rule, case)] == [(), ()]


def test_lines_of_their_own_stay_apart(
    on_one_line: Callable[..., Rule], new_case: Any, new_service: Any
) -> None:
    case = new_case(services=(new_service("smtp", 100), new_service("smtpx", 100)))
    names = [(each.service, each.also) for each in findings(on_one_line(), case)]
    assert names == [("smtp/inet", ()), ("smtpx/inet", ())]
