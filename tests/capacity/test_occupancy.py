"""Occupancy against a count of every second."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.capacity.occupancy import (
    Interval,
    Stretch,
    Window,
    busiest_mean,
    busy_at,
    full_windows,
    overlap,
    stretches,
)

END = 40


@st.composite
def an_interval(draw: st.DrawFn) -> Interval:
    start = draw(st.integers(0, END))
    return Interval(start, draw(st.integers(start, END)))


INTERVALS = st.lists(an_interval(), max_size=25)


def count(intervals: list[Interval]) -> list[int]:
    """How many were busy in each second."""
    return [sum(start <= second < end for start, end in intervals) for second in range(END)]


@given(INTERVALS)
def test_the_stretches_say_what_a_count_says(intervals: list[Interval]) -> None:
    found = stretches(intervals)
    assert [busy_at(found, second) for second in range(END)] == count(intervals)


@given(INTERVALS)
def test_the_stretches_have_no_gap(intervals: list[Interval]) -> None:
    found = stretches(intervals)
    assert all(one.end == next_one.start for one, next_one in itertools.pairwise(found))
    assert all(stretch.start < stretch.end and stretch.busy >= 0 for stretch in found)
    if found:
        assert found[0].start == min(start for start, _ in intervals)
        assert found[-1].end == max(end for _, end in intervals)


@given(INTERVALS)
def test_no_time_is_lost(intervals: list[Interval]) -> None:
    area = sum((end - start) * busy for start, end, busy in stretches(intervals))
    assert area == sum(end - start for start, end in intervals)


def test_nothing_and_a_moment() -> None:
    assert stretches([]) == []
    assert stretches([Interval(5, 5)]) == []
    assert busy_at([], 3) == 0


@given(INTERVALS, st.integers(1, 8), st.integers(0, 6))
def test_full_windows_hold_every_full_second(intervals: list[Interval], level: int, gap: int) -> None:
    seconds = count(intervals)
    windows = full_windows(stretches(intervals), level, gap)
    full = [second for second, busy in enumerate(seconds) if busy >= level]
    assert sum(window.full for window in windows) == len(full)
    assert all(any(window.start <= second < window.end for window in windows) for second in full)
    for window in windows:
        inside = range(int(window.start), int(window.end))
        assert seconds[inside[0]] >= level
        assert seconds[inside[-1]] >= level
        assert window.full == sum(seconds[second] >= level for second in inside)
    assert all(later.start - window.end > gap for window, later in itertools.pairwise(windows))


def test_a_short_gap_is_joined_and_not_counted() -> None:
    occupancy = [
        Stretch(0, 10, 3),
        Stretch(10, 15, 2),
        Stretch(15, 20, 3),
        Stretch(20, 26, 1),
        Stretch(26, 30, 3),
    ]
    assert full_windows(occupancy, 3, 5) == [Window(0, 20, 15), Window(26, 30, 4)]


@given(INTERVALS, an_interval())
def test_overlap_counts_the_common_seconds(intervals: list[Interval], interval: Interval) -> None:
    windows = full_windows(stretches(intervals), 2, 0)
    common = sum(
        any(window.start <= second < window.end for window in windows)
        for second in range(int(interval.start), int(interval.end))
    )
    assert overlap(windows, interval) == common


def runs(seconds: list[int], intervals: list[Interval], excluded: list[Window]) -> list[list[int]]:
    """The counts of each stretch of seconds outside `excluded`, from the first begin to the last end."""
    real = [interval for interval in intervals if interval.start < interval.end]
    if not real:
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
    excluded = full_windows(stretches(shut), 1, 0)
    means = [0.0]
    for run in runs(count(intervals), intervals, excluded):
        size = min(width, len(run))
        means += [sum(run[begin : begin + size]) / size for begin in range(len(run) - size + 1)]
    assert busiest_mean(stretches(intervals), width, excluded) == pytest.approx(max(means))


def test_the_busiest_mean_of_nothing() -> None:
    assert busiest_mean([], 60) == 0
    assert busiest_mean(stretches([Interval(0, 10)]), 60, [Window(0, 10, 10)]) == 0


def test_a_short_time_is_taken_as_it_is() -> None:
    assert busiest_mean(stretches([Interval(0, 10), Interval(0, 5)]), 60) == 1.5
