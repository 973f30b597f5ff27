"""Databases whose sockets a service in a chroot cannot reach.

A table of a database is opened before the chroot is entered, but the server is asked from inside of it, where
the path of a socket means another place. Knowledge: mysql_table(5) and pgsql_table(5) on `hosts`: to MySQL's
library `localhost`, which is its default, is a socket and never TCP.
"""

from collections.abc import Iterator

from advisor.facts.inspection import inspection
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue, split_items
from advisor.syntax.main_cf import parse_main_cf

WAY_OUT = (
    "Write proxy: in front of the table, for proxymap is there to reach what others cannot, or ask the "
    "server at 127.0.0.1."
)
_TYPES = ("mysql", "pgsql")
# The tables that each program opens itself.
_PARAMETERS = {
    "cleanup": (
        "canonical_maps",
        "recipient_canonical_maps",
        "sender_canonical_maps",
        "virtual_alias_maps",
    ),
    "smtp": ("smtp_generic_maps", "smtp_sasl_password_maps"),
    "trivial-rewrite": (
        "mydestination",
        "relay_domains",
        "transport_maps",
        "virtual_alias_domains",
        "virtual_mailbox_domains",
    ),
}


def database_sockets(instance: Instance, service: Service) -> Iterator[tuple[str, str]]:
    """The sockets by which the service asks a database: what asks it, and where; as far as the tables are
    given.
    """
    for table in dict.fromkeys(_tables(instance, service)):
        kind, _, path = table.partition(":")
        source = instance.table(path) if kind in _TYPES and path.startswith("/") else None
        if source is None:
            continue
        hosts = [line.raw_value for line in parse_main_cf(source).assignments if line.name == "hosts"]
        for host in split_items(hosts[-1]) if hosts else ["localhost"]:
            if host.startswith("unix:"):
                yield table, host.removeprefix("unix:")
            elif kind == "mysql" and host.removeprefix("inet:") == "localhost":
                yield table, "localhost"


def _tables(instance: Instance, service: Service) -> Iterator[str]:
    if service.command == "smtpd":
        yield from inspection(instance, service).tables
    for name in _PARAMETERS.get(service.command, ()):
        items = instance.setting(name, service).items()
        yield from () if isinstance(items, BadValue) else items
