"""What sums are kept in: tables in memory or on disk, counts that stay small, histograms."""

import pickle
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from advisor.logs.capped import Capped
from advisor.logs.histogram import Histogram
from advisor.logs.tables import MESSAGE, Rows, Table

SIZES = st.lists(st.integers(0, 9), max_size=12)


def numbered(sizes: list[int]) -> list[Rows]:
    """Blocks of rows with the numbers 0, 1, … and tags 0 to 2."""
    blocks, count = [], 0
    for size in sizes:
        rows = np.zeros(size, MESSAGE)
        rows["start"] = np.arange(count, count + size)
        rows["tag"] = rows["start"] % 3
        blocks.append(rows)
        count += size
    return blocks


@given(SIZES, st.sampled_from([0, 50, 200, 10_000]))
def test_a_table_is_a_list_in_memory_or_on_disk(sizes: list[int], in_memory: int) -> None:
    table, expected = Table(MESSAGE, in_memory), list[float]()
    for rows in numbered(sizes):
        table.append(rows)
        expected.extend(rows["start"].tolist())
        # Whoever looks in between disturbs nothing.
        assert len(table) == len(expected)
        assert [start for block in table.blocks() for start in block["start"].tolist()] == expected
    for tag in range(4):
        assert table.rows(tag)["start"].tolist() == [start for start in expected if start % 3 == tag]


def test_many_rows_come_back_from_disk_in_stretches() -> None:
    table = Table(MESSAGE, 1)
    (rows,) = numbered([500_000])
    table.append(rows)
    table.append(rows[:7])
    blocks = list(table.blocks())
    assert len(blocks) > 1
    assert np.concatenate(blocks).tobytes() == rows.tobytes() + rows[:7].tobytes()


WORDS = st.lists(st.sampled_from("abcdefghijklmnop"), max_size=80)


def capped(words: list[str], kept: int) -> Capped[str]:
    found: Capped[str] = Capped(kept=kept)
    for word in words:
        found.add(word)
    return found


@given(st.lists(WORDS, min_size=1, max_size=5), st.integers(1, 9), st.randoms(use_true_random=False))
def test_counts_that_stay_small_are_honest(parts: list[list[str]], kept: int, random: object) -> None:
    """In whatever way they are added up."""
    truth = Counter(word for words in parts for word in words)
    sums = [capped(words, kept) for words in parts]
    while len(sums) > 1:
        place = random.randrange(len(sums) - 1)  # type: ignore[attr-defined]
        sums[place].merge(sums.pop(place + 1))
    (found,) = sums
    assert found.total() == truth.total()
    assert len(found.counts) < 2 * kept
    for word, count in truth.items():
        assert count - found.missed <= found.counts.get(word, 0) <= count
    assert (found.missed == 0) == (found.other == 0)


@given(WORDS)
def test_few_keys_are_counted_as_they_are(words: list[str]) -> None:
    found = capped(words, 100)
    assert (found.counts, found.other, found.missed) == (Counter(words), 0, 0)
    assert found.most_common(3) == sorted(Counter(words).items(), key=lambda item: (-item[1], item[0]))[:3]


@given(
    st.lists(st.floats(0, 1e18) | st.sampled_from([0.0, 0.001, 0.0010001, 0.002, 0.1, 1.0, 3.5]), max_size=50)
)
def test_many_values_are_counted_as_one_by_one(values: list[float]) -> None:
    one, all_at_once = Histogram(), Histogram()
    for value in values:
        one.add(value)
    all_at_once.add_all(np.array(values, np.float64))
    assert all_at_once == one


def test_a_table_on_disk_can_travel() -> None:
    table = Table(MESSAGE, 1)
    (rows,) = numbered([10])
    table.append(rows)
    came: Table = pickle.loads(pickle.dumps(table))  # noqa: S301 - our own
    assert [block.tolist() for block in came.blocks()] == [rows.tolist()]
