"""docs/advisor-toml.schema.json is what the form and the rules say. `make golden` writes it anew."""

import json
import os
from pathlib import Path

from advisor.policy.schema import policy_schema
from advisor.rule_sets import all_rules

PAGE = Path(__file__).parent.parent.parent / "docs" / "advisor-toml.schema.json"


def test_the_schema_of_a_policy() -> None:
    text = json.dumps(policy_schema(all_rules()), indent=2) + "\n"
    if os.environ.get("UPDATE_GOLDENS") == "1":
        PAGE.write_text(text)
    assert PAGE.read_text() == text, "docs/advisor-toml.schema.json is behind its source: make golden"
