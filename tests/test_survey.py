"""Each trouble of docs/survey.md is found by the rules that the table names for it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from advisor.engine.selection import Selection
from advisor.facts.case import NO_LOG, Case
from advisor.judging import judge_case
from advisor.rule_sets import all_rules
from advisor.settings.given import stock_master_cf
from advisor.settings.host import Host
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile
from tests.test_docs_tables import DOCS, named_rules

SAMPLES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "data" / "survey.toml").read_text())[
    "sample"
]
RULES = all_rules()
# These speak only where a log shows the harm.
NEED_A_LOG = {"postscreen-would-help", "implicit-milter-default-action"}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample['rule']}: {sample['row'][:30]}")
def test_the_rule_finds_it(sample: dict[str, Any]) -> None:
    release = Release.parse(sample.get("release", "3.7.11"))
    master = stock_master_cf(release)
    instance = Instance.of(
        SourceFile("main.cf", sample["main_cf"]),
        SourceFile("master.cf", master.text + sample.get("more", "")),
        release,
        "a test",
        host=Host(table_types=frozenset(sample["table_types"]) if "table_types" in sample else None),
        table=lambda path: SourceFile(path, _patterns(sample.get("patterns", 0))),
    )
    chosen = Selection(select=(sample["rule"],), pedantic=True).choose(RULES)
    report = judge_case(chosen, Case(instance, NO_LOG), None)
    assert {finding.rule for finding in report.findings} == {sample["rule"]}


def _patterns(number: int) -> str:
    return "".join(f"/^pattern {each}$/ REJECT\n" for each in range(number))


def test_each_rule_of_the_survey_has_a_sample() -> None:
    rows = [line for line in (DOCS / "survey.md").read_text().splitlines() if line.startswith("| ")][1:]
    named = {(line.strip("| ").split(" | ")[0], rule) for line in rows for rule in named_rules(line)}
    shown = {(sample["row"], sample["rule"]) for sample in SAMPLES}
    assert {(row, rule) for row, rule in named if rule not in NEED_A_LOG} == shown
