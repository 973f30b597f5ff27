"""Lookup tables that ask another program or host: smtpd(8) waits for each answer before it gives its own.

Knowledge: DATABASE_README, ADDRESS_CLASS_README, smtpd(8) on known and unknown recipients; trivial-rewrite(8)
looks up the tables of domains and transports while smtpd(8) waits for its answer.
"""

from collections.abc import Iterable, Iterator

from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue

_REMOTE = frozenset("ldap ldaps mysql pgsql mongodb memcache tcp socketmap".split())
# What is looked up for a recipient, before the answer to RCPT TO.
_PARAMETERS = (
    "local_recipient_maps",
    "mydestination",
    "relay_domains",
    "relay_recipient_maps",
    "smtpd_sender_login_maps",
    "transport_maps",
    "virtual_alias_domains",
    "virtual_alias_maps",
    "virtual_mailbox_domains",
    "virtual_mailbox_maps",
)


def is_remote(table: str) -> bool:
    """Whether a lookup in it waits for another program or host."""
    return table.removeprefix("proxy:").partition(":")[0] in _REMOTE


def recipient_tables(instance: Instance, service: Service) -> Iterator[str]:
    """The remote tables that tell which recipients and domains there are."""
    for name in _PARAMETERS:
        items = instance.setting(name, service).items()
        yield from remote(() if isinstance(items, BadValue) else items)


def remote(tables: Iterable[str]) -> Iterator[str]:
    """Those that are remote."""
    return (table for table in tables if is_remote(table))
