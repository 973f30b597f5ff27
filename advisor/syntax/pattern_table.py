"""A regexp:, pcre: or cidr: table as a lossless tree: its rules in file order, and what stands between them.

Postfix reads such a table line by line, warns of a line that is no rule, and goes on without it; what it
would say of the text alone is said here too. What the pattern itself means is not this module's business.
Knowledge: regexp_table(5), pcre_table(5), cidr_table(5), dict_regexp_parseline() in src/util/dict_regexp.c,
dict_pcre_parse_rule() in src/util/dict_pcre.c, src/util/dict_cidr.c.
"""

import re
import string
from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property, lru_cache

import msgspec

from advisor.syntax.logical_lines import LogicalLine, logical_lines
from advisor.syntax.source import WHITE_SPACE, SourceFile

_FLAGS = {"regexp": "imx", "pcre": "imsxAEUX"}
_ALNUM = frozenset(string.ascii_letters + string.digits)
# What mac_parse() takes for a name: $1, ${1}, $(1), ${1?text}; `$$` is a dollar sign.
_SUBSTITUTION = re.compile(r"\$(?:\$|\{(?P<brace>\w*)[^}]*\}|\((?P<round>\w*)[^)]*\)|(?P<plain>\w*))")
# What a `|` cannot divide: an escaped character, and the inside of brackets.
_OPAQUE = re.compile(r"\\.|\[\^?\]?(?:\[:\w+:\]|[^\]])*\]", re.DOTALL)


class TableType(StrEnum):
    """The types of table that are a list of patterns."""

    REGEXP = "regexp"
    PCRE = "pcre"
    CIDR = "cidr"


class Pattern(msgspec.Struct, frozen=True):
    """One pattern without its delimiters, or one network of a cidr: table."""

    body: str
    flags: str = ""
    is_negated: bool = False

    @property
    def branches(self) -> int:
        """How many alternatives it has, at any depth."""
        return _OPAQUE.sub("", self.body).count("|") + 1


class Filler(msgspec.Struct, frozen=True):
    """Comments and blank lines."""

    raw: str
    line: int


class Rule(msgspec.Struct, frozen=True):
    """`/pattern/flags text`. `second` is that of `/pattern/!/second/`, which only regexp: tables have; then
    `second.is_negated` is true and both must hold. `line` is the first of its physical lines, from 1.
    """

    raw: str
    line: int
    pattern: Pattern
    text: str
    second: Pattern | None = None

    @property
    def action(self) -> str:
        """The first word of its text, as header_checks(5) and access(5) read it: in capitals."""
        return self.text.split(None, 1)[0].upper() if self.text.strip() else ""

    @property
    def highest_group(self) -> int:
        """The highest `$number` in its text, 0 without one."""
        return max((int(name) for name in substitutions(self.text) if name.isdecimal()), default=0)


class Condition(msgspec.Struct, frozen=True):
    """`if /pattern/flags`. `extra` is what stands behind it and is ignored, with a warning."""

    raw: str
    line: int
    pattern: Pattern
    extra: str = ""


class EndIf(msgspec.Struct, frozen=True):
    """`endif`. `extra` is what stands behind it and is ignored, with a warning."""

    raw: str
    line: int
    extra: str = ""


class Skipped(msgspec.Struct, frozen=True):
    """A line that Postfix passes over with a warning; `why` are the words of that warning."""

    raw: str
    line: int
    why: str


Node = Filler | Rule | Condition | EndIf | Skipped


class Placed(msgspec.Struct, frozen=True):
    """A rule, and the conditions that must hold before it is tried, outermost first."""

    rule: Rule
    conditions: tuple[Condition, ...]


class PatternTable(msgspec.Struct, frozen=True, cache_hash=True, dict=True):
    """A table of one type under the name that messages show. Law: `render(parse(source)) == source.text`."""

    name: str
    type: TableType
    nodes: tuple[Node, ...]

    def render(self) -> str:
        """The table's text."""
        return "".join(node.raw for node in self.nodes)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in file order."""
        return tuple(node for node in self.nodes if isinstance(node, Rule))

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """All patterns in file order: those of rules, second ones, and those behind `if`."""
        return tuple(pattern for node in self.nodes for pattern in node_patterns(node))

    def placed(self) -> tuple[Placed, ...]:
        """The rules with the conditions around them. An `if` without an `endif` reaches to the end."""
        found: list[Placed] = []
        around: list[Condition] = []
        for node in self.nodes:
            if isinstance(node, Condition):
                around.append(node)
            elif isinstance(node, EndIf):
                around.pop()
            elif isinstance(node, Rule):
                found.append(Placed(node, tuple(around)))
        return tuple(found)

    @property
    def open_conditions(self) -> tuple[Condition, ...]:
        """The `if` lines that no `endif` ends, outermost first."""
        around: list[Condition] = []
        for node in self.nodes:
            if isinstance(node, Condition):
                around.append(node)
            elif isinstance(node, EndIf):
                around.pop()
        return tuple(around)

    def without(self, lines: frozenset[int]) -> "PatternTable":
        """The table without the rules and conditions that begin at these lines, as Postfix sees it when their
        patterns do not compile: the `endif` of a skipped `if` ends the one around it, or nothing.
        """
        kept: list[Node] = []
        depth = 0
        for node in self.nodes:
            if isinstance(node, Rule | Condition) and node.line in lines:
                kept.append(Skipped(node.raw, node.line, "its pattern does not compile"))
                continue
            if isinstance(node, EndIf):
                if depth == 0:
                    kept.append(Skipped(node.raw, node.line, "ignoring ENDIF without matching IF"))
                    continue
                depth -= 1
            depth += isinstance(node, Condition)
            kept.append(node)
        return PatternTable(self.name, self.type, tuple(kept))


def substitutions(text: str) -> tuple[str, ...]:
    """The names behind the `$` of a rule's text: numbers, if it is a valid one."""
    return tuple(
        match["brace"] or match["round"] or match["plain"] or ""
        for match in _SUBSTITUTION.finditer(text)
        if match.group() != "$$"
    )


def node_patterns(node: Node) -> tuple[Pattern, ...]:
    """The patterns that a node tries, in their order."""
    if isinstance(node, Rule):
        return (node.pattern,) if node.second is None else (node.pattern, node.second)
    return (node.pattern,) if isinstance(node, Condition) else ()


@lru_cache(maxsize=32)  # asked for each service
def branches_of(table: PatternTable) -> int:
    """How many alternatives the patterns of a table have together."""
    return sum(pattern.branches for pattern in table.patterns)


@lru_cache(maxsize=32)  # several rules ask of one table, before and behind a change
def parse_pattern_table(source: SourceFile, table_type: TableType) -> PatternTable:
    """The tree of a table's text. Any text is read: what is no rule becomes a Skipped node."""
    return PatternTable(source.name, table_type, tuple(_nodes(source, table_type)))


def _nodes(source: SourceFile, table_type: TableType) -> Iterator[Node]:
    depth = 0
    for line in logical_lines(source):
        raw = source.text[line.start : line.end]
        number = source.position(line.start)[0]
        if not isinstance(line, LogicalLine):
            yield Filler(raw, number)
            continue
        text = line.text.rstrip(WHITE_SPACE)
        if not text:
            yield Filler(raw, number)
            continue
        node = _Reader(raw, number, text, table_type).node(depth)
        depth += isinstance(node, Condition) - isinstance(node, EndIf)
        yield node


class _RefusedError(Exception):
    """A line that is no rule, in the words of Postfix's warning."""


class _Reader:
    """Reads one logical line from left to right."""

    def __init__(self, raw: str, number: int, text: str, table_type: TableType) -> None:
        self.raw, self.number, self.text, self.type = raw, number, text, table_type
        self.at = 0

    def node(self, depth: int) -> Node:
        try:
            if self._is_word("if"):
                return self._condition()
            if self._is_word("endif"):
                return self._end(depth)
            return self._rule()
        except _RefusedError as refused:
            return Skipped(self.raw, self.number, str(refused))

    def _is_word(self, word: str) -> bool:
        behind = self.text[len(word) : len(word) + 1]
        return self.text[: len(word)].lower() == word and behind not in _ALNUM

    def _condition(self) -> Condition:
        self.at = 2
        self._blanks()
        pattern = self._pattern()
        return Condition(self.raw, self.number, pattern, self._rest())

    def _end(self, depth: int) -> EndIf:
        if depth == 0:
            raise _RefusedError("ignoring ENDIF without matching IF")
        self.at = 5
        return EndIf(self.raw, self.number, self._rest())

    def _rule(self) -> Rule:
        if self.type is not TableType.CIDR and self.text[0] in _ALNUM:
            raise _RefusedError("ignoring unrecognized request")
        first = self._pattern()
        second = self._pattern() if self.type is TableType.REGEXP and self._char() == "!" else None
        text = self._rest()
        if self.type is TableType.CIDR and not text:
            raise _RefusedError("no lookup result")
        self._check_substitutions(text, first)
        return Rule(self.raw, self.number, first, text, second)

    def _pattern(self) -> Pattern:
        negated = False
        while (char := self._char()) == "!" or (char and char in WHITE_SPACE):
            negated ^= char == "!"
            self.at += 1
        if self.type is TableType.CIDR:
            return self._network(is_negated=negated)
        if not char:
            raise _RefusedError("no regexp: skipping this rule")
        body = self._body(char)
        return Pattern(body, self._flags(), negated)

    def _network(self, *, is_negated: bool) -> Pattern:
        start = self.at
        while self._char() and self._char() not in WHITE_SPACE:
            self.at += 1
        if start == self.at:
            raise _RefusedError("no address pattern")
        return Pattern(self.text[start : self.at], "", is_negated)

    def _body(self, delimiter: str) -> str:
        self.at += 1
        start = self.at
        while (char := self._char()) and char != delimiter:
            self.at += 2 if char == "\\" else 1
        if not char:
            raise _RefusedError(f'no closing regexp delimiter "{delimiter}": skipping this rule')
        self.at += 1
        return self.text[start : self.at - 1]

    def _flags(self) -> str:
        start = self.at
        while (char := self._char()) and char not in WHITE_SPACE:
            if char == "!" and self.type is TableType.REGEXP:
                break
            if char not in _FLAGS[self.type]:
                raise _RefusedError(f'unknown regexp option "{char}": skipping this rule')
            self.at += 1
        return self.text[start : self.at]

    def _check_substitutions(self, text: str, first: Pattern) -> None:
        if self.type is TableType.CIDR:
            return
        for name in substitutions(text):
            if not name.isdecimal():
                raise _RefusedError(f'non-numeric replacement index "{name}"')
            if int(name) < 1:
                raise _RefusedError(f'out-of-range replacement index "{name}"')
            if first.is_negated:
                raise _RefusedError("$number found in negative match replacement text: skipping this rule")

    def _blanks(self) -> None:
        while self._char() and self._char() in WHITE_SPACE:
            self.at += 1

    def _rest(self) -> str:
        self._blanks()
        rest, self.at = self.text[self.at :], len(self.text)
        return rest

    def _char(self) -> str:
        return self.text[self.at : self.at + 1]
