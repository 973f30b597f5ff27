"""Where clients that deliver mail spent their time, while the processes were full.

Three phases show in the log. *Envelope*: from connect to the first accepted sender, which has DNS lists,
policy services, a milter's first answers and the wait for a worker of a filter in front of the queue.
*Filter*: from there to that filter's answer. *Content*: from a message's header to the queue, which has the
transfer of the body, body checks, a milter's last answer and the disk.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from advisor.capacity.occupancy import Interval, busy_at, overlap
from advisor.facts.pool import Pool, mean
from advisor.facts.thresholds import Thresholds
from advisor.logs.metrics import Phases


@dataclass(frozen=True, slots=True)
class Wait:
    """The mean seconds of one phase, and the share of the slot time that was spent in it."""

    mean: float
    share: float


@dataclass(frozen=True, slots=True)
class Waits:
    """`filter_load` is the mean number of messages in the filter at a time. None where too few can be
    compared: `envelope_of_mynetworks`, the mean for clients of mynetworks, and `content_when_free`, that of
    messages which came while at most half of the processes were busy.
    """

    envelope: Wait
    filter: Wait
    content: Wait
    filter_load: float
    envelope_of_mynetworks: float | None
    content_when_free: float | None


def measure_waits(
    pool: Pool,
    messages: Sequence[Phases],
    limit: int,
    is_local: Callable[[str], bool],
    thresholds: Thresholds,
) -> Waits:
    """The waits of a service with `limit` processes; `messages` came by it, `is_local` tells mynetworks."""
    envelopes: list[Interval] = []
    local: list[float] = []
    filters: list[Interval] = []
    for each in pool.good:
        client, filtered = each.session.client_at, each.session.filtered_at
        if client is None or not pool.was_met_by(each):
            continue
        envelopes.append(Interval(each.interval.start, client))
        if is_local(each.client):
            local.append(client - each.interval.start)
        if filtered is not None:
            filters.append(Interval(client, filtered))
    contents = [
        (item.start, item.message_id_to_active) for item in messages if item.message_id_to_active is not None
    ]
    during = [wait for time, wait in contents if any(w.start <= time <= w.end for w in pool.during)]
    free = [wait for time, wait in contents if busy_at(pool.occupancy, time) <= limit / 2]
    held = pool.held(pool.busy)
    return Waits(
        envelope=_wait(envelopes, pool, held),
        filter=_wait(filters, pool, held),
        # Messages and sessions are stamped in whole seconds, and not the same ones.
        content=Wait(mean(during), min(1.0, _ratio(sum(during), held))),
        filter_load=_ratio(
            sum(overlap(pool.during, each) for each in filters), sum(w.end - w.start for w in pool.during)
        ),
        envelope_of_mynetworks=_mean_of_enough(local, thresholds.compared_clients),
        content_when_free=_mean_of_enough(free, thresholds.compared_clients),
    )


def _wait(intervals: list[Interval], pool: Pool, held: float) -> Wait:
    inside = sum(overlap(pool.during, each) for each in intervals)
    return Wait(mean(each.end - each.start for each in intervals), _ratio(inside, held))


def _mean_of_enough(values: list[float], enough: int) -> float | None:
    return mean(values) if len(values) >= enough else None


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
