"""Which clients a list of networks holds. Every client of a log is asked for: ipaddress would be too slow."""

from collections.abc import Callable, Iterable
from functools import partial
from ipaddress import ip_address, ip_network
from socket import AF_INET, AF_INET6, inet_pton
from typing import NamedTuple

from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue

_LOOPBACK = ("127.0.0.0/8", "::1")
# RFC 1918, RFC 6598, RFC 4193.
_PRIVATE = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"))
)


class Network(NamedTuple):
    """The addresses of `length` bytes that are `number` where `mask` has ones."""

    length: int
    mask: int
    number: int


def networks_of(items: Iterable[str]) -> list[Network]:
    """The networks of the items that are some, IPv6 with or without brackets; and loopback."""
    found: list[Network] = []
    for item in (*_LOOPBACK, *items):
        try:
            network = ip_network(item.replace("[", "").replace("]", ""), strict=False)
        except ValueError:
            continue
        length = len(network.network_address.packed)
        found.append(Network(length, int(network.netmask), int(network.network_address)))
    return found


def is_member(networks: list[Network], address: str) -> bool:
    """Whether one of the networks holds the address; none holds what is no address."""
    family, bare = (AF_INET6, address.partition("%")[0]) if ":" in address else (AF_INET, address)
    try:
        packed = inet_pton(family, bare)
    except (OSError, ValueError):
        return False
    number = int.from_bytes(packed, "big")
    return any(len(packed) == length and number & mask == own for length, mask, own in networks)


def is_private(address: str) -> bool:
    """Whether it is an address of a network of one's own: no server of others connects from there."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return any(found in network for network in _PRIVATE if network.version == found.version)


def members(instance: Instance, service: Service, name: str) -> Callable[[str], bool]:
    """Tells the clients that the setting `name` holds, as far as it names addresses; loopback always."""
    items = instance.setting(name, service).items()
    return partial(is_member, networks_of(() if isinstance(items, BadValue) else items))
