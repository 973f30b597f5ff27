"""Lists of networks as Postfix reads them; what is refused was tried with Postfix 3.7.11."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.settings.networks import Entry, effective, everybody, holds, network_entries
from advisor.syntax.source import SourceFile

FILES = {
    "/etc/postfix/mynetworks": "# ours\n127.0.0.0/8\n  [::1]/128, !192.0.2.9\n0.0.0.0/0\n",
    "/etc/postfix/cidr": "10.0.0.0/8 OK\n# none\n[fd00::]/8  OK\n",
    "/etc/postfix/if": "if 10.0.0.0/8\n10.1.0.0/16 OK\nendif\n",
    "/etc/postfix/not": "!10.0.0.0/8 OK\n",
    "/etc/postfix/circle": "/etc/postfix/circle 192.0.2.1\n",
}


def table(path: str) -> SourceFile | None:
    return SourceFile(path, FILES[path]) if path in FILES else None


def entries(text: str) -> tuple[Entry, ...]:
    return network_entries(text.split(), table)


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("127.0.0.0/8", "127.0.0.0/8"),
        ("192.0.2.1", "192.0.2.1/32"),
        ("[192.0.2.1]", "192.0.2.1/32"),
        ("[127.0.0.0]/8", "127.0.0.0/8"),
        ("[127.0.0.0/8]", "127.0.0.0/8"),
        ("[::1]/128", "::1/128"),
        ("[fe80::/10]", "fe80::/10"),
        ("[::1]", "::1/128"),
        ("0.0.0.0/00", "0.0.0.0/0"),
    ],
)
def test_an_address_or_a_network(text: str, network: str) -> None:
    assert entries(text) == (Entry(text, (ip_network(network),), excludes=False),)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("127.0.0.1/8", "the network would be 127.0.0.0/8"),
        ("[2001:db8::1]/64", "the network would be 2001:db8::/64"),
        ("127.0.0.0/255.0.0.0", "the mask 255.0.0.0 is no number of bits up to 32"),
        ("127.0.0/8", "127.0.0 is no address"),
        ("1.2.3.4/33", "no number of bits"),
        ("[::1]/129", "no number of bits up to 128"),
        ("1.2.3.4/" + "9" * 5000, "no number of bits"),
        ("1.2.3.4/", "no number of bits"),
        ("[1:2]", "1:2 is no address"),
    ],
)
def test_what_postfix_refuses(text: str, problem: str) -> None:
    (entry,) = entries(text)
    assert entry.networks == ()
    assert problem in entry.problem


@pytest.mark.parametrize(
    "text",
    ["foo", "foo/bar", "[127.0.0.1", "[1.2.3.4]x", "::1", "hash:/etc/postfix/x", "10", "dead.beef", "[foo]"],
)
def test_a_name_or_a_table_is_no_network(text: str) -> None:
    assert entries(text) == (Entry(text, (), excludes=False),)


def test_nobody_comes_from_a_mapped_address() -> None:
    assert entries("[::ffff:127.0.0.0]/104") == (Entry("[::ffff:127.0.0.0]/104", (), excludes=False),)


def test_files_and_cidr_tables_are_read() -> None:
    assert [
        (each.text, each.excludes, each.in_file) for each in entries("!/etc/postfix/mynetworks 192.0.2.9")
    ] == [
        ("127.0.0.0/8", True, True),
        ("[::1]/128", True, True),
        ("192.0.2.9", False, True),
        ("0.0.0.0/0", True, True),
        ("192.0.2.9", False, False),
    ]
    assert [each.text for each in entries("cidr:/etc/postfix/cidr")] == ["10.0.0.0/8", "[fd00::]/8"]
    assert entries("cidr:/etc/postfix/if cidr:/etc/postfix/not cidr:/no /no") == ()
    assert {each.text for each in entries("/etc/postfix/circle")} == {"192.0.2.1"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0.0.0.0/0", ["0.0.0.0/0"]),
        ("10.0.0.0/8 0.0.0.0/1 128.0.0.0/1", ["0.0.0.0/1", "128.0.0.0/1"]),
        ("127.0.0.0/8 [::]/0", ["[::]/0"]),
        ("static:all", ["static:all"]),
        ("/etc/postfix/mynetworks", ["0.0.0.0/0"]),
        ("!192.0.2.1 0.0.0.0/0", ["0.0.0.0/0"]),
        ("!0.0.0.0/1 !128.0.0.0/1 0.0.0.0/0", []),
        ("!!0.0.0.0/0", ["0.0.0.0/0"]),
        ("::/0", []),  # outside brackets this is a table
        ("0.0.0.0/1 128.0.0.0/2", []),
        ("", []),
    ],
)
def test_everybody(text: str, wanted: list[str]) -> None:
    assert [entry.text for entry in everybody(entries(text))] == wanted


_V4 = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32)).map(
    lambda pair: str(ip_network((pair[0] >> (32 - pair[1]) << (32 - pair[1]), pair[1])))
)
_ITEMS = st.lists(st.tuples(st.sampled_from(["", "!"]), _V4).map("".join), max_size=6)


@given(items=_ITEMS, address=st.integers(0, 2**32 - 1))
def test_an_address_that_matches_is_in_an_effective_entry(items: list[str], address: int) -> None:
    """The first element that holds the address decides; if it lets it in, it is among the effective ones."""
    found = network_entries(items, table)
    client = ip_network(ip_address(address))
    first = next((each for each in found if any(holds(net, client) for net in each.networks)), None)
    if first is not None and not first.excludes:
        assert first in effective(found)


@given(items=st.lists(st.text(alphabet="0123456789abf.:/[]!x", max_size=14), max_size=5))
def test_any_text_is_read(items: list[str]) -> None:
    for entry in network_entries(items, table):
        assert not (entry.networks and entry.problem)
