"""The schema that editors read accepts what advisor accepts, and refuses what it refuses."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from advisor.errors import PolicyError
from advisor.policy.checked import amendments
from advisor.policy.find import Found, Whose
from advisor.policy.read import read_policy
from advisor.policy.said import said
from advisor.rule_sets import all_rules
from tests.policy.test_read import WRONG, toml

RULES = all_rules()
ROOT = Path(__file__).parent.parent.parent
SCHEMA = json.loads((ROOT / "docs" / "advisor-toml.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def as_editors_see_it(value: Any) -> Any:
    """A date of TOML is text to them."""
    if isinstance(value, dict):
        return {key: as_editors_see_it(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_editors_see_it(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def by_schema(text: str) -> bool:
    return not any(VALIDATOR.iter_errors(as_editors_see_it(tomllib.loads(text))))


def by_advisor(path: Path, text: str) -> bool:
    path.write_text(text)
    try:
        policy = read_policy(Found(path, Whose.USER))
        said(policy)
        amendments(policy, RULES)
    except PolicyError:
        return False
    return True


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


# What no schema can say: JSON has no number that is none, and how much memory is too little is no pattern.
BEYOND_IT = {'memory = "4"', "headroom = nan", "headroom = inf"}


@pytest.mark.parametrize("text", [text for text, _ in WRONG])
def test_what_advisor_refuses(tmp_path: Path, text: str) -> None:
    assert not by_advisor(tmp_path / "advisor.toml", text)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert by_schema(text) is any(text.endswith(each) for each in BEYOND_IT)


some = st.sampled_from
names = some(["open-relay", "vrfy-enabled", "smtpd-process-limit-reached", "no-such-rule"])
words = st.one_of(names, some(["tls", "all", "no-such-word"]))
severities = some(["info", "low", "medium", "high", "never", "HIGH"])
ignores = st.fixed_dictionaries(
    {"rule": names, "reason": some(["why", "", " "])},
    optional={
        "service": some(["smtp/inet", 3]),
        "until": st.one_of(st.dates(), some(["2027-03-01", "2027-02-30", "tomorrow", 20270301])),
        "line": st.just(3),
    },
)
tables = st.fixed_dictionaries(
    {},
    optional={
        "severity": severities,
        "enabled": some([True, False, "yes"]),
        "options": st.dictionaries(
            some(["headroom", "no_such_option"]), some([2, 1.5, "2", True]), max_size=1
        ),
    },
)
policies = st.fixed_dictionaries(
    {},
    optional={
        "select": st.lists(words, max_size=2),
        "extend-select": st.lists(words, max_size=2),
        "ignore": st.lists(st.one_of(words, ignores), max_size=3),
        "pedantic": some([True, 1]),
        "min-severity": severities,
        "min-confidence": severities,
        "fail-on": severities,
        "baseline": some(["known.json", "", False]),
        "profile": st.lists(some(["null-client", "mail-exchanger", "relay"]), max_size=2),
        "postfix-version": some(["3.7", " v3.7.11-0+deb12u1 ", "bookworm", "3", 3.7]),
        "memory": some(["4G", "512 MiB", "4 apples", 4]),
        "rules-dir": st.lists(some(["mine", 3]), max_size=1),
        "rules": st.dictionaries(names, tables, max_size=2),
        "rule": st.just(3),
    },
)


@given(policies)
def test_it_agrees_with_advisor(tmp_path_factory: pytest.TempPathFactory, policy: dict[str, object]) -> None:
    text = "\n".join(f"{key} = {toml(value)}" for key, value in policy.items())
    path = tmp_path_factory.getbasetemp() / "advisor.toml"
    assert by_schema(text) is by_advisor(path, text)


def test_it_has_every_option_with_its_default() -> None:
    rules = SCHEMA["$defs"]["PolicyFile"]["properties"]["rules"]["properties"]
    assert set(rules) == {rule.name for rule in RULES}
    for rule in RULES:
        options = rules[rule.name]["properties"]["options"]["properties"]
        assert {name: each["default"] for name, each in options.items()} == dict(rule.options)
