"""One table looked at from all sides: what its patterns cost, what is wrong, what may go, and the proof.

The patterns are run in a process of their own, on lines of a sample and on lines made of the patterns;
postmap runs where it is here. Nothing is written but in a private temporary folder.
"""

import re
from collections.abc import Sequence

import msgspec

from advisor.patterns.cost import TableCost, spread
from advisor.patterns.decisions import Decisions
from advisor.patterns.differences import Difference, differences
from advisor.patterns.engines import Engine, engine_for
from advisor.patterns.examples import example, lines_around
from advisor.patterns.flaws import REMOVABLE, Flaw, FlawKind, automaton_of, find_flaws
from advisor.patterns.guards import Guard
from advisor.patterns.rewrite import rewrite
from advisor.patterns.trial import Limits, Outcome, Trial
from advisor.patterns.worker import run_patterns
from advisor.syntax.pattern_table import PatternTable, TableType

_BASE64 = re.compile(rb"[A-Za-z0-9+/]{60,76}={0,2}")
_BLOWUP_TIMES = (8, 12, 16, 20, 24, 28, 400)
_SLOW = 0.01  # seconds for one line: ten thousand times what a plain pattern needs


class Proof(msgspec.Struct, frozen=True):
    """How the new table was held against the old one. `changed` are lines that get another reply, each with
    the old and the new one; `by_postmap`: postmap gave both replies, and they are those that were predicted.
    """

    sample_lines: int
    made_lines: int
    changed: tuple[tuple[bytes, str, str], ...]
    by_postmap: bool
    disagreements: int
    is_complete: bool

    @property
    def holds(self) -> bool:
        """Whether each line got the reply that it had."""
        return self.is_complete and not self.changed and not self.disagreements


class Proposal(msgspec.Struct, frozen=True):
    """A new text for a table: `dropped` are lines of rules with the reason why each may go, `guards` what is
    new around others. It is worth a patch where `proof.holds`.
    """

    table: PatternTable
    dropped: dict[int, str]
    guards: tuple[Guard, ...]
    cost: TableCost
    proof: Proof


class Backtracking(msgspec.Struct, frozen=True):
    """A line on which a pattern's engine took the ways that the flaw is about: its length in bytes, the
    seconds that it took, and the words in which the engine gave up, empty where it did not.
    """

    line: int
    text: bytes
    seconds: float
    words: str


class Review(msgspec.Struct, frozen=True):
    """All that was found of one table. `invalid` are the engine's words by line, `base64` the rules that
    decide lines of encoded text; `differences` matter where a regexp: table is to become pcre:.
    """

    table: PatternTable
    engine: Engine
    lines: int
    decisions: Decisions
    cost: TableCost
    flaws: tuple[Flaw, ...]
    invalid: dict[int, str]
    backtracking: tuple[Backtracking, ...]
    base64: tuple[int, ...]
    differences: tuple[Difference, ...]
    proposal: Proposal | None


def review_table(
    table: PatternTable,
    lines: Sequence[bytes],
    *,
    of_body: bool,
    drop: dict[int, str],
    to_pcre: bool,
    limits: Limits,
) -> Review:
    """The review of a regexp: or pcre: table on lines of a sample.

    `drop` are further rules to leave out, with the reason; `to_pcre`: a regexp: table may become pcre:, if no
    pattern then means something else.
    """
    sample = spread(lines, limits.lines_for(table))
    trial = Trial(sample, spread(_made_lines(table), limits.lines_for(table)), limits)
    before = trial.outcome(table)
    flaws = find_flaws(table.without(frozenset(before.invalid)), of_body=of_body)
    review = Review(
        table,
        engine_for(table.type),
        len(sample),
        before.decisions,
        before.cost,
        tuple(flaw for flaw in flaws if flaw.line not in before.invalid),
        before.invalid,
        _backtracking(table, flaws, limits),
        _base64_rules(before.decisions, sample),
        differences(table) if table.type is TableType.REGEXP else (),
        None,
    )
    may_change = to_pcre and table.type is TableType.REGEXP and not review.differences
    new_type = TableType.PCRE if may_change else table.type
    return msgspec.structs.replace(review, proposal=_propose(review, trial, before, drop, new_type))


def _base64_rules(decisions: Decisions, lines: Sequence[bytes]) -> tuple[int, ...]:
    """The rules that decide a line which looks like base64."""
    found = {decisions.rule_of[number] for number, line in enumerate(lines) if _BASE64.fullmatch(line)}
    return tuple(sorted(found - {0}))


def _backtracking(table: PatternTable, flaws: Sequence[Flaw], limits: Limits) -> tuple[Backtracking, ...]:
    """Each suspicion of backtracking on lines that grow, until the engine suffers from one."""
    rules = {rule.line: rule for rule in table.rules}
    found = []
    for flaw in flaws:
        if flaw.kind is not FlawKind.BACKTRACKS or flaw.blowup is None:
            continue
        for line in (line for times in _BLOWUP_TIMES for line in flaw.blowup.lines(times)):
            (answer,) = run_patterns((rules[flaw.line].pattern,), table.type, (line,), limits.pattern_seconds)
            if answer.words or answer.timed_out or answer.seconds > _SLOW:
                seconds = limits.pattern_seconds if answer.timed_out else answer.seconds
                found.append(Backtracking(flaw.line, line, seconds, answer.words))
                break
    return tuple(found)


def _made_lines(table: PatternTable) -> tuple[bytes, ...]:
    """Lines that the patterns themselves match, or nearly."""
    found: dict[bytes, None] = {}
    for pattern in table.patterns:
        machine = automaton_of(pattern, table.type)
        line = example(machine) if machine else None
        if line:
            found.update(dict.fromkeys(lines_around(line)))
    return tuple(found)


def _propose(
    review: Review, trial: Trial, before: Outcome, drop: dict[int, str], new_type: TableType
) -> Proposal | None:
    table, limits = review.table, trial.limits
    dropped = {flaw.line: flaw.text for flaw in review.flaws if flaw.kind in REMOVABLE} | drop
    new = rewrite(table, dropped, new_type, limits.least_rules, limits.least_text)
    if not dropped and not new.guards and new_type is table.type:
        return None
    after = trial.outcome(new.table)
    texts = frozenset(rule.text for rule in table.rules if rule.line in drop)
    changed = tuple(
        (line, old, now)
        for line, old, now in zip(trial.lines, before.replies, after.replies, strict=True)
        if old != now and old not in texts
    )
    proof = Proof(
        len(trial.sample),
        len(trial.made),
        changed,
        by_postmap=before.by_postmap and after.by_postmap,
        disagreements=before.disagreements + after.disagreements,
        is_complete=before.is_complete and after.is_complete and len(after.invalid) <= len(before.invalid),
    )
    return Proposal(new.table, dropped, new.guards, after.cost, proof)
