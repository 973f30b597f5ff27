"""Tables that are opened through proxymap(8), and those of databases that are opened directly.

proxymap opens no table but those that proxy_read_maps (for the service proxywrite: proxy_write_maps) has in
the form `proxy:type:name`, as expanded from main.cf; a `-o` of the client's service does not reach it. A
program whose table is refused ends at once. Knowledge: post_jail_init() in src/proxymap/proxymap.c,
dict_proxy_open() in src/global/dict_proxy.c, post_init() in src/virtual/virtual.c, src/local/local.c and
src/local/mailbox.c; proxy_read_maps in postconf(5).
"""

from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import collection, fact
from advisor.facts.restriction_classes import CLASSES, unlisted_classes
from advisor.facts.wanted import Assign, Element
from advisor.settings.expand import references
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.setting import MainCfLine, ServiceOverride, Setting
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
_USERS, _USERS_OF_HOST = "local_recipient_maps", "proxy:unix:passwd.byname"
_PREFIX = "proxy:"
# Databases behind a server, each process of Postfix a connection; sqlite is a file.
_SERVERS = ("ldap", "mysql", "pgsql", "mongodb")
# These open their tables themselves whatever stands there (DICT_FLAG_NO_PROXY), and the last is proxymap.
_NEVER_PROXIED = ("local", "virtual", "proxymap")
# Of what local(8) and virtual(8) read so, these are read by nobody else.
_OPENED_DIRECTLY = ("mailbox_command_maps", "virtual_uid_maps", "virtual_gid_maps")
_ALIASES = "alias_maps"


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
    return proxied.table in _approved(case.instance, proxied.approving)


@fact()
def approving_change(case: Case, proxied: ProxiedTable) -> tuple[Assign | Element, ...]:
    """What adds the table to those that proxymap opens, and all others that it lacks, so that one change is
    made for them; nothing where it cannot be written.
    """
    approving, approved = proxied.approving, _approved(case.instance, proxied.approving)
    asked = dict.fromkeys(each.table for each in _proxied(case.instance) if each.approving == approving)
    return _approving(case.instance, approving, *(table for table in asked if table not in approved))


def approving_users(instance: Instance) -> tuple[Assign | Element, ...]:
    """What lets proxymap open the users of this host, a table of the default of local_recipient_maps; nothing
    where it does, or will with that default.
    """
    table = _unproxied(_USERS_OF_HOST)
    will = _USERS in references(instance.setting(_READ).text) or table in _approved(instance, _READ)
    return () if will else _approving(instance, _READ, table)


def _approving(instance: Instance, approving: str, *tables: str) -> tuple[Assign | Element, ...]:
    setting = instance.setting(approving)
    items = split_items(setting.text)
    new = tuple(f"{_PREFIX}{table}" for table in tables)
    if not "".join((setting.text, *new)).isprintable():
        return ()
    if setting.is_default or not items:
        return (Assign(approving, " ".join((setting.text, *new)).strip()),)
    return (Element(approving, items[-1], (items[-1], *new)),)


class DirectDatabases(msgspec.Struct, frozen=True):
    """The tables of database servers that parameters of main.cf name without `proxy:`.

    `connections`: how many the processes of `programs` may have, one for each table. `unlisted`: the
    parameters to which proxymap's own list does not refer. `changes` put proxymap in between.
    """

    span: Span
    parameters: tuple[str, ...]
    connections: int
    programs: tuple[str, ...]
    unlisted: tuple[str, ...]
    changes: tuple[Element, ...]


@collection(element=DirectDatabases, variable="databases", locate=lambda databases: databases.span)
def direct_databases(case: Case) -> tuple[DirectDatabases, ...]:
    """The tables of database servers that programs open themselves, all together, if there are any."""
    uses = [*_databases(case.instance)]
    if not uses:
        return ()
    approved = references(case.instance.setting(_READ).text)
    return (
        DirectDatabases(
            uses[0].span,
            tuple(use.parameter for use in uses),
            sum(use.connections for use in uses),
            tuple(dict.fromkeys(name for use in uses for name in use.programs)),
            tuple(use.parameter for use in uses if use.parameter not in approved),
            tuple(Element(use.parameter, each, (_PREFIX + each,)) for use in uses for each in use.tables),
        ),
    )


def proxies(instance: Instance, *, writing: bool) -> ProxiedTable | None:
    """The first table that is read, or written, through proxymap."""
    approving = _WRITE if writing else _READ
    return next((each for each in _proxied(instance) if each.approving == approving), None)


def written_settings(instance: Instance) -> Iterator[tuple[Setting, Service | None, Span]]:
    """The settings that main.cf and the options of services have, with their place; only those that count, or
    will when a class is announced.
    """
    for name in dict.fromkeys(line.name for line in instance.main_cf.assignments):
        setting = instance.setting(name)
        counts = instance.is_known(name) or name in unlisted_classes(instance)
        if counts and isinstance(setting.origin, MainCfLine):
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
    unproxied: tuple[str, ...] = (*_NO_TABLES, *_OPENED_DIRECTLY)
    if _ALIASES not in references(instance.setting(_USERS).text):  # so smtpd(8) does not read them
        unproxied += (_ALIASES,)
    for setting, service, span in (*written_settings(instance), *_defaults(instance)):
        # What somebody defined for other values counts in those, but for the classes, which none refers to.
        is_own = setting.parameter is None and setting.name not in (*classes, *unlisted_classes(instance))
        if is_own or setting.name.endswith(_SESSION_CACHE) or setting.name in unproxied:
            continue
        approving = _WRITE if setting.name in _CACHES else _READ
        for item in _items(setting):
            table = _unproxied(item)
            if table != item and ":" in table and "$" not in table:
                yield ProxiedTable(table, setting.name, service.key if service else None, span, approving)


def _defaults(instance: Instance) -> Iterator[tuple[Setting, Service | None, Span]]:
    """The one default with a table behind proxymap, which a list of tables must not leave out."""
    setting, approving = instance.setting(_USERS), instance.setting(_READ)
    servers = any(service.command == "smtpd" for service in instance.services)
    if servers and setting.is_default and isinstance(approving.origin, MainCfLine):
        yield setting, None, approving.origin.span


def _approved(instance: Instance, approving: str) -> frozenset[str]:
    """The tables that proxymap opens, without `proxy:`. The parameters of its list are taken one by one, so
    that one which cannot be told hides none of the others.
    """
    reader = instance.service("proxymap/unix")
    found: list[str] = []
    for word in split_items(instance.setting(approving, reader).text):
        name = references(word)
        items = _items(instance.setting(name[0], reader)) if name else (word,)
        found += (_unproxied(item) for item in items if item.startswith(_PREFIX))
    return frozenset(found)


def _unproxied(item: str) -> str:
    while item.startswith(_PREFIX):
        item = item.removeprefix(_PREFIX)
    return item


class _Use(msgspec.Struct, frozen=True):
    """A parameter of main.cf with tables of a server, and the programs that open them."""

    parameter: str
    span: Span
    tables: tuple[str, ...]
    connections: int
    programs: tuple[str, ...]


def _databases(instance: Instance) -> Iterator[_Use]:
    for setting, service, span in written_settings(instance):
        parameter = setting.parameter
        tables = tuple(dict.fromkeys(item for item in split_items(setting.text) if _is_server(item)))
        if service or not parameter or not tables:
            continue
        users = [
            each
            for each in instance.services
            if each.command in parameter.daemons
            and each.command not in _NEVER_PROXIED
            and not isinstance(instance.setting(setting.name, each).origin, ServiceOverride)
        ]
        if users:
            connections = sum(each.process_limit for each in users) * len(tables)
            programs = tuple(dict.fromkeys(each.command for each in users))
            yield _Use(setting.name, span, tables, connections, programs)


def _is_server(item: str) -> bool:
    kind, colon, name = item.partition(":")
    return bool(colon and name) and kind in _SERVERS
