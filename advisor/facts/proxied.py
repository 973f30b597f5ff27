"""Tables that are opened through proxymap(8), and those of databases that are opened directly.

proxymap opens no table but those that proxy_read_maps (for the service proxywrite: proxy_write_maps) has in
the form `proxy:type:name`, as expanded from main.cf; a `-o` of the client's service does not reach it.
Knowledge: post_jail_init() in src/proxymap/proxymap.c, PROXY_READ_MAPS in postconf(5).
"""

from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import collection, fact
from advisor.facts.restriction_classes import CLASSES
from advisor.facts.wanted import Assign, Element
from advisor.settings.expand import references
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.setting import Default, MainCfLine, ServiceOverride, Setting
from advisor.settings.values import BadValue, split_items
from advisor.syntax.source import Span

_READ = "proxy_read_maps"
_WRITE = "proxy_write_maps"
# Caches that Postfix itself writes; tlsmgr(8) opens its own without proxymap.
_CACHES = (
    "address_verify_map",
    "postscreen_cache_map",
    "smtp_sasl_auth_cache_name",
    "lmtp_sasl_auth_cache_name",
)
_SESSION_CACHE = "_session_cache_database"
# The two lists themselves, and what only newaliases(1) reads.
_NO_TABLES = (_READ, _WRITE, "alias_database")
_PREFIX = "proxy:"
# Databases behind a server, each process of Postfix a connection; sqlite is a file.
_SERVERS = ("ldap", "mysql", "pgsql", "mongodb")
# Opened directly whatever stands there (src/virtual/virtual.c).
_NEVER_PROXIED = ("virtual_uid_maps", "virtual_gid_maps")


class ProxiedTable(msgspec.Struct, frozen=True):
    """A table `type:name` behind `proxy:`, where a parameter has it: in main.cf (`key` is None) or in a `-o`.

    `approving` is the parameter of the tables that proxymap opens for this use.
    """

    table: str
    parameter: str
    key: str | None
    span: Span
    approving: str


@collection(element=ProxiedTable, variable="proxied", locate=lambda proxied: proxied.span)
def proxied_tables(case: Case) -> tuple[ProxiedTable, ...]:
    """The tables that programs ask proxymap for, each once for a parameter of a place."""
    return tuple(dict.fromkeys(_proxied(case.instance)))


@fact()
def is_approved(case: Case, proxied: ProxiedTable) -> bool:
    """Whether proxymap opens the table."""
    items = _approved(case.instance, proxied.approving)
    return items is None or proxied.table in items


@fact()
def approving_change(case: Case, proxied: ProxiedTable) -> tuple[Assign | Element, ...]:
    """What adds the table to those that proxymap opens."""
    setting = case.instance.setting(proxied.approving)
    items = split_items(setting.text)
    new = f"{_PREFIX}{proxied.table}"
    if setting.is_default or not items:
        return (Assign(proxied.approving, f"{setting.text} {new}".strip()),)
    return (Element(proxied.approving, items[-1], (items[-1], new)),)


class DatabaseTable(msgspec.Struct, frozen=True):
    """The tables of a database server that one parameter names without `proxy:`. `key` is None for main.cf.

    `processes` may have them open at a time, each with a connection for each table; `programs` they run.
    `approved`: proxymap would open them, since its list refers to the parameter.
    """

    parameter: str
    key: str | None
    span: Span
    tables: tuple[str, ...]
    processes: int
    programs: tuple[str, ...]
    approved: bool


@collection(element=DatabaseTable, variable="database", locate=lambda database: database.span)
def database_tables(case: Case) -> tuple[DatabaseTable, ...]:
    """The parameters with tables of a database server that programs open themselves."""
    return tuple(_databases(case.instance))


@fact()
def through_proxymap(case: Case, database: DatabaseTable) -> tuple[Element, ...]:  # noqa: ARG001
    """What puts proxymap between the programs and the database."""
    return tuple(
        Element(database.parameter, table, (f"{_PREFIX}{table}",), database.key) for table in database.tables
    )


def proxies(instance: Instance, *, writing: bool) -> ProxiedTable | None:
    """The first table that is read, or written, through proxymap."""
    approving = _WRITE if writing else _READ
    return next((each for each in _proxied(instance) if each.approving == approving), None)


def written_settings(instance: Instance) -> Iterator[tuple[Setting, Service | None, Span]]:
    """The settings that main.cf and the options of services have, with their place; only those that count."""
    for name in dict.fromkeys(line.name for line in instance.main_cf.assignments):
        setting = instance.setting(name)
        if instance.is_known(name) and isinstance(setting.origin, MainCfLine):
            yield setting, None, setting.origin.span
    for service in instance.services:
        for name in dict.fromkeys(each.name for each in service.entry.overrides):
            setting = instance.setting(name, service)
            if isinstance(setting.origin, ServiceOverride):
                yield setting, service, setting.origin.span


def _items(setting: Setting) -> tuple[str, ...]:
    items = setting.items()
    return () if isinstance(items, BadValue) else items


def _proxied(instance: Instance) -> Iterator[ProxiedTable]:
    classes = _items(instance.setting(CLASSES))
    for setting, service, span in written_settings(instance):
        # What somebody defined for other values counts in those, but for the classes, which none refers to.
        is_own = setting.parameter is None and setting.name not in classes
        if is_own or setting.name in _NO_TABLES or setting.name.endswith(_SESSION_CACHE):
            continue
        approving = _WRITE if setting.name in _CACHES else _READ
        for item in _items(setting):
            table = item
            while table.startswith(_PREFIX):
                table = table.removeprefix(_PREFIX)
            if table != item and ":" in table and "$" not in table:
                yield ProxiedTable(table, setting.name, service.key if service else None, span, approving)


def _approved(instance: Instance, approving: str) -> frozenset[str] | None:
    """The tables that proxymap opens, without `proxy:`; None where that cannot be told."""
    reader = next((each for each in instance.services if each.key == "proxymap/unix"), None)
    setting = instance.setting(approving, reader)
    if setting.problem is not None:
        return None
    found = set()
    for item in _items(setting):
        table = item
        while table.startswith(_PREFIX):
            table = table.removeprefix(_PREFIX)
        if table != item:
            found.add(table)
    return frozenset(found)


def _databases(instance: Instance) -> Iterator[DatabaseTable]:
    approved = references(instance.setting(_READ).text)
    for setting, service, span in written_settings(instance):
        if setting.parameter is None or setting.name in _NEVER_PROXIED:
            continue
        tables = tuple(dict.fromkeys(item for item in split_items(setting.text) if _is_server(item)))
        if tables:
            users = [
                each
                for each in ((service,) if service else instance.services)
                if each.command in setting.parameter.daemons
                and (service or isinstance(instance.setting(setting.name, each).origin, MainCfLine | Default))
            ]
            yield DatabaseTable(
                setting.name,
                service.key if service else None,
                span,
                tables,
                sum(each.process_limit for each in users),
                tuple(dict.fromkeys(each.command for each in users)),
                service is None and setting.name in approved,
            )


def _is_server(item: str) -> bool:
    kind, colon, name = item.partition(":")
    return bool(colon and name) and kind in _SERVERS
