"""Tables in a value, as postconf(1) looks for them: `alias_maps = ldap:accounts, mysql:/etc/users.cf`.

Knowledge: src/postconf/postconf_dbms.c, src/util/extpar.c, mystrtok_warn() in src/util/mystrtok.c, and
"backwards compatibility" in ldap_table(5), mysql_table(5) and so on.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from advisor.settings.catalogue import Catalogue
from advisor.settings.release import Release
from advisor.settings.values import item_places
from advisor.syntax.braces import unbraced

# Braces in braces in … deeper than this no real table goes; it bounds the work on hostile text.
_DEEPEST: Final = 20
# Since then postconf(1) reads nothing behind a `#` in a list of tables, and no tables in inline patterns.
NO_COMMENTS: Final = Release(3, 8)
_PATTERN_TYPES: Final = frozenset({"regexp", "pcre"})


class TableSetting(msgspec.Struct, frozen=True):
    """A name in main.cf that a table such as `ldap:accounts` may read: `accounts_server_host`."""

    name: str


class TableFile(msgspec.Struct, frozen=True):
    """The file that a table such as `mysql:/etc/users.cf` reads its settings from, and their names."""

    type: str
    path: str
    attributes: tuple[str, ...]


class BadBraces(msgspec.Struct, frozen=True):
    """An element whose first brace is never closed, or has text behind the closing one: Postfix's words."""

    problem: str


class CommentInValue(msgspec.Struct, frozen=True):
    """A word that begins with `#`, and the text behind it: Postfix 3.8 and later read no further."""

    word: str
    rest: str


TableItem = TableSetting | TableFile | BadBraces | CommentInValue


def table_items(value: str, catalogue: Catalogue, release: Release) -> Iterator[TableItem]:
    """What an expanded value says of tables, element by element."""
    return _Reader(catalogue, release).items(value, 0, recurse=True)


class _Reader(msgspec.Struct, frozen=True):
    catalogue: Catalogue
    release: Release

    def items(self, value: str, depth: int, *, recurse: bool) -> Iterator[TableItem]:
        if depth > _DEEPEST:
            return
        for start, end in item_places(value):
            item = value[start:end]
            if item.startswith("#") and self.release >= NO_COMMENTS:
                yield CommentInValue(item, value[end + 1 :])
                return
            if not item.startswith("{"):
                yield from self._table(item, depth, recurse=recurse)
                continue
            inner = unbraced(item)
            if inner.problem:
                yield BadBraces(inner.problem)
            if recurse:
                yield from self.items(inner.text, depth + 1, recurse=recurse)

    def _table(self, item: str, depth: int, *, recurse: bool) -> Iterator[TableItem]:
        driver, colon, table = item.partition(":")
        while colon and driver == "proxy":
            driver, colon, table = table.partition(":")
        if table.startswith("{"):
            inner = unbraced(table)
            if inner.problem:
                yield BadBraces(inner.problem)
            is_pattern = driver in _PATTERN_TYPES and self.release >= NO_COMMENTS
            yield from self.items(inner.text, depth + 1, recurse=recurse and not is_pattern)
        elif colon and not table.startswith("."):
            attributes = self.catalogue.attributes(driver, self.release)
            if not table.startswith("/"):
                yield from (TableSetting(f"{table}_{attribute}") for attribute in attributes)
            elif attributes:
                yield TableFile(driver, table, attributes)
