"""A rule, as it stands once its file has been read and checked. Everything in it can be relied on."""

from collections.abc import Mapping
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import Any

import msgspec
from packaging.specifiers import SpecifierSet

from advisor.engine.changes import Applicability, Requires
from advisor.engine.expression import Expression, Scope
from advisor.engine.suggest import did_you_mean
from advisor.engine.verdicts import Confidence, Scalar, Severity
from advisor.errors import RuleError
from advisor.facts.registry import Collection, Fact, Source


class ChangeKind(StrEnum):
    """Which change a fix makes."""

    SET_PARAMETER = "set-parameter"
    UNSET_PARAMETER = "unset-parameter"
    DROP_SHADOWED = "drop-shadowed"
    MOVE_COMMENT = "move-comment"
    RENAME_PARAMETER = "rename-parameter"
    SERVICE_FIELD = "service-field"
    SET_OVERRIDE = "set-override"
    TOGETHER = "together"


class Expected(StrEnum):
    """The verdict an example must give."""

    FIRED = "fired"
    PASSED = "passed"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"


class Need(msgspec.Struct, frozen=True):
    """Below `minimum` the fact is too little to judge by. `takes_element`: it is called with the element."""

    fact: Fact
    minimum: float
    takes_element: bool


class SeverityLevel(msgspec.Struct, frozen=True):
    """Where `when` is true, the findings have this severity."""

    when: Expression
    severity: Severity


class ConfidenceLevel(msgspec.Struct, frozen=True):
    """Where `when` is true, the findings have this confidence."""

    when: Expression
    confidence: Confidence


class FixRecipe(msgspec.Struct, frozen=True):
    """How a fix is made for one element.

    `parameter`, `new_name` and `value` give text (`parameter` is the column for a service-field); None where
    the kind has none. A list of parameters makes one change of each. `for_service`: the change is for the
    element's service alone, if it has one. `changes` gives what belongs to the change, or, of kind TOGETHER,
    all of it: a tuple of `Wanted`. `untested` is Jinja2.
    """

    title: str
    applicability: Applicability
    requires: Requires
    kind: ChangeKind
    parameter: Expression | None
    new_name: Expression | None
    value: Expression | None
    changes: Expression | None
    only_if: Expression | None
    for_service: bool
    untested: str


class Example(msgspec.Struct, frozen=True):
    """A configuration and a log, and the verdict they must give. None: the example says nothing of it.

    `load` is the description of a log, one table a kind of traffic, for whoever makes logs out of it.
    `tables` has the text of lookup tables by path, `table_types` the words of `postconf -m`. `from_version`:
    the release that runs today, where `postfix_version` is tomorrow's. `after_main_cf` and `after_master_cf`
    are the text behind the first fix.
    """

    verdict: Expected
    main_cf: str
    master_cf: str | None
    log: str | None
    load: tuple[Mapping[str, object], ...]
    tables: Mapping[str, str]
    table_types: tuple[str, ...] | None
    memory: str | None
    somaxconn: int | None
    postfix_version: str | None
    from_version: str | None
    options: Mapping[str, Scalar]
    severity: Severity | None
    after_main_cf: str | None
    after_master_cf: str | None


class Rule(msgspec.Struct, frozen=True):
    """One rule. `message`, `effect` and the fixes' titles are Jinja2; `why`, `risk` and
    `no_change`, the reason why a finding may come without a change, are plain Markdown.

    `parameter` is the one it is about, where its findings point; empty: they point to the element. `doubts`:
    where this rule fires, what others read there is one step less sure. A `pedantic` rule is asked on request
    only, and its findings never count for the exit code. `against` are changes that it advises against: no
    plan has them, and a report may show what a replay of the log says of them.
    """

    name: str
    category: str
    summary: str
    severity: Severity
    confidence: Confidence
    postfix: SpecifierSet
    catalogue: str
    parameter: str
    for_each: Collection
    scope: Scope
    let: Mapping[str, Expression]
    when: Expression
    needs: tuple[Need, ...]
    severity_levels: tuple[SeverityLevel, ...]
    confidence_levels: tuple[ConfidenceLevel, ...]
    message: str
    why: str
    risk: str
    effect: str
    no_change: str
    references: tuple[str, ...]
    ignorable: bool
    doubts: Source | None
    pedantic: bool
    options: Mapping[str, Scalar]
    fixes: tuple[FixRecipe, ...]
    against: tuple[FixRecipe, ...]
    examples: tuple[Example, ...]
    path: Path

    @property
    def facts(self) -> frozenset[str]:
        """The names of all facts that decide the verdict; the registry has each one's documentation."""
        deciding = (self.when, *(level.when for level in self.severity_levels + self.confidence_levels))
        return frozenset(name for each in deciding for name in each.facts) | {
            need.fact.name for need in self.needs
        }

    @property
    def sources(self) -> frozenset[Source]:
        """What the verdict is read from: with Source.LOG among them the rule is Unknown without a log, with
        Source.TEXT it has never passed where only postconf's output was given.
        """
        found = self.when.sources | {need.fact.source for need in self.needs}
        return found | ({self.for_each.source} - {Source.SETTINGS})

    @property
    def gravest(self) -> Severity:
        """The highest severity that its findings may have."""
        return max((self.severity, *(level.severity for level in self.severity_levels)))

    @property
    def is_about_verdicts(self) -> bool:
        """Whether it is judged by what the other rules say, and so behind them."""
        return Source.VERDICTS in self.sources

    def settle_options(self, chosen: Mapping[str, Any]) -> Mapping[str, Scalar]:
        """The rule's options with a site's choices in place. Raises RuleError for a wrong name or type."""
        settled = dict(self.options)
        for name, value in chosen.items():
            if name not in settled:
                raise RuleError(
                    f"no option is called {name}", where=f"rule {self.name}", cure=did_you_mean(name, settled)
                )
            settled[name] = fitting(value, settled[name], f"rule {self.name}: options.{name}")
        return settled


def fitting(value: object, default: Scalar, where: str) -> Scalar:
    """`value` with the type of `default`; a whole number may stand for a fraction. Raises RuleError."""
    wanted = type(default)
    if isinstance(value, float) and not isfinite(value):
        raise RuleError(f"{value!r} is no number", where=where, cure=f"give one such as {default!r}")
    if isinstance(value, str | int | float) and type(value) is wanted:
        return value
    if wanted is float and type(value) is int:
        return float(value)
    raise RuleError(
        f"{value!r} is not of the type {wanted.__name__}", where=where, cure=f"give one such as {default!r}"
    )
