"""regexp: and pcre: tables held against the real postmap: what a line gets, which rules are passed over."""

import random
from pathlib import Path

import pytest

from advisor.patterns.automaton import NotRegularError, TooLargeError, automaton
from advisor.patterns.decisions import decide
from advisor.patterns.engines import GivenUpError, InvalidPatternError, engine_for, matcher
from advisor.patterns.guards import find_guards, with_guards
from advisor.patterns.postmap import ask_postmap
from advisor.patterns.reader import NotReadError, read_pattern
from advisor.patterns.worker import run_patterns
from advisor.syntax.pattern_table import (
    Pattern,
    PatternTable,
    Skipped,
    TableType,
    node_patterns,
    parse_pattern_table,
)
from advisor.syntax.source import SourceFile

_PIECES = (
    "a b c A 0 . * + ? | ( ) [ [^ ] [[:alpha:]] {2} {1,2} {2,} ^ $ \\b \\w \\d \\. \\s [a-c] (?: (?i) *? ++ "
    "\\< \\x41 _ ab foo bar { } , (?=a) \\n \\t \\1 [a\\d] []a] (?-i: ba"
).split()
_LINES = (
    b"a|b|A|ab|aab|abc|0|a0|a.b|d|n|t|aa|aaa|bab|a b|foo|foobar|barfoo|FOO|x41|[|{|aBc|cba|^|a$|ba ab|x foo y"
).split(b"|")
_TYPES = (TableType.REGEXP, TableType.PCRE)


def table_text(source: random.Random, table_type: TableType) -> str:
    lines = []
    for number in range(source.randint(1, 8)):
        body = "".join(source.choice(_PIECES) for _ in range(source.randint(1, 4))).replace("/", "")
        flags = source.choice(("", "", "", "i", "m", "q" if not number else "x"))
        negation = source.choice(("", "", "", "!", "! "))
        second = "!/b/" if table_type is TableType.REGEXP and source.random() < 0.1 else ""
        rule = f"{negation}/{body}/{flags}{second} reply {number}"
        others = (f"if {negation}/{body}/", "endif", "# note", "odd")
        lines.append(source.choice((rule, rule, rule, rule, *others)))
    return "\n".join(lines) + "\n"


def predicted(table: PatternTable, lines: tuple[bytes, ...]) -> tuple[list[str], set[int], set[int]]:
    answers = run_patterns(table.patterns, table.type, lines)
    decisions = decide(table, answers, len(lines))
    texts = {rule.line: rule.text for rule in table.rules}
    places = [node.line for node in table.nodes for _ in node_patterns(node)]
    invalid = {line for line, answer in zip(places, answers, strict=True) if answer.invalid}
    return [texts.get(line, "") for line in decisions.rule_of], invalid, set(decisions.unknown)


@pytest.mark.parametrize("table_type", _TYPES)
@pytest.mark.parametrize("seed", range(2))
def test_each_line_gets_what_was_predicted(table_type: TableType, seed: int, postconf: Path) -> None:
    assert postconf.exists()
    source = random.Random(f"{table_type}{seed}")  # noqa: S311 - the same tables at each run
    pairs = 0
    while pairs < 1000:
        text = table_text(source, table_type)
        table = parse_pattern_table(SourceFile("table", text), table_type)
        lines = tuple(source.sample(_LINES, 20))
        replies, invalid, unknown = predicted(table, lines)
        assert not unknown, text
        answered = ask_postmap(table_type, text, lines)
        assert answered is not None
        assert [reply or "" for reply in answered.replies] == replies, (text, answered)
        warned = {
            int(warning.partition(", line ")[2].split(":")[0])
            for warning in answered.warnings
            if ", line " in warning and "no replacement text" not in warning
        }
        skipped = {node.line for node in table.without(frozenset(invalid)).nodes if isinstance(node, Skipped)}
        open_ifs = {node.line for node in table.without(frozenset(invalid)).open_conditions}
        assert warned == skipped | open_ifs, (text, answered.warnings)
        pairs += len(lines)


@pytest.mark.parametrize("table_type", _TYPES)
def test_trees_match_what_the_engines_match(table_type: TableType, postconf: Path) -> None:
    assert postconf.exists()
    source = random.Random(7)  # noqa: S311
    understood = 0
    for _ in range(6000):
        body = "".join(source.choice(_PIECES) for _ in range(source.randint(1, 6)))
        pattern = Pattern(body, source.choice(("", "", "i", "m")))
        try:
            matches = matcher(pattern, table_type, engine_for(table_type))
            machine = automaton(read_pattern(pattern, table_type))
        except (InvalidPatternError, NotReadError, NotRegularError, TooLargeError):
            continue
        understood += 1
        for line in (b"", *_LINES):
            try:
                expected = matches(line)
            except GivenUpError:
                continue
            found = machine.matches(line)
            assert found == expected or (found and not machine.is_exact), (pattern, line)
    assert understood > 1000


@pytest.mark.parametrize("table_type", _TYPES)
def test_guards_change_no_decision(table_type: TableType, postconf: Path) -> None:
    assert postconf.exists()
    source = random.Random(3)  # noqa: S311
    guarded = 0
    for _ in range(60):
        words = ("foo", "bar", "ab", "^foo", "(a|b)foo", "foo *bar", "!", "foo[a-c]", "bab+", "foo$")
        rules = [source.choice(words) for _ in range(12)]
        text = "".join(
            f"!/a/ reply {number}\n" if rule == "!" else f"/{rule}{number % 3 or ''}/ reply {number}\n"
            for number, rule in enumerate(rules)
        )
        table = parse_pattern_table(SourceFile("table", text), table_type)
        guards = find_guards(table, 2, 2)
        guarded += len(guards)
        ends = (b"", b"1", b"2 foo1", b" bar")
        lines = tuple(source.choice(_LINES) + source.choice(ends) for _ in range(40))
        new = parse_pattern_table(SourceFile("table", with_guards(table, guards)), table_type)
        assert predicted(table, lines)[0] == predicted(new, lines)[0], text
    assert guarded > 30
