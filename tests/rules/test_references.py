"""Each reference leads to a page and an anchor that exist, those in the reference servers' comments too."""

import re
from pathlib import Path

import pytest

from advisor.engine.references import address
from advisor.engine.rules import Rule
from advisor.rule_sets import all_rules
from advisor.settings.catalogue import catalogue

ROOT = Path(__file__).parent.parent.parent
POSTFIX = "https://www.postfix.org/"
# Pages beside the manual.
OTHERS = {"smtp-smuggling", "announcements", "OVERVIEW"}


def pages() -> dict[str, set[str]]:
    """The anchors of each page."""
    lines = (ROOT / "tests" / "data" / "postfix-pages.txt").read_text().splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return {name: set(anchors) for name, *anchors in rows}


PAGES = pages()


def fault(reference: str) -> str:
    """Why the reference leads nowhere; empty if it does not."""
    found = address(reference)
    if not found.startswith(POSTFIX):
        return "" if found.startswith("https://") else "no form that is known"
    page, _, anchor = found.removeprefix(POSTFIX).replace(".html", "").partition("#")
    if page not in PAGES:
        return "" if page in OTHERS else "no such page"
    is_parameter = page == "postconf.5" and catalogue().parameter(anchor) is not None
    return "" if not anchor or anchor in PAGES[page] or is_parameter else "no such anchor"


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_the_references_of_a_rule_can_be_followed(rule: Rule) -> None:
    assert rule.references
    assert {each: found for each in rule.references if (found := fault(each))} == {}


def test_the_references_in_the_reference_servers_can_be_followed() -> None:
    texts = [file.read_text() for file in (ROOT / "examples").glob("reference-*/m*.cf")]
    found = {name for text in texts for name in re.findall(r"[A-Z_]+_README(?:#\w+)?|postconf\.5#\w+", text)}
    assert len(found) > 20
    assert {each: reason for each in found if (reason := fault(each))} == {}


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("STRESS_README#time", f"{POSTFIX}STRESS_README.html#time"),
        ("postconf.5#biff", f"{POSTFIX}postconf.5.html#biff"),
        ("smtpd.8", f"{POSTFIX}smtpd.8.html"),
        ("smtp-smuggling.html", f"{POSTFIX}smtp-smuggling.html"),
        ("RELEASE_NOTES", f"{POSTFIX}announcements.html"),
        ("RFC 5321, section 4.5.3.2", "https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.2"),
        ("https://example.com/why", "https://example.com/why"),
        ("our handbook", "our handbook"),
    ],
)
def test_where_a_reference_leads(reference: str, expected: str) -> None:
    assert address(reference) == expected
