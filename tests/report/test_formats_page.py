"""The tables of docs/formats/index.md are what the formats do."""

import re
from pathlib import Path

from advisor.cli.check_outcome import OutputFormat
from advisor.engine.verdicts import Severity
from advisor.report import github, gitlab, sarif_rules

DOCS = Path(__file__).parent.parent.parent / "docs" / "formats"
PAGE = (DOCS / "index.md").read_text()


def test_each_format_has_its_row() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == {each.value for each in OutputFormat}


def test_each_page_has_its_link() -> None:
    assert {page.name for page in DOCS.glob("*.md")} - {"index.md"} == set(
        re.findall(r"\((\w[\w-]*\.md)\)", PAGE)
    )


def test_the_severities() -> None:
    rows = re.findall(r"^\| (high|medium|low|info) \| (.+) \|$", PAGE, re.MULTILINE)
    assert {name: told.split(" | ") for name, told in rows} == {
        each.value: [
            sarif_rules.LEVELS[each],
            sarif_rules.SCORES[each],
            github.LEVELS[each],
            gitlab.SEVERITIES[each],
            each.value,
        ]
        for each in Severity
    }
