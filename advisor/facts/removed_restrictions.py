"""Restrictions that Postfix 3.9 removed: a list that names one answers every client that comes so far with
"451 4.3.5 Server configuration error".

Knowledge: DEPRECATION_README, RELEASE_NOTES of 3.9, src/smtpd/smtpd_check.c.
"""

from collections.abc import Iterator
from itertools import pairwise

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import collection
from advisor.facts.restriction_classes import unlisted_classes
from advisor.facts.restrictions import takes_argument
from advisor.facts.wanted import Element, Remove, Wanted
from advisor.facts.written import (
    has_condition,
    key_of,
    referring_names,
    text_of_list,
    written_places,
    written_text,
)
from advisor.settings.expand import references
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.service import Service
from advisor.settings.values import BadValue, split_items
from advisor.syntax.source import Span

_REMOVED_IN = Release(3, 9)
_RBL, _RBL_DOMAINS = "reject_maps_rbl", "maps_rbl_domains"
# What DEPRECATION_README puts in their place.
_INSTEAD = {
    "check_relay_domains": ("permit_mynetworks", "reject_unauth_destination"),
    "permit_naked_ip_address": ("permit_mynetworks", "permit_sasl_authenticated"),
    _RBL: (),
}
# It still works, and 3.9 warns of it; relay_domains says what it said, name by name.
_GOING = "permit_mx_backup"
_LISTS = tuple(
    f"smtpd_{stage}_restrictions"
    for stage in ("client", "helo", "sender", "relay", "recipient", "data", "end_of_data", "etrn")
)


class RestrictionList(msgspec.Struct, frozen=True):
    """A list of restrictions, as it is written. `service`: it stands in that one's `-o`.

    `names` are those in it that are removed, or will be. `changes` put in their place what the manual says,
    and leave every other element as it is written; they are empty where nothing can be put there.
    `is_refused`: this release no longer knows one of them.
    """

    parameter: str
    service: str
    span: Span
    names: tuple[str, ...]
    instead: tuple[str, ...]
    changes: tuple[Wanted, ...]
    is_refused: bool


@collection(element=RestrictionList, variable="list", locate=lambda of: of.span)
def restriction_lists(case: Case) -> tuple[RestrictionList, ...]:
    """The restriction lists of the SMTP server that main.cf or a `-o` sets."""
    return tuple(_list(case.instance, *written) for written in written_restriction_lists(case.instance))


def written_restriction_lists(instance: Instance) -> Iterator[tuple[str, Span, Service | None]]:
    """Each restriction list that is written, also a class, or a site's own name that a list refers to."""
    last = {line.name: line for line in instance.main_cf.assignments}
    for line in last.values():
        if is_restriction_list(instance, line.name, None):
            yield line.name, line.span, None
    for service in instance.services:
        options = {override.name: override for override in service.entry.overrides}
        for option in options.values():
            if is_restriction_list(instance, option.name, service):
                yield option.name, option.span, service


def is_restriction_list(instance: Instance, name: str, place: Service | None) -> bool:
    """Whether smtpd(8) reads the parameter as restrictions: its own lists, a class, what a list refers to.

    A class that nobody announced yet is one: what it holds is to be right when it is.
    """
    if name in _LISTS:
        return True
    classes = instance.setting("smtpd_restriction_classes", place).items()
    if not isinstance(classes, BadValue) and name in classes:
        return True
    if instance.setting(name).parameter is not None:
        return False
    lists = {*referring_names(instance, name)} & {*_LISTS}
    return any(_is_asked(instance, each, name) for each in lists) or name in unlisted_classes(instance)


def _is_asked(instance: Instance, parameter: str, name: str) -> bool:
    """Whether `$name` stands for restrictions in the list, and not for what one of them takes behind it."""
    for place in written_places(instance, parameter):
        words = split_items(written_text(instance, parameter, place))
        for before, word in pairwise(("", *words)):
            if name in references(word) and not takes_argument(before.lower()):
                return True
    return False


def _list(instance: Instance, parameter: str, span: Span, place: Service | None) -> RestrictionList:
    raw = text_of_list(instance, parameter, place)
    warns = instance.release >= _REMOVED_IN and not instance.release_is_assumed
    items = split_items(raw)
    names = tuple(
        dict.fromkeys(
            item for item in items if item.lower() in _INSTEAD or (warns and item.lower() == _GOING)
        )
    )
    domains = instance.setting(_RBL_DOMAINS, place).items()
    zones = () if isinstance(domains, BadValue) else domains
    removed = tuple(name for name in names if name.lower() in _INSTEAD)
    changes: tuple[Wanted, ...] = ()
    if not has_condition(instance, parameter, place):
        changes = tuple(_elements(parameter, items, zones, place))
        if any(name.lower() == _RBL for name in removed) and _is_unused_otherwise(instance):
            changes += (Remove(_RBL_DOMAINS),)
    return RestrictionList(
        parameter,
        place.key if place else "",
        span,
        names,
        tuple(dict.fromkeys(word for name in removed for word in _replacement(name, zones))),
        changes,
        warns and bool(removed),
    )


def _is_unused_otherwise(instance: Instance) -> bool:
    written = any(line.name == _RBL_DOMAINS for line in instance.main_cf.assignments)
    return written and not referring_names(instance, _RBL_DOMAINS)


def _replacement(name: str, zones: tuple[str, ...]) -> tuple[str, ...]:
    return (
        tuple(f"reject_rbl_client {zone}" for zone in zones)
        if name.lower() == _RBL
        else _INSTEAD[name.lower()]
    )


def _elements(
    parameter: str, items: tuple[str, ...], zones: tuple[str, ...], place: Service | None
) -> Iterator[Element]:
    """What stands in the place of each removed restriction: today's, where the list has them not already."""
    present = {item.lower() for item in items}
    for item in dict.fromkeys(item for item in items if item.lower() in _INSTEAD):
        new = tuple(each for each in _replacement(item, zones) if each.lower() not in present)
        present |= {*new}
        yield Element(parameter, item, new, key_of(place))
