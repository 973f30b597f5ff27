"""What a site changes about rules holds in the rule itself, so wherever it is asked."""

import pytest

from advisor.engine.amendments import Amendment, amended
from advisor.engine.rules import Rule
from advisor.engine.verdicts import Severity
from advisor.errors import RuleError
from advisor.rule_sets import all_rules

RULES = all_rules()


def rule(name: str, amendment: Amendment) -> Rule:
    return next(each for each in amended(RULES, {name: amendment}) if each.name == name)


@pytest.mark.parametrize("severity", Severity)
def test_a_severity_is_that_of_all_findings(severity: Severity) -> None:
    graded = next(each for each in RULES if each.severity_levels)
    changed = rule(graded.name, Amendment(severity))
    assert (changed.severity, changed.gravest) == (severity, severity)
    assert rule(graded.name, Amendment()).gravest == graded.gravest


def test_options_are_settled() -> None:
    changed = rule("smtpd-process-limit-reached", Amendment(options={"headroom": 2}))
    assert changed.options["headroom"] == 2.0
    assert isinstance(changed.options["headroom"], float)
    with pytest.raises(RuleError, match="no option is called headrom; did you mean headroom"):
        rule("smtpd-process-limit-reached", Amendment(options={"headrom": 2}))


def test_the_others_stay_as_they_are() -> None:
    changed = amended(RULES, {"vrfy-enabled": Amendment(Severity.HIGH)})
    assert [each.name for each in changed] == [each.name for each in RULES]
    assert all(new is old for new, old in zip(changed, RULES, strict=True) if old.name != "vrfy-enabled")
