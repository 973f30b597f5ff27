"""The tables that are written by hand name rules that exist."""

import re
from pathlib import Path

import pytest

from advisor.app import all_rules

DOCS = Path(__file__).parent.parent / "docs"
KNOWN = {rule.name for rule in all_rules()}


def named_rules(page: str) -> set[str]:
    """The names in the last column of a page's table that look like a rule's."""
    rows = (line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| "))
    return {name for row in rows for name in re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", row[-1])}


@pytest.mark.parametrize("page", ["survey.md", "not-built.md"])
def test_each_rule_in_a_table_exists(page: str) -> None:
    assert sorted(named_rules((DOCS / page).read_text()) - KNOWN) == []


def test_each_trouble_of_the_survey_has_a_rule() -> None:
    rows = [line for line in (DOCS / "survey.md").read_text().splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 35
    assert [row for row in rows if not named_rules(row)] == []
