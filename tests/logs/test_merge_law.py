"""The law of logs/: the metrics of a log are the sum of those of its parts, wherever it is split."""

import pickle
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from advisor.logs.scan import Part, scan
from advisor.logs.tally import Tally
from advisor.logs.time_window import Moment, TimeWindow
from tests.logs.drawn import REFERENCE, logs, mutated, split_logs
from tests.logs.readable import joined, scan_file, shape


def part(log: bytes, window: TimeWindow | None = None) -> Part:
    """What a scanner of its own, which has met nothing else, makes of it."""
    return scan(log, "log", REFERENCE, window)


@given(split_logs(2) | split_logs(2, "mutated"))
def test_the_sum_of_two_parts_is_the_whole(log: list[bytes]) -> None:
    one, other = map(part, log)
    assert shape((one + other).finish()) == shape(part(b"".join(log)).finish())


@given(split_logs(3))
def test_sums_are_associative(log: list[bytes]) -> None:
    whole = shape(part(b"".join(log)).finish())
    a, b, c = map(part, log)
    assert shape(((a + b) + c).finish()) == whole
    a, b, c = map(part, log)
    assert shape((a + (b + c)).finish()) == whole


@given(logs())
def test_nothing_is_neutral(log: bytes) -> None:
    whole = shape(part(log).finish())
    nothing = Part(Tally("log", REFERENCE))
    assert shape((nothing + part(log)).finish()) == whole
    assert shape((part(log) + Part(Tally("log", REFERENCE))).finish()) == whole


@given(split_logs(8))
def test_the_blocks_in_which_it_comes_do_not_matter(log: list[bytes]) -> None:
    """One scanner reads them all, and knows in the last what it learnt in the first."""
    assert shape(scan_file(log, "log", REFERENCE)) == shape(part(b"".join(log)).finish())


@given(split_logs(3))
def test_parts_can_travel(log: list[bytes]) -> None:
    parts = [pickle.loads(pickle.dumps(part(each))) for each in log]  # noqa: S301 - our own
    assert shape(joined(parts).finish()) == shape(part(b"".join(log)).finish())


@given(split_logs(2), st.integers(1, 30), st.integers(1, 30))
def test_the_law_holds_within_a_time_window(log: list[bytes], since: int, days: int) -> None:
    begin = datetime(2026, 11, since, 10, 0, 30, tzinfo=UTC)
    window = TimeWindow(
        Moment(begin.timestamp(), zoned=False), Moment((begin + timedelta(days=days)).timestamp(), zoned=True)
    )
    halves = part(log[0], window) + part(log[1], window)
    whole = part(b"".join(log), window).finish()
    assert shape(halves.finish()) == shape(whole)


@given(logs() | mutated() | st.binary(max_size=300), st.booleans())
def test_every_line_counts_once(log: bytes, narrow: bool) -> None:  # noqa: FBT001 - drawn
    since = datetime(2026, 11, 3, 10, 0, 30, tzinfo=UTC).timestamp()
    window = TimeWindow(Moment(since, zoned=False)) if narrow else None
    seen = part(log, window).finish()
    assert seen.lines.total() == log.count(b"\n") + (not log.endswith(b"\n") and log != b"")
    known = seen.matched.total() + seen.unknown.total() + seen.foreign.total()
    assert known + seen.unstamped + seen.outside == seen.lines.total()
    assert seen.counters.total() == seen.matched.total()
