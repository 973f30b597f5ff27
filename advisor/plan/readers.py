"""Which services a line of main.cf reaches: those whose program reads the parameter, or what refers to it.

The catalogue knows which daemons read a parameter from the sources' own tables. Where it cannot tell, every
service counts as a reader, so that a change meant for one service never reaches another by accident.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from advisor.settings.catalogue import Parameter, catalogue
from advisor.settings.instance import Instance, turned
from advisor.settings.release import Release

# A parameter in this many daemons' tables is read by a library that all daemons are linked with.
_LIBRARY = 12
# proxymap(8) only looks there which tables it may open for the services that really read the parameter.
_ALLOWED_TABLES = frozenset({"proxy_read_maps", "proxy_write_maps"})
# master(8) reads these, whatever stands in a service's `-o` (mail_params_init() in src/master/master_vars.c).
MASTER_ONLY = frozenset({"default_process_limit", "master_service_disable", "service_throttle_time"})


def readers(instance: Instance, name: str) -> frozenset[str]:
    """The keys of the services that read the parameter, as far as is known; all of them where it is not."""
    programs: set[str] = set()
    for each in (name, *(each for each in dependents(instance, name) if each not in _ALLOWED_TABLES)):
        known = _parameter(instance, each)
        if known is None or not known.daemons or len(known.daemons) >= _LIBRARY:
            return frozenset(service.key for service in instance.services)
        programs |= set(known.daemons)
    return frozenset(
        service.key
        for service in instance.services
        if service.command in programs or service.command not in _all_daemons()
    )


def dependents(instance: Instance, name: str) -> tuple[str, ...]:
    """The parameters whose value or default refers to this one, directly or through others."""
    written = instance.referring
    by_default = _default_references(instance.release)
    found: dict[str, None] = {}
    pending = [name]
    while pending:
        current = pending.pop()
        following = (*written.get(current, ()), *by_default.get(current, ()), *_family(instance, current))
        for each in following:
            if each not in found and each != name:
                found[each] = None
                pending.append(each)
    return tuple(found)


def _parameter(instance: Instance, name: str) -> Parameter | None:
    known = catalogue().parameter(name)
    return known or catalogue().service_parameter(name, [service.name for service in instance.services])


def _family(instance: Instance, name: str) -> Iterator[str]:
    """`smtp_destination_concurrency_limit` and its like, whose default is `$default_destination_…`."""
    for family in catalogue().families:
        if family.fallback == name:
            for service in instance.services:
                if service.command in family.programs:
                    yield service.name + family.suffix


@cache
def _default_references(release: Release) -> Mapping[str, frozenset[str]]:
    defaults = ((each.name, each.default(release)) for each in catalogue().parameters.values())
    return MappingProxyType(turned([(name, default) for name, default in defaults if default]))


@cache
def _all_daemons() -> frozenset[str]:
    return frozenset(daemon for each in catalogue().parameters.values() for daemon in each.daemons)
