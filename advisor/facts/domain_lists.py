"""The address classes: which domains a list such as mydestination holds, its files and tables read where they
can be.

The first element that matches decides, `!` before it says no. Knowledge: ADDRESS_CLASS_README, resolve_addr()
in src/trivial-rewrite/resolve.c, match_list_match() in src/util/match_list.c.
"""

from collections.abc import Iterator

import msgspec

from advisor.settings.instance import Instance
from advisor.settings.values import BadValue, split_items
from advisor.syntax.logical_lines import LogicalLine, logical_lines
from advisor.syntax.source import SourceFile

# Tables whose text has one key a line.
_KEYED = frozenset({"hash", "btree", "lmdb", "cdb", "dbm", "sdbm", "texthash"})
_PARENTS = "parent_domain_matches_subdomains"


class DomainList(msgspec.Struct, frozen=True):
    """The elements of a list, in order, each with whether it says yes. `unread` are tables and files whose
    content is not at hand, and names that only the host knows. `with_subdomains`: an element holds its
    subdomains too.
    """

    parameter: str
    elements: tuple[tuple[str, bool], ...]
    unread: tuple[str, ...]
    with_subdomains: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The domains that elements name, as far as they say yes."""
        return tuple(name for name, says_yes in self.elements if says_yes)

    def holds(self, domain: str) -> bool:
        """Whether the list has the domain, by what is known of it."""
        for name, says_yes in self.elements:
            if domain == name or (self.with_subdomains and domain.endswith(f".{name}")):
                return says_yes
        return False


def domain_list(instance: Instance, parameter: str) -> DomainList:
    """The domains of a list parameter of main.cf."""
    elements: list[tuple[str, bool]] = []
    unread: list[str] = []
    for item in _items(instance, parameter):
        name = item.lstrip("!")
        says_yes = (len(item) - len(name)) % 2 == 0
        keys = tuple(_keys_in_file(instance, name) if name.startswith("/") else table_keys(instance, name))
        if "$" in name or (not keys and (name.startswith("/") or ":" in name)):
            unread.append(name)
        elements += [(key.lower(), says_yes) for key in (keys or (name,))]
    parents = _items(instance, _PARENTS)
    return DomainList(parameter, tuple(elements), tuple(unread), parameter in parents)


def has_keys(item: str) -> bool:
    """Whether an element of a list of tables is one whose keys can be listed."""
    return item.removeprefix("proxy:").partition(":")[0] in {*_KEYED, "inline"}


def table_keys(instance: Instance, table: str) -> tuple[str, ...]:
    """The keys of a table such as hash:/etc/postfix/virtual; none where they are not at hand."""
    kind, _, path = table.removeprefix("proxy:").partition(":")
    if kind == "inline":
        inside = path.strip().removeprefix("{").removesuffix("}")
        return tuple(item.strip("{} ").partition("=")[0].strip() for item in split_items(inside))
    if kind not in _KEYED or not path.startswith("/"):
        return ()
    return tuple(words[0] for line in _lines(instance.table(path)) if (words := line.split()))


def _keys_in_file(instance: Instance, path: str) -> Iterator[str]:
    for line in _lines(instance.table(path)):
        yield from split_items(line)


def _lines(source: SourceFile | None) -> tuple[str, ...]:
    found = logical_lines(source) if source else ()
    return tuple(line.text for line in found if isinstance(line, LogicalLine))


def _items(instance: Instance, name: str) -> tuple[str, ...]:
    items = instance.setting(name).items()
    return () if isinstance(items, BadValue) else items
