"""The form of an advisor.toml: its keys and their types, and what an editor says of each."""

from datetime import date
from typing import Annotated, Any

import msgspec

from advisor.engine.verdicts import Confidence, Scalar, Severity
from advisor.fail_on import FailOn
from advisor.settings.memory import AMOUNT
from advisor.settings.profile import Profile
from advisor.settings.release import RELEASE


def _says(description: str, **more: Any) -> msgspec.Meta:
    """What an editor shows, and what it checks; here the same is checked with words that help."""
    return msgspec.Meta(description=description, extra_json_schema=more)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    pass


class IgnoreTable(_Table, frozen=True):
    """Findings of one rule that are hidden, and marked as such where a format has a mark."""

    rule: Annotated[str, _says("The rule's name.")]
    reason: Annotated[str, _says("Why: for those who come after you.", pattern=r"\S")]
    service: Annotated[str, _says("Only what is found of this service: smtp/inet. Default: all.")] | None = (
        None
    )
    until: (
        Annotated[
            date,
            _says("The last day on which it counts. Default: for good.", pattern=r"^\d{4}-\d{2}-\d{2}$"),
        ]
        | None
    ) = None


class RuleTable(_Table, frozen=True):
    """What is changed about one rule."""

    severity: Annotated[Severity, _says("The severity of all that it finds.")] | None = None
    enabled: (
        Annotated[bool, _says("false: it is not asked; true: it is, also where it is a matter of taste.")]
        | None
    ) = None
    options: Annotated[dict[str, Scalar], _says("The numbers and words that it compares with.")] = {}


class PolicyFile(_Table, frozen=True):
    """A policy of advisor. What is not said has its default, and an option of the command line wins."""

    select: (
        Annotated[tuple[str, ...], _says("Ask only these rules, by name, by category, or all.", minItems=1)]
        | None
    ) = None
    extend_select: Annotated[tuple[str, ...], _says("Ask these rules as well.")] | None = None
    ignore: (
        Annotated[
            tuple[str | IgnoreTable, ...],
            _says("Names and categories: these rules are not asked. Tables: findings that are hidden."),
        ]
        | None
    ) = None
    pedantic: Annotated[bool, _says("Ask also the rules that are a matter of taste.")] | None = None
    min_severity: Annotated[Severity, _says("Show findings from this severity on.")] | None = None
    min_confidence: Annotated[Confidence, _says("Show findings from this confidence on.")] | None = None
    fail_on: Annotated[FailOn, _says("The severity from which on the exit code is 1.")] | None = None
    baseline: (
        Annotated[
            str, _says("What `advisor baseline` wrote; the path is relative to this file.", minLength=1)
        ]
        | None
    ) = None
    profile: Annotated[tuple[Profile, ...], _says("What the machine is.")] | None = None
    postfix_version: (
        Annotated[str, _says("The release to judge by.", pattern=rf"^\s*(?:{RELEASE.pattern})\s*$")] | None
    ) = None
    memory: (
        Annotated[str, _says("The machine's memory, such as 4G.", pattern=rf"^\s*(?:{AMOUNT.pattern})\s*$")]
        | None
    ) = None
    rules_dir: (
        Annotated[
            tuple[str, ...],
            _says("Folders with rules of your own. Only in the user's file and the system's."),
        ]
        | None
    ) = None
    rules: Annotated[dict[str, RuleTable], _says("What is changed about rules, by name.")] = {}
