"""What makes a server take mail for nobody, and send a bounce later, or defer what should be refused.

Knowledge: LOCAL_RECIPIENT_README, ADDRESS_CLASS_README, BACKSCATTER_README, postconf(5).
"""

from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.proxied import approving_users
from advisor.facts.registry import collection
from advisor.facts.relay import refuses_strangers
from advisor.facts.restrictions import RestrictionLists
from advisor.facts.services import smtp_services
from advisor.facts.wanted import Remove, Wanted
from advisor.facts.written import key_of
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.setting import MainCfLine, ServiceOverride
from advisor.settings.values import BadValue
from advisor.syntax.source import Span

# What may know the recipients that no table lists; a policy service or a table may.
_MAY_KNOW = ("reject_unverified_recipient", "check_recipient_access", "check_policy_service")
_LISTS = ("smtpd_relay_restrictions", "smtpd_recipient_restrictions")
_CODES = (
    "unknown_local_recipient_reject_code",
    "unknown_virtual_alias_reject_code",
    "unknown_virtual_mailbox_reject_code",
    "unknown_relay_recipient_reject_code",
)
_LOCAL_TRANSPORT, _RELAY_TRANSPORT = "local_transport", "relay_transport"
_NO_DELIVERY = ("discard", "error")
_DELIVERY = (
    _LOCAL_TRANSPORT,
    "mailbox_transport",
    "mailbox_transport_maps",
    "fallback_transport",
    "luser_relay",
)
_LOCAL, _RELAY, _RELAY_MAPS = "local_recipient_maps", "relay_domains", "relay_recipient_maps"


class UnknownRecipients(msgspec.Struct, frozen=True):
    """A line of main.cf, or an option of a server (`key`), that decides what becomes of mail for nobody.
    `takes`: the server takes it, for the `domains`; `defers`: it answers that the client is to try again.
    Neither: all is well.

    `changes` take the line away where its default is right.
    """

    parameter: str
    value: str
    span: Span
    key: str | None = None
    takes: bool = False
    defers: bool = False
    domains: tuple[str, ...] = ()
    changes: tuple[Wanted, ...] = ()


@collection(element=UnknownRecipients, variable="line", locate=lambda line: line.span)
def unknown_recipient_lines(case: Case) -> tuple[UnknownRecipients, ...]:
    """The lines about unknown recipients, where other hosts can hand in mail: those of main.cf, and those of
    the servers that take mail of strangers.
    """
    if not smtp_services(case):
        return ()
    return tuple(line for place in (None, *_for_strangers(case)) for line in _lines(case, place))


def _lines(case: Case, place: Service | None) -> Iterator[UnknownRecipients]:
    instance = case.instance
    key = key_of(place)
    for name in (*_CODES, "soft_bounce", _LOCAL, *(() if place else (_RELAY,))):
        setting = instance.setting(name, place)
        if not setting.known or not isinstance(setting.origin, ServiceOverride if place else MainCfLine):
            continue
        of = UnknownRecipients(name, setting.text, setting.origin.span, key)
        if name == "soft_bounce":
            yield msgspec.structs.replace(of, defers=setting.boolean() is True, changes=(Remove(name, key),))
        elif name in _CODES:
            defers = setting.normal.startswith("4")
            yield msgspec.structs.replace(of, defers=defers, changes=(Remove(name, key),))
        elif name == _LOCAL:
            domains = _items(instance, "mydestination")
            takes = not setting.normal and bool(domains) and _delivers(instance, _LOCAL_TRANSPORT)
            takes = takes and not _may_know(case)
            back = (Remove(name, key), *approving_users(instance))
            yield msgspec.structs.replace(
                of, takes=takes, domains=domains, changes=() if _delivers_elsewhere(instance) else back
            )
        else:
            own = _own(instance)
            domains = tuple(
                each for each in _items(instance, name) if each not in own and not each.startswith("!")
            )
            bare = not instance.setting(_RELAY_MAPS).normal and _delivers(instance, _RELAY_TRANSPORT)
            takes = bare and bool(domains) and not _may_know(case)
            yield msgspec.structs.replace(of, takes=takes, domains=domains)


def _delivers(instance: Instance, transport: str) -> bool:
    """Whether the transport may find out that a recipient does not exist: discard(8) and error(8) cannot."""
    name = instance.setting(transport).normal.partition(":")[0]
    service = instance.service(f"{name}/unix")
    return service is None or service.command not in _NO_DELIVERY


def _delivers_elsewhere(instance: Instance) -> bool:
    """Whether a program that has users of its own gets local mail, so that the default would refuse them."""
    return any(not instance.setting(name).is_default for name in _DELIVERY)


def _own(instance: Instance) -> frozenset[str]:
    names = ("mydestination", "virtual_alias_domains", "virtual_mailbox_domains")
    return frozenset(item for name in names for item in _items(instance, name))


def _may_know(case: Case) -> bool:
    """Whether something asks about recipients on each server that takes mail of strangers."""
    return all(
        any(
            step.name in _MAY_KNOW and not step.only_warns
            for name in _LISTS
            for step in lists.steps(lists.items(name))
        )
        for lists in (RestrictionLists(case.instance, each) for each in _for_strangers(case))
    )


def _for_strangers(case: Case) -> tuple[Service, ...]:
    """The servers that others reach, save those that refuse whoever has not logged in."""
    return tuple(each for each in smtp_services(case) if not refuses_strangers(case.instance, each))


def _items(instance: Instance, name: str) -> tuple[str, ...]:
    items = instance.setting(name).items()
    return () if isinstance(items, BadValue) else items
