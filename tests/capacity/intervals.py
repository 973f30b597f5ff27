"""Occupancy one interval after the other: slow, plain, and what the columns are held against."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple


class Interval(NamedTuple):
    """A time during which one process was busy."""

    start: float
    end: float


class Stretch(NamedTuple):
    """A time during which `busy` did not change."""

    start: float
    end: float
    busy: int


class Window(NamedTuple):
    """A time with (nearly) all processes busy: `full` seconds of it, short gaps joined."""

    start: float
    end: float
    full: float


def stretches(intervals: Iterable[Interval]) -> list[Stretch]:
    """The occupancy over time, from the first begin to the last end."""
    steps: dict[float, int] = {}
    for start, end in intervals:
        steps[start] = steps.get(start, 0) + 1
        steps[end] = steps.get(end, 0) - 1
    times = sorted(steps)
    busy = 0
    found: list[Stretch] = []
    for time, following in pairwise(times):
        busy += steps[time]
        found.append(Stretch(time, following, busy))
    return found


def full_windows(occupancy: Sequence[Stretch], level: float, gap: float) -> list[Window]:
    """The times with at least `level` busy; those not more than `gap` seconds apart are one."""
    windows: list[Window] = []
    for start, end, busy in occupancy:
        if busy < level:
            continue
        if windows and start - windows[-1].end <= gap:
            last = windows[-1]
            windows[-1] = Window(last.start, end, last.full + end - start)
        else:
            windows.append(Window(start, end, end - start))
    return windows


def overlap(windows: Iterable[Window], interval: Interval) -> float:
    """The seconds of `interval` that lie in `windows` (which do not overlap)."""
    return sum(
        max(0.0, min(window.end, interval.end) - max(window.start, interval.start)) for window in windows
    )


def busy_at(occupancy: Sequence[Stretch], time: float) -> int:
    """How many were busy at `time`."""
    index = bisect_right(occupancy, time, key=lambda stretch: stretch.start) - 1
    return occupancy[index].busy if index >= 0 and time < occupancy[index].end else 0


def busiest_mean(occupancy: Sequence[Stretch], seconds: float, excluded: Sequence[Window] = ()) -> float:
    """The highest mean occupancy of any `seconds` outside `excluded`; of the longest time there is, if that
    is shorter. 0 when nothing is left.
    """
    best = 0.0
    for run in _outside(occupancy, excluded):
        begin, end = run[0].start, run[-1].end
        width = min(seconds, end - begin)
        starts = [begin, *(s.start for s in run if s.start + width <= end)]
        starts += [s.end - width for s in run if s.end - width >= begin]
        area = _Area(run)
        best = max(best, *((area.until(time + width) - area.until(time)) / width for time in starts))
    return best


class _Area:
    """Occupancy times seconds, from a run's begin until any time in it."""

    def __init__(self, run: Sequence[Stretch]) -> None:
        self._run = run
        self._starts = [stretch.start for stretch in run]
        self._before = [0.0, *accumulate((s.end - s.start) * s.busy for s in run)]

    def until(self, time: float) -> float:
        index = max(0, bisect_right(self._starts, time) - 1)
        stretch = self._run[index]
        return self._before[index] + (min(time, stretch.end) - stretch.start) * stretch.busy


def _outside(occupancy: Sequence[Stretch], excluded: Sequence[Window]) -> list[list[Stretch]]:
    """The runs of what lies outside `excluded`, both in the order of time; a stretch that a window cuts is
    as long as what is left of it.
    """
    runs: list[list[Stretch]] = [[]]
    remaining = iter(excluded)
    window = next(remaining, None)
    for start, end, busy in occupancy:
        begin = start
        while window and window.start < end:
            if begin < window.start:
                runs[-1].append(Stretch(begin, window.start, busy))
            begin = max(begin, window.end)
            if window.end > end:
                break
            runs.append([])
            window = next(remaining, None)
        if begin < end:
            runs[-1].append(Stretch(begin, end, busy))
    return [run for run in runs if run]
