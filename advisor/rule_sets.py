"""The rules that come with advisor, and those of a site."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import advisor.facts as _register  # noqa: F401 - fills the registry that rules are checked against
from advisor.engine.loader import load_rules
from advisor.engine.rules import Rule
from advisor.errors import NothingToCheck
from advisor.resources import resource_folder


def all_rules(directories: Sequence[Path] = ()) -> tuple[Rule, ...]:
    """The rules that come with advisor, and those of further directories. Raises RuleError."""
    return load_rules((resource_folder("rules"), *directories))


def rules_to_judge(directories: Sequence[Path]) -> tuple[Rule, ...]:
    """The rules as `all_rules` gives them. Those that come with advisor are read once, without examples."""
    return all_rules(directories) if directories else _own_rules()


@cache
def _own_rules() -> tuple[Rule, ...]:
    return load_rules((resource_folder("rules"),), examples=False)


def rules_in(directory: Path) -> tuple[Rule, ...]:
    """The rules of one directory alone. Raises RuleError, and NothingToCheck where there is none."""
    rules = load_rules((directory,))
    if not rules:
        raise NothingToCheck(
            "no rule here", where=str(directory), cure="name a folder that holds CATEGORY/NAME.toml"
        )
    return rules
