"""The clients of a scene: each a connection from an address of its own."""

import asyncio
import socket
import struct
from asyncio import StreamReader, StreamWriter
from base64 import b64encode
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import chain, count
from typing import TypeVar

from advisor.rehearsal.scene import SERVER, End, Kind, Scene, Visit, Visited

T = TypeVar("T")

# SO_LINGER with no time: close() sends a reset.
_RESET = struct.pack("ii", 1, 0)
_LOGIN = b"AUTH PLAIN " + b64encode(b"\0user\0password")


class _RefusedError(Exception):
    """The server said no."""


class _GoneError(Exception):
    """The server hung up."""


async def play(scene: Scene, begin: float, end: Callable[[], Awaitable[None]]) -> tuple[Visited, ...]:
    """All visits, from `begin` on (by the loop's clock); over after the scene's seconds. Then `end` is called
    while all clients are still there, so that no log shows how they left.
    """
    over = begin + scene.seconds
    clients = [_Client(scene, visit, begin + visit.at) for visit in scene.visits]
    tasks = [asyncio.create_task(client.run()) for client in clients]
    await asyncio.sleep(max(0.0, over - asyncio.get_running_loop().time()))
    seen = tuple(client.seen(over) for client in clients)
    try:
        await end()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return seen


class _Client:
    def __init__(self, scene: Scene, visit: Visit, at: float) -> None:
        self.scene, self.visit, self.at = scene, visit, at
        self.banner: float | None = None
        self.end = End.OPEN
        self.ended: float | None = None
        self.reply = ""

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self.at - loop.time()))
        self.at = loop.time()
        writer: StreamWriter | None = None
        try:
            _, writer = streams = await self._in_patience(
                asyncio.open_connection(SERVER, self._port, local_addr=(self.visit.address, 0), limit=1 << 16)
            )
            async with asyncio.timeout(None if self.visit.stay == float("inf") else self.visit.stay):
                self.end = await self._visit(*streams)
        except _RefusedError as refused:
            self.end, self.reply = End.REFUSED, str(refused)
        except TimeoutError:
            is_over = self.visit.stay < loop.time() - self.at + 0.01
            if self.end is not End.SERVED:
                self.end = End.LEFT if is_over else End.TIMED_OUT
        except (_GoneError, OSError):
            self.end = End.CLOSED
        finally:
            # What is cut off by the scene's end stays OPEN.
            self.ended = loop.time()
            if writer is not None:
                writer.transport.abort() if self.visit.kind is Kind.RESET else writer.close()

    @property
    def _port(self) -> int:
        return self.scene.port if self.visit.port is None else self.visit.port

    def seen(self, over: float) -> Visited:
        return Visited(self.banner, self.end, max(0.0, (self.ended or over) - self.at), self.reply)

    async def _visit(self, reader: StreamReader, writer: StreamWriter) -> End:
        match self.visit.kind:
            case Kind.MAIL | Kind.USER | Kind.SLOW_MAIL:
                return await self._mail(reader, writer)
            case Kind.RESET:
                connection: socket.socket = writer.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                return End.LEFT
            case Kind.FIN:
                return End.LEFT
            case Kind.SILENT:
                await self._greeting(reader, patient=True)
                await self._until_closed(reader)
            case Kind.BYTES:
                await self._greeting(reader, patient=True)
                await self._endless(reader, writer, b"x")
            case Kind.NOOP:
                await self._greeting(reader, patient=True)
                await self._endless(reader, writer, b"NOOP\r\n")
            case Kind.ERRORS:
                await self._greeting(reader, patient=True)
                await self._guess(reader, writer)
            case Kind.LINES:
                await self._greeting(reader, patient=True)
                await self._envelope(reader, writer)
                await self._endless(reader, writer, f"{self.scene.line}\r\n".encode())
        return End.CLOSED

    async def _mail(self, reader: StreamReader, writer: StreamWriter) -> End:
        await self._greeting(reader, patient=False)
        await self._envelope(reader, writer)
        head = f"From: <{self.scene.sender}>\r\nTo: <{self.scene.recipient}>\r\nSubject: rehearsal\r\n\r\n"
        line = f"{self.scene.line}\r\n".encode()
        lines = [head.encode(), *[line] * max(1, (self.visit.size - len(head)) // len(line)), b".\r\n"]
        for each in lines if self.visit.kind is Kind.SLOW_MAIL else (b"".join(lines),):
            await asyncio.sleep(self.visit.pace)
            writer.write(each)
            await self._in_patience(writer.drain())
        await self._expect(reader, b"2")
        self.end = End.SERVED  # whatever becomes of the rest
        with suppress(_GoneError, _RefusedError, TimeoutError, OSError):
            await self._say(writer, b"QUIT")
            await self._expect(reader, b"2")
        return End.SERVED

    async def _envelope(self, reader: StreamReader, writer: StreamWriter) -> None:
        commands = [b"EHLO client.test"]
        commands += [_LOGIN] if self.visit.kind is Kind.USER else []
        commands += [f"MAIL FROM:<{self.scene.sender}>".encode()]
        commands += [f"RCPT TO:<{self.scene.recipient}>".encode()] * self.visit.recipients
        for command in commands:
            await self._say(writer, command)
            await self._expect(reader, b"2")
        await self._say(writer, b"DATA")
        await self._expect(reader, b"3")

    async def _guess(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Names that the domain does not have, until the server hangs up."""
        domain = self.scene.recipient.partition("@")[2]
        names = (f"RCPT TO:<unknown{number}@{domain}>" for number in count())
        for command in chain(("EHLO client.test", f"MAIL FROM:<{self.scene.sender}>"), names):
            await self._say(writer, command.encode())
            await self._reply(reader)

    async def _say(self, writer: StreamWriter, command: bytes) -> None:
        await asyncio.sleep(self.visit.pace)
        writer.write(command + b"\r\n")

    async def _greeting(self, reader: StreamReader, *, patient: bool) -> None:
        if patient:
            await self._reply(reader)
        else:
            await self._expect(reader, b"2")
        self.banner = asyncio.get_running_loop().time() - self.at

    async def _expect(self, reader: StreamReader, digit: bytes) -> None:
        reply = await self._in_patience(self._reply(reader))
        if not reply.startswith(digit):
            raise _RefusedError(reply.decode("ascii", "replace").strip()[:200])

    async def _reply(self, reader: StreamReader) -> bytes:
        while True:
            line = await reader.readline()
            if not line:
                raise _GoneError
            if line[3:4] != b"-":
                return line

    async def _endless(self, reader: StreamReader, writer: StreamWriter, what: bytes) -> None:
        closed = asyncio.create_task(self._until_closed(reader))
        try:
            while not closed.done():
                writer.write(what)
                await asyncio.wait((closed,), timeout=self.visit.pace or 1.0)
        finally:
            closed.cancel()

    async def _until_closed(self, reader: StreamReader) -> None:
        while await reader.read(1 << 12):
            pass

    async def _in_patience(self, awaitable: Awaitable[T]) -> T:
        return await asyncio.wait_for(awaitable, self.scene.patience)
