"""Which rule of a table decides each line, and which patterns are tried on it on the way.

Sets of lines are ints: bit n stands for line n. Knowledge: dict_regexp_lookup() in src/util/dict_regexp.c.
"""

import math
from collections.abc import Sequence

import msgspec

from advisor.patterns.reader import NotReadError, read_pattern
from advisor.patterns.tree import groups
from advisor.patterns.worker import Answer
from advisor.syntax.pattern_table import (
    Condition,
    EndIf,
    Pattern,
    PatternTable,
    Rule,
    TableType,
    node_patterns,
)


class Tried(msgspec.Struct, frozen=True):
    """One pattern of the table with its rule's or condition's line, how many lines it is tried on, and its
    answer on all of them.
    """

    line: int
    pattern: Pattern
    tries: int
    answer: Answer


class Decisions(msgspec.Struct, frozen=True):
    """`rule_of[n]` is the line of the rule that decides line n, 0 where none does. `hits` counts by rule.
    `unknown` are the rules and conditions with a pattern whose answer is not complete: they were left out.
    """

    rule_of: tuple[int, ...]
    hits: dict[int, int]
    tried: tuple[Tried, ...]
    unknown: tuple[int, ...]


def decide(table: PatternTable, answers: Sequence[Answer], lines: int) -> Decisions:
    """The decisions on `lines` lines; `answers` are those of `table.patterns`, in their order.

    A pattern that does not compile is left out with its rule, as Postfix does; so is one that was stopped,
    or not understood, and that makes the decisions a guess, told in `unknown`.
    """
    by_node = _by_node(table, answers)
    invalid = frozenset(invalid_lines(table, answers))
    unknown = frozenset(
        line for line, given in by_node.items() if any(each.unread or each.timed_out for each in given)
    )
    rule_of = [0] * lines
    hits: dict[int, int] = {}
    tried: list[Tried] = []
    undecided = scope = (1 << lines) - 1
    around: list[int] = []
    for node in table.without(invalid | unknown).nodes:
        if isinstance(node, EndIf):
            scope = around.pop()
            continue
        found = undecided & scope
        for pattern, answer in zip(node_patterns(node), by_node.get(node.line, ()), strict=False):
            tried.append(Tried(node.line, pattern, found.bit_count(), answer))
            found &= _matches(pattern, answer, lines)
        if isinstance(node, Condition):
            around.append(scope)
            scope &= found
        elif isinstance(node, Rule):
            hits[node.line] = found.bit_count()
            undecided &= ~found
            for number in bits(found):
                rule_of[number] = node.line
    return Decisions(tuple(rule_of), hits, tuple(tried), tuple(sorted(unknown)))


def invalid_lines(table: PatternTable, answers: Sequence[Answer]) -> dict[int, str]:
    """The rules and conditions that Postfix leaves out since they do not compile, and why, by line: in the
    words of the engine, or of Postfix where a `$number` names a group that the pattern does not have.
    """
    places = [node.line for node in table.nodes for _ in node_patterns(node)]
    found = {line: answer.invalid for line, answer in zip(places, answers, strict=True) if answer.invalid}
    for rule in table.rules:
        if rule.line not in found and rule.highest_group > _groups(rule.pattern, table.type):
            found[rule.line] = f'out of range replacement index "{rule.highest_group}": skipping this rule'
    return found


def _groups(pattern: Pattern, table_type: TableType) -> float:
    """How many groups the pattern has; without end where that is not understood."""
    try:
        return groups(read_pattern(pattern, table_type))
    except NotReadError:
        return math.inf


def bits(mask: int) -> list[int]:
    """The numbers of the bits that are set, rising."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found


def _by_node(table: PatternTable, answers: Sequence[Answer]) -> dict[int, tuple[Answer, ...]]:
    found = {}
    position = 0
    for node in table.nodes:
        count = len(node_patterns(node))
        if count:
            found[node.line] = tuple(answers[position : position + count])
        position += count
    return found


def _matches(pattern: Pattern, answer: Answer, lines: int) -> int:
    """The lines on which the pattern holds, with its `!`. Where the engine gave up, it does not hold."""
    matched = _mask(answer.matched)
    if not pattern.is_negated:
        return matched
    return ((1 << lines) - 1) & ~matched & ~_mask(answer.given_up)


def _mask(numbers: Sequence[int]) -> int:
    """The set of these lines."""
    if not numbers:
        return 0
    data = bytearray(max(numbers) // 8 + 1)
    for number in numbers:
        data[number // 8] |= 1 << number % 8
    return int.from_bytes(data, "little")
