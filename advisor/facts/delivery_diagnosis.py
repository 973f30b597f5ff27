"""The load of a transport -> why its mail waits or is deferred; all causes that apply, each with its numbers.

The questions of qshape(1), asked of the log: which destinations hold up the mail, and for what reason.
"""

from collections.abc import Iterator

import msgspec

from advisor.facts.delivery_causes import (
    CONNECTING,
    DELIVERING,
    LOOKING_UP,
    THROTTLING,
    DeliveryCause,
)
from advisor.facts.delivery_load import DeliveryLoad, Tried
from advisor.facts.thresholds import DeliveryThresholds

_SHOWN = 3


class DeliveryLimits(msgspec.Struct, frozen=True):
    """What bounds a transport: its processes (0: no limit; None: not known, since others log under the same
    name), deliveries at a time to one destination (0: no limit), whether all its mail has one next hop, and
    seconds until a connection is given up.
    """

    processes: int | None
    destination: int
    has_one_destination: bool
    connect_timeout: float
    is_local: bool


class Reason(msgspec.Struct, frozen=True):
    """A cause, and why it is one, in words."""

    cause: DeliveryCause
    summary: str


def diagnose_deliveries(
    load: DeliveryLoad, limits: DeliveryLimits, numbers: DeliveryThresholds
) -> tuple[Reason, ...]:
    """All causes, those of the queue manager first; none at all where the log shows no trouble."""
    if load.attempts < numbers.attempts:
        return ()
    found = (_waiting, _timeouts, _deferrals, _handshakes, _unknown_recipients)
    return tuple(reason for find in found for reason in find(load, limits, numbers))


def _waiting(load: DeliveryLoad, limits: DeliveryLimits, numbers: DeliveryThresholds) -> Iterator[Reason]:
    if load.queued.p95 < numbers.queue_wait_seconds or not load.busy:
        return
    wait = f"5 of 100 recipients waited more than {load.queued.p95:.0f} s for a delivery process"
    if limits.processes and load.busy >= numbers.busy_share * limits.processes:
        yield Reason(
            DeliveryCause.TOO_FEW_PROCESSES,
            f"{wait}; about {load.busy:.0f} of {limits.processes} were busy in the busiest "
            f"{load.window / 60:.0f} minutes",
        )
    elif (
        limits.has_one_destination
        and limits.destination
        and load.busy >= numbers.busy_share * limits.destination
        and (limits.processes == 0 or limits.destination < (limits.processes or 0))
    ):
        yield Reason(
            DeliveryCause.DESTINATION_LIMIT,
            f"{wait}; all mail goes to one next hop, and about {load.busy:.0f} of the {limits.destination} "
            "deliveries that may go there at a time were under way",
        )


def _timeouts(load: DeliveryLoad, limits: DeliveryLimits, numbers: DeliveryThresholds) -> Iterator[Reason]:
    lost = load.timed_out_connections * limits.connect_timeout
    if (
        load.timed_out_connections >= numbers.timeouts
        and lost >= numbers.timeout_share * load.connecting_seconds
    ):
        yield Reason(
            DeliveryCause.SLOW_CONNECTIONS,
            f"{load.timed_out_connections} connections timed out, each after {limits.connect_timeout:.0f} s",
        )


def _deferrals(load: DeliveryLoad, limits: DeliveryLimits, numbers: DeliveryThresholds) -> Iterator[Reason]:
    least = max(numbers.deferred, numbers.deferred_share * load.attempts)
    explained = 0
    for cause, classes, words in (
        (DeliveryCause.THROTTLED, THROTTLING, "because the other side limits the rate"),
        (DeliveryCause.NAME_LOOKUP, LOOKING_UP, "because a name could not be looked up"),
        (DeliveryCause.UNREACHABLE, CONNECTING, "because the connection failed"),
        (DeliveryCause.FAILING_DELIVERY, DELIVERING, "for a fault in the delivery itself"),
    ):
        count = load.deferred_for(*classes)
        if count < least or not _fits(cause, load, limits, numbers):
            continue
        explained += count
        yield Reason(cause, f"{_share(count, load)} were deferred {words}{_where(cause, load)}")
    rest = load.deferred - explained
    if rest >= max(numbers.deferred, numbers.any_deferred_share * load.attempts):
        reasons = ", ".join(f"{name or 'no reason given'} {count}" for name, count in load.reasons[:_SHOWN])
        yield Reason(
            DeliveryCause.DEFERRED,
            f"{_share(rest, load)} were deferred for other reasons ({reasons}){_names(load.destinations)}",
        )


def _fits(
    cause: DeliveryCause, load: DeliveryLoad, limits: DeliveryLimits, numbers: DeliveryThresholds
) -> bool:
    """Whether the reason means that cause with such a transport: words of another server tell of that."""
    match cause:
        case DeliveryCause.FAILING_DELIVERY:
            return limits.is_local
        case DeliveryCause.NAME_LOOKUP:
            return len(load.destinations) >= numbers.lookup_destinations
        case _:
            return True


def _where(cause: DeliveryCause, load: DeliveryLoad) -> str:
    if cause is DeliveryCause.THROTTLED:
        by_deferrals = sorted(load.providers, key=lambda each: -each.deferred)
        return _names(tuple(each for each in by_deferrals if each.deferred))
    return _names(load.destinations)


def _names(tried: tuple[Tried, ...]) -> str:
    """The first few, with the deferrals of each."""
    if not tried:
        return ""
    return "; most deferrals: " + ", ".join(f"{each.name} {each.deferred}" for each in tried[:_SHOWN])


def _share(count: int, load: DeliveryLoad) -> str:
    return f"{count} of {load.attempts} attempts"


def _handshakes(load: DeliveryLoad, _: DeliveryLimits, numbers: DeliveryThresholds) -> Iterator[Reason]:
    if not load.providers or load.tls_connections < numbers.connection_share * load.attempts:
        return
    busiest = load.providers[0]
    share = busiest.attempts / load.attempts
    if (
        share >= numbers.provider_share
        and share * load.per_minute >= numbers.provider_per_minute
        and load.connecting.p50 >= numbers.connection_seconds
    ):
        yield Reason(
            DeliveryCause.NO_CONNECTION_REUSE,
            f"{load.tls_connections} TLS connections for {load.attempts} attempts, {busiest.attempts} of "
            f"them to {busiest.name}; half of the attempts spent {load.connecting.p50:.1f} s or more in "
            "connecting",
        )


def _unknown_recipients(
    load: DeliveryLoad, limits: DeliveryLimits, numbers: DeliveryThresholds
) -> Iterator[Reason]:
    unknown = sum(count for name, count in load.bounce_reasons if name == "unknown-user")
    if limits.is_local and unknown >= max(numbers.unknown, numbers.unknown_share * load.attempts):
        yield Reason(
            DeliveryCause.UNKNOWN_RECIPIENTS,
            f"{_share(unknown, load)} bounced because the recipient does not exist: the mail was taken first",
        )
