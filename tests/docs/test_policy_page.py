"""docs/advisor-toml.md names every key, and what it shows is accepted."""

import tomllib
from pathlib import Path

import pytest

from advisor.policy.checked import amendments
from advisor.policy.find import Found, Whose
from advisor.policy.form import IgnoreTable, PolicyFile, RuleTable
from advisor.policy.read import read_policy
from advisor.policy.said import said
from advisor.rule_sets import all_rules
from tests.docs.blocks import BLOCKS, ROOT, Block

PAGE = ROOT / "docs" / "advisor-toml.md"
SHOWN = [block for block in BLOCKS if block.page == PAGE and block.kind == "toml"]


@pytest.mark.parametrize("block", SHOWN, ids=str)
def test_what_is_shown_is_accepted(tmp_path: Path, block: Block) -> None:
    path = tmp_path / "advisor.toml"
    path.write_text(block.text)
    policy = read_policy(Found(path, Whose.CONFIGURATION))
    said(policy)
    amendments(policy, all_rules())


def test_the_example_says_all_that_a_repository_may_say() -> None:
    keys = set(tomllib.loads(SHOWN[0].text))
    assert keys == set(PolicyFile.__struct_encode_fields__) - {"rules-dir"}


def test_each_key_has_its_row() -> None:
    page = PAGE.read_text()
    rows = {line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| `")}
    assert rows == {f"`{key}`" for key in PolicyFile.__struct_encode_fields__ if key != "rules"} | {
        "`[rules.NAME]`"
    }
    for key in (*IgnoreTable.__struct_encode_fields__, *RuleTable.__struct_encode_fields__):
        assert f"{key} = " in page or f"`{key}`" in page
