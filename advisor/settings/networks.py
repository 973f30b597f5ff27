"""A list of networks, such as mynetworks, read as Postfix matches a client's address with it.

The first element that holds the address decides, and a `!` in front turns its answer round. An element that
is no address, no network, no file and no table is compared with the client's name. Knowledge:
match_hostaddr() in src/util/match_ops.c, match_list_parse() in match_list.c, cidr_match_parse() in
cidr_match.c; what it makes of elements that it refuses was tried with Postfix 3.7.11.
"""

import re
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_address, ip_network
from typing import Final

import msgspec
from msgspec.structs import replace

from advisor.settings.tables import TableReader
from advisor.settings.values import split_items
from advisor.syntax.logical_lines import LogicalLine, logical_lines
from advisor.syntax.source import SourceFile

Network = IPv4Network | IPv6Network

_ADDRESS: Final = re.compile(r"[0-9a-fA-F.:/\[\]]+", re.ASCII)
# smtpd(8) turns an IPv4 client behind an IPv6 socket into the IPv4 address: nobody comes from here.
_MAPPED: Final = IPv6Network("::ffff:0:0/96")
# Files in files go no deeper in any real list; it bounds the work on a file that names itself.
_DEEPEST: Final = 5
_MOST_DIGITS: Final = 4


class Entry(msgspec.Struct, frozen=True):
    """One element as it was written, without `!`. `networks` is empty where it holds no known addresses.

    `excludes`: addresses in it do not match. `problem` says why Postfix refuses the element: a client for
    whom no earlier one decides gets a temporary error. `in_file`: it stands in a file that the list names.
    """

    text: str
    networks: tuple[Network, ...]
    excludes: bool
    problem: str = ""
    in_file: bool = False

    @property
    def prefix(self) -> int:
        """The bits that its widest network gives; an entry without networks has the most there are."""
        return min((network.prefixlen for network in self.networks), default=128)


def network_entries(items: Sequence[str], table: TableReader) -> tuple[Entry, ...]:
    """The elements of a list, those of the files and cidr: tables in it too, as far as they can be read."""
    return tuple(_entries(items, table, 0, in_file=False))


def effective(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries that match some address which no earlier exclusion takes away."""
    excluded: list[Network] = []
    found: list[Entry] = []
    for entry in entries:
        if entry.excludes:
            excluded += entry.networks
        elif not entry.networks or any(not _within(each, excluded) for each in entry.networks):
            found.append(entry)
    return tuple(found)


def everybody(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries that together hold every address of a protocol: the few widest of them."""
    found: list[Entry] = []
    for version in (4, 6):
        wide = [
            entry
            for entry in effective(entries)
            if any(network.version == version for network in entry.networks)
        ]
        whole = _collapsed([network for entry in wide for network in entry.networks])
        if any(network.version == version and network.prefixlen == 0 for network in whole):
            widest = min(entry.prefix for entry in wide)
            found += [entry for entry in wide if entry.prefix == widest and entry not in found]
    return tuple(found)


def holds(network: Network, other: Network) -> bool:
    """Whether every address of the other is in the network."""
    if isinstance(network, IPv4Network):
        return isinstance(other, IPv4Network) and other.subnet_of(network)
    return isinstance(other, IPv6Network) and other.subnet_of(network)


def _collapsed(networks: Sequence[Network]) -> list[Network]:
    """The fewest networks that hold the same addresses."""
    v4: list[Network] = list(collapse_addresses([each for each in networks if isinstance(each, IPv4Network)]))
    return [*v4, *collapse_addresses([each for each in networks if isinstance(each, IPv6Network)])]


def _entries(items: Sequence[str], table: TableReader, depth: int, *, in_file: bool) -> Iterator[Entry]:
    for item in items:
        name = item.lstrip("!")
        excludes = (len(item) - len(name)) % 2 == 1
        if name.startswith("/"):
            source = table(name) if depth < _DEEPEST else None
            words = [word for line in _lines(source) for word in split_items(line)]
            for entry in _entries(words, table, depth + 1, in_file=True):
                yield replace(entry, excludes=entry.excludes != excludes)
        elif name.startswith("cidr:/"):
            for pattern in _cidr_patterns(table(name.removeprefix("cidr:"))):
                yield Entry(pattern, _pattern(pattern)[0], excludes, in_file=True)
        else:
            networks, problem = _pattern(name)
            yield Entry(name, networks, excludes, problem, in_file)


def _lines(source: SourceFile | None) -> list[str]:
    found = logical_lines(source) if source else ()
    return [line.text for line in found if isinstance(line, LogicalLine)]


def _cidr_patterns(source: SourceFile | None) -> list[str]:
    """The patterns of a cidr: table; none where `if` or `!` make them depend on each other."""
    words = [words[0] for line in _lines(source) if (words := split_items(line))]
    return [] if any(word.lower() == "if" or word.startswith("!") for word in words) else words


def _pattern(text: str) -> tuple[tuple[Network, ...], str]:
    """The networks of an element, and why Postfix would refuse it."""
    if text.startswith("static:"):
        return (IPv4Network("0.0.0.0/0"), IPv6Network("::/0")), ""
    parts = _taken_apart(text)
    if parts is None:
        return (), ""
    address, mask = parts
    try:
        bits = ip_address(address).max_prefixlen
    except ValueError:
        # A word without a colon or a mask is a name, and compared as such.
        return (), "" if mask is None and ":" not in address else f"{address} is no address"
    if mask is not None and not (mask.isdigit() and len(mask) < _MOST_DIGITS and int(mask) <= bits):
        return (), f"the mask {mask} is no number of bits up to {bits}"
    length = bits if mask is None else int(mask)
    network = ip_network(f"{address}/{length}", strict=False)
    if network.network_address != ip_address(address):
        return (), f"bits are set behind the first {length}, and the network would be {network}"
    return (() if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED) else (network,)), ""


def _taken_apart(text: str) -> tuple[str, str | None] | None:
    """The address and the mask of `a`, `a/m`, `[a]/m` and `[a/m]`; None where the element is none of them."""
    if not _ADDRESS.fullmatch(text):
        return None
    inner = text
    if text.startswith("["):
        inside, closing, rest = text[1:].partition("]")
        if not closing or (rest and not rest.startswith("/")):
            return None
        inner = inside + rest
    elif ":" in text:  # outside brackets a colon makes a table of it
        return None
    address, slash, mask = inner.partition("/")
    return address, mask if slash else None


def _within(network: Network, others: Sequence[Network]) -> bool:
    """Whether the others together hold all of it."""
    return any(holds(other, network) for other in _collapsed(others))
