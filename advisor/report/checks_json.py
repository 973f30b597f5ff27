"""Header and body checks as JSON: what the text shows, complete."""

import msgspec

from advisor.patterns.cost import TableCost
from advisor.patterns.review import Proof, Proposal, Review
from advisor.report.checks_document import (
    BacktrackingItem,
    ChangedItem,
    ChecksDocument,
    ContentLogItem,
    CostItem,
    DifferenceItem,
    DroppedItem,
    FlawItem,
    GuardItem,
    MeasuredTable,
    PatternItem,
    ProofItem,
    ProposalItem,
    SampleItem,
    TableNotMeasured,
)
from advisor.report.checks_model import ChecksReport, Reviewed
from advisor.report.json_text import as_json
from advisor.report.model import VERSION


def checks_as_json(report: ChecksReport) -> str:
    """The document, indented, with a newline behind it."""
    log, sample = report.log, report.sample
    document = ChecksDocument(
        version=VERSION,
        sample=SampleItem(sample.source, sample.messages, sample.size),
        log=ContentLogItem(log.begins, log.ends, log.messages, log.busiest_hour, log.mean_size)
        if log
        else None,
        tables=[_table(report, table) for table in report.tables],
        patch=report.patch,
    )
    return as_json(msgspec.to_builtins(document))


def _table(report: ChecksReport, table: Reviewed) -> MeasuredTable | TableNotMeasured:
    review = table.review
    if review is None:
        return TableNotMeasured(table.name, list(table.parameters), table.not_measured)
    return MeasuredTable(
        name=table.name,
        parameters=list(table.parameters),
        engine=review.engine,
        lines=review.lines,
        lines_per_message=table.lines_per_message,
        cost=_cost(report, table, review.cost),
        rules=_rules(table, review),
        flaws=[FlawItem(flaw.kind, flaw.line, flaw.text, flaw.other or None) for flaw in review.flaws],
        invalid={str(line): words for line, words in review.invalid.items()},
        unknown=list(review.decisions.unknown),
        backtracking=[
            BacktrackingItem(each.line, each.text.decode("latin-1"), each.seconds, each.words)
            for each in review.backtracking
        ],
        base64=list(review.base64),
        differences=[DifferenceItem(each.line, each.text) for each in review.differences],
        proposal=_proposal(report, table, review.proposal) if review.proposal else None,
    )


def _rules(table: Reviewed, review: Review) -> list[PatternItem]:
    tries: dict[int, int] = {}
    for tried in review.decisions.tried:
        tries[tried.line] = tries.get(tried.line, 0) + tried.tries
    hits = table.hits.by_line if table.hits else {}
    return [
        PatternItem(
            line=rule.line,
            pattern=rule.pattern.body,
            text=rule.text,
            seconds=review.cost.by_line.get(rule.line, 0.0),
            tries=tries.get(rule.line, 0),
            hits_in_sample=review.decisions.hits.get(rule.line, 0),
            hits=hits[rule.line].count if rule.line in hits else (0 if table.hits else None),
            last=hits[rule.line].last if rule.line in hits else None,
        )
        for rule in review.table.rules
    ]


def _cost(report: ChecksReport, table: Reviewed, cost: TableCost) -> CostItem:
    return CostItem(
        line=cost.seconds,
        tries=cost.tries,
        source=cost.source,
        is_estimate=cost.is_estimate,
        message_10kb=report.message_seconds(table, cost, 10_000),
        message_1mb=report.message_seconds(table, cost, 1_000_000),
        processors=report.cores(table, cost),
    )


def _proposal(report: ChecksReport, table: Reviewed, proposal: Proposal) -> ProposalItem:
    return ProposalItem(
        type=proposal.table.type,
        dropped=[DroppedItem(line, reason) for line, reason in proposal.dropped.items()],
        guards=[GuardItem(guard.condition.strip(), guard.rules) for guard in proposal.guards],
        cost=_cost(report, table, proposal.cost),
        proof=_proof(proposal.proof),
    )


def _proof(proof: Proof) -> ProofItem:
    return ProofItem(
        holds=proof.holds,
        sample_lines=proof.sample_lines,
        made_lines=proof.made_lines,
        by_postmap=proof.by_postmap,
        disagreements=proof.disagreements,
        is_complete=proof.is_complete,
        changed=[ChangedItem(line.decode("latin-1"), old, new) for line, old, new in proof.changed],
    )
