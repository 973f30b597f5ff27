"""The sessions of a log in the order of time, a stretch of it after the other: few are in memory at once.

Sessions are on disk in the order in which they ended, in blocks of which we know when the first one begins. A
session that reaches over the end of a stretch is cut there, and goes on in the next one.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from advisor.capacity.spans import spans
from advisor.logs.metrics import Metrics
from advisor.logs.tables import Rows

# So many sessions make a stretch, and some more.
_ROWS = 1 << 15
# One session, or what lies of it in a stretch of time; the last three columns are those of tables.SESSION.
SPAN = np.dtype([("start", "f8"), ("end", "f8"), ("client", "u8"), ("tag", "u2"), ("kind", "u1")])


class Stretch(NamedTuple):
    """The sessions (dtype SPAN) that were open between two times, as far as they lie there."""

    begin: float
    end: float
    rows: Rows


def stretches(metrics: Metrics, rows: int = _ROWS) -> Iterator[Stretch]:
    """The stretches of a log, in order; of times of which the metrics have the levels alone there is none.

    A session that lasts for no time is in none of them.
    """
    first, last = metrics.first or 0.0, metrics.last or 0.0
    gaps = _gaps(metrics.summed)
    open_ones = [_spans(metrics.unended_sessions(), first, last, gaps)]
    begin, new, carried = -np.inf, 0, 0
    for each in metrics.sessions.by_begin():
        # What is carried along is looked at again: not for less than as many new ones.
        if each.begin > begin and new >= max(rows, carried):
            gathered = np.concatenate(open_ones)
            yield _cut(gathered, begin, each.begin)
            open_ones = [gathered[gathered["end"] > each.begin]]
            begin, new, carried = each.begin, 0, len(open_ones[0])
        open_ones.append(_spans(each.rows, first, last, gaps))
        new += len(open_ones[-1])
    yield _cut(np.concatenate(open_ones), begin, np.inf)


def _cut(rows: Rows, begin: float, end: float) -> Stretch:
    """The part of each that lies between two times."""
    cut = rows.copy()
    cut["start"], cut["end"] = np.maximum(rows["start"], begin), np.minimum(rows["end"], end)
    return Stretch(begin, end, cut[cut["end"] > cut["start"]])


def _spans(rows: Rows, first: float, last: float, gaps: Sequence[tuple[float, float]]) -> Rows:
    """When sessions (dtype SESSION) were open, within some times."""
    found = np.empty(len(rows), SPAN)
    found["start"], found["end"] = spans(rows, first, last)
    for name in ("client", "tag", "kind"):
        found[name] = rows[name]
    return np.concatenate([_cut(found, begin, end).rows for begin, end in gaps])


def _gaps(summed: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """What lies before, between and behind some times."""
    found, end = [], -np.inf
    for first, last in sorted(summed):
        if first > end:
            found.append((end, first))
        end = max(end, last)
    return [*found, (end, np.inf)]
