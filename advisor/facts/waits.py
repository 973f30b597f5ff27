"""Where clients that deliver mail spent their time, while the processes were full.

Three phases show in the log. *Envelope*: from connect to the first accepted sender, which has DNS lists,
policy services, a milter's first answers and the wait for a worker of a filter in front of the queue.
*Filter*: from there to that filter's answer. *Content*: from a message's header to the queue, which has the
transfer of the body, body checks, a milter's last answer and the disk.
"""

from collections.abc import Callable

import numpy as np

from advisor.capacity.occupancy import Floats
from advisor.facts.load import Wait, Waits
from advisor.facts.pool import Busy, Pool, mean, quantile
from advisor.facts.thresholds import Thresholds
from advisor.logs.classes import CLASSES, STAGES, SessionClass
from advisor.logs.tables import Rows

_NAMELESS = tuple(CLASSES.index(kind) for kind in (SessionClass.JUNK, SessionClass.SILENT))
_AT_CONNECT = STAGES.index("CONNECT")


def measure_waits(
    pool: Pool,
    messages: Rows,
    picked_up: Rows,
    limit: int,
    is_local: Callable[[str], bool],
    thresholds: Thresholds,
) -> Waits:
    """The waits of a service with `limit` processes; `messages` (dtype MESSAGE) came by it, `picked_up` by
    pickup(8); `is_local` tells mynetworks.
    """
    met = pool.during.overlaps(pool.good.start, pool.good.end) > 0
    good = pool.good.where(met & ~np.isnan(pool.good.column("client_at")))
    client, filtered = good.column("client_at"), good.column("filtered_at")
    has_filter = ~np.isnan(filtered)
    is_near = _by_client(pool, good, is_local)
    envelope, local = (client - good.start), (client - good.start)[is_near]
    # Clients of mynetworks pass before most tests.
    others = envelope[~is_near] if np.sum(~is_near) >= thresholds.compared_clients else envelope
    known, seconds = _content(messages)
    header = known["start"] + np.nan_to_num(known["envelope"].astype(np.float64))
    within = pool.during.overlaps(header, header + seconds)
    # Some began before all processes were busy, and are what keeps them so.
    during = seconds[pool.during.hold(known["start"]) | (within > 0)]
    free = seconds[pool.occupancy.at(known["start"]) <= limit / 2]
    held = pool.held(pool.busy)
    filters = client[has_filter], filtered[has_filter]
    return Waits(
        envelope=Wait(mean(others), _wait(good.start, client, pool, held).share),
        filter=_wait(*filters, pool, held),
        # Messages and sessions are stamped in whole seconds, and not the same ones.
        content=Wait(mean(during), min(1.0, _ratio(float(np.sum(within)), held))),
        filter_load=_ratio(float(np.sum(pool.during.overlaps(*filters))), pool.during.seconds),
        envelope_of_mynetworks=_mean_of_enough(local, thresholds.compared_clients),
        content_when_free=_mean_of_enough(free, thresholds.compared_clients),
        content_of_pickup=_mean_of_enough(_content(picked_up)[1], thresholds.compared_clients),
        content_fast_quarter=quantile(during, 0.25),
        pace=max(0.0, _pace(good) - mean(during)),
        strangers=_strangers(pool, thresholds.compared_clients),
    )


def _strangers(pool: Pool, enough: int) -> float | None:
    """How long clients took that went of themselves before they named a sender; slow ones do not count."""
    kind, busy = pool.busy.column("kind"), pool.busy
    left = np.isin(kind, _NAMELESS) & (busy.column("stage") != _AT_CONNECT) & ~np.isnan(busy.column("end"))
    seconds = busy.where(left & (busy.seconds < pool.slow_threshold)).seconds
    return quantile(seconds, 0.25) if len(seconds) >= enough else None


def _pace(good: Busy) -> float:
    """The mean seconds from the sender, or the filter's answer, to the end of a session with one message: of
    three quarters, so that many recipients or a slow line do not count.
    """
    one = good.where(good.column("messages") <= 1)
    rest = np.sort(one.end - np.fmax(one.column("client_at"), one.column("filtered_at")))
    return mean(rest[: (3 * len(rest) + 3) // 4])


def _content(messages: Rows) -> tuple[Rows, Floats]:
    known = messages[~np.isnan(messages["content"])]
    return known, known["content"].astype(np.float64)


def _by_client(pool: Pool, sessions: Busy, is_one: Callable[[str], bool]) -> Rows:
    """For each session whether its client is one of those; each client is asked for once."""
    asked = np.zeros(len(pool.addresses), bool)
    for code in np.unique(sessions.client).tolist():
        asked[code] = is_one(pool.addresses[code])
    return asked[sessions.client]


def _wait(starts: Floats, ends: Floats, pool: Pool, held: float) -> Wait:
    return Wait(mean(ends - starts), _ratio(float(np.sum(pool.during.overlaps(starts, ends))), held))


def _mean_of_enough(values: Floats, enough: int) -> float | None:
    return mean(values) if len(values) >= enough else None


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
