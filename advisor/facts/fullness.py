"""How long all processes of a service were busy: by their sessions or, hidden, by the pauses between them.

The connect line is written only behind the lookup of the client's name (src/smtpd/smtpd_peer.c): while that
takes long, a busy process shows no session.
"""

from collections.abc import Sequence

import numpy as np

from advisor.capacity.occupancy import Floats, Windows
from advisor.facts.pool import Pool, quantile
from advisor.facts.thresholds import Thresholds

# master(8) keeps an idle process for max_idle = 100 s, and warns of a full service once in 1000 s.
_TURNOVER_SECONDS = 100
# Nearly all pauses of a process are as long as that of this place in their order.
_SHORT_PAUSE = 0.05


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
    share = thresholds.full_share if _always_pauses(pool, thresholds) else thresholds.hidden_busy_share
    return any(
        pool.occupancy.peak_around(time, 1) < share * limit
        and _changed_clients(pool, time, limit, thresholds)
        for time in warnings
    )


def may_be_hidden(pool: Pool, limit: int, thresholds: Thresholds) -> bool:
    """Whether nearly all processes take clients, but none without a pause, and few show a session."""
    if not limit or pool.occupancy.peak >= thresholds.hidden_busy_share * limit:
        return False
    return _always_pauses(pool, thresholds) and _changed_clients(
        pool, float(np.median(pool.busy.start)), limit, thresholds
    )


def _always_pauses(pool: Pool, thresholds: Thresholds) -> bool:
    """Whether no process takes a client at once, and none waits long for one."""
    pauses = _pauses(pool)
    return (
        len(pauses) >= thresholds.free_sessions
        and quantile(pauses, _SHORT_PAUSE) >= thresholds.hidden_pause_seconds
        and quantile(pauses, 0.5) < _TURNOVER_SECONDS / 10
    )


def is_full_at_end(pool: Pool, warnings: Sequence[float], limit: int, thresholds: Thresholds) -> bool:
    """Whether master warned that all processes are busy, and all of them still are where the log ends: a full
    server is silent, and so its log ends soon after that, however long it goes on.
    """
    still_open = int(np.sum(np.isnan(pool.busy.rows["end"])))
    return bool(limit and warnings) and still_open >= thresholds.full_share * limit


def _changed_clients(pool: Pool, time: float, limit: int, thresholds: Thresholds) -> bool:
    near = np.abs(pool.busy.start - time) <= _TURNOVER_SECONDS
    return len(np.unique(pool.busy.rows["pid"][near])) >= thresholds.hidden_turnover_share * limit


def _pauses(pool: Pool) -> Floats:
    """The seconds between the end of a session and the next begin of the same process."""
    pid = pool.busy.rows["pid"]
    order = np.lexsort((pool.busy.start, pid))
    pauses = pool.busy.start[order][1:] - pool.busy.end[order][:-1]
    same: Floats = pauses[pid[order][1:] == pid[order][:-1]]
    return same
