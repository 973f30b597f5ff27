"""The rules of pattern tables, with their if and endif."""

from advisor.syntax.pattern_rules import PatternRule, pattern_rules
from advisor.syntax.source import SourceFile


def test_conditions_enclose_rules() -> None:
    text = (
        "# a comment\n"
        "/a/ REJECT\n"
        "if !/b/\n"
        "IF ~c~i\n"
        "! /d/ WARN\n"
        "endif\n"
        "  endif too\n"
        "no rule\n"
        "endif\n"
        "endif\n"
        "/e\\/f/ DUNNO\n"
    )
    assert pattern_rules(SourceFile("table", text)) == (
        PatternRule("a", 2, 0, is_condition=False, is_negated=False),
        PatternRule("b", 3, 0, is_condition=True, is_negated=True),
        PatternRule("c", 4, 1, is_condition=True, is_negated=False),
        PatternRule("d", 5, 2, is_condition=False, is_negated=True),
        PatternRule("e\\/f", 11, 0, is_condition=False, is_negated=False),
    )
