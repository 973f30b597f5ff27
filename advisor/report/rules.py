"""The list of rules, as text and as JSON, version 1: the types are the format."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from advisor.engine.rules import Rule
from advisor.engine.verdicts import Confidence, Severity
from advisor.facts.registry import Source
from advisor.report.json_text import as_json
from advisor.report.model import VERSION


class RuleItem(msgspec.Struct, frozen=True):
    """One rule. `postfix` are the releases that it is for, empty for all; `needs` is what it reads."""

    name: str
    category: str
    catalogue: str
    summary: str
    severity: Severity
    confidence: Confidence
    postfix: str
    needs: list[Source]
    options: dict[str, str | int | float | bool]
    ignorable: bool
    pedantic: bool
    references: list[str]


class RulesDocument(msgspec.Struct, frozen=True):
    """What `advisor rules --output-format json` writes."""

    version: Literal[1]
    rules: list[RuleItem]


def rules_as_text(rules: Sequence[Rule]) -> str:
    """A line a rule: its name, how severe it is, and what it looks for."""
    width = max((len(rule.name) for rule in rules), default=0)
    return "".join(
        f"{rule.name:<{width}}  {rule.severity.value:<6}  {rule.summary}{' (pedantic)' * rule.pedantic}\n"
        for rule in rules
    )


def rules_as_json(rules: Sequence[Rule]) -> str:
    """`{"version": 1, "rules": […]}`, indented."""
    document = RulesDocument(VERSION, [_item(rule) for rule in rules])
    return as_json(msgspec.to_builtins(document))


def _item(rule: Rule) -> RuleItem:
    return RuleItem(
        name=rule.name,
        category=rule.category,
        catalogue=rule.catalogue,
        summary=rule.summary,
        severity=rule.severity,
        confidence=rule.confidence,
        postfix=str(rule.postfix),
        needs=sorted(rule.sources),
        options=dict(rule.options),
        ignorable=rule.ignorable,
        pedantic=rule.pedantic,
        references=list(rule.references),
    )
