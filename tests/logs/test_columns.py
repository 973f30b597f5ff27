"""The compiled library, and what stands on it: hashes, orders, and memories of what was read once."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.logs import columns
from advisor.logs.columns import LINE, PADDING, lines_of, order_of, texts_of, word_hash
from advisor.logs.memo import UNKNOWN, Memo

KEYS = st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 20) | st.integers(1, 9).map(lambda n: n << 48))


def test_the_library_is_there_where_there_is_a_compiler() -> None:
    """Else all that follows would test the slow way alone."""
    assert columns.IS_COMPILED is (shutil.which(os.environ.get("CC", "cc")) is not None)


def test_make_sanitize_tests_the_sanitized_library() -> None:
    file = Path(columns.__file__).with_name("libcolumns.so")
    assert (file.exists() and b"__asan_" in file.read_bytes()) is ("SANITIZED" in os.environ)


@given(KEYS)
def test_an_order_is_stable(keys: list[int]) -> None:
    order = order_of(np.array(keys, np.uint64)).tolist()
    assert order == sorted(range(len(keys)), key=lambda place: keys[place])


@given(st.lists(st.tuples(st.integers(0, 60) | st.integers(0, 2**64 - 1), st.integers(0, 1000))))
def test_a_memory_knows_what_it_learnt(told: list[tuple[int, int]]) -> None:
    memo, known = Memo(), dict[int, int]()
    asked = np.array([*(key for key, _ in told), 61, 2**63], np.uint64)
    for step, (key, place) in enumerate(told):
        memo.learn(key, place)
        known[key] = place
        if step % 3 == 0:
            assert memo.places(asked).tolist() == [known.get(each, UNKNOWN) for each in asked.tolist()]
    assert memo.places(asked).tolist() == [known.get(each, UNKNOWN) for each in asked.tolist()]


@given(st.lists(st.integers(0, 30), max_size=80), st.integers(1, 20))
def test_a_memory_forgets_all_when_it_is_full(keys: list[int], limit: int) -> None:
    memo, known = Memo(limit), dict[int, int]()
    for place, key in enumerate(keys):
        if len(known) >= limit:
            known.clear()
        memo.learn(key, place)
        known[key] = place
        if place % 2:
            memo.places(np.array([key], np.uint64))
    asked = np.arange(31, dtype=np.uint64)
    assert memo.places(asked).tolist() == [known.get(key, UNKNOWN) for key in range(31)]


def test_a_memory_grows() -> None:
    memo = Memo()
    keys = np.arange(1, 20_001, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for place, key in enumerate(keys.tolist()):
        memo.learn(key, place)
        if place % 5_000 == 0:
            assert memo.places(keys[place : place + 1]).tolist() == [place]
    assert memo.places(keys).tolist() == list(range(20_000))
    assert memo.places(keys + np.uint64(1)).tolist() == [UNKNOWN] * 20_000


@given(st.lists(st.integers(0, 9), min_size=1))
def test_one_position_of_each_that_is_new(keys: list[int]) -> None:
    memo = Memo()
    memo.learn(3, 0)
    wanted = np.array(keys, np.uint64)
    first = memo.first_of_new(wanted, memo.places(wanted))
    assert sorted(keys[place] for place in first) == sorted({*keys} - {3})


def padded(data: bytes, behind: bytes = b"\0") -> bytes:
    return data + (behind * PADDING)[:PADDING]


needs_library = pytest.mark.skipif(not columns.IS_COMPILED, reason="the library could not be compiled: no cc")


@needs_library
@given(st.lists(st.sampled_from([b"", b"a", b"\r", b"Nov  3 10:00:00 mx a[1]: b", b"x" * 50]), max_size=40))
def test_lines_are_those_between_newlines(lines: list[bytes]) -> None:
    data = b"".join(line + b"\n" for line in lines)
    rows, _ = lines_of(padded(data), len(data))
    found = [data[row["start"] : row["stop"]] for row in rows]
    assert found == [line.removesuffix(b"\r") for line in lines]
    assert rows.dtype == LINE


@needs_library
@given(st.text("Nov 3102:-TZ+., [](){}<>=:;ax/", max_size=40), st.integers(32, 255))
def test_what_stands_behind_the_block_changes_nothing(line: str, byte: int) -> None:
    """A line that ends with the block is read no further."""
    data = f"Nov  3 10:00:00 mx postfix/smtp[1]: {line}\n".encode()
    ends = []
    for behind in (b"\0", b"\n", bytes([byte]), b"]: , status=sent (x)\n", b"/0/0/1, dsn=2, status=sent ("):
        block = padded(data, behind)
        rows, minutes = lines_of(block, len(data))
        start, stop = rows["text"], rows["stop"]
        # Flags for all that a text may be.
        texts, _ = texts_of(block, start, stop, rows["plain"], np.full(len(rows), 7, np.int32))
        ends.append((rows.tobytes(), minutes.tobytes(), texts.tobytes()))
    assert len(set(ends)) == 1


@needs_library
@given(st.from_regex(r"[ -~]{0,30}\[[ -~]{0,30}\]", fullmatch=True))
def test_python_and_the_library_hash_alike(text: str) -> None:
    data = text.encode()
    places = (np.array([0]), np.array([len(data)]), np.array([1], np.uint8), np.array([0], np.int32))
    texts, _ = texts_of(padded(data), *places)
    for row in texts[(texts["kind"] == columns.TEMPLATE) & (texts["form"] & 2 != 0)]:
        assert row["client"] == word_hash(data[row["name"] : row["close"] + 1])


@given(st.binary(max_size=40))
def test_a_hash_has_64_bits_and_sees_every_byte(text: bytes) -> None:
    assert 0 <= word_hash(text) < 2**64
    assert word_hash(text + b"\0") != word_hash(text)
