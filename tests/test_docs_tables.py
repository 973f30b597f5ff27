"""The tables that are written by hand name rules that exist."""

import re
from pathlib import Path

import pytest

from advisor.facts.causes import Cause
from advisor.facts.delivery_causes import DeliveryCause
from advisor.rule_sets import all_rules

DOCS = Path(__file__).parent.parent / "docs"
RULES = all_rules()
KNOWN = {rule.name for rule in RULES}
CAUSES = {str(cause) for cause in (*Cause, *DeliveryCause)}
# The families of the catalogue, and how many rows each has.
FAMILIES = (
    "CAP 12, TMO 8, LIM 4, FLT 10, MIL 9, RBL 8, SCR 9, QUE 11, "
    "TLS 9, SEC 15, ADR 6, DEP 6, SYN 7, MST 7, TBL 6, LOG 4"
)


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


def rows_of(page: str) -> list[list[str]]:
    """The cells of a page's tables, without the heads."""
    lines = (DOCS / page).read_text().splitlines()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("| ")]
    return [cells for cells in rows if cells[0] not in ("row", "check")]


CATALOGUE = rows_of("catalogue.md")
NAMES = {cells[0]: re.findall(r"`([^`]+)`", cells[2]) for cells in CATALOGUE}


def test_the_catalogue_has_each_row_once() -> None:
    families = (each.split() for each in FAMILIES.split(", "))
    wanted = [f"{family}{row:03}" for family, rows in families for row in range(1, int(rows) + 1)]
    assert [cells[0] for cells in CATALOGUE] == wanted


def test_each_row_of_the_catalogue_leads_somewhere() -> None:
    assert [cells for cells in CATALOGUE if len(cells) != 5 or not (cells[2] or cells[4])] == []


def test_what_the_catalogue_names_exists() -> None:
    assert sorted({name for names in NAMES.values() for name in names} - KNOWN - CAUSES) == []


def test_each_rule_of_a_row_stands_there() -> None:
    of_rows = [rule for rule in RULES if rule.catalogue]
    assert len(of_rows) > 130
    assert [rule.name for rule in of_rows if rule.name not in NAMES.get(rule.catalogue, ())] == []


def test_what_the_catalogue_calls_not_built_has_its_reason() -> None:
    reasons = {cells[0] for cells in rows_of("not-built.md")}
    assert len(reasons) > 40
    named = {check for cells in CATALOGUE for check in cells[4].split("; ") if check}
    assert sorted(named - reasons) == []
