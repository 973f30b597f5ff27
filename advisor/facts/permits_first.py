"""How a list is put in order, so that it lets its own users pass before it tests addresses and names.

The tests are moved behind the permits, or rather all that stands between is moved before the first test: then
other refusals keep their place before the permits, and for strangers the same restrictions are asked, only in
another order. Where something that may say OK stands between (a table, a policy service, a class), or a
reference to another list, that is not so, and nothing is moved. Knowledge: generic_checks() in
src/smtpd/smtpd_check.c, SMTPD_ACCESS_README.
"""

from collections.abc import Container, Iterator, Sequence

from advisor.facts.list_elements import WrittenRestriction, grouped, servers_reading, stands_once, without
from advisor.facts.wanted import Element, Wanted
from advisor.facts.written import key_of, written_text
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.setting import MainCfLine, ServiceOverride
from advisor.settings.values import split_items

LOGIN, NETWORKS = "permit_sasl_authenticated", "permit_mynetworks"
_PERMITS = (LOGIN, NETWORKS)
FINAL = ("permit", "reject", "defer")
# Tests by the client's address or names, which say nothing about one that has logged in.
BY_NAME = frozenset(
    """reject_unknown_client reject_unknown_client_hostname reject_unknown_reverse_client_hostname
    reject_unknown_forward_client_hostname reject_unknown_hostname reject_unknown_helo_hostname
    reject_rbl_client reject_rhsbl_client reject_rhsbl_reverse_client reject_rhsbl_helo
    reject_maps_rbl""".split()
)
# Where a permit more lets nobody relay.
_HARMLESS = tuple(f"smtpd_{stage}_restrictions" for stage in ("client", "helo", "sender"))


def permits_first(
    instance: Instance, service: Service, parameter: str, users: Container[str]
) -> tuple[Wanted, ...]:
    """The changes that let a server's own users pass its list first; where a server reads it whose key is in
    `users`, all of whose clients log in, it gets permit_sasl_authenticated if it has none. Nothing where they
    would change more than that.
    """
    origin = instance.setting(parameter, service).origin
    if not isinstance(origin, MainCfLine | ServiceOverride):
        return ()
    place = service if isinstance(origin, ServiceOverride) else None
    text = written_text(instance, parameter, place)
    items = tuple(grouped(split_items(text)))
    final = next((n for n, each in enumerate(items) if _decides(each)), len(items))
    first = next((n for n, each in enumerate(items[:final]) if _is_test(each)), final)
    readers = (service,) if place else servers_reading(instance, parameter)
    adds = any(each.key in users for each in readers) and LOGIN not in {each.name for each in items[:final]}
    if adds and (parameter not in _HARMLESS or any(each.name != "permit" for each in items[final:])):
        return ()
    before = {each.name for each in items[:first]}
    permits = [n for n in range(first, final) if items[n].name in _PERMITS and items[n].name not in before]
    end = final if adds else max(permits, default=first - 1) + 1
    between = [n for n in range(first, end) if not _is_test(items[n])]
    if "$" in text or first == final or not all(n in permits or _only_refuses(items[n]) for n in between):
        return ()
    return tuple(_moved(parameter, key_of(place), items, first, between, (LOGIN,) if adds else ()))


def _moved(
    parameter: str,
    key: str | None,
    items: Sequence[WrittenRestriction],
    first: int,
    between: Sequence[int],
    added: tuple[str, ...],
) -> Iterator[Wanted]:
    """The changes that move the elements `between` before the first test, and what is added behind them."""
    words = _words(items)
    test = items[first].element
    front = (*(items[n].element for n in between), *added)
    if not front or not stands_once(words, split_items(test)):
        return
    found: list[Wanted] = [Element(parameter, test, (*front, test), key)]
    begin = len(_words(items[:first]))
    words[begin:begin] = [word for each in front for word in split_items(each)]
    shift = len(words) - len(_words(items))
    for n in reversed(between):
        start = shift + len(_words(items[:n]))
        stop = start + len(_words(items[n : n + 1]))
        change = without(parameter, key, words, start, stop)
        if change is None:
            return
        found.append(change)
        del words[start:stop]
    yield from found


def _words(items: Sequence[WrittenRestriction]) -> list[str]:
    return [word for each in items for word in split_items(each.element)]


def _decides(each: WrittenRestriction) -> bool:
    return each.name in FINAL and not each.only_warns


def _is_test(each: WrittenRestriction) -> bool:
    return each.name in BY_NAME and not each.only_warns


def _only_refuses(each: WrittenRestriction) -> bool:
    return each.name.startswith("reject_") or each.name == "defer_unauth_destination"
