"""How many sessions were open at a time, and who held the places while they were nearly all taken.

Of rows of tables.SESSION, in one pass over columns. A session of unknown begin was there from the log's
first line on, one of unknown end up to its last. Times in seconds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.logs.classes import CLASSES, SessionClass
from advisor.logs.tables import Rows

# From so many of a limit's processes on, a service has hardly any to spare (as facts/thresholds.py has it).
NEAR = 0.95

Times = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Steps:
    """From `times[i]` on `busy[i]` sessions were open, up to the next time; the last is the log's end."""

    times: Times
    busy: NDArray[np.int64]

    @property
    def peak(self) -> int:
        """The most that were open at a time."""
        return int(self.busy.max(initial=0))


@dataclass(frozen=True, slots=True)
class Saturation:
    """The `seconds` during which at least NEAR of `limit` were open, and the seconds of process time that
    sessions of each class took meanwhile.
    """

    limit: int
    seconds: float
    share: float
    slot_seconds: dict[SessionClass, float]


def spans(rows: Rows, first: float, last: float) -> tuple[Times, Times]:
    """When each session began and ended, as far as the log tells."""
    start = np.where(np.isnan(rows["start"]), first, rows["start"])
    return start, np.maximum(start, np.where(np.isnan(rows["end"]), last, rows["end"]))


def steps(rows: Rows, first: float, last: float) -> Steps:
    """The number of open sessions over time; what begins and ends within one moment of the log is none."""
    start, end = spans(rows, first, last)
    times = np.concatenate((start, end, [first, last]))
    change = np.concatenate((np.ones(len(start), np.int64), -np.ones(len(end), np.int64), [0, 0]))
    order = np.argsort(times, kind="stable")
    times, busy = times[order], np.cumsum(change[order])
    is_last = np.append(times[1:] != times[:-1], True)
    return Steps(times[is_last], busy[is_last])


def strip(found: Steps, first: float, last: float, parts: int) -> tuple[int, ...]:
    """The peak of each of `parts` equal stretches of the log."""
    edges = np.linspace(first, last, parts + 1)
    begin = np.maximum(np.searchsorted(found.times, edges[:-1], side="right") - 1, 0)
    stop = np.searchsorted(found.times, edges[1:], side="left")
    return tuple(
        int(found.busy[each : max(after, each + 1)].max()) for each, after in zip(begin, stop, strict=True)
    )


def saturation(rows: Rows, found: Steps, limit: int, first: float, last: float) -> Saturation:
    """How long at least NEAR of `limit` were open, and for whom."""
    lasted = np.diff(found.times) * (found.busy[:-1] >= NEAR * limit)
    elapsed = np.concatenate(([0.0], np.cumsum(lasted)))
    start, end = spans(rows, first, last)
    held = np.interp(end, found.times, elapsed) - np.interp(start, found.times, elapsed)
    by_class = np.bincount(rows["kind"], held, len(CLASSES))
    seconds = float(elapsed[-1])
    return Saturation(
        limit,
        seconds,
        seconds / (last - first) if last > first else 0.0,
        {kind: float(by_class[place]) for place, kind in enumerate(CLASSES) if by_class[place] > 0},
    )


@dataclass(frozen=True, slots=True)
class ClientPeak:
    """A client by its number: how many sessions it had, and the most at a time."""

    client: int
    sessions: int
    peak: int


def client_peaks(rows: Rows, first: float, last: float, most: int) -> tuple[ClientPeak, ...]:
    """The clients with the most sessions at a time, then those with the most in all."""
    start, end = spans(rows, first, last)
    client = np.concatenate((rows["client"], rows["client"]))
    change = np.concatenate((np.ones(len(rows), np.int64), -np.ones(len(rows), np.int64)))
    # An end stands before a begin of the same moment, so that a client that comes back at once counts as one.
    order = np.lexsort((change, np.concatenate((start, end)), client))
    client, change = client[order], change[order]
    if not len(client):
        return ()
    begin = np.flatnonzero(np.append(True, client[1:] != client[:-1]))
    open_now = np.cumsum(change)
    # What each client adds and takes away is nothing in the end, so the sum starts at 0 for each.
    peaks = np.maximum.reduceat(open_now, begin)
    sessions = np.diff(np.append(begin, len(client))) // 2
    chosen = np.lexsort((client[begin], -sessions, -peaks))[:most]
    return tuple(
        ClientPeak(int(client[begin[each]]), int(sessions[each]), max(1, int(peaks[each]))) for each in chosen
    )
