"""What makes a server take mail for nobody, and send a bounce later, or defer what should be refused.

Knowledge: LOCAL_RECIPIENT_README, ADDRESS_CLASS_README, BACKSCATTER_README, postconf(5).
"""

from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.proxied import approving_users
from advisor.facts.registry import collection
from advisor.facts.restrictions import RestrictionLists
from advisor.facts.services import smtp_services
from advisor.facts.wanted import Remove, Wanted
from advisor.settings.instance import Instance
from advisor.settings.setting import MainCfLine
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
    """A line of main.cf that decides what becomes of mail for nobody. `takes`: the server takes it, for the
    `domains`; `defers`: it answers that the client is to try again. Neither: all is well.

    `changes` take the line away where its default is right.
    """

    parameter: str
    value: str
    span: Span
    takes: bool = False
    defers: bool = False
    domains: tuple[str, ...] = ()
    changes: tuple[Wanted, ...] = ()


@collection(element=UnknownRecipients, variable="line", locate=lambda line: line.span)
def unknown_recipient_lines(case: Case) -> tuple[UnknownRecipients, ...]:
    """The lines of main.cf about unknown recipients, where other hosts can hand in mail."""
    return tuple(_lines(case)) if smtp_services(case) else ()


def _lines(case: Case) -> Iterator[UnknownRecipients]:
    instance = case.instance
    for name in (*_CODES, "soft_bounce", _LOCAL, _RELAY):
        setting = instance.setting(name)
        if not isinstance(setting.origin, MainCfLine) or not setting.known:
            continue
        of = UnknownRecipients(name, setting.text, setting.origin.span)
        if name == "soft_bounce":
            yield msgspec.structs.replace(of, defers=setting.boolean() is True, changes=(Remove(name),))
        elif name in _CODES:
            yield msgspec.structs.replace(of, defers=setting.normal.startswith("4"), changes=(Remove(name),))
        elif name == _LOCAL:
            domains = _items(instance, "mydestination")
            takes = not setting.normal and bool(domains) and _delivers(instance, _LOCAL_TRANSPORT)
            takes = takes and not _may_know(case)
            changes = () if _delivers_elsewhere(instance) else (Remove(name), *approving_users(instance))
            yield msgspec.structs.replace(of, takes=takes, domains=domains, changes=changes)
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
    """Whether something asks about recipients on each server that others reach."""
    return all(
        any(
            step.name in _MAY_KNOW and not step.only_warns
            for name in _LISTS
            for step in lists.steps(lists.items(name))
        )
        for lists in (RestrictionLists(case.instance, each) for each in smtp_services(case))
    )


def _items(instance: Instance, name: str) -> tuple[str, ...]:
    items = instance.setting(name).items()
    return () if isinstance(items, BadValue) else items
