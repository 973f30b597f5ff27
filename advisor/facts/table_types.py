"""The types of the lookup tables that a configuration names, and whether this Postfix has them.

Knowledge: DATABASE_README; dict_open3() in src/util/dict_open.c, with which a table of a type that is not
there is "unavailable: unsupported dictionary type", and each lookup in it fails.
"""

import re

import msgspec

from advisor.facts.case import Case
from advisor.facts.proxied import written_settings
from advisor.facts.registry import collection
from advisor.syntax.source import Span

# Those that a build or a package may lack; the others of Postfix need nothing but itself. A word with another
# name before its colon need not be a table: inet:, lmtp:, unix:.
_OPTIONAL = "btree cdb dbm hash ldap lmdb memcache mongodb mysql nis nisplus pcre pgsql sdbm sqlite".split()
_TABLE = re.compile(rf"(?:^|[\s,{{:=])({'|'.join(_OPTIONAL)}):")


class UsedTableType(msgspec.Struct, frozen=True):
    """A type, and the parameters whose values name a table of it, the first of which stands at `span`."""

    name: str
    parameters: tuple[str, ...]
    span: Span
    is_there: bool


@collection(element=UsedTableType, variable="type", locate=lambda kind: kind.span)
def used_table_types(case: Case) -> tuple[UsedTableType, ...]:
    """The types of tables that are made use of; none where nobody told which types this Postfix has."""
    types = case.instance.host.table_types
    if types is None:
        return ()
    found: dict[str, list[tuple[str, Span]]] = {}
    for setting, service, span in written_settings(case.instance):
        place = f"{setting.name} of {service.key}" if service else setting.name
        for name in dict.fromkeys(_TABLE.findall(setting.normal)):
            found.setdefault(name, []).append((place, span))
    return tuple(
        UsedTableType(name, tuple(place for place, _ in uses), uses[0][1], name in types)
        for name, uses in found.items()
    )
