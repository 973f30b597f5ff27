"""Where copies are sent and aliases are followed: before a content filter, or behind it.

cleanup(8) does it for each server that hands it mail, unless receive_override_options of that has
no_address_mappings. FILTER_README gives it to what stands before the filter: so it is done once, behind it.
"""

from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.filter_routes import FilterRoute, is_way_back
from advisor.facts.registry import fact
from advisor.facts.wanted import Assign, Element, Wanted
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue, split_items

_OPTIONS, _MAPPED = "receive_override_options", "no_address_mappings"
_BCC = ("always_bcc", "sender_bcc_maps", "recipient_bcc_maps")
_ALIASES = "virtual_alias_maps"


class _Sides(msgspec.Struct, frozen=True):
    """The servers that others use before the filter, and the ways back; both empty where one is missing."""

    before: tuple[Service, ...] = ()
    behind: tuple[Service, ...] = ()

    def __iter__(self) -> Iterator[Service]:
        return iter((*self.before, *self.behind))


@fact()
def maps_twice(case: Case, route: FilterRoute) -> tuple[str, ...]:
    """The parameters by which copies are sent both before the filter and behind it."""
    sides = tuple(_sides(route))
    if not sides or any(_maps_nothing(case.instance, each) for each in sides):
        return ()
    return tuple(name for name in _BCC if all(_cleanup_value(case.instance, name, each) for each in sides))


@fact()
def maps_never(case: Case, route: FilterRoute) -> tuple[str, ...]:
    """The parameters that neither side of the filter looks at, though they are set."""
    sides = tuple(_sides(route))
    if not sides or not all(_maps_nothing(case.instance, each) for each in sides):
        return ()
    return tuple(name for name in (*_BCC, _ALIASES) if case.instance.setting(name).normal)


@fact()
def maps_behind_alone(case: Case, route: FilterRoute) -> tuple[Wanted, ...]:
    """What takes the mapping from the servers before the filter, or gives it back to the ways behind it."""
    instance = case.instance
    if maps_never(case, route):
        return tuple(Element(_OPTIONS, _MAPPED, (), each.key) for each in _sides(route).behind)
    return tuple(_without_mappings(instance, each) for each in _sides(route).before)


def _without_mappings(instance: Instance, service: Service) -> Wanted:
    options = split_items(instance.setting(_OPTIONS, service).text)
    if not options:
        return Assign(_OPTIONS, _MAPPED, service.key)
    return Element(_OPTIONS, options[-1], (options[-1], _MAPPED), service.key)


def _sides(route: FilterRoute) -> _Sides:
    before = tuple(each for each in route.sources if each.is_public)
    behind = tuple(each for each in route.returns if is_way_back(each))
    return _Sides(before, behind) if before and behind else _Sides()


def _maps_nothing(instance: Instance, service: Service) -> bool:
    options = instance.setting(_OPTIONS, service).items()
    return not isinstance(options, BadValue) and _MAPPED in options


def _cleanup_value(instance: Instance, name: str, service: Service) -> str:
    """The value for the cleanup(8) that the server hands its mail to."""
    cleanup = instance.setting("cleanup_service_name", service).normal
    return instance.setting(name, instance.service(f"{cleanup}/unix")).normal
