"""Which clients a list of networks holds: what Python's ipaddress says, and loopback."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.facts.client_networks import is_member, networks_of

LISTED = (
    "192.0.2.0/24",
    "[2001:db8::]/32",
    "10.1.2.3",
    "hash:/etc/postfix/x",
    "[::ffff:0:0]/96",
    "example.com",
)
KNOWN = [ip_network(text) for text in ("192.0.2.0/24", "2001:db8::/32", "10.1.2.3", "::ffff:0:0/96")]


@given(
    st.ip_addresses()
    | st.ip_addresses(network="192.0.2.0/23")
    | st.ip_addresses(network="127.0.0.0/8")
    | st.ip_addresses(network="2001:db8::/31")
)
def test_a_network_holds_its_addresses(client: IPv4Address | IPv6Address) -> None:
    expected = client.is_loopback or any(client in network for network in KNOWN)
    assert is_member(networks_of(LISTED), str(client)) is expected


@pytest.mark.parametrize(
    "text", ["unknown", "", "192.0.2", "192.0.2.07", "192.0.2.7%x", "a\0b", "\udcff", ":", "%"]
)
def test_what_is_no_address_is_in_no_network(text: str) -> None:
    assert not is_member(networks_of(("0.0.0.0/0", "[::]/0")), text)


def test_the_interface_of_an_address_does_not_matter() -> None:
    assert ip_address("fe80::1%eth0") in ip_network("fe80::/10")
    assert is_member(networks_of(("[fe80::]/10",)), "fe80::1%eth0")
