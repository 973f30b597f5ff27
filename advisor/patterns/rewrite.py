"""A table's text anew: rules taken out, conditions put around others. No other byte of it changes."""

from collections.abc import Collection

import msgspec

from advisor.patterns.guards import Guard, find_guards, with_guards
from advisor.syntax.pattern_table import PatternTable, TableType, parse_pattern_table
from advisor.syntax.source import SourceFile


class Rewritten(msgspec.Struct, frozen=True):
    """The new table, and the conditions that are new in it."""

    table: PatternTable
    guards: tuple[Guard, ...]


def rewrite(
    table: PatternTable, drop: Collection[int], new_type: TableType, least_rules: int, least_text: int
) -> Rewritten:
    """The table as `new_type` without the rules at the lines `drop`, and with guards around what is left.

    A guard encloses at least `least_rules` rules that need one text of at least `least_text` bytes.
    """
    left = "".join(node.raw for node in table.nodes if node.line not in drop)
    smaller = parse_pattern_table(SourceFile(table.name, left), new_type)
    guards = find_guards(smaller, least_rules, least_text)
    text = with_guards(smaller, guards)
    return Rewritten(parse_pattern_table(SourceFile(table.name, text), new_type), guards)
