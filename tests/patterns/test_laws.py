"""What is said of patterns without running them, held against the engines that run them."""

import re

import pytest

from advisor.patterns.ambiguity import find_blowup
from advisor.patterns.automaton import Automaton, NotRegularError, TooLargeError, automaton
from advisor.patterns.contains import contains, matches_every_line, matches_nothing
from advisor.patterns.decisions import decide
from advisor.patterns.differences import differences
from advisor.patterns.engines import Matcher, engine_for, matcher
from advisor.patterns.examples import example
from advisor.patterns.flaws import REMOVABLE, find_flaws
from advisor.patterns.guards import find_guards, with_guards
from advisor.patterns.literals import anchored_text, required_texts
from advisor.patterns.python_form import python_form
from advisor.patterns.reader import NotReadError, read_pattern
from advisor.patterns.tree import Tree, has_dead_end, has_nested_repeat, is_inexact, least_length
from advisor.patterns.worker import run_patterns
from advisor.syntax.pattern_table import Pattern, TableType
from tests.patterns.drawn import LINES, TYPES, answers, drawn_pattern, drawn_source, parsed, understood

ALL_LINES = (b"", b"a\nb", b"aabb", b"Subject: a", *LINES)


def matched(matches: Matcher) -> frozenset[bytes]:
    return frozenset(line for line in ALL_LINES if matches(line))


def machine_of(tree: Tree) -> Automaton | None:
    try:
        return automaton(tree)
    except (NotRegularError, TooLargeError):
        return None


@pytest.mark.parametrize("table_type", TYPES)
def test_automata_match_what_the_engines_match(table_type: TableType) -> None:
    exact = 0
    for pattern, tree, matches in understood(table_type, 6000):
        if (machine := machine_of(tree)) is None:
            continue
        expected = matched(matches)
        found = frozenset(line for line in ALL_LINES if machine.matches(line))
        assert found == expected if machine.is_exact else found >= expected, pattern
        exact += machine.is_exact
        assert machine.is_exact != is_inexact(tree), pattern
        if matches_nothing(machine):
            assert not expected, pattern
            assert has_dead_end(tree), pattern
        if matches_every_line(machine, empty=True):
            assert len(expected) == len(ALL_LINES), pattern
        if matches_every_line(machine, empty=False):
            assert least_length(tree) <= 1, pattern
        if find_blowup(machine):
            assert has_nested_repeat(tree), pattern
        if machine.is_exact and (text := example(machine)) is not None and not text.endswith(b"\n"):
            assert matches(text), (pattern, text)
    assert exact > 1000


@pytest.mark.parametrize("table_type", TYPES)
def test_python_stands_in(table_type: TableType) -> None:
    compared = 0
    for pattern, tree, matches in understood(table_type, 3000):
        if (machine := machine_of(tree)) is None or find_blowup(machine):
            continue  # Python would try for ever, and here nothing stops it
        try:
            search = re.compile(python_form(tree), re.DOTALL).search
        except (NotReadError, re.error):
            continue
        compared += 1
        assert frozenset(line for line in ALL_LINES if search(line)) == matched(matches), pattern
    assert compared > 1000


@pytest.mark.parametrize("table_type", TYPES)
def test_texts_that_each_match_has(table_type: TableType) -> None:
    told = 0
    for pattern, tree, matches in understood(table_type, 4000):
        texts, beginning = required_texts(tree), anchored_text(tree)
        told += bool(texts) + bool(beginning)
        for line in matched(matches):
            folded = line.lower()
            assert all(text.encode() in folded for text in texts), (pattern, line)
            assert folded.startswith(beginning.encode()), (pattern, line)
    assert told > 500


@pytest.mark.parametrize("table_type", TYPES)
def test_what_contains_another_matches_all_its_lines(table_type: TableType) -> None:
    drawn = [
        (pattern, machine, matched(matches))
        for pattern, tree, matches in understood(table_type, 240)
        if (machine := machine_of(tree))
    ]
    proven = 0
    for wide, machine, lines in drawn:
        for narrow, other, others in drawn:
            if contains(machine, other):
                proven += 1
                assert lines >= others, (wide, narrow)
            elif machine.is_exact:
                assert machine != other, wide
    assert proven > 200


@pytest.mark.parametrize("table_type", TYPES)
def test_guards_and_dropped_rules_change_no_decision(table_type: TableType) -> None:
    source = drawn_source(f"guards {table_type}")
    words = ("foo", "bar", "ab", "^foo", "(a|b)foo", "foo *bar", "foo[a-c]", "bab+", "foo$", "fo{2}", "a?foo")
    guarded = dropped = 0
    for _ in range(150):
        rules = []
        for number in range(14):
            word = source.choice(words)
            mark = source.choice(("", "", "", "", "", "!"))
            rules.append(f"{mark}/{word}{number % 3 or ''}/{source.choice(('', '', 'i'))} reply {number}\n")
        if source.random() < 0.3:
            rules.insert(4, "if /foo/\n")
            rules.insert(9, "endif\n")
        table = parsed("".join(rules), table_type)
        lines = tuple(line + end for line in ALL_LINES for end in (b"", b"1", b"2 foo1", b" bar", b"FOO2"))
        guards = find_guards(table, 2, 2)
        guarded += len(guards)
        removable = {flaw.line for flaw in find_flaws(table, of_body=True) if flaw.kind in REMOVABLE}
        dropped += len(removable)
        smaller = "".join(node.raw for node in table.nodes if node.line not in removable)
        replies = [
            _replies(text, table_type, lines)
            for text in (table.render(), with_guards(table, guards), smaller)
        ]
        assert replies[0] == replies[1] == replies[2], table.render()
    assert guarded > 100
    assert dropped > 100


def _replies(text: str, table_type: TableType, lines: tuple[bytes, ...]) -> list[str]:
    table = parsed(text, table_type)
    texts = {rule.line: rule.text for rule in table.rules}
    return [texts.get(line, "") for line in decide(table, answers(table, lines), len(lines)).rule_of]


def test_a_pattern_without_a_difference_matches_the_same_lines() -> None:
    source = drawn_source("differences")
    same = 0
    for _ in range(6000):
        pattern = drawn_pattern(source, 4, ("", "", "i"))
        text = f"/{pattern.body}/{pattern.flags} reply\n"
        table = parsed(text, TableType.REGEXP)
        if len(table.rules) != 1 or differences(table):
            continue
        (answer,), (other,) = (answers(parsed(text, kind), ALL_LINES) for kind in TYPES)
        if answer.invalid or other.invalid:
            assert answer.invalid, text  # what regexp: reads is read by pcre: too
            continue
        same += 1
        assert answer.matched == other.matched, text
    assert same > 1000


@pytest.mark.parametrize(
    ("body", "explodes"),
    [
        ("^(a+)+$", True),
        ("^(a|a)*$", True),
        ("^(a|ab|b)*c$", True),
        ("^(\\w+\\s?)*$", True),
        ("(x+x+)+y", True),
        ("^a+$", False),
        ("^(ab+)+$", False),
        ("^(a|b)*$", False),
        ("foo.*bar", False),
        ("^(?>a+)+$", True),  # what an atomic group keeps is left out, so the engine has to be asked
    ],
)
def test_blowups(body: str, explodes: bool) -> None:  # noqa: FBT001
    blowup = find_blowup(automaton(read_pattern(Pattern(body), TableType.PCRE)))
    assert (blowup is not None) == explodes
    if blowup and "?>" not in body:
        lines = [*blowup.lines(40), b"a"]
        (answer,) = run_patterns([Pattern(body)], TableType.PCRE, lines, seconds=30)
        assert answer.given_up, lines
        assert len(lines) - 1 not in answer.given_up
        assert answer.words == "match limit exceeded"


def test_a_pattern_that_takes_for_ever_is_stopped_and_others_go_on() -> None:
    evil = Pattern("((((((a*)*)*)*)*)*)*(\\1|b)\\2{1,200}c")
    lines = [b"a" * 2000] * 200
    slow, good = Pattern("(a*)*\\1(a*)*\\2(a*)*b"), Pattern("^a")
    answers_given = run_patterns([good, slow, evil, good, Pattern("(")], TableType.REGEXP, lines, seconds=0.3)
    assert answers_given[1].timed_out
    assert not answers_given[1].is_complete
    for answer in (answers_given[0], answers_given[3]):
        assert answer.matched == tuple(range(200))
    assert answers_given[4].invalid
    assert engine_for(TableType.REGEXP)


def test_what_is_left_when_the_time_is_over() -> None:
    slow = Pattern("(a*)*\\1(a*)*\\2(a*)*b")
    given = run_patterns([slow] * 20, TableType.REGEXP, [b"a" * 2000] * 50, seconds=0.2, budget=0.5)
    assert len(given) == 20
    assert all(answer.timed_out for answer in given)
    assert matcher(Pattern("a"), TableType.REGEXP, engine_for(TableType.REGEXP))(b"a")
