"""regexp: and pcre: tables held against the real postmap: what a line gets, which rules are passed over."""

import re

import pytest

from advisor.patterns.decisions import decide, invalid_lines
from advisor.patterns.postmap import ask_postmap
from advisor.patterns.worker import run_patterns
from advisor.syntax.pattern_table import Skipped, TableType
from tests.patterns.drawn import LINES, TYPES, answers, drawn_source, drawn_table, parsed

pytestmark = pytest.mark.postfix


def fixed(reply: str) -> str:
    """A reply without what its `$number` stands for."""
    return re.sub(r"<.*>", "<>", reply.replace("$$", "$"))


@pytest.mark.parametrize("table_type", TYPES)
def test_each_line_gets_what_was_predicted(table_type: TableType) -> None:
    """200 tables, 40 lines each."""
    source = drawn_source(table_type)
    for _ in range(200):
        text = drawn_table(source, table_type, source.randint(1, 20))
        table = parsed(text, table_type)
        given = answers(table, LINES)
        decisions = decide(table, given, len(LINES))
        texts = {rule.line: rule.text for rule in table.rules}
        asked = ask_postmap(table_type, text, LINES)
        assert asked is not None
        predicted = [fixed(texts.get(line, "")) for line in decisions.rule_of]
        assert [fixed(reply or "") for reply in asked.replies] == predicted, (text, asked)
        seen = table.without(frozenset(invalid_lines(table, given)))
        told = {node.line for node in seen.nodes if isinstance(node, Skipped)}
        told |= {condition.line for condition in seen.open_conditions}
        told |= {node.line for node in table.nodes if getattr(node, "extra", "")}
        warned = {
            int(match[1])
            for warning in asked.warnings
            if (match := re.search(r", line (\d+)", warning)) and "no replacement text" not in warning
        }
        assert warned == told, (text, asked.warnings)


@pytest.mark.parametrize("table_type", TYPES)
def test_the_worker_and_the_test_ask_the_same_engine(table_type: TableType) -> None:
    table = parsed(drawn_table(drawn_source(table_type), table_type, 300), table_type)
    inside = decide(table, answers(table, LINES), len(LINES))
    outside = decide(table, run_patterns(table.patterns, table_type, LINES), len(LINES))
    assert inside.rule_of == outside.rule_of
    assert outside.unknown == ()
