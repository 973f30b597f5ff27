"""What `advisor explain` says, as JSON, version 1: the types are the format."""

from collections.abc import Sequence
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from advisor.engine.changes import Applicability, Requires
from advisor.engine.plain_words import AllOf, Clause, Statement, brief, in_words
from advisor.engine.references import address
from advisor.engine.rules import ChangeKind, Expected, FixRecipe, Rule
from advisor.engine.verdicts import Confidence, Severity
from advisor.facts.causes import REMEDIES, Cause
from advisor.facts.delivery_causes import NO_HELP, WHAT_HELPS, DeliveryCause
from advisor.facts.registry import FACTS, Source
from advisor.report.explain import causes_of, plain_template, portrait_of, rules_about, undecided
from advisor.report.json_text import as_json
from advisor.report.model import VERSION


class Joined(msgspec.Struct, frozen=True):
    """Conditions of which all must hold, or one: the other key is not there."""

    all: list["str | Joined"] | UnsetType = UNSET
    one: list["str | Joined"] | UnsetType = UNSET


class FactItem(msgspec.Struct, frozen=True):
    """What a rule reads, and from where."""

    fact: str
    gives: str
    unit: str
    source: Source


class ChangeItem(msgspec.Struct, frozen=True):
    """What a rule proposes; `only_if` is null where nothing more than the rule's condition must hold."""

    title: str
    change: ChangeKind
    applicability: Applicability
    requires: Requires
    only_if: str | Joined | None


class RemedyItem(msgspec.Struct, frozen=True):
    """What people try against a cause; `helps` is null where it depends on what `reason` names."""

    cause: str
    remedy: str
    helps: bool | None
    reason: str | None


class ExampleItem(msgspec.Struct, frozen=True):
    """A configuration, and the verdict of the rule; `master_cf` is null where it does not matter."""

    verdict: Expected
    main_cf: str
    master_cf: str | None


class RuleExplained(msgspec.Struct, frozen=True, tag_field="kind", tag="rule"):
    """A rule. `fires_when` is `condition` in words, in which `names` are short for expressions; `undecided`
    says when the rule says neither yes nor no.
    """

    name: str
    category: str
    catalogue: str
    summary: str
    severity: Severity
    confidence: Confidence
    postfix: str
    ignorable: bool
    pedantic: bool
    asked_for: str
    fires_when: str | Joined
    condition: str
    names: dict[str, str]
    undecided: list[str]
    options: dict[str, str | int | float | bool]
    reads: list[FactItem]
    why: str
    risk: str
    no_change: str
    changes: list[ChangeItem]
    against: list[str]
    remedies: list[RemedyItem]
    examples: list[ExampleItem]
    references: list[str]


class CauseExplained(msgspec.Struct, frozen=True, tag_field="kind", tag="cause"):
    """A cause of overload or of slow delivery, how it is recognised, and the rules that speak of it."""

    name: str
    meaning: str
    recognised: str
    remedies: list[RemedyItem]
    rules: list[str]


class ExplainDocument(msgspec.Struct, frozen=True):
    """What `advisor explain --output-format json` writes."""

    version: Literal[1]
    explanations: list[RuleExplained | CauseExplained]


def explanations_as_json(chosen: Sequence[Rule | Cause | DeliveryCause], rules: Sequence[Rule]) -> str:
    """The document, indented, with a newline behind it."""
    document = ExplainDocument(
        VERSION, [_rule(each) if isinstance(each, Rule) else _cause(each, rules) for each in chosen]
    )
    return as_json(msgspec.to_builtins(document))


def _rule(rule: Rule) -> RuleExplained:
    return RuleExplained(
        name=rule.name,
        category=rule.category,
        catalogue=rule.catalogue,
        summary=rule.summary,
        severity=rule.severity,
        confidence=rule.confidence,
        postfix=str(rule.postfix),
        ignorable=rule.ignorable,
        pedantic=rule.pedantic,
        asked_for=rule.for_each.doc,
        fires_when=_clause(in_words(rule.when, rule.options)),
        condition=" ".join(rule.when.text.split()),
        names={name: expression.text for name, expression in rule.let.items()},
        undecided=undecided(rule),
        options=dict(rule.options),
        reads=[
            FactItem(name, brief(FACTS[name]), FACTS[name].unit, FACTS[name].source)
            for name in sorted(rule.facts)
        ],
        why=rule.why.strip(),
        risk=rule.risk,
        no_change=rule.no_change,
        changes=[_change(rule, fix) for fix in rule.fixes],
        against=[plain_template(fix.title) for fix in rule.against],
        remedies=[remedy for cause in causes_of(rule) for remedy in _remedies(cause)],
        examples=[ExampleItem(each.verdict, each.main_cf, each.master_cf) for each in rule.examples],
        references=[address(each) for each in rule.references],
    )


def _change(rule: Rule, fix: FixRecipe) -> ChangeItem:
    only_if = _clause(in_words(fix.only_if, rule.options)) if fix.only_if else None
    return ChangeItem(plain_template(fix.title), fix.kind, fix.applicability, fix.requires, only_if)


def _cause(cause: Cause | DeliveryCause, rules: Sequence[Rule]) -> CauseExplained:
    shown = portrait_of(cause)
    return CauseExplained(
        name=cause.value,
        meaning=shown.meaning,
        recognised=shown.recognised,
        remedies=_helps(cause) if isinstance(cause, DeliveryCause) else _remedies(cause),
        rules=[rule.name for rule in rules_about(cause, rules)],
    )


def _helps(cause: DeliveryCause) -> list[RemedyItem]:
    told = ((WHAT_HELPS, True), (NO_HELP, False))
    return [RemedyItem(cause.value, table[cause], helps, None) for table, helps in told if cause in table]


def _remedies(cause: Cause) -> list[RemedyItem]:
    return [
        RemedyItem(cause.value, each.remedy.value, each.helps, each.reason)
        for each in REMEDIES.get(cause, ())
    ]


def _clause(clause: Clause) -> str | Joined:
    if isinstance(clause, Statement):
        return clause.text
    parts = [_clause(part) for part in clause.parts]
    return Joined(all=parts) if isinstance(clause, AllOf) else Joined(one=parts)
