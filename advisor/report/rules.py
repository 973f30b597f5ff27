"""The list of rules, as text and as JSON."""

from collections.abc import Sequence

from advisor.engine.rules import Rule
from advisor.report.json_text import as_json
from advisor.report.model import VERSION


def rules_as_text(rules: Sequence[Rule]) -> str:
    """A line a rule: its name, how severe it is, and what it looks for."""
    width = max((len(rule.name) for rule in rules), default=0)
    return "".join(
        f"{rule.name:<{width}}  {rule.severity.value:<6}  {rule.summary}{' (pedantic)' * rule.pedantic}\n"
        for rule in rules
    )


def rules_as_json(rules: Sequence[Rule]) -> str:
    """`{"version": 1, "rules": […]}`, indented."""
    document = {
        "version": VERSION,
        "rules": [
            {
                "name": rule.name,
                "category": rule.category,
                "catalogue": rule.catalogue,
                "summary": rule.summary,
                "severity": rule.severity.value,
                "confidence": rule.confidence.value,
                "postfix": str(rule.postfix),
                "needs": sorted(source.value for source in rule.sources),
                "options": dict(rule.options),
                "ignorable": rule.ignorable,
                "pedantic": rule.pedantic,
                "references": list(rule.references),
            }
            for rule in rules
        ],
    }
    return as_json(document)
