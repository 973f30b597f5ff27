"""Header and body checks for people: each table with cost, hits, flaws, and what the patch brings."""

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from advisor.engine.wording import visible
from advisor.logs.content import day
from advisor.patterns.cost import TableCost
from advisor.patterns.flaws import Flaw, FlawKind
from advisor.patterns.review import Backtracking, Proposal, Review
from advisor.report.checks_model import BUILT_IN, ChecksReport, Reviewed
from advisor.report.layout import labelled
from advisor.syntax.pattern_table import Rule

_SHOWN = 10  # rules or flaws of a kind; --all shows the others
_PATTERN = 60  # bytes of a rule
_KB, _MB = 10_000, 1_000_000
_LABELS = {
    FlawKind.SKIPPED: "skipped",
    FlawKind.OPEN_IF: "if",
    FlawKind.UNREACHABLE: "never tried",
    FlawKind.DUPLICATE: "duplicate",
    FlawKind.CONTAINED: "covered",
    FlawKind.MATCHES_NOTHING: "no match",
    FlawKind.BACKTRACKS: "backtracks",
    FlawKind.IDLE_END: "idle end",
    FlawKind.WRONG_TABLE: "wrong table",
}


def write_checks(report: ChecksReport, console: Console, *, everything: bool) -> None:
    """Prints the report; `everything`: all rules and flaws, not the first of each kind alone."""
    console.print(Text(_head(report)), soft_wrap=True)
    for table in report.tables:
        console.print()
        console.print(Text(visible(f"{', '.join(table.parameters)} = {table.name}"), style="bold"))
        rows = labelled()
        for label, text in _rows(report, table, None if everything else _SHOWN):
            rows.add_row(Text(label, style="dim"), Text(visible(text)))
        console.print(rows)
    console.print()
    console.print(Text(_closing(report)), soft_wrap=True)


def _head(report: ChecksReport) -> str:
    sample = report.sample
    told = f"{sample.messages} messages, {sample.size / 1000:.0f} kB"
    built_in = f"the {BUILT_IN} ({told}): give your own mail with --sample, costs follow its lines"
    lines = f"measured on {built_in if sample.source == BUILT_IN else f'{visible(sample.source)} ({told})'}"
    if report.log is None:
        return f"{lines}\nno log: hits and load are not known; give --log"
    log = report.log
    span = f", {day(log.begins)} to {day(log.ends)}" if log.begins and log.ends else ""
    return (
        f"{lines}\nlog{span}: {log.messages} messages, {log.busiest_hour} in the busiest hour, "
        f"{sum(log.hits.values())} hits"
    )


def _rows(report: ChecksReport, table: Reviewed, most: int | None) -> Iterable[tuple[str, str]]:
    review = table.review
    if review is None:
        yield "not seen", table.not_measured
        return
    yield "cost", _cost(report, table, review.cost, review)
    yield from _dearest(table, review, most)
    if table.hits is not None:
        yield from _hits(table, review, most)
    yield from _invalid(table, review, most)
    yield from _flaws(table, review, most)
    if review.base64:
        places = ", ".join(f"{_file(table)}:{line}" for line in review.base64[:most])
        yield "base64", f"decides lines of encoded attachments, where text means nothing: {places}"
    yield from _other_type(table, review, most)
    yield from _proposal(report, table, review, most)


def _cost(report: ChecksReport, table: Reviewed, cost: TableCost, review: Review) -> str:
    text = f"{_time(cost.seconds)} a line"
    text += f" ({'an estimate by Python' if cost.is_estimate else f'by {cost.source}'}, {review.lines} lines)"
    text += f"; {cost.tries:.0f} of {len(review.table.patterns)} patterns are tried on a line"
    if table.is_of_body:
        small, large = (report.message_seconds(table, cost, size) for size in (_KB, _MB))
        text += f"; a message of 10 kB {_time(small)}, of 1 MB {_time(large)}"
        if report.body_limit and report.body_limit < _MB:
            text += f" (it ends after {report.body_limit} bytes of each part)"
    else:
        text += f"; a message {_time(report.message_seconds(table, cost))}"
    cores = report.cores(table, cost)
    return text + (f"; {cores:.2g} processors in the busiest hour" if cores is not None else "")


def _dearest(table: Reviewed, review: Review, most: int | None) -> Iterable[tuple[str, str]]:
    total = sum(review.cost.by_line.values())
    dearest = sorted(review.cost.by_line.items(), key=lambda item: -item[1])[: most and most // 2]
    for number, (line, seconds) in enumerate(dearest):
        if total:
            share = f"{100 * seconds / total:.1f} %, {_time(seconds)}"
            yield "dearest" if number == 0 else "", f"{_place(table, review, line)}  {share}"


def _hits(table: Reviewed, review: Review, most: int | None) -> Iterable[tuple[str, str]]:
    hits = table.hits
    if hits is None:
        return
    rules = len(review.table.rules)
    counted = sorted(hits.by_line.items(), key=lambda item: -item[1].count)
    never = rules - len(hits.by_line.keys() | hits.unlogged | hits.maybe)
    text = f"{len(counted)} of {rules} rules hit, {never} never"
    text += f", {len(hits.unlogged)} log nothing (DUNNO and its like)" if hits.unlogged else ""
    text += f"; {hits.elsewhere} hits of other tables" if hits.elsewhere else ""
    text += f"; {hits.unclear} of rules that say the same" if hits.unclear else ""
    yield "hits", text
    for line, found in counted[:most]:
        last = f", last {day(found.last)}" if found.last else ""
        yield "", f"{_place(table, review, line)}  {found.count}{last}"


def _invalid(table: Reviewed, review: Review, most: int | None) -> Iterable[tuple[str, str]]:
    for line, words in list(review.invalid.items())[:most]:
        yield "broken", f"{_place(table, review, line)}  Postfix passes it over: {words}"
    for line in review.decisions.unknown[:most]:
        yield "unknown", f"{_place(table, review, line)}  it was stopped, or is not understood: left out here"


def _flaws(table: Reviewed, review: Review, most: int | None) -> Iterable[tuple[str, str]]:
    by_kind: dict[FlawKind, list[Flaw]] = {}
    for flaw in review.flaws:
        by_kind.setdefault(flaw.kind, []).append(flaw)
    proven = {each.line: each for each in review.backtracking}
    for kind, flaws in by_kind.items():
        label = _LABELS[kind]
        for flaw in flaws[:most]:
            text = f"{_place(table, review, flaw.line)}  {flaw.text}"
            if kind is FlawKind.BACKTRACKS:
                text += _suffering(proven.get(flaw.line), review.engine.value)
            yield label, text
            label = ""
        if most and len(flaws) > most:
            yield "", f"and {len(flaws) - most} more; --all shows them"


def _suffering(found: Backtracking | None, engine: str) -> str:
    if found is None:
        return f"; no line was found on which {engine} suffers from it"
    line = found.text.decode("latin-1")
    shown = f"{line[:24]}... ({len(line)} bytes)" if len(line) > 24 else line
    given_up = (
        f', then {engine} gives up: Postfix logs "{found.words}" and goes on as if the rule did not match'
        if found.words
        else ""
    )
    return f"; proven with {shown!r}: {_time(found.seconds)}{given_up}"


def _other_type(table: Reviewed, review: Review, most: int | None) -> Iterable[tuple[str, str]]:
    for number, each in enumerate(review.differences[:most]):
        label = "not pcre:" if number == 0 else ""
        yield label, f"{_place(table, review, each.line)}  {each.text}"


def _proposal(
    report: ChecksReport, table: Reviewed, review: Review, most: int | None
) -> Iterable[tuple[str, str]]:
    proposal = review.proposal
    if proposal is None:
        yield "change", "none that is proven to help"
        return
    reasons = list(proposal.dropped.items())
    for number, (line, reason) in enumerate(reasons[:most]):
        yield "goes" if number == 0 else "", f"{_place(table, review, line)}  {reason}"
    if most and len(reasons) > most:
        yield "", f"and {len(reasons) - most} more; --all shows them"
    for guard in proposal.guards[:most]:
        yield "guard", f"{guard.condition.strip()} around {guard.rules} rules that need this text"
    if proposal.table.type is not review.table.type:
        new, old = proposal.table.type.value, review.table.type.value
        yield "type", f"{new}: in place of {old}: no pattern means something else to it"
    yield "then", _cost_after(report, table, review, proposal)
    yield "proof", _proof(proposal)


def _cost_after(report: ChecksReport, table: Reviewed, review: Review, proposal: Proposal) -> str:
    before, after = review.cost, proposal.cost
    text = f"{_time(after.seconds)} a line"
    if after.seconds > 0:
        text += f", {before.seconds / after.seconds:.1f} times less"
    cores = report.cores(table, before), report.cores(table, after)
    if cores[0] is not None and cores[1] is not None:
        text += f"; {cores[1]:.2g} in place of {cores[0]:.2g} processors in the busiest hour"
    return text


def _proof(proposal: Proposal) -> str:
    proof = proposal.proof
    lines = f"{proof.sample_lines} lines of the sample and {proof.made_lines} made of the patterns"
    if not proof.is_complete:
        return f"none: a pattern was stopped, or not understood; tried on {lines}"
    if proof.disagreements:
        return f"none: postmap answers {proof.disagreements} lines in another way than predicted"
    if proof.changed:
        line, old, new = proof.changed[0]
        text = line.decode("latin-1")
        return f"none: {text!r} would get {new or 'nothing'!r} in place of {old or 'nothing'!r}"
    by = "; postmap gave each of these answers too" if proof.by_postmap else "; postmap is not here to ask"
    return f"the first match is the same on {lines}{by}"


def _place(table: Reviewed, review: Review, line: int) -> str:
    node = next((node for node in review.table.nodes if node.line == line), None)
    raw = node.raw.split("\n")[0] if node else ""
    if isinstance(node, Rule):
        raw = " ".join(raw.split())
    return f"{_file(table)}:{line}  {raw[:_PATTERN]}{'...' * (len(raw) > _PATTERN)}"


def _file(table: Reviewed) -> str:
    return table.name.rpartition("/")[2]


def _closing(report: ChecksReport) -> str:
    if report.patch:
        return (
            "--diff prints the patch. Rules that go, and a new type, are yours to decide: the proof is about "
            "these lines."
        )
    return "nothing to patch"


def _time(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.3g} s"
    if seconds >= 1e-3:
        return f"{seconds * 1e3:.3g} ms"
    return f"{seconds * 1e6:.3g} µs" if seconds >= 1e-7 else "below 0.1 µs"
