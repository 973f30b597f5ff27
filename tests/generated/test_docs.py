"""The generated files in docs/ are what the rules and types say. `make golden` writes them anew."""

import os
from pathlib import Path

import pytest

from advisor.engine.rules import Rule
from advisor.report.rule_page import rule_page, rules_page
from advisor.report.thresholds_page import thresholds_page
from advisor.rule_sets import all_rules

DOCS = Path(__file__).parent.parent.parent / "docs"
RULES = all_rules()


def compare(file: Path, text: str) -> None:
    if os.environ.get("UPDATE_GOLDENS") == "1":
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    assert file.is_file(), f"{file.name} is missing: make golden"
    assert file.read_text() == text, f"{file.name} is behind its source: make golden"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_page_of_a_rule(rule: Rule) -> None:
    compare(DOCS / "rules" / f"{rule.name}.md", rule_page(rule))


def test_the_list_of_rules() -> None:
    compare(DOCS / "rules" / "index.md", rules_page(RULES))


def test_there_is_no_page_without_a_rule() -> None:
    assert {page.stem for page in (DOCS / "rules").glob("*.md")} == {rule.name for rule in RULES} | {"index"}


def test_the_thresholds() -> None:
    compare(DOCS / "thresholds.md", thresholds_page(RULES))


def test_each_threshold_says_where_it_comes_from() -> None:
    rows = [line for line in thresholds_page(RULES).splitlines() if line.startswith("| ")]
    assert len(rows) > 140
    assert [row for row in rows if row.endswith("|  |")] == []


def test_the_screen_in_the_readme() -> None:
    example = DOCS.parent / "examples" / "slow-clients"
    lines = (example / "advice.txt").read_text().splitlines()
    told = next(number for number, line in enumerate(lines) if line.startswith("  beware"))
    advice, patch = "\n".join(lines[:told]), (example / "patch.diff").read_text()
    readme = DOCS.parent / "README.md"
    before, _, rest = readme.read_text().partition("<!-- demo -->")
    _, _, after = rest.partition("<!-- /demo -->")
    screen = f"<!-- demo -->\n```\n{advice}\n  …\n```\n```diff\n{patch}```\n<!-- /demo -->"
    compare(readme, f"{before}{screen}{after}")
