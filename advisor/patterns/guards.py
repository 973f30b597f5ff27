r"""`if /text/ ... endif` around rules that can match only where the text is: other lines try one pattern.

No line's first match changes: a rule goes behind a condition only if each of its matches has the text, and
the order stays. A rule behind `!` matches where something is not, so it is never enclosed. Knowledge:
STRESS_README ("Do less work"), regexp_table(5), pcre_table(5).
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from advisor.patterns.literals import anchored_text, common_texts, required_texts
from advisor.patterns.reader import NotReadError, read_pattern
from advisor.syntax.pattern_table import (
    Condition,
    EndIf,
    Filler,
    Node,
    Pattern,
    PatternTable,
    Rule,
    Skipped,
    TableType,
)

_SPECIAL = re.compile(r"([^A-Za-z0-9_ :@=<>,;%&~\"'#!-])")


class Guard(msgspec.Struct, frozen=True):
    """A condition for the nodes of a table from `first` to `last`, both counted in; it is for `rules` rules.
    A match begins with `text` where `is_anchored`, else it contains it, without regard to case.
    """

    text: str
    is_anchored: bool
    first: int
    last: int
    rules: int

    @property
    def condition(self) -> str:
        """The line that opens it."""
        text = _SPECIAL.sub(r"\\\1", self.text)
        return f"if /{'^' * self.is_anchored}{text}/\n"


class _Run(msgspec.Struct, frozen=True):
    """Rules that follow each other: the texts that all of them need, and the one that all begin with."""

    nodes: tuple[int, ...]
    texts: frozenset[str]
    beginning: str


@lru_cache(maxsize=32)  # several rules ask of one table, before and behind a change
def find_guards(table: PatternTable, least_rules: int, least_text: int) -> tuple[Guard, ...]:
    """The guards for runs of at least `least_rules` rules that share a text of at least `least_text` bytes.

    A run is as long as it can be, but one whose rules begin with the same text ends where they no longer do.
    Where a condition around it asks for the text already, there is nothing to add.
    """
    asked = _asked_texts(table)
    return tuple(
        _guard(table, run)
        for run in _runs(table, least_rules, least_text)
        if len(run.nodes) >= least_rules and not _is_asked(run, asked[run.nodes[0]])
    )


def _asked_texts(table: PatternTable) -> tuple[frozenset[str], ...]:
    """For each node, the texts that the conditions around it ask for."""
    around: list[frozenset[str]] = [frozenset()]
    found = []
    for node in table.nodes:
        if isinstance(node, EndIf):
            around.pop()
        found.append(around[-1])
        if isinstance(node, Condition):
            alone = _texts_of(node.pattern, table.type)
            around.append(around[-1] | (alone[0] if alone else frozenset()))
    return tuple(found)


def _is_asked(run: _Run, asked: frozenset[str]) -> bool:
    return any(_shared_text(run) in each for each in asked)


def _shared_text(run: _Run) -> str:
    """The text to ask for; blanks at its ends tell little."""
    if run.beginning:
        return run.beginning.rstrip()
    return max(sorted(run.texts), key=len).strip()


def _texts_of(pattern: Pattern, table_type: TableType) -> tuple[frozenset[str], str] | None:
    """The texts that a match needs, and the one that it begins with; None where nothing is known of it."""
    if pattern.is_negated:
        return None
    try:
        tree = read_pattern(pattern, table_type)
    except NotReadError:
        return None
    return required_texts(tree), anchored_text(tree)


def _guard(table: PatternTable, run: _Run) -> Guard:
    text = _shared_text(run)
    return Guard(
        _as_written(text, table.nodes[run.nodes[0]].raw),
        bool(run.beginning),
        run.nodes[0],
        run.nodes[-1],
        len(run.nodes),
    )


def _as_written(text: str, raw: str) -> str:
    """The text with the capitals that it has in the rule, where it stands there as it is."""
    place = raw.lower().find(text)
    return raw[place : place + len(text)] if place >= 0 else text


def with_guards(table: PatternTable, guards: Iterable[Guard]) -> str:
    """The table's text with the guards in it; no other line changes."""
    opening = {guard.first: guard.condition for guard in guards}
    closing = {guard.last for guard in guards}
    parts = []
    for index, node in enumerate(table.nodes):
        parts.append(opening.get(index, "") + node.raw)
        if index in closing:
            parts.append("endif\n" if node.raw.endswith("\n") else "\nendif\n")
    return "".join(parts)


def _runs(table: PatternTable, least_rules: int, least_text: int) -> Iterator[_Run]:
    run: _Run | None = None
    for index, node in enumerate(table.nodes):
        if isinstance(node, Filler | Skipped):
            continue
        alone = _run_of(index, node, table.type, least_text)
        longer = _joined(run, alone, least_rules, least_text) if run and alone else None
        if run and not longer:
            yield run
        run = longer or alone
    if run:
        yield run


def _run_of(index: int, node: Node, table_type: TableType, least_text: int) -> _Run | None:
    """The run of this rule alone; None for what cannot stand in one."""
    alone = _texts_of(node.pattern, table_type) if isinstance(node, Rule) else None
    if alone is None:
        return None
    texts = frozenset(text for text in alone[0] if len(text) >= least_text)
    beginning = alone[1]
    return _Run((index,), texts, beginning if len(beginning) >= least_text else "") if texts else None


def _joined(run: _Run, other: _Run, least_rules: int, least_text: int) -> _Run | None:
    beginning = _common_beginning(run.beginning, other.beginning)
    beginning = beginning if len(beginning) >= least_text else ""
    if run.beginning and not beginning and len(run.nodes) >= least_rules:
        return None
    texts = common_texts(run.texts, other.texts, least_text)
    return _Run(run.nodes + other.nodes, texts, beginning) if texts else None


def _common_beginning(one: str, other: str) -> str:
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return one[:length]
