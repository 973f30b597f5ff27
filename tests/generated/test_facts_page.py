"""docs/facts.md is what the registry has. `make golden` writes it anew."""

from advisor.facts.registry import COLLECTIONS, FACTS
from tests.generated.facts_page import page
from tests.generated.test_docs import DOCS, compare


def test_the_page_of_facts() -> None:
    compare(DOCS / "facts.md", page())


def test_every_name_has_its_row() -> None:
    text = page()
    assert [name for name in FACTS if f"| `{name}(" not in text] == []
    assert [name for name in COLLECTIONS if f"| `{name}` | " not in text] == []
    assert " |  |\n| `" not in text.partition("## Types")[0]
