"""What comes of asking a rule: a verdict, and the findings of one that fired."""

from enum import StrEnum

import msgspec

from advisor.engine.changes import Fix
from advisor.facts.registry import Source
from advisor.missing import Missing
from advisor.syntax.source import Span


class _Ordered(StrEnum):
    """Members compare by the order they are written in, not by the alphabet."""

    @property
    def rank(self) -> int:
        """The place in the order, from 0."""
        return list(type(self)).index(self)

    def __lt__(self, other: str) -> bool:
        return self.rank < type(self)(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= type(self)(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > type(self)(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= type(self)(other).rank


class Severity(_Ordered):
    """How much harm the finding does; ordered, INFO lowest."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Confidence(_Ordered):
    """How sure the rule is of what it says; ordered, LOW lowest."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def one_step_less(self) -> "Confidence":
        """The step below; LOW has none and stays."""
        return list(Confidence)[max(0, self.rank - 1)]


Scalar = str | int | float | bool


class Evidence(msgspec.Struct, frozen=True):
    """One value behind a finding. `name` is the text of the expression; `value` is raw and may hold any
    character that stood in a log or a main.cf: a report shows it through `visible`.
    """

    name: str
    value: Scalar | tuple[Scalar, ...]
    unit: str
    source: Source


class Finding(msgspec.Struct, frozen=True):
    """What one rule says of one thing. `service` is Postfix's key, `also` those of others for which the same
    line says the same; `fixes` are alternatives, best first, and `against` changes that would not mend it.

    `message` and `expected_effect` are safe to print.
    """

    rule: str
    severity: Severity
    confidence: Confidence
    message: str
    where: Span
    service: str | None
    evidence: tuple[Evidence, ...]
    fixes: tuple[Fix, ...]
    expected_effect: str
    also: tuple[str, ...] = ()
    against: tuple[Fix, ...] = ()

    @property
    def services(self) -> tuple[str | None, ...]:
        """All services that it is about; None stands for the rest of the configuration."""
        return (self.service, *self.also)


class Fired(msgspec.Struct, frozen=True):
    """The rule holds for at least one thing: one finding each. `missing`: why it is not known of others."""

    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...] = ()


class Passed(msgspec.Struct, frozen=True):
    """The rule was asked of everything, and nothing is wrong."""


class NotApplicable(msgspec.Struct, frozen=True):
    """There was nothing to ask: another Postfix release, or no such service."""

    reason: str


class Unknown(msgspec.Struct, frozen=True):
    """Nothing fired, but something could not be decided; each reason is there once."""

    missing: tuple[Missing, ...]


class Broken(msgspec.Struct, frozen=True):
    """The rule or a fact failed: a bug, or a value no rule reckoned with. The other rules are not touched."""

    error: str


Verdict = Fired | Passed | NotApplicable | Unknown | Broken
