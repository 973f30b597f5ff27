"""Every name that postconf(1) knows under a configuration, and what it prints for it.

Knowledge: src/postconf/postconf_builtin.c, postconf_service.c, postconf_user.c, postconf_lookup.c.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

from advisor.settings.catalogue import Kind, Parameter
from advisor.settings.expand import Expanded, Opaque
from advisor.settings.known_names import (
    KnownNames,
    is_built_in,
    is_named_after_service,
    known_names,
    may_hold_tables,
)
from advisor.settings.scope import Scope
from advisor.syntax.master_cf import MasterCf


class Class(Enum):
    """Where a name comes from: the words of -C. LEGACY are old names that are still accepted, not listed."""

    BUILTIN = "builtin"
    SERVICE = "service"
    USER = "user"
    LEGACY = "legacy"


@dataclass(frozen=True)
class Names:
    """The names under a main.cf and a master.cf; with an empty main.cf in `scope`, the defaults.

    `defaults_only`: nobody looks for names that main.cf defines (-d).
    """

    scope: Scope
    master: MasterCf | None
    defaults_only: bool = False

    @cached_property
    def known(self) -> KnownNames:
        """What the values refer to."""
        return known_names(self.scope, self.master)

    def class_of(self, name: str) -> Class | None:
        """The class of a name; None for one that postconf(1) does not know."""
        parameter = self.scope.catalogue.parameter(name)
        if is_named_after_service(name, self.scope, self.master):
            return Class.SERVICE
        if parameter and self.scope.has(parameter):
            return Class.BUILTIN
        if parameter and parameter.is_legacy_in(self.scope.release):
            return Class.USER if name in self._assigned and not self.defaults_only else Class.LEGACY
        if is_built_in(name, self.scope, self.master):
            return Class.BUILTIN
        return Class.USER if not self.defaults_only and name in self.known.used else None

    def every(self) -> Iterator[str]:
        """The names, in no order."""
        scope = self.scope
        yield from (
            name
            for name, parameter in scope.catalogue.parameters.items()
            if scope.has(parameter) or parameter.is_legacy_in(scope.release)
        )
        yield from (name for name in scope.build.defaults if name not in scope.catalogue.parameters)
        for entry in self.master.entries if self.master else ():
            for family in scope.catalogue.families:
                yield entry.name + family.suffix
        if not self.defaults_only:
            yield from self.known.used

    def parameter(self, name: str) -> Parameter | None:
        """What is known of a built-in parameter of the release."""
        parameter = self.scope.catalogue.parameter(name)
        return parameter if parameter and self.scope.has(parameter) else None

    def is_raw(self, name: str) -> bool:
        """Whether nobody expands its value."""
        parameter = self.parameter(name)
        return parameter is not None and parameter.kind(self.scope.release) is Kind.RAW

    def is_read_only(self, name: str) -> bool:
        """Whether each program sets it itself, whatever is assigned to it."""
        parameter = self.parameter(name)
        return parameter is not None and parameter.read_only

    def is_built_in(self, name: str) -> bool:
        """Whether the release has the parameter, be it named after a service, or still accepts it."""
        return is_built_in(name, self.scope, self.master)

    def may_hold_tables(self, name: str) -> bool:
        """Whether Postfix looks for tables in its value."""
        return may_hold_tables(name, self.scope, self.master)

    def is_known(self, name: str) -> bool:
        """Whether a program reads what main.cf says of it."""
        return name in self.known.used or self.is_built_in(name)

    def is_referred_to(self, name: str) -> bool:
        """Whether main.cf or a default refers to the name, or a table there may read it."""
        return name in self.known.referred_to

    def is_written(self, name: str) -> bool:
        """Whether main.cf has a line with that name."""
        return name in self.scope.main

    def value(self, name: str) -> str | Opaque | None:
        """The value that counts outside all services, unexpanded; None for a name that nobody defines.

        What only the host can tell is Opaque: `$name`.
        """
        if not self.is_written(name) and not self.is_built_in(name):
            return None
        return self.scope.unexpanded(name)

    def expanded(self, text: str) -> Expanded:
        """The text with every macro replaced, outside all services."""
        return self.scope.expanded(text, None)

    def without_read_only(self) -> "Names":
        """The same names without what main.cf assigns to parameters that are read-only."""
        gone = [name for name in self.scope.main if self.is_read_only(name)]
        if not gone:
            return self
        main = {name: lines for name, lines in self.scope.main.items() if name not in gone}
        return replace(self, scope=replace(self.scope, main=main))

    @cached_property
    def _assigned(self) -> frozenset[str]:
        entries = self.master.entries if self.master else ()
        overrides = (override.name for entry in entries for override in entry.overrides)
        return frozenset((*self.scope.main, *overrides))
