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
from advisor.facts.pool import Busy, Pool, mean
from advisor.facts.thresholds import Thresholds
from advisor.logs.tables import Rows


def measure_waits(
    pool: Pool,
    messages: Rows,
    limit: int,
    is_local: Callable[[str], bool],
    thresholds: Thresholds,
) -> Waits:
    """The waits of a service with `limit` processes; `messages` (dtype MESSAGE) came by it, `is_local` tells
    mynetworks.
    """
    met = pool.during.overlaps(pool.good.start, pool.good.end) > 0
    good = pool.good.where(met & ~np.isnan(pool.good.column("client_at")))
    client, filtered = good.column("client_at"), good.column("filtered_at")
    has_filter = ~np.isnan(filtered)
    local = (client - good.start)[_by_client(pool, good, is_local)]
    known = messages[~np.isnan(messages["content"])]
    seconds = known["content"].astype(np.float64)
    during = seconds[pool.during.hold(known["start"])]
    free = seconds[pool.occupancy.at(known["start"]) <= limit / 2]
    held = pool.held(pool.busy)
    filters = client[has_filter], filtered[has_filter]
    return Waits(
        envelope=_wait(good.start, client, pool, held),
        filter=_wait(*filters, pool, held),
        # Messages and sessions are stamped in whole seconds, and not the same ones.
        content=Wait(mean(during), min(1.0, _ratio(float(np.sum(during)), held))),
        filter_load=_ratio(float(np.sum(pool.during.overlaps(*filters))), pool.during.seconds),
        envelope_of_mynetworks=_mean_of_enough(local, thresholds.compared_clients),
        content_when_free=_mean_of_enough(free, thresholds.compared_clients),
    )


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
