"""Compressed logs: .gz, .bz2, .xz and .zst, known by their first bytes, whatever their names say.

An archive that breaks off, or is damaged, gives what stands before the place. Memory does not grow with it:
what is unpacked comes in blocks, and a frame that asks for a larger window than `_LARGEST_WINDOW` counts as
damaged.
"""

import lzma
import sys
import zlib
from bz2 import BZ2Decompressor
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain
from typing import Protocol

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDecompressor, ZstdError
else:
    from backports.zstd import ZstdDecompressor, ZstdError

BLOCK = 1 << 20
# What a call gave is lost when it fails, so each takes little: not a line that came before is missed then.
_STEP = 256
_LARGE_STEP = 1 << 16  # where a call that failed can be taken back
_LARGEST_WINDOW = 1 << 27  # xz -9 asks for 64 MB, zstd --long for 128 MB
_GZIP = 31  # what zlib calls "a gzip header, and the largest window"
# What a broken archive makes the decompressors raise; bz2 knows OSError only.
_BROKEN = (zlib.error, lzma.LZMAError, ZstdError, OSError, EOFError, ValueError)

Broke = Callable[[str], None]


class _Decompressor(Protocol):
    """What the decompressors of bz2, lzma and zstd have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ...) -> bytes: ...


class _Gzip:
    """zlib, with the manners of the others. A large step that fails is done again in small ones."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=_GZIP)
        self._failed: zlib.error | None = None
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int = BLOCK) -> bytes:
        if self._failed:
            raise self._failed
        data, before = self._zlib.unconsumed_tail + data, self._zlib.copy()
        try:
            unpacked = self._zlib.decompress(data, max_length)
        except zlib.error as error:
            self._failed, self.needs_input = error, False
            return b"".join(_until_it_fails(before, data))
        self.needs_input = len(unpacked) < max_length and not self._zlib.unconsumed_tail
        return unpacked


def _until_it_fails(decompressor: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """What comes out before the damaged place: no more than the call might have given, which came to it."""
    with suppress(zlib.error):
        for at in range(0, len(data), _STEP):
            yield decompressor.decompress(data[at : at + _STEP])


def _xz() -> _Decompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LARGEST_WINDOW * 2)


_KINDS: tuple[tuple[bytes, Callable[[], _Decompressor]], ...] = (
    (b"\x1f\x8b", _Gzip),
    (b"BZh", BZ2Decompressor),
    (b"\xfd7zXZ\0", _xz),
    (b"\x28\xb5\x2f\xfd", ZstdDecompressor),
)


def unpacked(blocks: Iterator[bytes], broke: Broke) -> Iterator[bytes]:
    """The bytes behind `blocks`, unpacked where they begin as an archive does; no block is empty.

    `broke` hears, once, why the archive could not be read to its end.
    """
    first = next(blocks, b"")
    kind = decompressor_of(first)
    if kind is None:
        if first:
            yield first
        yield from blocks
        return
    total, problem = 0, ""
    held: list[bytes] = []
    try:
        for piece in _members(chain((first,), blocks), kind):
            total += len(piece)
            held.append(piece)
            if sum(map(len, held)) >= BLOCK:
                yield b"".join(held)
                held = []
    except EOFError:
        problem = "the archive ends in the middle"
    except _BROKEN as error:
        problem = f"the archive is damaged ({error})"
    if left := b"".join(held):
        yield left
    if problem:
        broke(f"{problem}: {total} bytes of the log came out of it")


def decompressor_of(first: bytes) -> Callable[[], _Decompressor] | None:
    """What unpacks an archive that begins so; None where it is plain."""
    return next((kind for magic, kind in _KINDS if first.startswith(magic)), None)


def _members(blocks: Iterator[bytes], kind: Callable[[], _Decompressor]) -> Iterator[bytes]:
    """What all the archives hold that stand one behind the other; zeroes may fill up the end (gzip(1))."""
    step = _LARGE_STEP if kind is _Gzip else _STEP
    pieces = (block[at : at + step] for block in blocks for at in range(0, len(block), step))
    data = next(pieces, b"")
    while data:
        member = kind()
        while not member.eof:
            if not data and member.needs_input and not (data := next(pieces, b"")):
                raise EOFError
            yield member.decompress(data, BLOCK)
            data = b""
        data = member.unused_data.lstrip(b"\0")
        while not data and (following := next(pieces, b"")):
            data = following.lstrip(b"\0")
