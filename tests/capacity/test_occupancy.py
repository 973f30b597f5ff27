"""Occupancy against a count of every second, and columns against one interval after the other."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.capacity.occupancy import Floats, Occupancy, Windows
from tests.capacity import intervals as plain
from tests.capacity.intervals import Interval

END = 40


@st.composite
def an_interval(draw: st.DrawFn) -> Interval:
    start = draw(st.integers(0, END))
    return Interval(start, draw(st.integers(start, END)))


@st.composite
def a_moment_or_more(draw: st.DrawFn) -> Interval:
    """With stamps as they are: large, and with fractions."""
    start = draw(st.integers(1_700_000_000_000, 1_700_000_200_000)) / 1000
    return Interval(start, start + draw(st.integers(0, 60_000)) / 1000)


INTERVALS = st.lists(an_interval(), max_size=25)
STAMPED = st.lists(a_moment_or_more(), max_size=25)


def columns(intervals: list[Interval]) -> tuple[Floats, Floats]:
    return (
        np.array([start for start, _ in intervals], float),
        np.array([end for _, end in intervals], float),
    )


def occupancy(intervals: list[Interval]) -> Occupancy:
    return Occupancy.of(*columns(intervals))


def as_list(windows: Windows) -> list[plain.Window]:
    rows = zip(windows.starts.tolist(), windows.ends.tolist(), windows.full.tolist(), strict=True)
    return [plain.Window(*row) for row in rows]


def count(intervals: list[Interval]) -> list[int]:
    """How many were busy in each second."""
    return [sum(start <= second < end for start, end in intervals) for second in range(END)]


@given(INTERVALS)
def test_the_occupancy_says_what_a_count_says(intervals: list[Interval]) -> None:
    found = occupancy(intervals)
    assert found.at(np.arange(END, dtype=float)).tolist() == count(intervals)
    assert found.peak == max(count(intervals))


@given(STAMPED)
def test_the_stretches_are_those_of_one_after_the_other(intervals: list[Interval]) -> None:
    found = occupancy(intervals)
    assert [
        plain.Stretch(*row)
        for row in zip(found.edges[:-1].tolist(), found.edges[1:].tolist(), found.busy.tolist(), strict=True)
    ] == plain.stretches(intervals)


@given(STAMPED, st.floats(1_700_000_000, 1_700_000_260))
def test_how_many_were_busy_at_a_time(intervals: list[Interval], time: float) -> None:
    stretches = plain.stretches(intervals)
    times = [time, *(edge for interval in intervals for edge in interval)]
    found = occupancy(intervals)
    assert found.at(np.array(times)).tolist() == [plain.busy_at(stretches, each) for each in times]
    around = [each.busy for each in stretches if each.start <= time + 1 and each.end >= time - 1]
    assert found.peak_around(time, 1) == max(around, default=0)


def test_nothing_and_a_moment() -> None:
    for intervals in ([], [Interval(5, 5)]):
        found = occupancy(intervals)
        assert (found.peak, found.at(np.array([3.0, 5.0])).tolist()) == (0, [0, 0])
        assert len(found.full_windows(1, 5)) == 0
        assert found.busiest_mean(60, found.full_windows(1, 5)) == 0


@given(INTERVALS, st.integers(1, 8), st.integers(0, 6))
def test_full_windows_hold_every_full_second(intervals: list[Interval], level: int, gap: int) -> None:
    seconds = count(intervals)
    windows = as_list(occupancy(intervals).full_windows(level, gap))
    full = [second for second, busy in enumerate(seconds) if busy >= level]
    assert sum(window.full for window in windows) == len(full)
    for window in windows:
        inside = range(int(window.start), int(window.end))
        assert seconds[inside[0]] >= level
        assert seconds[inside[-1]] >= level
        assert window.full == sum(seconds[second] >= level for second in inside)
    assert all(later.start - window.end > gap for window, later in itertools.pairwise(windows))


@given(STAMPED, st.integers(1, 8), st.floats(0, 9))
def test_full_windows_are_those_of_one_after_the_other(
    intervals: list[Interval], level: int, gap: float
) -> None:
    found = as_list(occupancy(intervals).full_windows(level, gap))
    expected = plain.full_windows(plain.stretches(intervals), level, gap)
    assert [window[:2] for window in found] == [window[:2] for window in expected]
    assert [window.full for window in found] == pytest.approx([window.full for window in expected])


def test_a_short_gap_is_joined_and_not_counted() -> None:
    edges, busy = np.array([0.0, 10, 15, 20, 26, 30]), np.array([3, 2, 3, 1, 3])
    windows = Occupancy(edges, busy).full_windows(3, 5)
    assert as_list(windows) == [plain.Window(0, 20, 15), plain.Window(26, 30, 4)]
    assert windows.seconds == 24


@given(STAMPED, STAMPED, st.integers(1, 3))
def test_the_overlap_is_that_of_one_after_the_other(
    shut: list[Interval], intervals: list[Interval], level: int
) -> None:
    windows = occupancy(shut).full_windows(level, 0.5)
    expected = [plain.overlap(as_list(windows), interval) for interval in intervals]
    found = windows.overlaps(*columns(intervals)).tolist()
    assert found == pytest.approx(expected, abs=1e-6)
    assert all(each == 0 for each, exact in zip(found, expected, strict=True) if exact == 0)


def test_an_interval_that_runs_back_lies_nowhere() -> None:
    assert Windows.whole(0, 10).overlaps(np.array([8.0]), np.array([3.0])).tolist() == [0]


@given(INTERVALS, st.lists(st.integers(-1, END + 1)), st.integers(1, 4))
def test_the_times_in_windows(intervals: list[Interval], times: list[int], level: int) -> None:
    windows = occupancy(intervals).full_windows(level, 1)
    asked = np.array(times, float)
    inside = [[window.start <= time <= window.end for time in times] for window in as_list(windows)]
    assert windows.hold(asked).tolist() == [any(each) for each in zip(*inside, strict=True)] + (
        [] if inside else [False] * len(times)
    )
    assert windows.counts(asked).tolist() == [sum(each) for each in inside]


def runs(seconds: list[int], intervals: list[Interval], excluded: list[plain.Window]) -> list[list[int]]:
    """The counts of each stretch of seconds outside `excluded`, from the first begin to the last end."""
    if not any(interval.start < interval.end for interval in intervals):
        return []
    found: list[list[int]] = [[]]
    for second in range(min(int(start) for start, _ in intervals), max(int(end) for _, end in intervals)):
        if any(window.start <= second < window.end for window in excluded):
            found.append([])
        else:
            found[-1].append(seconds[second])
    return [run for run in found if run]


@given(INTERVALS, st.integers(1, 45), st.lists(an_interval(), max_size=3))
def test_the_busiest_mean_is_the_greatest_of_all_means(
    intervals: list[Interval], width: int, shut: list[Interval]
) -> None:
    excluded = occupancy(shut).full_windows(1, 0)
    means = [0.0]
    for run in runs(count(intervals), intervals, as_list(excluded)):
        size = min(width, len(run))
        means += [sum(run[begin : begin + size]) / size for begin in range(len(run) - size + 1)]
    assert occupancy(intervals).busiest_mean(width, excluded) == pytest.approx(max(means))


@given(STAMPED, st.floats(1, 100), st.lists(a_moment_or_more(), max_size=3))
def test_the_busiest_mean_is_that_of_one_after_the_other(
    intervals: list[Interval], width: float, shut: list[Interval]
) -> None:
    excluded = occupancy(shut).full_windows(1, 0)
    expected = plain.busiest_mean(plain.stretches(intervals), width, as_list(excluded))
    assert occupancy(intervals).busiest_mean(width, excluded) == pytest.approx(expected, abs=1e-3)


@given(INTERVALS, st.integers(1, 45), st.integers(0, 20), st.integers(21, 80))
def test_the_least_mean_is_the_smallest_of_all_means(
    intervals: list[Interval], width: int, first: int, last: int
) -> None:
    size = min(width, last - first)
    busy = [sum(each.start <= second < each.end for each in intervals) for second in range(first, last)]
    means = [sum(busy[begin : begin + size]) / size for begin in range(last - first - size + 1)]
    found = occupancy(intervals).least_mean(width, first, last)
    assert found == pytest.approx(min(means), abs=1e-9)


def test_the_busiest_mean_of_nothing() -> None:
    nothing = occupancy([]).full_windows(1, 0)
    assert occupancy([]).busiest_mean(60, nothing) == 0
    assert occupancy([Interval(0, 10)]).busiest_mean(60, Windows.whole(0, 10)) == 0


def test_a_short_time_is_taken_as_it_is() -> None:
    nothing = occupancy([]).full_windows(1, 0)
    assert occupancy([Interval(0, 10), Interval(0, 5)]).busiest_mean(60, nothing) == 1.5


@given(INTERVALS, st.integers(0, END), st.integers(1, END))
def test_a_part_of_the_time_has_the_occupancy_of_that_time(
    intervals: list[Interval], first: int, length: int
) -> None:
    whole = Occupancy.of(*columns(intervals))
    part = whole.between(first, first + length)
    middles = np.arange(first + 0.5, first + length)
    assert part.at(middles).tolist() == whole.at(middles).tolist()
    assert all(first <= edge <= first + length for edge in part.edges)


@given(INTERVALS, st.integers(0, END), st.integers(1, END))
def test_a_part_of_the_time_has_the_full_windows_of_that_time(
    intervals: list[Interval], first: int, length: int
) -> None:
    whole = Occupancy.of(*columns(intervals)).full_windows(2, 0)
    part = whole.between(first, first + length)
    middles = np.arange(first + 0.5, first + length)
    assert part.hold(middles).tolist() == whole.hold(middles).tolist()
    assert part.full.tolist() == pytest.approx((part.ends - part.starts).tolist())
