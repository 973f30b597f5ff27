"""Where the check of a sender's login has to stand so that it is asked before the user is let pass.

One that stands behind permit_sasl_authenticated moves before it. Where there is none, one that says nothing
of clients without a login, reject_authenticated_sender_login_mismatch, comes to the head of
smtpd_sender_restrictions. A server without SASL logs a warning for each mail whose list has such a check, so
a list that it reads as well is left alone. Knowledge: generic_checks() in src/smtpd/smtpd_check.c,
SASL_README.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence

from advisor.facts.list_elements import WrittenRestriction, grouped, servers_reading, stands_once, without
from advisor.facts.permits_first import LOGIN
from advisor.facts.restrictions import RESTRICTION_LISTS
from advisor.facts.wanted import Assign, Element, Wanted
from advisor.facts.written import key_of, referring_names, written_text
from advisor.settings.expand import references
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.setting import Default, ServiceOverride
from advisor.settings.values import split_items

LOGIN_CHECKS = frozenset(f"reject_{which}sender_login_mismatch" for which in ("", "authenticated_", "known_"))
# The lists that are asked of a mail before its data, in this order.
EARLY_LISTS = tuple(
    f"smtpd_{stage}_restrictions" for stage in ("client", "helo", "sender", "relay", "recipient")
)
_ADDED = "reject_authenticated_sender_login_mismatch"
_SENDER = "smtpd_sender_restrictions"


def login_check_placed(
    instance: Instance, service: Service, with_login: Collection[str]
) -> tuple[Wanted, ...]:
    """The changes that let a server compare login and sender in time; `with_login` are the keys of those that
    offer AUTH. Nothing where a check is being tried with warn_if_reject, or where the list is written in
    a way that leaves no room for a change.
    """
    lists = {name: _written(instance, service, name) for name in EARLY_LISTS}
    checks = [each for of in lists.values() for each in of if each.name in LOGIN_CHECKS]
    if any(each.only_warns for each in checks):
        return ()
    for name, items in lists.items():
        if changes := tuple(_moved(name, key_of(_place(instance, service, name)), items)):
            return changes
    return () if checks else tuple(_added(instance, service, with_login))


def _moved(name: str, key: str | None, items: Sequence[WrittenRestriction]) -> Iterator[Wanted]:
    """The first check behind permit_sasl_authenticated goes before it."""
    names = [each.name for each in items]
    if LOGIN not in names:
        return
    permit = names.index(LOGIN)
    check = next((n for n in range(permit, len(items)) if names[n] in LOGIN_CHECKS), None)
    words = [word for each in items for word in split_items(each.element)]
    if check is None or not stands_once(words, split_items(items[permit].element)):
        return
    start = sum(len(split_items(each.element)) for each in items[:permit])
    old = 1 + sum(len(split_items(each.element)) for each in items[:check])
    words[start:start] = [items[check].element]
    if removal := without(name, key, words, old, old + 1):
        permitted = items[permit].element
        yield Element(name, permitted, (items[check].element, permitted), key)
        yield removal


def _added(instance: Instance, service: Service, with_login: Collection[str]) -> Iterator[Wanted]:
    """The check as the first restriction of the server's smtpd_sender_restrictions."""
    name, place = _SENDER, _place(instance, service, _SENDER)
    if isinstance(instance.setting(_SENDER, service).origin, Default):
        yield Assign(_SENDER, _ADDED, service.key)
        return
    text = written_text(instance, name, place)
    if place is not None and (own := _own_list(instance, text)):
        name, place, text = own, None, written_text(instance, own, None)
        if len(referring_names(instance, name)) > 1:
            return
    elif place is None and any(each.key not in with_login for each in servers_reading(instance, name)):
        place = service
    words = split_items(text)
    if "$" in text:
        return
    if not words:
        yield Assign(name, _ADDED, key_of(place))
        return
    fewer = bisect_left(range(1, len(words)), x=True, key=lambda count: stands_once(words, words[:count]))
    head = " ".join(words[: fewer + 1])
    yield Element(name, head, (_ADDED, head), key_of(place))


def _own_list(instance: Instance, text: str) -> str:
    """The parameter of the site's own that a value consists of; empty where it is something else."""
    named = references(text)
    is_whole = len(named) == 1 and text.strip() in (f"${named[0]}", f"${{{named[0]}}}", f"$({named[0]})")
    if not is_whole or named[0] in RESTRICTION_LISTS:
        return ""
    return named[0] if any(line.name == named[0] for line in instance.main_cf.assignments) else ""


def _written(instance: Instance, service: Service, name: str) -> tuple[WrittenRestriction, ...]:
    if isinstance(instance.setting(name, service).origin, Default):
        return ()
    return tuple(grouped(split_items(written_text(instance, name, _place(instance, service, name)))))


def _place(instance: Instance, service: Service, name: str) -> Service | None:
    """The service, where it has the list by `-o`; None for main.cf."""
    return service if isinstance(instance.setting(name, service).origin, ServiceOverride) else None
