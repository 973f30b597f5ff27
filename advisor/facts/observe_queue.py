"""A configuration and the metrics of its log -> what was observed of the queue as a whole."""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from advisor.facts.delivery_causes import DeliveryCause
from advisor.facts.delivery_diagnosis import Reason
from advisor.facts.delivery_observed import Clog
from advisor.facts.measure_deliveries import messages_in_active_queue
from advisor.facts.thresholds import DeliveryThresholds
from advisor.logs.metrics import Metrics

_SHARE = 0.95
_SHOWN = 3
# Fewer messages than this say nothing about the disk: one may have met a backup.
_FEW_MESSAGES = 20
# Transports that only defer or bounce: a warning about them names no destination.
_PRETENDERS = ("error", "retry")


def queue_reasons(metrics: Metrics, active_limit: int, numbers: DeliveryThresholds) -> tuple[Reason, ...]:
    """What is wrong with the queue: it is full, one destination fills it, destinations were given up."""
    return (
        *_full(metrics, active_limit, numbers),
        *_clogging(clogs(metrics)),
        *_given_up(metrics, numbers),
    )


def _full(metrics: Metrics, active_limit: int, numbers: DeliveryThresholds) -> Iterable[Reason]:
    """By Little's law; that new mail waits as well tells it from an active queue that is merely large."""
    inside = messages_in_active_queue(metrics, numbers.busy_window_seconds)
    wait = incoming_wait(metrics, "smtpd", "pickup")
    if active_limit and inside >= numbers.active_share * active_limit and wait >= numbers.queue_wait_seconds:
        summary = (
            f"about {inside:.0f} messages were in the active queue, which has room for {active_limit}, and "
            f"5 of 100 new ones waited {wait:.0f} s or more to get in"
        )
        yield Reason(DeliveryCause.ACTIVE_QUEUE_FULL, summary)


def _clogging(found: tuple[Clog, ...]) -> Iterable[Reason]:
    if found:
        worst = ", ".join(f"{each.destination} {each.entries}" for each in found[:_SHOWN])
        summary = f"qmgr warned of so many messages for one destination in the active queue: {worst}"
        yield Reason(DeliveryCause.CLOGGED, summary)


def _given_up(metrics: Metrics, numbers: DeliveryThresholds) -> Iterable[Reason]:
    """Attempts that error(8) only pretends to make: qmgr(8) has marked the destination dead for a while."""
    attempts, not_made = metrics.deliveries.total(), suspended(metrics)
    if not_made < max(numbers.attempts, numbers.deferred_share * attempts):
        return
    domains: Counter[str] = Counter()
    for tag, counts in metrics.destinations.items():
        if tag.rpartition("/")[2] in ("error", "retry"):
            for (domain, status), count in counts.counts.items():
                domains[domain] += count * (status == "deferred")
    most = ", ".join(f"{domain} {count}" for domain, count in domains.most_common(_SHOWN))
    summary = f"{not_made} of {attempts} attempts were not made, since the destination did not answer before"
    yield Reason(DeliveryCause.GIVEN_UP, f"{summary}; most of them: {most}")


def clogs(metrics: Metrics) -> tuple[Clog, ...]:
    """The destinations of which qmgr(8) warned, the largest first."""
    highest: Counter[str] = Counter()
    for (_, message), peaks in metrics.peaks.items():
        if message == "active-queue-share":
            for destination, entries in peaks.items():
                highest[destination] = max(highest[destination], int(entries))
    return tuple(Clog(*each) for each in highest.most_common())


def clogging_advice(metrics: Metrics) -> tuple[str, ...]:
    """What qmgr(8) said of them, each advice once."""
    said = (
        key[0]
        for (_, message), counts in metrics.details.items()
        if message == "active-queue-advice"
        for key in counts.counts
        if key[0] and not key[0].rpartition(" ")[2].startswith(_PRETENDERS)
    )
    return tuple(dict.fromkeys(said))


def suspended(metrics: Metrics) -> int:
    """The attempts that were not made."""
    return sum(
        count
        for (_, message), counts in metrics.details.items()
        if message == "delivery"
        for key, count in counts.counts.items()
        if key[-1] == "suspended"
    )


def incoming_wait(metrics: Metrics, *programs: str) -> float:
    """Seconds: 95 of 100 messages that came by these programs took no longer from their message-id to the
    active queue; 0 where there are hardly any.
    """
    tags = [tag for tag in metrics.names if tag.rpartition("/")[2] in programs and "/" in tag]
    waits = np.concatenate([np.empty(0, "f4"), *(metrics.message_rows(tag)["content"] for tag in tags)])
    waits = waits[~np.isnan(waits)]
    return float(np.quantile(waits, _SHARE)) if len(waits) >= _FEW_MESSAGES else 0.0
