"""The rules of a SARIF document: what a viewer shows of a rule beside a result."""

from typing import Any

from advisor.engine.references import address
from advisor.engine.rules import Rule
from advisor.engine.verdicts import Severity
from advisor.report.documentation import page_of

LEVELS = {
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
# GitHub's bands: high from 7.0 on, medium from 4.0, low from 0.1; none of ours is its critical.
SCORES = {Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0", Severity.INFO: "0.1"}
# GitHub's words for queries that are not about security.
_PROBLEMS = {
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "recommendation",
    Severity.INFO: "recommendation",
}


def descriptor(rule: Rule) -> dict[str, Any]:
    """The rule as a reportingDescriptor."""
    page = page_of(rule)
    return {
        "id": rule.name,
        "name": _pascal(rule.name),
        "shortDescription": {"text": f"{_one_line(rule.summary)}."},
        "fullDescription": {"text": _one_line(rule.why) or rule.summary},
        "help": {"text": _text(rule), "markdown": _markdown(rule)},
        **({"helpUri": page} if page else {}),
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {
            "tags": [rule.category],
            "precision": rule.confidence.value,
            "problem.severity": _PROBLEMS[rule.severity],
            "security-severity": SCORES[rule.severity],
        },
    }


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))


def _text(rule: Rule) -> str:
    risk = f"\n\nWhen not to: {_one_line(rule.risk)}" if rule.risk else ""
    see = "\n\nSee: " + ", ".join(map(address, rule.references)) if rule.references else ""
    return f"{_one_line(rule.why) or rule.summary}{risk}{see}"


def _markdown(rule: Rule) -> str:
    risk = f"\n\n**When not to.** {rule.risk.strip()}" if rule.risk else ""
    links = ", ".join(f"[{each}]({address(each)})" for each in rule.references)
    see = f"\n\nSee {links}." if links else ""
    return f"{rule.why.strip() or rule.summary}{risk}{see}\n\n`advisor explain {rule.name}` says more."


def _one_line(text: str) -> str:
    return " ".join(text.split())
