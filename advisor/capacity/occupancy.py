"""How many processes were busy, and when: intervals -> stretches of constant occupancy.

With stamps of whole seconds the count at a second is exact: a session counts if it began before the second
ended and ends later. Times are seconds since the epoch; an interval has a begin and an end not before it.
Many intervals are two columns, their begins and their ends.
"""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
# There are a million sessions, and two thousand million more would have room.
Places = NDArray[np.int32]
Mask = NDArray[np.bool_]


class Windows(msgspec.Struct, frozen=True):
    """Times with (nearly) all processes busy, in order, none touching the next: `full` seconds of each; the
    rest are short gaps, which were joined.
    """

    starts: Floats
    ends: Floats
    full: Floats

    @classmethod
    def whole(cls, first: float, last: float) -> "Windows":
        """One window."""
        return cls(np.array([first]), np.array([last]), np.array([last - first]))

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def seconds(self) -> float:
        """The length of all of them, gaps included."""
        return float(np.sum(self.ends - self.starts))

    def overlaps(self, starts: Floats, ends: Floats) -> Floats:
        """For each interval its seconds within the windows: exactly 0 where it has none, or runs back."""
        if not len(self):
            return np.zeros(len(starts))
        edges = np.column_stack((self.starts, self.ends)).ravel()
        before = np.zeros(len(edges))
        before[1::2] = np.cumsum(self.ends - self.starts)
        before[2::2] = before[1:-1:2]
        return np.maximum(0.0, np.interp(ends, edges, before) - np.interp(starts, edges, before))

    def hold(self, times: Floats) -> Mask:
        """For each time whether it is in a window; both ends belong to it."""
        if not len(self):
            return np.zeros(len(times), bool)
        index = np.searchsorted(self.starts, times, "right") - 1
        found: Mask = (index >= 0) & (times <= self.ends[index])
        return found

    def between(self, first: float, last: float) -> "Windows":
        """What of them is between two times."""
        inside = (self.ends > first) & (self.starts < last)
        starts, ends, full = self.starts[inside], self.ends[inside], self.full[inside]
        begins, stops = np.maximum(starts, first), np.minimum(ends, last)
        return Windows(begins, stops, full * (stops - begins) / (ends - starts))

    def counts(self, times: Floats) -> Integers:
        """For each window how many of the times are in it; both ends belong to it."""
        ordered = np.sort(times)
        return np.searchsorted(ordered, self.ends, "right") - np.searchsorted(ordered, self.starts, "left")


class Occupancy(msgspec.Struct, frozen=True):
    """`busy[i]` processes from `edges[i]` to `edges[i + 1]`: from the first begin to the last end."""

    edges: Floats
    busy: Integers

    @classmethod
    def of(cls, starts: Floats, ends: Floats) -> "Occupancy":
        """The occupancy that the intervals add up to."""
        starts, ends = np.sort(starts, kind="stable"), np.sort(ends, kind="stable")
        edges = edges_of(starts, ends)
        begun, ended = (np.searchsorted(times, edges, "right") for times in (starts, ends))
        return cls(edges, (begun - ended)[:-1])

    @property
    def peak(self) -> int:
        """The most that were busy at a time."""
        return int(self.busy.max(initial=0))

    def at(self, times: Floats) -> Integers:
        """For each time how many were busy."""
        if not len(self.busy):
            return np.zeros(len(times), np.int64)
        index = np.searchsorted(self.edges, times, "right") - 1
        inside = (index >= 0) & (index < len(self.busy))
        return np.where(inside, self.busy[np.where(inside, index, 0)], 0)

    def between(self, first: float, last: float) -> "Occupancy":
        """That between two times."""
        if not len(self.busy) or first >= self.edges[-1] or last <= self.edges[0]:
            return Occupancy(self.edges[:0], self.busy[:0])
        begin = max(0, int(np.searchsorted(self.edges, first, "right")) - 1)
        end = min(len(self.busy), int(np.searchsorted(self.edges, last, "left")))
        return Occupancy(np.clip(self.edges[begin : end + 1], first, last), self.busy[begin:end])

    def peak_around(self, time: float, distance: float) -> int:
        """The most that were busy at a time, up to so many seconds from `time`."""
        begin = int(np.searchsorted(self.edges[1:], time - distance, "left"))
        end = int(np.searchsorted(self.edges[:-1], time + distance, "right"))
        return int(self.busy[begin:end].max(initial=0))

    def full_windows(self, level: float, gap: float) -> Windows:
        """The times with at least `level` busy; those not more than `gap` seconds apart are one."""
        full = self.busy >= level
        starts, ends = self.edges[:-1][full], self.edges[1:][full]
        if not len(starts):
            return Windows(starts, ends, starts)
        apart = starts[1:] - ends[:-1] > gap
        first, last = np.append(True, apart), np.append(apart, True)
        lengths = np.add.reduceat(ends - starts, np.flatnonzero(first))
        return Windows(starts[first], ends[last], lengths)

    def busiest_mean(self, seconds: float, excluded: Windows) -> float:
        """The highest mean occupancy of any `seconds` outside `excluded`; of the longest time there is, if
        that is shorter. 0 when nothing is left.
        """
        if not len(self.busy):
            return 0.0
        runs = _outside(self.edges[0], self.edges[-1], excluded)
        begins, ends = runs
        if not len(begins):
            return 0.0
        area = np.append(0.0, np.cumsum(np.diff(self.edges) * self.busy))
        times = np.concatenate((self.edges, begins, ends))
        # The mean is highest where the time looked at begins or ends with a step, or begins its run.
        forward = np.maximum(np.searchsorted(begins, times, "right") - 1, 0)
        backward = np.minimum(np.searchsorted(ends, times, "left"), len(ends) - 1)
        widths = np.minimum(seconds, ends - begins)
        starts = np.concatenate((times, times - widths[backward], begins))
        run = np.concatenate((forward, backward, np.arange(len(begins))))
        inside = (starts >= begins[run]) & (starts + widths[run] <= ends[run])
        inside[-len(begins) :] = True
        starts, width = starts[inside], widths[run][inside]
        held = np.interp(starts + width, self.edges, area) - np.interp(starts, self.edges, area)
        return max(0.0, float(np.max(held / width)))

    def least_mean(self, seconds: float, first: float, last: float) -> float:
        """The lowest mean occupancy of any `seconds` between two times; of all of it, if that is shorter."""
        width = min(seconds, last - first)
        if not len(self.busy) or width <= 0:
            return 0.0
        area = np.append(0.0, np.cumsum(np.diff(self.edges) * self.busy))
        # The mean is lowest where the time looked at begins or ends with a step, or at either end.
        starts = np.concatenate((self.edges, self.edges - width, [first, last - width]))
        starts = starts[(starts >= first) & (starts + width <= last)]
        held = np.interp(starts + width, self.edges, area) - np.interp(starts, self.edges, area)
        return float(np.min(held / width))


def edges_of(starts: Floats, ends: Floats) -> Floats:
    """The times at which anything begins or ends, in order, each once."""
    # A stable sort takes runs that are in order as they are: sessions come by begin, and nearly by end.
    times = np.sort(np.concatenate((starts, ends)), kind="stable")
    fresh = np.ones(len(times), bool)
    fresh[1:] = times[1:] > times[:-1]
    return times[fresh]


def _outside(first: Any, last: Any, excluded: Windows) -> tuple[Floats, Floats]:
    """The begins and ends of what lies between two times and outside `excluded`."""
    begins = np.clip(np.append(first, excluded.ends), first, last)
    ends = np.clip(np.append(excluded.starts, last), first, last)
    some = ends > begins
    return begins[some], ends[some]
