"""Domains that stand in two address classes, or in none though their addresses have aliases.

mydestination comes first, then virtual_alias_domains, virtual_mailbox_domains and relay_domains. Postfix
warns of each pair here and calls what happens then undefined; mydestination together with relay_domains is
the old default, and fine. Knowledge: resolve_addr() in src/trivial-rewrite/resolve.c, ADDRESS_CLASS_README,
VIRTUAL_README.
"""

import msgspec

from advisor.facts.case import Case
from advisor.facts.domain_lists import DomainList, domain_list, has_keys, table_keys
from advisor.facts.registry import fact
from advisor.missing import Missing
from advisor.settings.values import BadValue

_LOCAL, _ALIAS, _MAILBOX, _RELAY = (
    "mydestination",
    "virtual_alias_domains",
    "virtual_mailbox_domains",
    "relay_domains",
)
_PAIRS = ((_LOCAL, _ALIAS), (_LOCAL, _MAILBOX), (_ALIAS, _MAILBOX), (_ALIAS, _RELAY), (_MAILBOX, _RELAY))
_ALIAS_MAPS = "virtual_alias_maps"


class DomainTwice(msgspec.Struct, frozen=True):
    """A domain in two lists: what stands in `first` counts."""

    domain: str
    first: str
    second: str

    @property
    def loses_mail(self) -> bool:
        """Whether recipients of the second list become unknown; with relay_domains Postfix only warns."""
        return self.second != _RELAY


@fact()
def domains_in_two_classes(case: Case) -> tuple[DomainTwice, ...]:
    """The domains that stand in two address classes at once, each with the first two."""
    lists = {name: domain_list(case.instance, name) for name in (_LOCAL, _ALIAS, _MAILBOX, _RELAY)}
    found: dict[str, DomainTwice] = {}
    for first, second in _PAIRS:
        # What stands there by default nobody meant to list.
        if second == _RELAY and case.instance.setting(_RELAY).is_default:
            continue
        for domain in (*lists[first].names, *lists[second].names):
            if _is_domain(domain) and lists[first].holds(domain) and lists[second].holds(domain):
                found.setdefault(domain, DomainTwice(domain, first, second))
    return tuple(found.values())


@fact()
def mail_of_class_is_lost(case: Case) -> bool:
    """Whether such a domain makes recipients unknown that stand in a table of the other class."""
    return any(each.loses_mail for each in domains_in_two_classes(case))


@fact()
def undeclared_alias_domains(case: Case) -> tuple[str, ...] | Missing:
    """The domains of addresses in virtual_alias_maps that are in no address class."""
    instance = case.instance
    items = instance.setting(_ALIAS_MAPS).items()
    # Databases and patterns do not say which addresses they have.
    tables = [item for item in (() if isinstance(items, BadValue) else items) if has_keys(item)]
    keys = {table: table_keys(instance, table) for table in tables}
    lists = [domain_list(instance, name) for name in (_LOCAL, _ALIAS, _MAILBOX, _RELAY)]
    domains = dict.fromkeys(
        key.rpartition("@")[2].lower() for found in keys.values() for key in found if "@" in key
    )
    lost = tuple(each for each in domains if _is_domain(each) and not any(one.holds(each) for one in lists))
    unread = [table for table in tables if not keys[table]] or (_unread(lists) if lost else [])
    if unread:
        return Missing(
            f"what stands in {' and '.join(dict.fromkeys(unread))}",
            "put the files beside main.cf, or give a bundle of advisor collect",
        )
    return lost


def _unread(lists: list[DomainList]) -> list[str]:
    return [name for each in lists for name in each.unread]


def _is_domain(text: str) -> bool:
    return not set(text) & set("@:/{}") and ("." in text or text.startswith("$"))
