"""A table tried on lines: what it decides, what that costs, and whether the real postmap says the same."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from advisor.patterns.cost import TableCost, table_cost
from advisor.patterns.decisions import Decisions, decide, invalid_lines
from advisor.patterns.engines import engine_for
from advisor.patterns.postmap import Answered, ask_postmap
from advisor.patterns.worker import Answer, run_patterns
from advisor.syntax.pattern_table import Pattern, PatternTable, TableType

_NEVER = Pattern("^\x01\x01")
_PROCESSES = 2


class Limits(msgspec.Struct, frozen=True):
    """How much is run: at most so many lines of the sample, so that patterns times lines stay below `tries`;
    seconds for one pattern on all of them, and for a table. `least_rules` and `least_text` are those of a
    guard.
    """

    lines: int = 2000
    tries: int = 800_000
    pattern_seconds: float = 2.0
    table_seconds: float = 20.0
    least_rules: int = 5
    least_text: int = 4

    def lines_for(self, table: PatternTable) -> int:
        """How many lines of each kind a table is tried on."""
        return max(100, min(self.lines, self.tries // max(1, len(table.patterns))))


class Outcome(msgspec.Struct, frozen=True):
    """What a table does: `decisions` and `cost` on the sample, `replies` on all lines, before `$number` is
    filled in. `disagreements`: replies of postmap's that are not the predicted ones; False in `by_postmap`
    where it was not asked. `invalid` are the engine's words by line.
    """

    decisions: Decisions
    cost: TableCost
    replies: tuple[str, ...]
    by_postmap: bool
    disagreements: int
    invalid: dict[int, str]
    is_complete: bool


class Trial(msgspec.Struct):
    """The lines of a sample and lines made of the patterns, and what is known of patterns on all of them."""

    sample: tuple[bytes, ...]
    made: tuple[bytes, ...]
    limits: Limits
    known: dict[tuple[TableType, Pattern], Answer] = msgspec.field(default_factory=dict)

    @property
    def lines(self) -> tuple[bytes, ...]:
        """All of them, those of the sample first."""
        return self.sample + self.made

    def outcome(self, table: PatternTable) -> Outcome:
        """The table's outcome; a pattern that an earlier table had is not run again."""
        answers = self._answers(table)
        everywhere = decide(table, answers, len(self.lines))
        count = len(self.sample)
        on_sample = decide(table, [_first(answer, count) for answer in answers], count)
        replies = _replies(table, everywhere)
        # A pattern that was stopped here would not be stopped there.
        asked = None if everywhere.unknown else ask_postmap(table.type.value, table.render(), self.sample)
        also = ask_postmap(table.type.value, table.render(), self.made) if asked else None
        never = self._answer(_NEVER, table.type)
        return Outcome(
            on_sample,
            table_cost(on_sample, count, len(self.lines), engine_for(table.type), never.seconds, asked),
            replies,
            by_postmap=asked is not None and also is not None,
            disagreements=_disagreements(replies[:count], asked) + _disagreements(replies[count:], also),
            invalid=invalid_lines(table, answers),
            is_complete=not everywhere.unknown,
        )

    def _answers(self, table: PatternTable) -> tuple[Answer, ...]:
        wanted = dict.fromkeys((*table.patterns, _NEVER))
        new = [each for each in wanted if (table.type, each) not in self.known]
        half = -(-len(new) // _PROCESSES)
        parts = [new[start : start + half] for start in range(0, len(new), half or 1)]
        with ThreadPoolExecutor(_PROCESSES) as pool:
            found = pool.map(lambda part: self._run(part, table.type), parts)
            for part, answers in zip(parts, found, strict=True):
                self.known.update(zip(((table.type, each) for each in part), answers, strict=True))
        return tuple(self._answer(each, table.type) for each in table.patterns)

    def _run(self, patterns: Sequence[Pattern], table_type: TableType) -> tuple[Answer, ...]:
        limits = self.limits
        return run_patterns(patterns, table_type, self.lines, limits.pattern_seconds, limits.table_seconds)

    def _answer(self, pattern: Pattern, table_type: TableType) -> Answer:
        return self.known[table_type, pattern]


def _first(answer: Answer, count: int) -> Answer:
    """The part of an answer that is about the first lines."""
    return msgspec.structs.replace(
        answer,
        matched=tuple(number for number in answer.matched if number < count),
        given_up=tuple(number for number in answer.given_up if number < count),
    )


def _replies(table: PatternTable, decisions: Decisions) -> tuple[str, ...]:
    texts = {rule.line: rule.text for rule in table.rules}
    return tuple(texts.get(line, "") for line in decisions.rule_of)


def _disagreements(predicted: Sequence[str], answered: Answered | None) -> int:
    """How many replies of postmap's are not the predicted ones. A text with `$` is not compared."""
    if answered is None:
        return 0
    return sum(
        was_asked and "$" not in text and (reply or "") != text
        for text, reply, was_asked in zip(predicted, answered.replies, answered.was_asked, strict=True)
    )
