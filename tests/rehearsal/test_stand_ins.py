"""Servers that stand in, each asked as Postfix asks it."""

import asyncio
import socket
import struct
from functools import partial

import pytest

from advisor.rehearsal import stand_ins


def query(name: str, kind: int) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + labels + struct.pack("!xHH", kind, 1)


async def answer(question: bytes) -> bytes:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        partial(stand_ins._Resolver, 0.0), local_addr=("127.0.0.1", 0)
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asks:
        asks.settimeout(0)
        asks.connect(transport.get_extra_info("sockname"))
        await loop.sock_sendall(asks, question)
        try:
            return await asyncio.wait_for(loop.sock_recv(asks, 512), 10)
        finally:
            transport.close()


def test_a_resolver_answers_for_an_address_of_a_client() -> None:
    found = asyncio.run(answer(query("5.100.51.198.in-addr.arpa", 12)))
    assert found[:2] == b"\x12\x34"
    assert struct.unpack("!HH", found[4:8]) == (1, 1)
    assert found.endswith(b"\x0fip-198-51-100-5\x06client\x04test\x00")


def test_a_resolver_answers_for_the_name_with_the_same_address() -> None:
    found = asyncio.run(answer(query("ip-198-51-100-5.client.test", 1)))
    assert found.endswith(bytes((198, 51, 100, 5)))


def test_a_resolver_has_clients_of_one_network_in_its_dns_list() -> None:
    found = asyncio.run(answer(query("7.0.18.198.list.test", 1)))
    assert found.endswith(bytes((127, 0, 0, 2)))


@pytest.mark.parametrize("name", ["5.100.51.198.list.example", "5.100.51.198.list.test"])
def test_a_resolver_has_nobody_else_in_a_dns_list(name: str) -> None:
    found = asyncio.run(answer(query(name, 1)))
    assert struct.unpack("!H", found[2:4])[0] & 0xF == 3
    assert struct.unpack("!H", found[6:8])[0] == 0
