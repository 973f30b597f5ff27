"""The metrics of a log -> how far it can be trusted.

Everything here is a property of the log alone. A server that is full of slow clients falls silent too, and so
does one that is stopped; neither is a hole in the log.
"""

from bisect import bisect_left
from collections.abc import Iterator
from ipaddress import ip_address
from itertools import pairwise

import msgspec
import numpy as np

from advisor.capacity.occupancy import Floats
from advisor.facts.coverage import Coverage, Silence
from advisor.facts.load import Load
from advisor.logs.classes import ENDINGS
from advisor.logs.histogram import Histogram
from advisor.logs.losses import Loss
from advisor.logs.metrics import Metrics
from advisor.logs.tables import Rows

_MINUTE = 60
# The traffic beside a silence is that of so many minutes before it, and behind it.
_BESIDE = 30
_NOBODYS = ("", "/")
_CUT = ENDINGS.index("cut")


def cover(metrics: Metrics, loads: list[Load]) -> Coverage:
    """The coverage of a log; `loads` are those of its services, as far as they are known."""
    back = Histogram()
    for clock in metrics.clocks.values():
        back += clock.back
    return Coverage(
        seconds=(metrics.last or 0.0) - (metrics.first or 0.0),
        lines=metrics.postfix_lines,
        lost=_lost(metrics),
        silences=tuple(_silences(metrics, loads)),
        connects=sum(count for (_, name), count in metrics.counters.items() if name == "connect"),
        unpaired=_unpaired(metrics),
        back=back,
        hosts=_hosts(metrics),
        dialogue=sum(count for (_, name), count in metrics.counters.items() if name == "dialogue"),
    )


def _lost(metrics: Metrics) -> dict[str, int]:
    pids = {process.pid for process in metrics.processes}
    found: dict[str, int] = {}
    for loss, count in metrics.losses.items():
        if _is_of_postfix(loss, pids):
            found[loss.writer] = found.get(loss.writer, 0) + count
    return found


def _is_of_postfix(loss: Loss, pids: set[str]) -> bool:
    pid = loss.whose.removeprefix("pid ").partition(",")[0]
    return loss.whose in _NOBODYS or "postfix" in loss.whose or pid in pids


def _silences(metrics: Metrics, loads: list[Load]) -> Iterator[Silence]:
    """The silences that nothing in the log explains, the longest first."""
    minutes = metrics.minutes
    stops = sorted(closing.time for closing in metrics.closings if not closing.pid)
    pairs = [(last, following) for last, following in pairwise(sorted(minutes)) if following > last + 1]
    pools = [_Pool.of(metrics.session_rows(load.tag), load.limit) for load in loads if load.limit and pairs]
    for last, following in sorted(pairs, key=lambda pair: pair[0] - pair[1]):
        start, end = (last + 1) * _MINUTE, following * _MINUTE
        was_stopped = bisect_left(stops, start - _MINUTE) < bisect_left(stops, end + _MINUTE)
        if was_stopped or any(pool.is_full_at(start) for pool in pools):
            continue
        before = sum(minutes[minute] for minute in range(last - _BESIDE + 1, last + 1))
        behind = sum(minutes[minute] for minute in range(following, following + _BESIDE))
        length = following - last - 1
        yield Silence(start, length, min(before, behind) / _BESIDE * length)


class _Pool(msgspec.Struct, frozen=True):
    """When the sessions of a service began and ended, each in order."""

    limit: int
    starts: Floats
    ends: Floats

    @classmethod
    def of(cls, rows: Rows, limit: int) -> "_Pool":
        ends = rows["end"]
        # What began before the log was there from the beginning.
        return cls(limit, np.sort(np.nan_to_num(rows["start"], nan=0.0)), np.sort(ends[~np.isnan(ends)]))

    def is_full_at(self, time: float) -> bool:
        """Whether clients held all processes: then, as long as none leaves, there is nothing to log."""
        begun, ended = (np.searchsorted(times, time, "right") for times in (self.starts, self.ends))
        return bool(begun - ended >= self.limit)


def _unpaired(metrics: Metrics) -> int:
    """The sessions that ended with no line of their own, though their process went on to the next client."""
    ended = {(closing.host, closing.pid, closing.time) for closing in metrics.closings}
    names = metrics.names
    cut = (
        (names[row["host"]], str(row["pid"]), float(row["end"]))
        for rows in metrics.sessions.blocks()
        for row in rows[(rows["ended_by"] == _CUT) & ~np.isnan(rows["start"])]
    )
    return sum(not {(host, of, end) for of in ("", pid)} & ended for host, pid, end in cut)


def _hosts(metrics: Metrics) -> tuple[str, ...]:
    """The hosts that wrote lines of Postfix; a name with and without its domain is one."""
    by_label: dict[str, str] = {}
    for name in sorted({process.host for process in metrics.processes}, key=lambda name: (-len(name), name)):
        by_label.setdefault(name if _is_address(name) else name.partition(".")[0].lower(), name)
    return tuple(sorted(by_label.values()))


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
