"""No rule contradicts another: what all of them want together is made at once, and nothing is left to say.

Asked of every example that has something to change, and of every two rules that change the same parameter,
with an example of each in one configuration. All rules are asked at once, the pedantic ones too.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations

import msgspec
import pytest
from packaging.version import Version

from advisor.engine.changes import Applicability, Change, SetServiceField
from advisor.engine.judge import Judgement, judge
from advisor.engine.rules import Example, Expected, Rule
from advisor.engine.verdicts import Broken, Finding, Fired, Unknown
from advisor.facts.case import Case
from advisor.plan.plan import Plan, make_plan
from advisor.rule_sets import all_rules
from advisor.rule_tests import case_of
from advisor.syntax.main_cf import Assignment, parse_main_cf
from advisor.syntax.master_cf import ServiceEntry, parse_master_cf
from advisor.syntax.source import SourceFile

RULES = all_rules()
CHANGING = tuple(
    rule for rule in RULES if any(fix.applicability is not Applicability.MANUAL for fix in rule.fixes)
)


def judgements_on(case: Case, example: Example, owner: Rule) -> tuple[Judgement, ...]:
    return judge(RULES, case, Version(str(case.instance.release)), {owner.name: example.options})


def fired_examples(rule: Rule) -> list[Example]:
    return [example for example in rule.examples if example.verdict is Expected.FIRED]


def contradictions(example: Example, owner: Rule) -> list[str]:
    """What stands against what the rules want of the example, and what is new behind it."""
    case = case_of(example, owner.name)
    judgements = judgements_on(case, example, owner)
    broken = [
        f"{each.rule.name} failed: {each.verdict.error}"
        for each in judgements
        if isinstance(each.verdict, Broken)
    ]
    plan = make_plan(
        case.instance, judgements, lambda behind: judgements_on(case.behind(behind), example, owner)
    )
    behind = judgements_on(case.behind(plan.behind), example, owner)
    return broken + not_made(plan) + said_anew(judgements, behind)


def not_made(plan: Plan) -> list[str]:
    """What two rules, or a rule and its own fix, hold against each other."""
    clashes = [
        f"{conflict.reason}: {each.finding.rule}: {each.fix.title}"
        for conflict in plan.conflicts
        for each in conflict.fixes
    ]
    return clashes + [
        f"{held.finding.rule}: {held.fix.title}: {held.reason}"
        for held in plan.held_back
        if not held.is_choice
    ]


def said_anew(before: Sequence[Judgement], behind: Sequence[Judgement]) -> list[str]:
    """What a rule says of a service, or of the rest, that had decided before that all is well there. A matter
    of taste may be said of a default that a change writes down.
    """
    tastes = {each.rule.name for each in before if each.rule.pedantic}
    old = {(each.rule, service) for each in findings(before) for service in each.services}
    undecided = {each.rule.name for each in before if isinstance(each.verdict, Unknown)}
    return [
        f"{each.rule} fires anew: {each.message}"
        for each in findings(behind)
        if any((each.rule, service) not in old for service in each.services)
        and each.rule not in undecided | tastes
    ]


def findings(judgements: Sequence[Judgement]) -> list[Finding]:
    return [each for of in judgements if isinstance(of.verdict, Fired) for each in of.verdict.findings]


@pytest.mark.parametrize("name", [rule.name for rule in CHANGING])
def test_all_rules_agree_on_the_examples(name: str) -> None:
    problems = [
        (number, contradictions(example, rule_of(name)))
        for number, example in enumerate(fired_examples(rule_of(name)), start=1)
    ]
    assert [(number, found) for number, found in problems if found] == []


def rule_of(name: str) -> Rule:
    return next(rule for rule in RULES if rule.name == name)


@cache
def touched(rule_name: str) -> dict[str, Example]:
    """The parameters and columns that the rule's examples change, each with the shortest such example."""
    rule = rule_of(rule_name)
    found: dict[str, Example] = {}
    for example in sorted(fired_examples(rule), key=lambda each: len(each.main_cf + (each.master_cf or ""))):
        case = case_of(example, rule_name)
        judged = judge([rule], case, Version(str(case.instance.release)), {rule_name: example.options})
        changes = (change for each in findings(judged) for fix in each.fixes for change in fix.changes)
        for name in (name for change in changes for name in names_of(change)):
            found.setdefault(name, example)
    return found


def names_of(change: Change) -> list[str]:
    """The parameters, or the column, that a change is about."""
    if isinstance(change, SetServiceField):
        return [change.field]
    return [str(getattr(change, each)) for each in ("name", "new_name") if hasattr(change, each)]


def pairs() -> Iterator[tuple[str, str, str]]:
    """Every two rules, and a parameter that both change."""
    for one, other in combinations((rule.name for rule in CHANGING), 2):
        for name in sorted(touched(one).keys() & touched(other).keys()):
            yield one, other, name


def merged(base: Example, over: Example) -> Example:
    """Both examples in one configuration; where both write a thing, the second one's stands."""
    return msgspec.structs.replace(
        over,
        main_cf=_merged_main(base.main_cf, over.main_cf),
        master_cf=_merged_master(base.master_cf, over.master_cf),
        log=over.log if over.log or over.load else base.log,
        load=over.load if over.log or over.load else base.load,
        tables={**base.tables, **over.tables},
        table_types=over.table_types or base.table_types,
        memory=over.memory or base.memory,
        postfix_version=over.postfix_version or base.postfix_version,
        from_version=over.from_version or base.from_version,
    )


def _merged_main(base: str, over: str) -> str:
    written = {line.name for line in parse_main_cf(SourceFile("main.cf", over)).assignments}
    nodes = parse_main_cf(SourceFile("main.cf", base)).nodes
    kept = [each.text for each in nodes if isinstance(each, Assignment) and each.name not in written]
    return "".join(text if text.endswith("\n") else f"{text}\n" for text in kept) + over


def _merged_master(base: str | None, over: str | None) -> str | None:
    if base is None or over is None:
        return base if over is None else over
    written = {entry.key for entry in parse_master_cf(SourceFile("master.cf", over)).entries}
    nodes = parse_master_cf(SourceFile("master.cf", base)).nodes
    kept = [each.text for each in nodes if isinstance(each, ServiceEntry) and each.key not in written]
    return "".join(text if text.endswith("\n") else f"{text}\n" for text in kept) + over.lstrip("\n")


@pytest.mark.parametrize(("one", "other", "name"), [*pairs()])
def test_two_rules_agree_on_a_parameter(one: str, other: str, name: str) -> None:
    first, second = touched(one)[name], touched(other)[name]
    assert contradictions(merged(first, second), rule_of(other)) == []
    assert contradictions(merged(second, first), rule_of(one)) == []
