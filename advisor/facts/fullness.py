"""How long all processes of a service were busy: by their sessions or, hidden, by the pauses between them.

The connect line is written only behind the lookup of the client's name (src/smtpd/smtpd_peer.c): while that
takes long, a busy process shows no session. Else a process is idle between two clients, and while one is idle
no client waits: it takes the next connection at once.
"""

from collections.abc import Sequence

import numpy as np

from advisor.capacity.occupancy import Floats, Occupancy, Windows
from advisor.facts.pool import Pool, quantile
from advisor.facts.thresholds import Thresholds

# master(8) keeps an idle process for max_idle = 100 s, and warns of a full service once in 1000 s.
_TURNOVER_SECONDS = 100
# A line is stamped with the second it is written in, and may be written a moment after the other's.
_A_MOMENT = 1.0
# Good sessions last no longer, but for one in twenty.
_LONG = 0.95
# Nearly all pauses of a process are as long as that of this place in their order.
_SHORT_PAUSE = 0.05
# Where names are slow to look up some clients are quick all the same: their names are known already.
_MANY_PAUSES = 0.25


def longest_full(full: Windows, within: float) -> float:
    """The most seconds with all processes busy in any `within` seconds, or in one window that is longer."""
    if not len(full):
        return 0.0
    sums = np.append(0.0, np.cumsum(full.full))
    behind = np.searchsorted(full.ends, full.starts + within, "right")
    places = np.arange(len(full))
    return float(np.max(np.maximum(full.full, sums[np.maximum(behind, places)] - sums[places])))


def is_hidden(pool: Pool, warnings: Sequence[float], limit: int, thresholds: Thresholds) -> bool:
    """Whether the processes were all busy, by master's warning, while hardly a session shows in the log; or
    while some show, but no process takes a client without a pause, though clients queue.
    """
    always = _always_pauses(pool, thresholds.hidden_pause_seconds, thresholds)
    share = thresholds.full_share if always else thresholds.hidden_busy_share
    return any(
        _processes_seen(pool, time, time + _A_MOMENT) < share * limit
        and _changed_clients(pool, time, limit, thresholds)
        for time in warnings
    )


def may_be_hidden(pool: Pool, warnings: Sequence[float], limit: int, thresholds: Thresholds) -> bool:
    """Whether nearly all processes take clients, but none without a pause, and few show a session; or not all
    of them in the second in which master warned, and the pauses are alike: idle ones are of any length.
    """
    if not limit or not _always_pauses(pool, _A_MOMENT, thresholds):
        return False
    few_show = pool.occupancy.peak < thresholds.hidden_busy_share * limit
    if few_show and _always_pauses(pool, thresholds.hidden_pause_seconds, thresholds):
        return _changed_clients(pool, float(np.median(pool.busy.start)), limit, thresholds)
    return _pauses_are_alike(pool) and any(
        _processes_seen(pool, time, time) < thresholds.full_share * limit
        and _changed_clients(pool, time, limit, thresholds)
        for time in warnings
    )


def _pauses_are_alike(pool: Pool) -> bool:
    """Whether nearly all are as long as each other, as far as stamps of whole seconds tell."""
    begins, ends = _pauses(pool)
    return quantile(ends - begins, _LONG) - quantile(ends - begins, _SHORT_PAUSE) <= 2 * _A_MOMENT


def _always_pauses(pool: Pool, seconds: float, thresholds: Thresholds) -> bool:
    """Whether no process takes a client sooner than that, and none waits long for one."""
    begins, ends = _pauses(pool)
    return (
        len(begins) >= thresholds.free_sessions
        and quantile(ends - begins, _SHORT_PAUSE) >= seconds
        and quantile(ends - begins, 0.5) < _TURNOVER_SECONDS / 10
    )


def is_full_at_end(pool: Pool, warnings: Sequence[float], limit: int, thresholds: Thresholds) -> bool:
    """Whether all processes are busy where the log ends, and will stay so: master warned that they are, and
    they have been since; or it warned before, and clients that are slower than good ones hold many. A full
    server is silent, and so its log ends soon after it has filled, however long it goes on.
    """
    still_open = pool.busy.where(np.isnan(pool.busy.column("end")))
    if not limit or not warnings or len(still_open) < thresholds.full_share * limit:
        return False
    lasts = len(pool.full) and pool.full.ends[-1] >= still_open.end.max()
    filled = float(pool.full.starts[-1] if lasts else still_open.start.max())
    usual = max(quantile(pool.good.seconds, _LONG), thresholds.normal_median_seconds)
    slower = int(np.sum(still_open.seconds > usual))
    return max(warnings) >= filled - _A_MOMENT or slower >= thresholds.slow_share * limit


def fewest_idle(pool: Pool, first: float, last: float, limit: int, thresholds: Thresholds) -> float:
    """The least number of processes that were idle, on average, in any `full_seconds` of the log: of those
    that showed a client before and after. 0 where the pauses may be lookups of names.
    """
    begins, ends = _pauses(pool)
    all_are_seen = len(np.unique(pool.busy.rows["pid"])) >= thresholds.hidden_turnover_share * limit
    if all_are_seen and quantile(ends - begins, _MANY_PAUSES) >= thresholds.hidden_pause_seconds:
        return 0.0
    return Occupancy.of(begins, ends).least_mean(thresholds.full_seconds, first, last)


def _processes_seen(pool: Pool, first: float, last: float) -> int:
    """How many processes show a session between two stamps: short ones, too, which began and ended in one
    second.
    """
    near = (pool.busy.start <= last) & (pool.busy.end >= first)
    return len(np.unique(pool.busy.rows["pid"][near]))


def _changed_clients(pool: Pool, time: float, limit: int, thresholds: Thresholds) -> bool:
    near = np.abs(pool.busy.start - time) <= _TURNOVER_SECONDS
    return len(np.unique(pool.busy.rows["pid"][near])) >= thresholds.hidden_turnover_share * limit


def _pauses(pool: Pool) -> tuple[Floats, Floats]:
    """The ends of sessions and the next begins of the same processes."""
    pid = pool.busy.rows["pid"]
    order = np.lexsort((pool.busy.start, pid))
    begins, ends = pool.busy.end[order][:-1], pool.busy.start[order][1:]
    same = (pid[order][1:] == pid[order][:-1]) & (ends >= begins)
    return begins[same], ends[same]
