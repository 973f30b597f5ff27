"""Where a configuration asks lists in the DNS, and what is wrong with an entry.

An entry is `zone`, `zone=filter`, and in postscreen_dnsbl_sites also `zone=filter*weight`. Knowledge:
reject_rbl_addr() in src/smtpd/smtpd_check.c, psc_dnsbl_init() in src/postscreen/postscreen_dnsbl.c, the
manual of postscreen_dnsbl_sites; what is known of each list is in data/dns_lists.toml.
"""

from collections.abc import Callable, Iterable, Iterator

import msgspec
from msgspec.structs import replace

from advisor.facts.case import Case
from advisor.facts.dns_lists import ClosedList, SupersededList, closed, dns_lists, signals, superseded
from advisor.facts.dnsbl_score import SITES, threshold_within_reach
from advisor.facts.list_elements import WrittenRestriction, restrictions_read
from advisor.facts.registry import collection
from advisor.facts.wanted import Element, Wanted
from advisor.facts.written import has_condition, key_of, referring_names, text_of_list
from advisor.settings.catalogue import catalogue
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.service import Service
from advisor.settings.values import split_items
from advisor.syntax.source import Span

_PREFIXES = ("reject_rbl_", "reject_rhsbl_", "permit_dnswl_", "permit_rhswl_")
# `127.0.0.[2..11]` is a filter from this release on; before it, one address is.
_RANGES_SINCE = Release(2, 8)


class ListEntry(msgspec.Struct, frozen=True):
    """One question to a list. `element` is what stands in the parameter's value, `head` what of it stands
    before the zone; `rest` is the weight, with its sign.
    """

    element: str
    head: str
    zone: str
    filter: str
    rest: str

    def with_filter(self, text: str) -> str:
        """The element with this filter."""
        return f"{self.head}{self.zone}={text}{self.rest}"

    def with_zone(self, text: str) -> str:
        """The element for this `zone=filter`."""
        return f"{self.head}{text}{self.rest}"


class AskedLists(msgspec.Struct, frozen=True):
    """The lists that one parameter asks, in main.cf or behind `-o` of the service `key`. All tuples of words
    hold zones.

    `closed` are those that ended, in words; `list_all` those of them that were seen to list everybody;
    `unsure`: no dated source was found for any. `superseded`: in words. `unfiltered`: an error of the list,
    in `errors`, counts as a listing; `filters` are the entries to write. `redundant`: one of `holders` has
    all that they have. The changes belong to these in turn. `admits`: the unfiltered let clients in.
    """

    parameter: str
    key: str | None
    span: Span
    closed: tuple[str, ...] = ()
    list_all: tuple[str, ...] = ()
    unsure: bool = False
    closed_changes: tuple[Wanted, ...] = ()
    superseded: tuple[str, ...] = ()
    superseded_changes: tuple[Wanted, ...] = ()
    unfiltered: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    filter_changes: tuple[Element, ...] = ()
    admits: bool = False
    redundant: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    redundant_changes: tuple[Element, ...] = ()


@collection(element=AskedLists, variable="lists", locate=lambda lists: lists.span)
def asked_dns_lists(case: Case) -> tuple[AskedLists, ...]:
    """The parameters that ask lists in the DNS, for an SMTP server or postscreen of this configuration."""
    return tuple(_asked(case))


def entries_of(restrictions: tuple[WrittenRestriction, ...]) -> Iterator[ListEntry]:
    """The questions to lists among restrictions."""
    for each in restrictions:
        if each.name.startswith(_PREFIXES) and each.argument and "$" not in each.argument:
            yield _entry(each.element, each.element[: -len(each.argument)], each.argument)


def site_entries(text: str) -> Iterator[ListEntry]:
    """The questions of a value of postscreen_dnsbl_sites."""
    for word in split_items(text):
        if "$" not in word and ":" not in word:
            yield _entry(word, "", word)


def _entry(element: str, head: str, text: str) -> ListEntry:
    question, star, weight = text.rpartition("*") if "*" in text else (text, "", "")
    zone, _, answer = question.partition("=")
    return ListEntry(element, head, zone.lower().rstrip("."), answer, star + weight)


def _asked(case: Case) -> Iterator[AskedLists]:
    instance = case.instance
    for of in restrictions_read(instance):
        entries = tuple(entries_of(of.restrictions))
        if entries:
            yield _judged(instance, of.parameter, of.place, of.span, entries)
    for parameter, place, span in _screens(instance):
        entries = tuple(site_entries(text_of_list(instance, parameter, place)))
        if entries:
            judged = _judged(instance, parameter, place, span, entries, of_screen=True)
            yield _with_threshold(case, judged)


def _with_threshold(case: Case, of: AskedLists) -> AskedLists:
    """What takes a list out of postscreen's leaves a threshold that the others reach."""
    screens = [each for each in case.instance.services if each.is_postscreen and of.key in (None, each.key)]
    following = tuple(dict.fromkeys(each for of in screens for each in threshold_within_reach(case, of)))
    return replace(
        of,
        closed_changes=of.closed_changes and (*of.closed_changes, *following),
        superseded_changes=of.superseded_changes and (*of.superseded_changes, *following),
    )


def _screens(instance: Instance) -> Iterator[tuple[str, Service | None, Span]]:
    """Where postscreen's lists are written, if postscreen runs at all: its parameter, and a site's own names
    that it refers to.
    """
    screens = [service for service in instance.services if service.is_postscreen]
    if screens or instance.master_cf is None:
        for line in {line.name: line for line in instance.main_cf.assignments}.values():
            if line.name == SITES or (
                catalogue().parameter(line.name) is None and SITES in referring_names(instance, line.name)
            ):
                yield line.name, None, line.span
    for screen in screens:
        for option in screen.entry.overrides:
            if option.name == SITES:
                yield SITES, screen, option.span


def _judged(
    instance: Instance,
    parameter: str,
    place: Service | None,
    span: Span,
    entries: tuple[ListEntry, ...],
    *,
    of_screen: bool = False,
) -> AskedLists:
    key = key_of(place)

    def changes(wanted: dict[str, tuple[str, ...]]) -> tuple[Element, ...]:
        if has_condition(instance, parameter, place):
            return ()
        return tuple(Element(parameter, element, new, key) for element, new in wanted.items())

    gone = {each: of for each in entries if (of := closed(each.zone))}
    old = {each: by for each in entries if (by := superseded(each.zone))}
    replaced = _replaced(instance, old, entries)
    inside = {} if of_screen else _redundant(entries)
    bare = _unfiltered(tuple(each for each in entries if each not in inside))
    ranges = instance.release >= _RANGES_SINCE
    return AskedLists(
        parameter,
        key,
        span,
        closed=_each(gone, lambda each: f"{each.zone} ({_fate(gone[each])})"),
        list_all=_each(gone, lambda each: each.zone if gone[each].lists_all else ""),
        unsure=bool(gone) and all(not of.source for of in gone.values()),
        closed_changes=changes({each.element: () for each in gone}),
        superseded=_each(old, lambda each: f"{each.zone}: ask {old[each].by} instead"),
        superseded_changes=changes(replaced),
        unfiltered=_each(bare, lambda each: each.zone),
        errors=tuple(dict.fromkeys(errors for _, errors in bare.values())),
        filters=_each(bare, lambda each: f"{each.zone}={bare[each][0]}"),
        filter_changes=changes({each.element: (each.with_filter(bare[each][0]),) for each in bare})
        if ranges
        else (),
        admits=any(each.head.lower().startswith("permit_") or each.rest.startswith("*-") for each in bare),
        redundant=_each(inside, lambda each: each.zone),
        holders=_each(inside, lambda each: inside[each]),
        redundant_changes=changes({each.element: () for each in inside}),
    )


def _each(entries: Iterable[ListEntry], word: Callable[[ListEntry], str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for each in entries if (text := word(each))))


def _fate(of: ClosedList) -> str:
    return f"closed in {of.year}: {of.says}" if of.year else of.says


def _replaced(
    instance: Instance, old: dict[ListEntry, SupersededList], entries: tuple[ListEntry, ...]
) -> dict[str, tuple[str, ...]]:
    """What to write for each entry whose list another one holds; nothing for one that holds less."""
    found: dict[str, tuple[str, ...]] = {}
    for entry, of in old.items():
        if any(other.head == entry.head and other.zone in of.parts_of for other in entries):
            found[entry.element] = ()
        elif of.instead and not entry.filter and instance.release >= _RANGES_SINCE:
            found[entry.element] = (entry.with_zone(of.instead),)
    return found if len(found) == len(old) else {}


def _unfiltered(entries: tuple[ListEntry, ...]) -> dict[ListEntry, tuple[str, str]]:
    """The entries that take a list's error for a listing, with the filter to write and the error's form."""
    return {
        each: (of.filter, of.errors) for each in entries if not each.filter and (of := signals(each.zone))
    }


def _redundant(entries: tuple[ListEntry, ...]) -> dict[ListEntry, str]:
    """The entries whose list is a part of another one that the same restriction asks."""
    return {
        each: of.zone
        for of in dns_lists().contained
        for each in entries
        if each.zone in of.parts
        and any(
            other.zone == of.zone and other.filter in of.filters and other.head == each.head
            for other in entries
        )
    }
