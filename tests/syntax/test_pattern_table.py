"""regexp:, pcre: and cidr: tables as lossless trees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.syntax.pattern_table import (
    Condition,
    EndIf,
    Filler,
    Pattern,
    PatternTable,
    Rule,
    Skipped,
    TableType,
    parse_pattern_table,
)
from advisor.syntax.source import SourceFile


def read(text: str, table_type: TableType = TableType.REGEXP) -> PatternTable:
    return parse_pattern_table(SourceFile("table", text), table_type)


def refused(text: str, table_type: TableType = TableType.REGEXP) -> list[tuple[int, str]]:
    return [(node.line, node.why) for node in read(text, table_type).nodes if isinstance(node, Skipped)]


def test_rules_conditions_and_what_is_neither() -> None:
    table = read(
        "# a comment\n"
        "/^Subject: a|b/i REJECT no\n"
        "  more of the answer\n"
        "if !/^X-Spam:/\n"
        "! /^From:/ WARN\n"
        "endif\n"
        "\n"
        r"~^http://a\~b~ reject" + "\n"
    )
    assert [type(node) for node in table.nodes] == [Filler, Rule, Condition, Rule, EndIf, Filler, Rule]
    assert table.patterns == (
        Pattern("^Subject: a|b", "i"),
        Pattern("^X-Spam:", is_negated=True),
        Pattern("^From:", is_negated=True),
        Pattern(r"^http://a\~b"),
    )
    assert [(rule.line, rule.action, rule.text) for rule in table.rules] == [
        (2, "REJECT", "REJECT no  more of the answer"),
        (5, "WARN", "WARN"),
        (8, "REJECT", "reject"),
    ]
    assert [len(placed.conditions) for placed in table.placed()] == [0, 1, 0]


def test_two_patterns_are_of_regexp_tables_alone() -> None:
    (rule,) = read("/a/i!/b/m text\n").rules
    assert (rule.pattern, rule.second) == (Pattern("a", "i"), Pattern("b", "m", is_negated=True))
    assert refused("/a/i!/b/m text\n", TableType.PCRE) == [
        (1, 'unknown regexp option "!": skipping this rule')
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no pattern\n", "ignoring unrecognized request"),
        ("/a\n", 'no closing regexp delimiter "/": skipping this rule'),
        ("/a\\/\n", 'no closing regexp delimiter "/": skipping this rule'),
        ("!!\n", "no regexp: skipping this rule"),
        ("/a/q x\n", 'unknown regexp option "q": skipping this rule'),
        ("endif\n", "ignoring ENDIF without matching IF"),
        ("/a/ $x\n", 'non-numeric replacement index "x"'),
        ("/a/ ${0}\n", 'out-of-range replacement index "0"'),
        ("!/a/ $1\n", "$number found in negative match replacement text: skipping this rule"),
    ],
)
def test_what_is_no_rule(text: str, why: str) -> None:
    assert refused(text) == [(1, why)]


def test_two_dollars_are_text() -> None:
    assert refused("/a/ cost $$x\n") == []


def test_networks() -> None:
    table = read(
        "10.0.0.0/8 OK\nif 2001:db8::/32\n!2001:db8::/48 REJECT no\nendif\n10.0.0.1\n", TableType.CIDR
    )
    assert [rule.pattern.body for rule in table.rules] == ["10.0.0.0/8", "2001:db8::/48"]
    assert table.rules[1].pattern.is_negated
    assert isinstance(table.nodes[-1], Skipped)


def test_a_condition_that_does_not_compile_leaves_its_end_behind() -> None:
    table = read("if /a/\nif /(/\n/b/ x\nendif\n/c/ y\nendif\n").without(frozenset({2}))
    assert [(each.rule.line, len(each.conditions)) for each in table.placed()] == [(3, 1), (5, 0)]
    assert isinstance(table.nodes[-1], Skipped)


@pytest.mark.parametrize(
    ("body", "branches"),
    [
        ("a", 1),
        ("a|b|c", 3),
        (r"a\|b", 1),
        ("[|]", 1),
        ("[]|]x|y", 2),
        ("(a|(b|c))", 3),
        ("[^|[:alpha:]|]", 1),
    ],
)
def test_branches(body: str, branches: int) -> None:
    assert Pattern(body).branches == branches


@given(st.text(alphabet="/!if end\n \t|[]\\()ax1.#$\0", max_size=80), st.sampled_from(TableType))
def test_every_text_comes_back(text: str, table_type: TableType) -> None:
    table = read(text, table_type)
    assert table.render() == text
    assert len(table.placed()) == len(table.rules)
    for node in table.nodes:
        assert 1 <= node.line <= text.count("\n") + 1
    assert table.without(frozenset(range(100))).rules == ()
