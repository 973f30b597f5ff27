"""docs/rule.schema.json tells editors the form of a rule file, and the table in docs/own-rules.md tells
people. `make golden` writes them anew.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from advisor.engine.rule_file import RuleFile
from advisor.facts.registry import COLLECTIONS
from advisor.report.json_text import schema_of_input
from advisor.rule_sets import all_rules
from tests.generated.test_docs import DOCS, compare
from tests.schemas import damages, is_valid, problems

KEYS: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "rule_keys.toml").read_text())
TABLES = {"RuleFile": "", "FixTable": "[[fix]]", "ExampleTable": "[[example]]"}
BEGIN, END = "<!-- keys -->\n", "<!-- /keys -->"
PATHS = [rule.path for rule in all_rules()]


def rule_schema() -> dict[str, Any]:
    """The schema of the loader's types, with words for each key and the names of the collections."""
    schema = schema_of_input(RuleFile)
    for name, keys in KEYS.items():
        properties = schema["$defs"][name]["properties"]
        for key, words in keys.items():
            properties[key] = {"description": words, **properties[key]}
    schema["$defs"]["RuleFile"]["properties"]["for_each"]["enum"] = sorted(COLLECTIONS)
    return schema


def key_tables() -> str:
    """The keys for people, with those that there must be in bold."""
    parts = []
    for name, title in TABLES.items():
        required = schema_of_input(RuleFile)["$defs"][name].get("required", [])
        parts.append(f"\n| {f'`{title}`' if title else 'key'} | what it is for |\n|---|---|\n")
        for key, words in KEYS[name].items():
            mark = "**" if key in required else ""
            parts.append(f"| {mark}`{key}`{mark} | {words} |\n")
    return "".join(parts)


def test_the_schema() -> None:
    compare(DOCS / "rule.schema.json", json.dumps(rule_schema(), indent=2) + "\n")


def test_the_keys_in_the_tutorial() -> None:
    page = DOCS / "own-rules.md"
    before, _, rest = page.read_text().partition(BEGIN)
    compare(page, f"{before}{BEGIN}{key_tables()}\n{END}{rest.partition(END)[2]}")


def test_every_key_has_its_words() -> None:
    types = rule_schema()["$defs"]
    assert {name: set(types[name]["properties"]) for name in types if name in KEYS} == {
        name: set(keys) for name, keys in KEYS.items()
    }


def test_every_rule_of_ours_is_valid() -> None:
    schema = rule_schema()
    assert [path for path in PATHS if not is_valid(schema, tomllib.loads(path.read_text()))] == []


@pytest.mark.parametrize(
    "name", ["no-inbound-tls", "slow-clients-hold-slots", "default-process-limit-without-effect"]
)
def test_the_schema_refuses_what_the_loader_refuses(name: str) -> None:
    table = tomllib.loads(next(path for path in PATHS if path.stem == name).read_text())
    schema = rule_schema()
    told = [(is_valid(schema, table), is_taken(table), what, path) for what, path in damages(table, most=3)]
    assert [each for each in told if each[0] != each[1]] == []
    assert {each[0] for each in told} == {True, False}


def is_taken(table: dict[str, Any]) -> bool:
    """Whether the loader finds the form of the file right."""
    try:
        msgspec.convert(table, RuleFile)
    except msgspec.ValidationError:
        return False
    return True


def test_a_collection_that_is_none_is_invalid() -> None:
    table = tomllib.loads(PATHS[0].read_text()) | {"for_each": "everything"}
    assert problems(rule_schema(), table)
