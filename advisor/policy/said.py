"""What a policy chooses, in the words of the command line: each value is checked, and paths are whole."""

from collections.abc import Callable
from typing import TypeVar

from advisor.errors import UsageError
from advisor.policy.choices import Choices
from advisor.policy.read import Policy
from advisor.settings.memory import parse_memory
from advisor.settings.profile import told_profiles
from advisor.settings.release import Release

T = TypeVar("T")


def said(policy: Policy) -> Choices:
    """What the policy says. Raises PolicyError for a value that makes no sense."""
    file = policy.says
    if file.select is not None and not file.select:
        raise policy.error(("select",), "names no rule", "leave it out, to ask all")
    _check(policy, "profile", file.profile, told_profiles)
    _check(policy, "postfix-version", file.postfix_version, Release.parse)
    _check(policy, "memory", file.memory, parse_memory)
    words = None if file.ignore is None else tuple(each for each in file.ignore if isinstance(each, str))
    return Choices(
        select=file.select,
        extend_select=file.extend_select,
        ignore=words,
        pedantic=file.pedantic,
        min_severity=file.min_severity,
        min_confidence=file.min_confidence,
        fail_on=file.fail_on,
        baseline=None if file.baseline is None else str(policy.folder() / file.baseline),
        profile=file.profile,
        postfix_version=file.postfix_version,
        memory=file.memory,
        rules_dir=_rules_dir(policy),
        enabled=tuple(name for name, table in file.rules.items() if table.enabled is True),
        disabled=tuple(name for name, table in file.rules.items() if table.enabled is False),
    )


def _check(policy: Policy, key: str, value: T | None, read: Callable[[T], object]) -> None:
    if value is None:
        return
    try:
        read(value)
    except UsageError as error:
        raise policy.error((key,), error.message, error.cure) from error


def _rules_dir(policy: Policy) -> tuple[str, ...] | None:
    if policy.says.rules_dir is None:
        return None
    if not policy.found.whose.may_name_rules:
        raise policy.error(
            ("rules-dir",),
            "only the user's and the system's own advisor.toml may name rules: nothing is loaded that comes "
            "with the configuration under check",
            "name the folder on the command line: --rules-dir",
        )
    return tuple(str(policy.folder() / each) for each in policy.says.rules_dir)
