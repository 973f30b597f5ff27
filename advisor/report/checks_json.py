"""Header and body checks as JSON: what the text shows, complete."""

from typing import Any

from advisor.patterns.cost import TableCost
from advisor.patterns.review import Proposal, Review
from advisor.report.checks_model import ChecksReport, Reviewed
from advisor.report.json_text import as_json
from advisor.report.model import VERSION


def checks_as_json(report: ChecksReport) -> str:
    """One document. Times are seconds of a processor, sizes bytes, dates seconds since the epoch."""
    log = report.log
    return as_json(
        {
            "version": VERSION,
            "sample": {
                "source": report.sample.source,
                "messages": report.sample.messages,
                "size": report.sample.size,
            },
            "log": None
            if log is None
            else {
                "begins": log.begins,
                "ends": log.ends,
                "messages": log.messages,
                "busiest_hour": log.busiest_hour,
                "mean_size": log.mean_size,
            },
            "tables": [_table(report, table) for table in report.tables],
            "patch": report.patch,
        }
    )


def _table(report: ChecksReport, table: Reviewed) -> dict[str, Any]:
    review = table.review
    found: dict[str, Any] = {"name": table.name, "parameters": list(table.parameters)}
    if review is None:
        return found | {"not_measured": table.not_measured}
    return found | {
        "engine": review.engine.value,
        "lines": review.lines,
        "lines_per_message": table.lines_per_message,
        "cost": _cost(report, table, review.cost),
        "rules": _rules(table, review),
        "flaws": [
            {"kind": flaw.kind.value, "line": flaw.line, "text": flaw.text, "other": flaw.other or None}
            for flaw in review.flaws
        ],
        "invalid": {str(line): words for line, words in review.invalid.items()},
        "unknown": list(review.decisions.unknown),
        "backtracking": [
            {
                "line": each.line,
                "input": each.text.decode("latin-1"),
                "seconds": each.seconds,
                "words": each.words,
            }
            for each in review.backtracking
        ],
        "base64": list(review.base64),
        "differences": [{"line": each.line, "text": each.text} for each in review.differences],
        "proposal": _proposal(report, table, review.proposal) if review.proposal else None,
    }


def _rules(table: Reviewed, review: Review) -> list[dict[str, Any]]:
    tries: dict[int, int] = {}
    for tried in review.decisions.tried:
        tries[tried.line] = tries.get(tried.line, 0) + tried.tries
    hits = table.hits.by_line if table.hits else {}
    return [
        {
            "line": rule.line,
            "pattern": rule.pattern.body,
            "text": rule.text,
            "seconds": review.cost.by_line.get(rule.line, 0.0),
            "tries": tries.get(rule.line, 0),
            "hits_in_sample": review.decisions.hits.get(rule.line, 0),
            "hits": hits[rule.line].count if rule.line in hits else (0 if table.hits else None),
            "last": hits[rule.line].last if rule.line in hits else None,
        }
        for rule in review.table.rules
    ]


def _cost(report: ChecksReport, table: Reviewed, cost: TableCost) -> dict[str, Any]:
    return {
        "line": cost.seconds,
        "tries": cost.tries,
        "source": cost.source,
        "is_estimate": cost.is_estimate,
        "message_10kb": report.message_seconds(table, cost, 10_000),
        "message_1mb": report.message_seconds(table, cost, 1_000_000),
        "processors": report.cores(table, cost),
    }


def _proposal(report: ChecksReport, table: Reviewed, proposal: Proposal) -> dict[str, Any]:
    proof = proposal.proof
    return {
        "type": proposal.table.type.value,
        "dropped": [{"line": line, "reason": reason} for line, reason in proposal.dropped.items()],
        "guards": [{"condition": guard.condition.strip(), "rules": guard.rules} for guard in proposal.guards],
        "cost": _cost(report, table, proposal.cost),
        "proof": {
            "holds": proof.holds,
            "sample_lines": proof.sample_lines,
            "made_lines": proof.made_lines,
            "by_postmap": proof.by_postmap,
            "disagreements": proof.disagreements,
            "is_complete": proof.is_complete,
            "changed": [
                {"input": line.decode("latin-1"), "before": old, "after": new}
                for line, old, new in proof.changed
            ],
        },
    }
