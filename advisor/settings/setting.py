"""The effective value of one parameter, with its origin and what it shadows."""

import msgspec

from advisor.settings.catalogue import Kind, Parameter
from advisor.settings.release import Release
from advisor.settings.values import (
    INT_MAX,
    LONG_MAX,
    BadValue,
    format_seconds,
    parse_boolean,
    parse_number,
    parse_seconds,
    split_items,
)
from advisor.syntax.source import Span


class Default(msgspec.Struct, frozen=True):
    """Nothing was written: the default of that release counts."""

    release: Release


class MainCfLine(msgspec.Struct, frozen=True):
    """An assignment in main.cf."""

    span: Span


class ServiceOverride(msgspec.Struct, frozen=True):
    """A `-o name=value` of the service with that key (`smtp/inet`) in master.cf."""

    span: Span
    service: str


Origin = Default | MainCfLine | ServiceOverride


class Shadowed(msgspec.Struct, frozen=True):
    """A text that was written, and that another one overrides."""

    text: str
    origin: Origin


class Setting(msgspec.Struct, frozen=True):
    """The value of a parameter for a service, or for all that override nothing.

    `text` is as written, runs of blanks made one, as postconf(1) prints it; `normal` and `stress` are what
    becomes of it with `stress` empty and with `stress = yes` (STRESS_README). `shadowed` has the losers, the
    strongest first. `unit` is what a time without a letter is counted in.

    `unknown` names the parameters in it that only the host can tell (they stay in the text as `$name`);
    `exists` is False for a name that this release does not have and nobody wrote. `problem` says why Postfix
    would refuse the text's macros; `normal` and `stress` are then the text itself.
    """

    name: str
    text: str
    normal: str
    stress: str
    origin: Origin
    shadowed: tuple[Shadowed, ...]
    parameter: Parameter | None
    release: Release
    unit: str = "s"
    exists: bool = True
    unknown: frozenset[str] = frozenset()
    problem: BadValue | None = None

    @property
    def known(self) -> bool:
        """Whether the value can be told from the configuration and the release alone."""
        return self.exists and not self.unknown and self.problem is None

    @property
    def is_default(self) -> bool:
        """Whether nobody wrote a value."""
        return isinstance(self.origin, Default)

    def value(self, *, stress: bool = False) -> str | BadValue:
        """The expanded text; a BadValue if it is not `known`."""
        if self.problem is not None:
            return self.problem
        if not self.exists:
            return BadValue(self.text, f"a parameter of Postfix {self.release}")
        if self.unknown:
            return BadValue(
                self.text, f"known without the host, which sets {', '.join(sorted(self.unknown))}"
            )
        return self.stress if stress else self.normal

    def seconds(self, *, stress: bool = False) -> int | BadValue:
        """The seconds of a time parameter; a BadValue outside the bounds that Postfix enforces."""
        text = self.value(stress=stress)
        return text if isinstance(text, BadValue) else self._bounded(text, parse_seconds(text, self.unit))

    def number(self, *, stress: bool = False) -> int | BadValue:
        """The value of a numeric parameter; a BadValue outside the bounds that Postfix enforces."""
        text = self.value(stress=stress)
        if isinstance(text, BadValue):
            return text
        is_long = self.parameter is not None and self.parameter.kind(self.release) is Kind.LONG
        return self._bounded(text, parse_number(text, maximum=LONG_MAX if is_long else INT_MAX))

    def boolean(self, *, stress: bool = False) -> bool | BadValue:
        """The value of a yes/no parameter."""
        text = self.value(stress=stress)
        return text if isinstance(text, BadValue) else parse_boolean(text)

    def items(self, *, stress: bool = False) -> tuple[str, ...] | BadValue:
        """The elements of a list. What only the host can tell does not hide the rest: it stays `$name`."""
        if self.problem is not None or not self.exists:
            return self.problem or BadValue(self.text, f"a parameter of Postfix {self.release}")
        return split_items(self.stress if stress else self.normal)

    def _bounded(self, text: str, value: int | BadValue) -> int | BadValue:
        if isinstance(value, BadValue) or self.parameter is None:
            return value
        least, greatest = self.parameter.bounds(self.release)
        show = format_seconds if self.parameter.kind(self.release) is Kind.TIME else str
        if least is not None and value < least:
            return BadValue(text, f"at least {show(least)}, the least that Postfix accepts")
        if greatest is not None and value > greatest:
            return BadValue(text, f"at most {show(greatest)}, the most that Postfix accepts")
        return value
