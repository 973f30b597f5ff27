"""Which rule decides a line; the oracle holds the same against postmap on drawn tables."""

import pytest

from advisor.patterns.automaton import NotRegularError, automaton
from advisor.patterns.decisions import decide, invalid_lines
from advisor.patterns.differences import differences
from advisor.patterns.reader import NotReadError, read_pattern
from advisor.syntax.pattern_table import Pattern, TableType
from tests.patterns.drawn import TYPES, answers, parsed


@pytest.mark.parametrize("table_type", TYPES)
def test_a_number_without_its_group(table_type: TableType) -> None:
    table = parsed("/(a)/ one $2\n/a/ two $1\n/(a)|(b)/ three $2\n/a/ four $$1\n", table_type)
    lines = (b"a", b"b", b"c")
    given = answers(table, lines)
    assert invalid_lines(table, given) == {
        1: 'out of range replacement index "2": skipping this rule',
        2: 'out of range replacement index "1": skipping this rule',
    }
    assert decide(table, given, len(lines)).rule_of == (3, 3, 0)


@pytest.mark.parametrize("table_type", TYPES)
def test_conditions_negation_and_what_does_not_compile(table_type: TableType) -> None:
    table = parsed("if !/a/\n! /b/ one\nif /(/\n/c/ two\nendif\n/d/ three\nendif\n/./ four\n", table_type)
    # The endif of the condition that does not compile ends the one around it.
    lines = (b"a", b"b", b"x", b"bc", b"bd", b"ad")
    assert decide(table, answers(table, lines), len(lines)).rule_of == (8, 8, 2, 4, 6, 6)


def test_an_anchor_within_a_pattern_is_another_one_to_each_engine() -> None:
    """To the C library a newline is an end of line there, though not at the ends of the pattern."""
    for text in ("/x$./ reply\n", "/.^b/ reply\n", "/(a$)*b/ reply\n"):
        table = parsed(text, TableType.REGEXP)
        assert differences(table)
        with pytest.raises(NotRegularError):
            automaton(read_pattern(table.rules[0].pattern, TableType.REGEXP))
    for text in ("/^(a|b)$/ reply\n", "/(^a|^b)/ reply\n"):
        assert not differences(parsed(text, TableType.REGEXP))


def test_pcre_repeats_no_repetition() -> None:
    for body in ("a**", "a{2}{3}", "a*?{2}", "a+++"):
        assert automaton(read_pattern(Pattern(body), TableType.REGEXP)).matches(b"aaaaaa")
        with pytest.raises(NotReadError):
            read_pattern(Pattern(body), TableType.PCRE)
