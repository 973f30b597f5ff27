"""Servers that stand in for those a configuration asks: each says yes, after a while.

Knowledge: SMTPD_POLICY_README; SMTPD_PROXY_README; src/milter/milter8.c; RFC 1035; Dovecot's authentication
protocol 1.2, as src/xsasl/xsasl_dovecot_server.c speaks it.
"""

import asyncio
import struct
from asyncio import DatagramTransport, Semaphore, StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext, suppress
from functools import partial
from ipaddress import IPv4Interface, ip_address
from typing import cast

from advisor.rehearsal.scene import DNS_LIST, LISTED, NETWORKS, Role, StandIn

_HOST = "127.0.0.1"
_DNS_PORT = 53
_LISTED = IPv4Interface(LISTED).network
_IS_LISTED = ip_address("127.0.0.2").packed
_NETWORKS = tuple(IPv4Interface(each).network for each in NETWORKS)
Work = Callable[[], Awaitable[None]]


async def start(stand_ins: tuple[StandIn, ...], stack: AsyncExitStack) -> None:
    """Starts them all; they end with the stack."""
    loop = asyncio.get_running_loop()
    for each in stand_ins:
        if each.role is Role.RESOLVER:
            transport, _ = await loop.create_datagram_endpoint(
                partial(_Resolver, each.seconds), local_addr=(_HOST, _DNS_PORT)
            )
            stack.callback(transport.close)
        else:
            server = await asyncio.start_server(_handler(each), _HOST, each.port, backlog=1024)
            stack.callback(server.close)


def _handler(stand_in: StandIn) -> Callable[[StreamReader, StreamWriter], Awaitable[None]]:
    """A filter's worker has one client from connect to close; the others work on one question at a time."""
    workers = Semaphore(stand_in.workers or 1 << 16)
    unbounded: AbstractAsyncContextManager[None] = nullcontext()
    is_filter = stand_in.role is Role.FILTER
    serve = {Role.POLICY: _policy, Role.MILTER: _milter, Role.FILTER: _filter, Role.LOGIN: _login}[
        stand_in.role
    ]

    async def work() -> None:
        async with unbounded if is_filter else workers:
            await asyncio.sleep(stand_in.seconds)

    async def handle(reader: StreamReader, writer: StreamWriter) -> None:
        async with workers if is_filter else unbounded:
            with suppress(OSError, EOFError):
                await serve(reader, writer, work)
            writer.close()

    return handle


async def _policy(reader: StreamReader, writer: StreamWriter, work: Work) -> None:
    """Answers each request, which ends with an empty line."""
    while line := await reader.readline():
        if line == b"\n":
            await work()
            writer.write(b"action=DUNNO\n\n")


async def _filter(reader: StreamReader, writer: StreamWriter, work: Work) -> None:
    """Takes each message as an SMTP server does, and keeps it."""
    replies = {
        b"EHLO": b"250-filter.test\r\n250 XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT\r\n",
        b"DATA": b"354 go on\r\n",
        b"QUIT": b"221 2.0.0 bye\r\n",
    }
    writer.write(b"220 filter.test ESMTP\r\n")
    while line := await reader.readline():
        verb = line.strip().upper()[:4]
        writer.write(replies.get(verb, b"250 2.0.0 ok\r\n"))
        if verb == b"DATA":
            while await reader.readline() not in (b".\r\n", b""):
                pass
            await work()
            writer.write(b"250 2.0.0 taken\r\n")


async def _login(reader: StreamReader, writer: StreamWriter, work: Work) -> None:
    """Lets everybody in who says a password at once."""
    writer.write(b"VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t00\nDONE\n")
    while line := await reader.readline():
        verb, _, rest = line.decode("ascii", "replace").strip().partition("\t")
        if verb == "AUTH":
            await work()
            writer.write(f"OK\t{rest.partition(chr(9))[0]}\tuser=user\n".encode())


# Commands of the milter protocol: negotiation, macros, end of body, abort, end of this message, of all.
_NEGOTIATE, _MACROS, _END, _ABORT, _QUIT_AND_CONTINUE, _QUIT = b"ODEAKQ"
_CONTINUE = b"\0\0\0\1c"
_VERSION = 6


async def _milter(reader: StreamReader, writer: StreamWriter, work: Work) -> None:
    """Lets everything pass, and works on each message at its end."""
    while True:
        (size,) = struct.unpack("!I", await reader.readexactly(4))
        command = (await reader.readexactly(size))[0]
        if command == _NEGOTIATE:
            writer.write(struct.pack("!IcIII", 13, b"O", _VERSION, 0, 0))
        elif command == _QUIT:
            return
        elif command not in (_MACROS, _ABORT, _QUIT_AND_CONTINUE):
            if command == _END:
                await work()
            writer.write(_CONTINUE)


_ADDRESS, _POINTER, _NO_SUCH_NAME = 1, 12, 3
_LABELS = 4
_REVERSE = ["in-addr", "arpa"]


class _Resolver(asyncio.DatagramProtocol):
    """Each address of NETWORKS is ip-A-B-C-D.client.test, forth and back. DNS_LIST has the clients of LISTED.
    Other names under .test have the address of one of them; nothing else exists, so that no other DNS list
    has anybody.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.transport: DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio's own is no subclass of DatagramTransport before Python 3.12.
        self.transport = cast("DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        with suppress(ValueError, IndexError, struct.error):
            asyncio.get_running_loop().call_later(self.seconds, self._send, _answer(data), addr)

    def _send(self, answer: bytes, addr: tuple[str, int]) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.sendto(answer, addr)


def _answer(question: bytes) -> bytes:
    """The answer to a question; an error where it is none."""
    labels, place = [], 12
    while length := question[place]:
        labels.append(question[place + 1 : place + 1 + length].decode("ascii").lower())
        place += 1 + length
    (kind,) = struct.unpack("!H", question[place + 1 : place + 3])
    exists, data = _known(labels, kind)
    flags = 0x8180 | (0 if exists else _NO_SUCH_NAME)
    head = question[:2] + struct.pack("!HHHHH", flags, 1, int(bool(data)), 0, 0)
    answer = b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data)) + data if data else b""
    return head + question[12 : place + 5] + answer


def _known(labels: list[str], kind: int) -> tuple[bool, bytes]:
    """Whether the name exists, and what it has of that kind; nothing: none."""
    if labels[_LABELS:] == _REVERSE:
        address = ip_address(".".join(reversed(labels[:_LABELS])))
        if not any(address in network for network in _NETWORKS):
            return False, b""
        name = ("ip-" + str(address).replace(".", "-"), "client", "test")
        wire = b"".join(bytes([len(label)]) + label.encode() for label in name) + b"\0"
        return True, wire if kind == _POINTER else b""
    if labels[_LABELS:] == DNS_LIST.split("."):
        address = ip_address(".".join(reversed(labels[:_LABELS])))
        return address in _LISTED, _IS_LISTED if address in _LISTED and kind == _ADDRESS else b""
    if labels[-1:] != ["test"]:
        return False, b""
    own = labels[0].removeprefix("ip-").split("-")
    text = ".".join(own) if len(own) == _LABELS else "198.51.100.1"
    return True, ip_address(text).packed if kind == _ADDRESS else b""
