"""Table settings in main.cf: `virtual_alias_maps = ldap:accounts` reads `accounts_server_host` and others.

Knowledge: src/postconf/postconf_dbms.c; "backwards compatibility" in ldap_table(5), mysql_table(5) and so on.
"""

from collections.abc import Iterator

from advisor.settings.catalogue import Catalogue
from advisor.settings.release import Release
from advisor.settings.values import split_items
from advisor.syntax.braces import unbraced

# Braces in braces in … deeper than this no real table goes; it bounds the work on hostile text.
_DEEPEST = 20


def table_setting_names(value: str, catalogue: Catalogue, release: Release) -> Iterator[str]:
    """The names in main.cf that the tables in an expanded value may read their settings from."""
    return _names(value, catalogue, release, 0)


def _names(value: str, catalogue: Catalogue, release: Release, depth: int) -> Iterator[str]:
    if depth > _DEEPEST or ":" not in value:
        return
    for item in split_items(value):
        if item.startswith("{"):
            yield from _names(unbraced(item).text, catalogue, release, depth + 1)
            continue
        driver, colon, table = item.partition(":")
        while colon and driver == "proxy":
            driver, colon, table = table.partition(":")
        if table.startswith("{"):
            yield from _names(unbraced(table).text, catalogue, release, depth + 1)
        elif colon and not table.startswith(("/", ".")):
            for attribute in catalogue.attributes(driver, release):
                yield f"{table}_{attribute}"
