"""What `advisor explain` says, as JSON, version 1."""

from collections.abc import Sequence
from typing import Any

from advisor.engine.plain_words import AllOf, Clause, Statement, brief, in_words
from advisor.engine.references import address
from advisor.engine.rules import Rule
from advisor.facts.causes import REMEDIES, Cause
from advisor.facts.delivery_causes import NO_HELP, WHAT_HELPS, DeliveryCause
from advisor.facts.registry import FACTS
from advisor.report.explain import causes_of, plain_template, portrait_of, rules_about, undecided
from advisor.report.json_text import as_json
from advisor.report.model import VERSION


def explanations_as_json(chosen: Sequence[Rule | Cause | DeliveryCause], rules: Sequence[Rule]) -> str:
    """`{"version": 1, "explanations": […]}`, indented; each has a `kind`: rule or cause."""
    document = {
        "version": VERSION,
        "explanations": [_rule(each) if isinstance(each, Rule) else _cause(each, rules) for each in chosen],
    }
    return as_json(document)


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "kind": "rule",
        "name": rule.name,
        "category": rule.category,
        "catalogue": rule.catalogue,
        "summary": rule.summary,
        "severity": rule.severity.value,
        "confidence": rule.confidence.value,
        "postfix": str(rule.postfix),
        "ignorable": rule.ignorable,
        "pedantic": rule.pedantic,
        "asked_for": rule.for_each.doc,
        "fires_when": _clause(in_words(rule.when, rule.options)),
        "condition": " ".join(rule.when.text.split()),
        "names": {name: expression.text for name, expression in rule.let.items()},
        "undecided": undecided(rule),
        "options": dict(rule.options),
        "reads": [
            {
                "fact": name,
                "gives": brief(FACTS[name]),
                "unit": FACTS[name].unit,
                "source": FACTS[name].source.value,
            }
            for name in sorted(rule.facts)
        ],
        "why": rule.why.strip(),
        "risk": rule.risk,
        "no_change": rule.no_change,
        "changes": [
            {
                "title": plain_template(fix.title),
                "change": fix.kind.value,
                "applicability": fix.applicability.value,
                "requires": fix.requires.value,
                "only_if": _clause(in_words(fix.only_if, rule.options)) if fix.only_if else None,
            }
            for fix in rule.fixes
        ],
        "against": [plain_template(fix.title) for fix in rule.against],
        "remedies": [remedy for cause in causes_of(rule) for remedy in _remedies(cause)],
        "examples": [
            {"verdict": each.verdict.value, "main_cf": each.main_cf, "master_cf": each.master_cf}
            for each in rule.examples
        ],
        "references": [address(each) for each in rule.references],
    }


def _cause(cause: Cause | DeliveryCause, rules: Sequence[Rule]) -> dict[str, Any]:
    shown = portrait_of(cause)
    return {
        "kind": "cause",
        "name": cause.value,
        "meaning": shown.meaning,
        "recognised": shown.recognised,
        "remedies": _helps(cause) if isinstance(cause, DeliveryCause) else _remedies(cause),
        "rules": [rule.name for rule in rules_about(cause, rules)],
    }


def _helps(cause: DeliveryCause) -> list[dict[str, Any]]:
    told = ((WHAT_HELPS, True), (NO_HELP, False))
    return [
        {"cause": cause.value, "remedy": table[cause], "helps": helps, "reason": None}
        for table, helps in told
        if cause in table
    ]


def _remedies(cause: Cause) -> list[dict[str, Any]]:
    return [
        {"cause": cause.value, "remedy": each.remedy.value, "helps": each.helps, "reason": each.reason}
        for each in REMEDIES.get(cause, ())
    ]


def _clause(clause: Clause) -> object:
    """A statement is a string; what joins several is a table with one key, `all` or `one`."""
    if isinstance(clause, Statement):
        return clause.text
    return {"all" if isinstance(clause, AllOf) else "one": [_clause(part) for part in clause.parts]}
