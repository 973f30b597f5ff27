"""What a table costs for each line, and how its patterns share that.

The table's own figure is postmap's where that is here: the program that Postfix comes with, on the same
lines. The shares are measured pattern by pattern in the engine's library, each pattern on the lines that it
is tried on. Where Python stands in for the engine, all of it is an estimate.
"""

from collections.abc import Sequence

import msgspec

from advisor.patterns.decisions import Decisions
from advisor.patterns.engines import Engine
from advisor.patterns.postmap import Answered

# Less than this is lost in what the start of a program takes, now more, now less.
_LEAST_SECONDS = 0.02
# Of a line, for messages whose lines are not at hand.
BYTES_PER_LINE = 78


class TableCost(msgspec.Struct, frozen=True):
    """Seconds of a processor for one line; `by_line` is the part of each rule and condition, by its place.
    `tries` is how many patterns a line is tried on, at the mean. `source` says who measured.
    """

    seconds: float
    by_line: dict[int, float]
    tries: float
    source: str
    is_estimate: bool

    def message(self, size: int) -> float:
        """Seconds for a message with a body of `size` bytes."""
        return self.seconds * max(1, size // BYTES_PER_LINE)


def table_cost(
    decisions: Decisions, lines: int, run: int, engine: Engine, overhead: float, answered: Answered | None
) -> TableCost:
    """The cost of a table on `lines` lines. Each pattern's seconds are those for `run` lines, and `overhead`
    those of as many calls that match nothing at once.
    """
    if not lines:
        return TableCost(0.0, {}, 0.0, "no lines", is_estimate=True)
    by_line: dict[int, float] = {}
    for tried in decisions.tried:
        a_try = max(0.0, tried.answer.seconds - overhead) / run
        by_line[tried.line] = by_line.get(tried.line, 0.0) + a_try * tried.tries / lines
    total = sum(by_line.values())
    tries = sum(tried.tries for tried in decisions.tried) / lines
    if answered is None or answered.seconds < _LEAST_SECONDS:
        return TableCost(total, by_line, tries, engine.value, is_estimate=engine is Engine.PYTHON)
    seconds = answered.seconds / lines
    scale = seconds / total if total else 0.0
    return TableCost(
        seconds, {line: part * scale for line, part in by_line.items()}, tries, "postmap", is_estimate=False
    )


def spread(lines: Sequence[bytes], most: int) -> tuple[bytes, ...]:
    """At most so many of the lines, evenly from all of them."""
    if len(lines) <= most:
        return tuple(lines)
    return tuple(lines[index * len(lines) // most] for index in range(most))
