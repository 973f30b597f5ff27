"""Where master(8) listens for the inet services of master.cf.

Knowledge: get_master_ent() in src/master/master_ent.c, own_inet_addr(3), inet_listen() in
src/util/inet_listen.c, known_tcp_ports in postconf(5); what becomes of two listeners at one place was tried
with Postfix 3.7.11.
"""

from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import Final

import msgspec

from advisor.settings.release import Release

# From 3.6 on: names of ports are numbers before entries are compared, and a place may be listened at twice
# (SO_REUSEPORT), where bind(2) failed before.
SHARES_PORTS: Final = Release(3, 6)
_PORTS: Final = {"lmtp": "24", "smtp": "25", "smtps": "465", "submissions": "465", "submission": "587"}
_ANY: Final = ("0.0.0.0", "::")  # noqa: S104 - what is read, and not where anybody listens
_LOOPBACK: Final = ("127.0.0.1", "::1")


class Endpoint(msgspec.Struct, frozen=True):
    """A place to listen at: an IP address, or a host's name that nobody looked up, and a port by number."""

    host: str
    port: str

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def holds(self, other: "Endpoint") -> bool:
        """Whether it is that place, or all addresses of its family at that port."""
        if self.port != other.port:
            return False
        is_all = self.host in _ANY and (":" in self.host) == (":" in other.host) and _is_address(other.host)
        return self.host == other.host or is_all


def host_and_port(name: str) -> tuple[str, str]:
    """The host, empty for none, and the port of an inet service's name, as they are written."""
    host, _, port = name.rpartition(":")
    return host.removeprefix("[").removesuffix("]"), port


def port_number(port: str) -> str:
    """The number of a port that Postfix knows by name, else the text itself."""
    return _PORTS.get(port, port)


def endpoints(name: str, interfaces: Sequence[str], protocols: Sequence[str]) -> frozenset[Endpoint]:
    """Where a service of that name listens, under the elements of inet_interfaces and inet_protocols."""
    host, port = host_and_port(name)
    hosts = [host] if host else interfaces
    found = (address for each in hosts for address in _addresses(each.strip("[]").lower()))
    return frozenset(Endpoint(each, port_number(port)) for each in found if _is_asked(each, protocols))


def _addresses(host: str) -> Iterator[str]:
    if host in ("all", "*"):
        yield from _ANY
    elif host in ("loopback-only", "localhost"):
        yield from _LOOPBACK
    else:
        yield str(ip_address(host)) if _is_address(host) else host


def _is_asked(address: str, protocols: Sequence[str]) -> bool:
    if not _is_address(address) or "all" in protocols:
        return True
    return ("ipv6" if ":" in address else "ipv4") in protocols


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
