"""Which names Postfix knows, and which lines of main.cf nothing reads.

A name is known if it is built in, named after a service, or user-defined and used: referred to as `$name` in
main.cf, in a default or in a `-o`, listed in smtpd_restriction_classes, or read by a table (table_prefixes).
Knowledge: src/postconf/postconf_user.c, postconf_service.c, postconf_unused.c.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from advisor.errors import SettingsError
from advisor.settings.catalogue import Kind, catalogue
from advisor.settings.expand import expand, references
from advisor.settings.release import Release
from advisor.settings.scope import Scope
from advisor.settings.setting import MainCfLine, Origin, ServiceOverride
from advisor.settings.table_prefixes import table_setting_names
from advisor.settings.values import LIST_SEPARATORS
from advisor.syntax.master_cf import MasterCf, ServiceEntry

_CLASSES = "smtpd_restriction_classes"


@dataclass(frozen=True, slots=True)
class Reference:
    """A use of a name, and the value where it stands."""

    name: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Value:
    """A value that was written, for the search of references; `space` is None for main.cf, or a service."""

    name: str
    raw: str
    origin: Origin
    space: ServiceEntry | None


@dataclass(frozen=True, slots=True)
class KnownNames:
    """User-defined names of main.cf that are used, and references to names that nobody defines.

    `referred_to` are all names that main.cf, or a default, refers to in one way or another.
    """

    used: frozenset[str]
    undefined: tuple[Reference, ...]
    referred_to: frozenset[str]


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
    return any(
        name == entry.name + family.suffix and entry.command in family.programs
        for family in scope.catalogue.families
        if name.endswith(family.suffix) and Release.parse(family.introduced) <= scope.release
        for entry in master.entries
    )


def known_names(scope: Scope, master: MasterCf | None) -> KnownNames:
    """What the values of main.cf and master.cf refer to."""
    values = [*_main_cf_values(scope), *_override_values(master)]
    overridden = {value.name for value in values if value.space}
    by_service = {(value.space.key, value.name) for value in values if value.space}
    used = {name for name in default_references(scope.release) if name in scope.main}
    undefined: list[Reference] = []
    referred_to = set(default_references(scope.release))
    for value in values:
        if _is_raw_or_read_only(value.name, scope):
            continue
        for name in (*references(value.raw), *_restriction_classes(value, values)):
            if value.space is None:
                referred_to.add(name)
            if value.space and (value.space.key, name) in by_service:
                continue
            if name in scope.main:
                used.add(name)
            elif (value.space or name not in overridden) and not is_built_in(name, scope, master):
                undefined.append(Reference(name, value.origin))
        for name in _table_names(value, scope, master):
            if value.space is None:
                referred_to.add(name)
            if name in scope.main and not (value.space and (value.space.key, name) in by_service):
                used.add(name)
    return KnownNames(frozenset(used), tuple(undefined), frozenset(referred_to))


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


def _override_values(master: MasterCf | None) -> Iterator[Value]:
    """Entries of one name and type share their options, and of one option the last counts."""
    last: dict[tuple[str, str], Value] = {}
    for entry in master.entries if master else ():
        for override in entry.overrides:
            last[entry.key, override.name] = Value(
                override.name, override.value, ServiceOverride(override.span, entry.key), entry
            )
    return iter(last.values())


def _is_raw_or_read_only(name: str, scope: Scope) -> bool:
    parameter = scope.catalogue.parameter(name)
    return (
        parameter is not None
        and parameter.exists_in(scope.release)
        and (parameter.read_only or parameter.kind(scope.release) is Kind.RAW)
    )


def _restriction_classes(value: Value, values: list[Value]) -> tuple[str, ...]:
    """The classes that a value of smtpd_restriction_classes names.

    postconf(1) expands it with what stands in the same place only: main.cf, or the options of the service.
    """
    if value.name != _CLASSES:
        return ()
    space = value.space.key if value.space else None
    same: Mapping[str, str] = {
        other.name: other.raw for other in values if (other.space.key if other.space else None) == space
    }
    try:
        text = expand(value.raw, same.get)
    except SettingsError:
        return ()
    for separator in LIST_SEPARATORS:
        text = text.replace(separator, " ")
    return tuple(name for name in text.split(" ") if name)


def _table_names(value: Value, scope: Scope, master: MasterCf | None) -> Iterator[str]:
    """What the tables in a value read: only a parameter that Postfix knows can hold tables."""
    if (":" not in value.raw and "$" not in value.raw) or not is_built_in(value.name, scope, master):
        return iter(())
    try:
        expanded = scope.evaluate(value.raw, value.space)
    except SettingsError:
        return iter(())
    return table_setting_names(expanded, scope.catalogue, scope.release)
