"""What a site changes about rules: it gives them another severity, and other options."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec
from msgspec.structs import replace

from advisor.engine.rules import Rule
from advisor.engine.verdicts import Scalar, Severity


class Amendment(msgspec.Struct, frozen=True):
    """`severity` is that of all findings of the rule, None: as the rule says; `options` are those chosen."""

    severity: Severity | None = None
    options: Mapping[str, Scalar] = MappingProxyType({})


NO_AMENDMENTS: Final[Mapping[str, Amendment]] = MappingProxyType({})


def amended(rules: Sequence[Rule], amendments: Mapping[str, Amendment]) -> tuple[Rule, ...]:
    """The rules with the amendments of those that are named, so that they hold wherever a rule is asked.

    Raises RuleError for a choice that does not fit the rule's options.
    """
    return tuple(_amended(rule, amendments[rule.name]) if rule.name in amendments else rule for rule in rules)


def _amended(rule: Rule, amendment: Amendment) -> Rule:
    rule = replace(rule, options=MappingProxyType(dict(rule.settle_options(amendment.options))))
    if amendment.severity is None:
        return rule
    return replace(rule, severity=amendment.severity, severity_levels=())
