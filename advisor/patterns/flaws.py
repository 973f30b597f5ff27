"""What is wrong with the rules of a table, as far as their text tells it; nothing is run for that.

Each flaw is proven on the trees of the patterns; where a pattern is not understood, nothing is said of it.
Knowledge: header_checks(5), regexp_table(5), pcre_table(5), pcre2perform(3).
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

import msgspec

from advisor.patterns.ambiguity import Blowup, find_blowup
from advisor.patterns.automaton import Automaton, NotRegularError, TooLargeError, automaton
from advisor.patterns.contains import contains, matches_every_line, matches_nothing
from advisor.patterns.literals import anchored_text, required_texts
from advisor.patterns.reader import NotReadError, read_pattern
from advisor.patterns.tree import (
    ALL,
    Chars,
    End,
    Repeat,
    Seq,
    Start,
    Tree,
    bare,
    children,
    has_dead_end,
    has_nested_repeat,
    is_inexact,
    least_length,
)
from advisor.syntax.pattern_table import (
    Condition,
    EndIf,
    Pattern,
    PatternTable,
    Placed,
    Skipped,
    TableType,
)

_HEADER = re.compile(r"[a-z][a-z-]*: ?")
_INDEXED = 40  # bytes of a required text whose parts are looked up


class FlawKind(StrEnum):
    """What may be wrong with a rule."""

    SKIPPED = "skipped"
    OPEN_IF = "open-if"
    UNREACHABLE = "unreachable"
    DUPLICATE = "duplicate"
    CONTAINED = "contained"
    MATCHES_NOTHING = "matches-nothing"
    BACKTRACKS = "backtracks"
    IDLE_END = "idle-end"
    WRONG_TABLE = "wrong-table"


class Flaw(msgspec.Struct, frozen=True):
    """A flaw of the rule at `line`; `other` is the line of the rule that it is measured by, 0 for none."""

    kind: FlawKind
    line: int
    text: str
    other: int = 0
    blowup: Blowup | None = None


# What mends a line that is no rule, by the words of Postfix's warning.
_CURES = (
    ("its pattern does not compile", "postmap -q - TYPE:TABLE says why"),
    ("no closing regexp delimiter", "write it behind the pattern, and a backslash before it within"),
    ("ignoring unrecognized request", "begin a rule with its pattern: /pattern/ ACTION"),
    ("ignoring ENDIF", "take it away, or write the if that it ends"),
    ("unknown regexp option", "regexp: has the flags i, m, x; pcre: has i, m, s, x, A, E, U"),
    ("no regexp", "write a pattern behind the !"),
    ("no lookup result", "write an action behind the network"),
    ("no address pattern", "write a network"),
    ("$number found", "take the $number out of its text: nothing has matched there"),
    ("", "write $$ for a dollar sign, or a number that a group of the pattern has"),
)
# Rules with these can go, and no line gets another answer.
REMOVABLE = frozenset(
    {FlawKind.UNREACHABLE, FlawKind.DUPLICATE, FlawKind.CONTAINED, FlawKind.MATCHES_NOTHING}
)


@lru_cache(maxsize=32)  # several rules ask of one table, before and behind a change
def find_flaws(table: PatternTable, *, of_body: bool) -> tuple[Flaw, ...]:
    """The flaws of a table in the order of its lines; `of_body`: it checks lines of bodies, not headers."""
    if table.type is TableType.CIDR:
        return tuple(_skipped(table))
    placed = table.placed()
    found = [*_skipped(table), *_never_tried(table, placed, of_body=of_body)]
    known = {flaw.line for flaw in found}
    for each in placed:
        if each.rule.line not in known:
            found.extend(_own_flaws(table, each, of_body=of_body))
    return tuple(sorted(found, key=lambda flaw: flaw.line))


@lru_cache(maxsize=16384)
def automaton_of(pattern: Pattern, table_type: TableType) -> Automaton | None:
    """The automaton of a pattern, negation left aside; None where it is not understood, or too large."""
    try:
        return automaton(read_pattern(pattern, table_type))
    except (NotReadError, NotRegularError, TooLargeError):
        return None


@lru_cache(maxsize=16384)
def tree_of(pattern: Pattern, table_type: TableType) -> Tree | None:
    """What a pattern matches, negation and groups left aside; None where it is not understood."""
    try:
        return bare(read_pattern(pattern, table_type))
    except NotReadError:
        return None


def _skipped(table: PatternTable) -> Iterator[Flaw]:
    for node in table.nodes:
        if isinstance(node, Skipped):
            cure = next(cure for begin, cure in _CURES if node.why.startswith(begin))
            yield Flaw(FlawKind.SKIPPED, node.line, f"Postfix passes it over: {node.why}; {cure}")
        elif isinstance(node, Condition | EndIf) and node.extra:
            yield Flaw(FlawKind.SKIPPED, node.line, f"Postfix ignores what stands behind it: {node.extra}")
    for condition in table.open_conditions:
        yield Flaw(
            FlawKind.OPEN_IF,
            condition.line,
            "it has no endif: where it does not hold, nothing up to the end of the table is tried",
        )


def _own_flaws(table: PatternTable, placed: Placed, *, of_body: bool) -> Iterator[Flaw]:
    rule = placed.rule
    patterns = [rule.pattern, *([rule.second] if rule.second else [])]
    tree = tree_of(rule.pattern, table.type)
    if not rule.pattern.is_negated and tree is not None and has_dead_end(tree):
        machine = automaton_of(rule.pattern, table.type)
        if machine and matches_nothing(machine):
            yield Flaw(FlawKind.MATCHES_NOTHING, rule.line, _why_nothing(rule.pattern, table.type))
            return
    if table.type is TableType.PCRE:
        for pattern in patterns:
            if blowup := _blowup(pattern, table.type):
                yield Flaw(
                    FlawKind.BACKTRACKS,
                    rule.line,
                    "a repetition within a repetition can share out one text in many ways",
                    blowup=blowup,
                )
    if tree is None:
        return
    if (idle := _idle_end(tree)) and "$" not in rule.text:
        yield Flaw(FlawKind.IDLE_END, rule.line, idle)
    if of_body and (header := _HEADER.match(anchored_text(tree))):
        yield Flaw(
            FlawKind.WRONG_TABLE,
            rule.line,
            f"it looks for the header {header.group().strip()} in bodies: only a message quoted in another "
            "has such lines there",
        )


def _blowup(pattern: Pattern, table_type: TableType) -> Blowup | None:
    """Where the pattern can share out one text in many ways. Where a part of it gives nothing back, fewer are
    tried than there are.
    """
    tree = tree_of(pattern, table_type)
    if tree is None or not has_nested_repeat(tree) or _has_atomic(tree):
        return None
    machine = automaton_of(pattern, table_type)
    return find_blowup(machine) if machine else None


def _has_atomic(tree: Tree) -> bool:
    return (isinstance(tree, Repeat) and tree.is_atomic) or any(_has_atomic(each) for each in children(tree))


def _why_nothing(pattern: Pattern, table_type: TableType) -> str:
    escape = re.search(r"\\[a-z]", re.sub(r"\\[wsb<>`']", "", pattern.body))
    if table_type is TableType.REGEXP and escape:
        return (
            f"no line can match: {escape.group()} means nothing to regexp:, and stands for no letter either "
            "where case does not matter; write a bracket expression such as [0-9], or use pcre:"
        )
    return "no line can match"


def _idle_end(tree: Tree) -> str:
    """What may be left out at an end, and the same lines match."""
    items = list(tree.items) if isinstance(tree, Seq) else [tree]
    if len(items) < 2:
        return ""
    head = items[1:] if isinstance(items[0], Start) else items
    if _is_anything(head[0]) and len(head) > 1:
        return "what it begins with may be left out: a pattern is looked for anywhere in the line"
    tail = items[:-1] if isinstance(items[-1], End) else items
    if _is_anything(tail[-1]) and len(tail) > 1:
        return "the .* at its end may be left out: what follows a match does not matter"
    return ""


def _is_anything(tree: Tree) -> bool:
    return isinstance(tree, Repeat) and tree.least == 0 and tree.most is None and tree.item == Chars(ALL)


def _never_tried(table: PatternTable, placed: tuple[Placed, ...], *, of_body: bool) -> Iterator[Flaw]:
    """Rules that another one before them leaves no line."""
    index = _Index()
    trees: dict[tuple[Tree, tuple[int, ...]], int] = {}
    walls: list[Placed] = []
    for each in placed:
        rule, scope = each.rule, _scope(each)
        wall = next((one for one in walls if _encloses(one, each)), None)
        if wall:
            yield Flaw(
                FlawKind.UNREACHABLE,
                rule.line,
                f"it is never tried: line {wall.rule.line} matches every line",
                wall.rule.line,
            )
            continue
        if rule.pattern.is_negated or (tree := tree_of(rule.pattern, table.type)) is None:
            continue
        twin = next(
            (trees[tree, scope[:end]] for end in range(len(scope) + 1) if (tree, scope[:end]) in trees), 0
        )
        if twin:
            yield Flaw(FlawKind.DUPLICATE, rule.line, f"line {twin} has the same pattern", twin)
            continue
        wider = next(
            (
                one
                for one in index.candidates(tree)
                if _encloses(one, each)
                and _may_contain(tree_of(one.rule.pattern, table.type), tree)
                and (machine := automaton_of(rule.pattern, table.type))
                and (other := automaton_of(one.rule.pattern, table.type))
                and contains(other, machine)
            ),
            None,
        )
        if wider:
            yield Flaw(
                FlawKind.CONTAINED,
                rule.line,
                f"it never decides: line {wider.rule.line} matches every line that it matches",
                wider.rule.line,
            )
            continue
        if rule.second is not None:
            continue
        trees.setdefault((tree, scope), rule.line)
        index.add(tree, each)
        # One that asks for more than a byte leaves a line out.
        if least_length(tree) <= 1:
            machine = automaton_of(rule.pattern, table.type)
            if machine and matches_every_line(machine, empty=of_body):
                walls.append(each)


def _may_contain(wide: Tree | None, narrow: Tree) -> bool:
    """Whether their automata have to be asked: a quick no for most."""
    return wide is not None and not is_inexact(wide) and least_length(wide) <= least_length(narrow)


def _scope(placed: Placed) -> tuple[int, ...]:
    return tuple(condition.line for condition in placed.conditions)


def _encloses(earlier: Placed, later: Placed) -> bool:
    """Whether each line that the later rule is tried on has been tried on the earlier one."""
    return _scope(later)[: len(earlier.conditions)] == _scope(earlier)


class _Index:
    """Rules by a text that their matches need: only a rule that has it too can be one they cover."""

    def __init__(self) -> None:
        self.by_text: dict[str, list[Placed]] = defaultdict(list)
        self.without: list[Placed] = []
        self.lengths: set[int] = set()

    def add(self, tree: Tree, placed: Placed) -> None:
        if _is_wide(tree):
            self.without.append(placed)
            return
        text = max(sorted(required_texts(tree)), key=len, default="")[:_INDEXED]
        self.lengths.add(len(text))
        self.by_text[text].append(placed)

    def candidates(self, tree: Tree) -> Iterator[Placed]:
        yield from self.without
        parts = {
            text[start : start + length]
            for text in required_texts(tree)
            for length in self.lengths
            for start in range(len(text) - length + 1)
        }
        for part in parts & self.by_text.keys():
            yield from self.by_text[part]


def _is_wide(tree: Tree) -> bool:
    return not required_texts(tree)
