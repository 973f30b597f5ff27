"""Facts about mynetworks: whom the SMTP servers that other hosts can reach take for their own clients."""

from enum import StrEnum
from ipaddress import ip_network

import msgspec

from advisor.errors import RuleError
from advisor.facts.case import Case
from advisor.facts.registry import collection, fact
from advisor.facts.services import smtp_services
from advisor.facts.wanted import Assign
from advisor.facts.written import written_text
from advisor.settings.networks import Entry, Network, effective, everybody, holds, network_entries
from advisor.settings.service import Service
from advisor.settings.setting import MainCfLine, ServiceOverride
from advisor.settings.values import LIST_SEPARATORS, BadValue, split_items
from advisor.syntax.source import Span

_NAME = "mynetworks"
# RFC 1918, RFC 6598, and the half of RFC 4193 that is in use: many networks use the same addresses.
PRIVATE_BLOCKS = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fd00::/8"))
)
_LOOPBACK = {4: ("127.0.0.0/8", ip_network("127.0.0.1/32")), 6: ("[::1]/128", ip_network("::1/128"))}


class Trust(StrEnum):
    """Whom a value of mynetworks lets in. NOBODY: from an element on that Postfix refuses, clients get an
    error. CLASS and SUBNET: those that mynetworks_style finds around this host.
    """

    EVERYBODY = "everybody"
    PUBLIC_RANGE = "public-range"
    NOBODY = "nobody"
    PRIVATE_BLOCK = "private-block"
    CLASS = "class"
    SUBNET = "subnet"
    OWN = "own"


_WIDE_STYLES = (Trust.CLASS, Trust.SUBNET)


class TrustedNetworks(msgspec.Struct, frozen=True):
    """One value of mynetworks. `service` is the one that has it by `-o`; None: main.cf or the default has it.

    `text` is the value as it is written; where nothing sets it, `style` is the mynetworks_style in force.
    """

    service: str | None
    span: Span
    text: str
    entries: tuple[Entry, ...]
    style: str = ""

    @property
    def everybody(self) -> tuple[str, ...]:
        """The elements that together hold every address of a protocol."""
        return tuple(entry.text for entry in everybody(self.entries))

    @property
    def private_blocks(self) -> tuple[str, ...]:
        """The elements that hold a whole block of private addresses, and few or no public ones."""
        return tuple(
            entry.text
            for entry in effective(self.entries)
            if any(
                not _is_public(network) and any(holds(network, block) for block in PRIVATE_BLOCKS)
                for network in entry.networks
            )
        )

    @property
    def refused(self) -> tuple[str, ...]:
        """The elements that Postfix refuses to read, each with the reason."""
        return tuple(f"{entry.text} ({entry.problem})" for entry in self.entries if entry.problem)

    @property
    def narrowed(self) -> tuple[Assign, ...]:
        """The value in which this host's own addresses stand in for everybody; none where the elements that
        hold everybody come out of a file or another parameter.
        """
        unwanted = everybody(self.entries)
        texts = {entry.text: entry for entry in unwanted if not entry.in_file}
        kept = [net for entry in effective(self.entries) if entry not in unwanted for net in entry.networks]
        value, place = "", 0
        for item in split_items(self.text):
            start = self.text.index(item, place)
            value += self.text[place:start]
            place = start + len(item)
            entry = texts.pop(item, None)
            value += " ".join(_own_addresses(entry, kept)) if entry else item
        if texts or not self.everybody or any(entry.in_file for entry in unwanted):
            return ()
        return (Assign(_NAME, (value + self.text[place:]).strip(LIST_SEPARATORS), self.service),)


@collection(element=TrustedNetworks, variable="networks", locate=lambda networks: networks.span)
def trusted_networks(case: Case) -> tuple[TrustedNetworks, ...]:
    """The values of mynetworks that SMTP servers use which other hosts can reach."""
    found = (_of(case, service) for service in smtp_services(case))
    return tuple({networks.span: networks for networks in found}.values())


def _of(case: Case, service: Service) -> TrustedNetworks:
    setting = case.instance.setting(_NAME, service)
    origin, items = setting.origin, setting.items()
    entries = network_entries(() if isinstance(items, BadValue) else items, case.instance.table)
    if isinstance(origin, ServiceOverride):
        text = written_text(case.instance, _NAME, service)
        return TrustedNetworks(origin.service, origin.span, text, entries)
    if isinstance(origin, MainCfLine):
        return TrustedNetworks(None, origin.span, written_text(case.instance, _NAME, None), entries)
    style = case.instance.setting("mynetworks_style").normal.lower()
    return TrustedNetworks(None, case.place("mynetworks_style", None), "", (), style)


@fact()
def trust(case: Case, networks: TrustedNetworks, bits: int, ipv6_bits: int, owned: str) -> Trust:
    """The worst that a value of mynetworks does; a public range counts as in public_ranges."""
    for found, worst in (
        (networks.everybody, Trust.EVERYBODY),
        (public_ranges(case, networks, bits, ipv6_bits, owned), Trust.PUBLIC_RANGE),
        (networks.refused, Trust.NOBODY),
        (networks.private_blocks, Trust.PRIVATE_BLOCK),
    ):
        if found:
            return worst
    return Trust(networks.style) if networks.style in _WIDE_STYLES else Trust.OWN


@fact()
def public_ranges(
    case: Case,  # noqa: ARG001 - every fact takes the case
    networks: TrustedNetworks,
    bits: int,
    ipv6_bits: int,
    owned: str,
) -> tuple[str, ...]:
    """The elements of mynetworks that hold more public addresses than all but a few networks own: fewer than
    so many bits are given, and the site does not say that they are its own.
    """
    mine = _owned(owned)
    whole = everybody(networks.entries)
    return tuple(
        entry.text
        for entry in effective(networks.entries)
        if entry not in whole
        and any(
            network.prefixlen < (bits if network.version == 4 else ipv6_bits)
            and _is_public(network)
            and not any(holds(each, network) for each in mine)
            for network in entry.networks
        )
    )


def _owned(text: str) -> list[Network]:
    try:
        return [ip_network(each) for each in split_items(text)]
    except ValueError as error:
        raise RuleError(
            str(error), where="options.owned", cure="write networks with blanks between them: 192.0.2.0/24"
        ) from error


def _own_addresses(entry: Entry, kept: list[Network]) -> list[str]:
    """The loopback networks that are to stand where the entry stood; they are in `kept` from then on."""
    versions = {network.version for network in entry.networks}
    missing = [
        written
        for version, (written, address) in _LOOPBACK.items()
        if version in versions and not any(holds(network, address) for network in kept)
    ]
    kept += [address for version, (_, address) in _LOOPBACK.items() if version in versions]
    return missing


def _is_public(network: Network) -> bool:
    return network.is_global and not network.is_multicast
