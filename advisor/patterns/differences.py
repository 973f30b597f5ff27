"""What a regexp: table would match otherwise as pcre:. Two readings with one tree match the same lines."""

import re
from functools import lru_cache

import msgspec

from advisor.patterns.reader import NotReadError, read_pattern
from advisor.patterns.tree import Alt, Tree, bare, has
from advisor.syntax.pattern_table import Pattern, PatternTable, Rule, TableType, node_patterns

_SUBSTITUTION = re.compile(r"\$[({]?\d")
_IN_BRACKETS = re.compile(r"\[\^?\]?[^\]]*\\")
_ESCAPE = re.compile(r"\\[A-Za-z<>`']")


class Difference(msgspec.Struct, frozen=True):
    """Where and why the rule at `line` may match other lines, or give another text."""

    line: int
    text: str


@lru_cache(maxsize=32)  # asked before and behind a change
def differences(table: PatternTable) -> tuple[Difference, ...]:
    """What of a regexp: table may mean something else as pcre:; empty: it is proven that nothing does."""
    return tuple(
        Difference(node.line, text)
        for node in table.nodes
        for pattern in node_patterns(node)
        if (text := _difference(pattern, node.text if isinstance(node, Rule) else ""))
    )


def _difference(pattern: Pattern, text: str) -> str:
    if set(pattern.flags) - {"i"}:
        return f"the flags {pattern.flags} mean something else to pcre:"
    try:
        before, after = (bare(read_pattern(pattern, kind)) for kind in (TableType.REGEXP, TableType.PCRE))
    except NotReadError as error:
        return f"it is not understood ({error})"
    if before != after:
        escape = _ESCAPE.search(pattern.body)
        if _IN_BRACKETS.search(pattern.body):
            return "a backslash within brackets is a character like others to regexp:, and none to pcre:"
        return f"{escape.group()} is read in another way" if escape else "it is read in another way"
    if _SUBSTITUTION.search(text) and _has_branches(before):
        return "$number may stand for another part: regexp: takes the longest match, pcre: the first branch"
    return ""


def _has_branches(tree: Tree) -> bool:
    return has(tree, Alt)
