"""Which names Postfix knows, and which lines of main.cf nothing reads.

A name is known if it is built in, named after a service, or user-defined and used: referred to as `$name` in
main.cf, in a default or in a `-o`, listed in smtpd_restriction_classes, or read by a table (table_prefixes).
Knowledge: src/postconf/postconf_user.c, postconf_service.c, postconf_unused.c.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec

from advisor.settings.catalogue import Kind, catalogue
from advisor.settings.domain_names import has_functions
from advisor.settings.expand import Expanded, expanded, references, scanned
from advisor.settings.macro_faults import Fault
from advisor.settings.release import Release
from advisor.settings.scope import Scope
from advisor.settings.setting import MainCfLine, Origin, ServiceOverride
from advisor.settings.table_prefixes import (
    BadBraces,
    CommentInValue,
    TableFile,
    TableSetting,
    table_items,
)
from advisor.settings.values import LIST_SEPARATORS
from advisor.syntax.master_cf import MasterCf, ServiceEntry

_CLASSES = "smtpd_restriction_classes"


class Reference(msgspec.Struct, frozen=True):
    """A use of a name, and the value where it stands."""

    name: str
    origin: Origin


class Value(msgspec.Struct, frozen=True):
    """A value that was written, for the search of references; `space` is None for main.cf, or a service."""

    name: str
    raw: str
    origin: Origin
    space: ServiceEntry | None


class BrokenMacro(msgspec.Struct, frozen=True):
    """A fault in the value of `name`. `while_expanding`: Postfix found it when it wanted to use the value.

    postconf(1) gives up behind the last such fault of a value; `of_classes`: that value is
    smtpd_restriction_classes, which it expands in a way of its own.
    """

    name: str
    fault: Fault
    origin: Origin
    while_expanding: bool = False
    of_classes: bool = False


class InTables(msgspec.Struct, frozen=True):
    """What the search for tables found in a value, besides names."""

    item: TableFile | BadBraces | CommentInValue
    origin: Origin


class ReadOnly(msgspec.Struct, frozen=True):
    """An assignment to a parameter that each program sets itself, which is ignored."""

    name: str
    raw: str
    origin: Origin


# What postconf(1) says of a value.
Remark = Reference | BrokenMacro | InTables | ReadOnly


class KnownNames(msgspec.Struct, frozen=True):
    """User-defined names of main.cf that are used, and what postconf(1) would remark in the values: first
    those of the services, in file order, then those of main.cf.

    `referred_to` are all names that main.cf, or a default, refers to in one way or another.
    """

    used: frozenset[str]
    remarks: tuple[Remark, ...]
    referred_to: frozenset[str]

    @property
    def undefined(self) -> tuple[Reference, ...]:
        """References to names that nobody defines, those in main.cf first."""
        found = [remark for remark in self.remarks if isinstance(remark, Reference)]
        return tuple(sorted(found, key=lambda each: not isinstance(each.origin, MainCfLine)))


def is_built_in(name: str, scope: Scope, master: MasterCf | None) -> bool:
    """Whether the release itself knows the name, also one given up that it still accepts."""
    parameter = scope.catalogue.parameter(name)
    if name in scope.unread:
        return False
    if parameter and (scope.has(parameter) or parameter.is_legacy_in(scope.release)):
        return True
    if parameter is None and name in scope.build.defaults:
        return True
    if master is None:
        derived = scope.catalogue.service_parameter(name, None)
        return derived is not None and derived.exists_in(scope.release)
    return is_named_after_service(name, scope, master)


def is_named_after_service(name: str, scope: Scope, master: MasterCf | None) -> bool:
    """Whether a service in master.cf runs a program of which the parameters bear the service's name."""
    return master is not None and any(
        name == entry.name + family.suffix and entry.command in family.programs
        for family in scope.catalogue.families
        if name.endswith(family.suffix) and Release.parse(family.introduced) <= scope.release
        for entry in master.entries
    )


def known_names(scope: Scope, master: MasterCf | None) -> KnownNames:
    """What the values of main.cf and master.cf refer to."""
    spaces = [*_override_values(master), tuple(_main_cf_values(scope))]
    search = _Search(scope, master, frozenset(value.name for space in spaces[:-1] for value in space))
    search.used = {name for name in default_references(scope.release) if name in scope.main}
    for space in spaces:
        search.space(space)
    search.referred_to |= default_references(scope.release)
    return KnownNames(frozenset(search.used), tuple(search.remarks), frozenset(search.referred_to))


@dataclass(slots=True)
class _Search:
    """scan_user_parameter_namespace() in postconf_user.c, for one name space after the other."""

    scope: Scope
    master: MasterCf | None
    overridden: frozenset[str]
    used: set[str] = field(default_factory=set)
    remarks: list[Remark] = field(default_factory=list)
    referred_to: set[str] = field(default_factory=set)

    def space(self, values: Sequence[Value]) -> None:
        """The values of main.cf, or the options of a service."""
        own = {value.name: value for value in values}
        for value in values:
            if value.name == _CLASSES:
                self.classes(value, own)
        for value in values:
            parameter = self.scope.catalogue.parameter(value.name)
            if parameter and parameter.exists_in(self.scope.release):
                if parameter.read_only:
                    self.remarks.append(ReadOnly(value.name, value.raw, value.origin))
                if parameter.read_only or parameter.kind(self.scope.release) is Kind.RAW:
                    continue
            found = scanned(value.raw, functions=has_functions(self.scope.release))
            self.remarks += [BrokenMacro(value.name, fault, value.origin) for fault in found.faults]
            for name in found.names:
                self.refer(name, value, own)
            self.tables(value, own)

    def classes(self, value: Value, own: Mapping[str, Value]) -> None:
        """The restriction classes that are named.

        postconf(1) expands the value with what stands in the same place only: main.cf, or the options.
        """

        def lookup(name: str) -> str | None:
            return own[name].raw if name in own else None

        done = expanded(value.raw, lookup, functions=has_functions(self.scope.release))
        self.broken(value, done, of_classes=True)
        if done.faults:
            return
        text = done.text
        for separator in LIST_SEPARATORS:
            text = text.replace(separator, " ")
        for name in text.split(" "):
            if name:
                self.refer(name, value, own)

    def refer(self, name: str, value: Value, own: Mapping[str, Value]) -> None:
        """Notes that the value uses a name."""
        if value.space is None:
            self.referred_to.add(name)
        if value.space and name in own:
            return
        if name in self.scope.main:
            self.used.add(name)
        elif (value.space or name not in self.overridden) and not is_built_in(name, self.scope, self.master):
            self.remarks.append(Reference(name, value.origin))

    def tables(self, value: Value, own: Mapping[str, Value]) -> None:
        """What the tables in a value read: only a parameter that Postfix knows can hold tables."""
        if not may_hold_tables(value.name, self.scope, self.master):
            return
        done = self.scope.expanded(value.raw, value.space)
        self.broken(value, done)
        for item in () if done.faults else table_items(done.text, self.scope.catalogue, self.scope.release):
            if not isinstance(item, TableSetting):
                self.remarks.append(InTables(item, value.origin))
                continue
            if value.space is None:
                self.referred_to.add(item.name)
            if item.name in self.scope.main and not (value.space and item.name in own):
                self.used.add(item.name)

    def broken(self, value: Value, done: Expanded, *, of_classes: bool = False) -> None:
        """Notes that a value cannot be expanded."""
        self.remarks += [
            BrokenMacro(value.name, fault, value.origin, while_expanding=True, of_classes=of_classes)
            for fault in done.faults
        ]


def may_hold_tables(name: str, scope: Scope, master: MasterCf | None) -> bool:
    """Built in or named after a service; of an old name that is still accepted Postfix knows no tables."""
    parameter = scope.catalogue.parameter(name)
    if parameter and parameter.exists_in(scope.release) and parameter.kind(scope.release) is Kind.RAW:
        return False
    return is_built_in(name, scope, master) and not (parameter and parameter.is_legacy_in(scope.release))


@lru_cache(maxsize=32)
def default_references(release: Release) -> frozenset[str]:
    """The names that the defaults of a release refer to; some are old names of the same parameter."""
    return frozenset(
        name
        for parameter in catalogue().parameters.values()
        if "$" in "".join(text or "" for text in parameter.defaults.values())
        if parameter.exists_in(release) and parameter.kind(release) is not Kind.RAW
        for name in references(parameter.default(release) or "")
    )


def _main_cf_values(scope: Scope) -> Iterator[Value]:
    for name, lines in scope.main.items():
        yield Value(name, lines[-1].raw_value, MainCfLine(lines[-1].span), None)


def _override_values(master: MasterCf | None) -> Iterator[tuple[Value, ...]]:
    """Entries of one name and type share their options, and of one option the last counts."""
    last: dict[str, dict[str, Value]] = {}
    for entry in master.entries if master else ():
        space = last.setdefault(entry.key, {})
        for override in entry.overrides:
            origin = ServiceOverride(override.span, entry.key)
            space[override.name] = Value(override.name, override.value, origin, entry)
    return (tuple(space.values()) for space in last.values())
