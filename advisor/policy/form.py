"""The form of an advisor.toml: its keys and their types."""

from datetime import date
from enum import StrEnum

import msgspec

from advisor.engine.verdicts import Confidence, Scalar, Severity
from advisor.settings.profile import Profile


class FailOn(StrEnum):
    """The least severity that makes the exit code 1."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    NEVER = "never"

    @property
    def gate(self) -> Severity | None:
        """The severity itself; None where nothing fails."""
        return None if self is FailOn.NEVER else Severity(self.value)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    pass


class IgnoreTable(_Table, frozen=True):
    """Findings of one rule that are hidden: those of `service` alone, if it is named, until the day `until`
    is over, if one is.
    """

    rule: str
    reason: str
    service: str | None = None
    until: date | None = None


class RuleTable(_Table, frozen=True):
    """`[rules.NAME]`. `enabled = false` is as good as the name in `ignore`, `true` as the name in
    `extend-select`.
    """

    severity: Severity | None = None
    enabled: bool | None = None
    options: dict[str, Scalar] = {}


class PolicyFile(_Table, frozen=True):
    """The whole file. What is None is not said there."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] | None = None
    ignore: tuple[str | IgnoreTable, ...] | None = None
    pedantic: bool | None = None
    min_severity: Severity | None = None
    min_confidence: Confidence | None = None
    fail_on: FailOn | None = None
    baseline: str | None = None
    profile: tuple[Profile, ...] | None = None
    postfix_version: str | None = None
    memory: str | None = None
    rules_dir: tuple[str, ...] | None = None
    rules: dict[str, RuleTable] = {}
