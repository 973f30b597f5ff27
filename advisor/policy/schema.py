"""The JSON Schema of an advisor.toml, for editors: made of the form, and of the rules with their options."""

from collections.abc import Iterable, Mapping, Sequence
from inspect import cleandoc
from typing import Any, Final

import msgspec

from advisor.engine.rules import Rule
from advisor.engine.selection import known_words
from advisor.engine.verdicts import Severity
from advisor.policy.form import PolicyFile
from advisor.report.json_text import in_texts
from advisor.settings.profile import Profile

_TYPES: Final[Mapping[type, str]] = {str: "string", bool: "boolean", int: "integer", float: "number"}


def policy_schema(rules: Sequence[Rule]) -> dict[str, Any]:
    """The schema for these rules. An amount of memory that no machine has, it does not know."""
    schema: dict[str, Any] = _without_null(in_texts(cleandoc, msgspec.json.schema(PolicyFile)))
    parts = schema["$defs"]
    keys = parts["PolicyFile"]["properties"]
    bound = {rule.name for rule in rules if not rule.ignorable}
    words, names = known_words(rules), {rule.name for rule in rules}
    parts |= {
        "Asked": {"enum": sorted(words)},
        "Ignored": {"enum": sorted(words - bound)},
        "IgnoredRule": {"enum": sorted(names - bound)},
    }
    keys["select"]["items"] = keys["extend-select"]["items"] = {"$ref": "#/$defs/Asked"}
    keys["ignore"]["items"]["anyOf"][0] = {"$ref": "#/$defs/Ignored"}
    parts["IgnoreTable"]["properties"]["rule"] |= {"$ref": "#/$defs/IgnoredRule"}
    alone = Profile.NULL_CLIENT.value
    keys["profile"] |= {
        "if": {"contains": {"const": alone}},
        "then": {"items": {"const": alone}},  # it takes no mail, and the others do
    }
    keys["rules"] |= {
        "properties": {rule.name: _table(rule) for rule in rules},
        "additionalProperties": False,
    }
    del parts["RuleTable"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "advisor.toml", **schema}


def _table(rule: Rule) -> dict[str, Any]:
    """What may be said of one rule."""
    own: Iterable[Severity] = Severity
    if not rule.ignorable:
        own = [each for each in Severity if each >= rule.gravest]
    return {
        "description": rule.summary,
        "type": "object",
        "properties": {
            "severity": {"enum": [each.value for each in own], "default": rule.severity.value},
            "enabled": {"type": "boolean"} if rule.ignorable else {"const": True},
            "options": {
                "type": "object",
                "properties": {
                    name: {"type": _TYPES[type(value)], "default": value}
                    for name, value in rule.options.items()
                },
                "additionalProperties": False,
            },
        },
        "additionalProperties": False,
    }


def _without_null(value: Any) -> Any:
    """TOML has no null: a key that is not said is not there."""
    if isinstance(value, list):
        return [_without_null(each) for each in value]
    if not isinstance(value, dict):
        return value
    value = {key: _without_null(each) for key, each in value.items() if (key, each) != ("default", None)}
    if {"type": "null"} in value.get("anyOf", []):
        (alternative,) = [each for each in value.pop("anyOf") if each != {"type": "null"}]
        value |= alternative
    return value
