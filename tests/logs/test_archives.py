"""Archives of each kind, whole, torn and damaged: what they hold comes out."""

import bz2
import gzip
import lzma
import sys
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.logs.archives import BLOCK, unpacked

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LOG = b"".join(
    b"Nov  3 09:%02d:%02d mx postfix/smtpd[%d]: connect from host-%d.example[192.0.2.%d]\n"
    % (number // 60 % 60, number % 60, number * 7919 % 32768, number * 104729 % 9973, number % 256)
    for number in range(6000)
)
KINDS: dict[str, Callable[[bytes], bytes]] = {
    "gz": lambda data: gzip.compress(data, mtime=0),
    "bz2": lambda data: bz2.compress(data, 1),
    "xz": lzma.compress,
    "zst": zstd.compress,
}
# What may be lost of a log in front of the place where its archive is torn: a block, as the format has them.
LARGEST_BLOCK = {"gz": 40_000, "bz2": 100_000, "xz": 100_000, "zst": 140_000}


def read(archive: bytes, size: int = 1 << 14) -> tuple[bytes, list[str]]:
    problems: list[str] = []
    blocks: Iterator[bytes] = (archive[at : at + size] for at in range(0, len(archive), size))
    return b"".join(unpacked(blocks, problems.append)), problems


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [6, 255, 256, 257, 1 << 20])
def test_a_whole_archive(kind: str, size: int) -> None:
    assert read(KINDS[kind](LOG), size) == (LOG, [])


@pytest.mark.parametrize("kind", KINDS)
def test_one_behind_the_other(kind: str) -> None:
    pack = KINDS[kind]
    assert read(pack(LOG[:1000]) + pack(b"") + pack(LOG[1000:])) == (LOG, [])
    assert read(pack(LOG) + b"\0" * 512) == (LOG, [])


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_torn_anywhere(kind: str) -> None:
    archive = KINDS[kind](LOG)
    for left in range(6, len(archive), len(archive) // 97):
        data, problems = read(archive[:left])
        assert LOG.startswith(data)
        assert problems == [f"the archive ends in the middle: {len(data)} bytes of the log came out of it"]
        assert len(data) >= len(LOG) * left / len(archive) - LARGEST_BLOCK[kind]


@given(st.data())
def test_a_damaged_archive_gives_what_stands_before_the_place(data: st.DataObject) -> None:
    """To the last 256 bytes of it, though zlib is given large steps."""
    archive = bytearray(KINDS["gz"](LOG))
    for _ in range(data.draw(st.integers(1, 3))):
        archive[data.draw(st.integers(6, len(archive) - 1))] ^= data.draw(st.integers(1, 255))
    assert read(bytes(archive), 1 << 20) == read(bytes(archive), 256)


@pytest.mark.parametrize("kind", KINDS)
def test_rubbish_behind(kind: str) -> None:
    data, problems = read(KINDS[kind](LOG) + b"this is no archive, and never was one")
    assert data == LOG
    (problem,) = problems
    assert problem.startswith("the archive is damaged (")


@given(st.sampled_from(sorted(KINDS)), st.data())
def test_a_damaged_archive_raises_nothing(kind: str, data: st.DataObject) -> None:
    archive = bytearray(KINDS[kind](LOG[:20_000]))
    for _ in range(data.draw(st.integers(1, 5))):
        archive[data.draw(st.integers(6, len(archive) - 1))] = data.draw(st.integers(0, 255))
    read(bytes(archive))


@given(st.binary(max_size=400))
def test_plain_bytes_stay(data: bytes) -> None:
    assert read(b"Nov" + data) == (b"Nov" + data, [])
    assert read(b"") == (b"", [])


@pytest.mark.parametrize("kind", KINDS)
def test_a_bomb_comes_in_blocks(kind: str) -> None:
    archive = KINDS[kind](b"\0" * (40 * BLOCK))
    sizes = [len(block) for block in unpacked(iter([archive]), pytest.fail)]
    assert sum(sizes) == 40 * BLOCK
    assert max(sizes) < 2 * BLOCK + 1
