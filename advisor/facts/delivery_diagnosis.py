"""The load of a transport -> why its mail waits or is deferred; all causes that apply, each with its numbers.

The questions of qshape(1), asked of the log: which destinations hold up the mail, and for what reason.
"""

from collections.abc import Iterator
from math import inf

import msgspec

from advisor.facts.delivery_causes import (
    CONNECTING,
    DELIVERING,
    GREYLISTING,
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
    seconds until a connection is given up, and of the pause between deliveries to a destination (0: none).
    """

    processes: int | None
    destination: int
    has_one_destination: bool
    connect_timeout: float
    rate_delay: float
    is_local: bool

    @property
    def bounds_all(self) -> bool:
        """Whether the limit for each destination is reached before that of processes, for all its mail."""
        if not self.has_one_destination or not self.destination or self.processes is None:
            return False
        return not self.processes or self.destination < self.processes


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
    found = (_waiting, _throttling, _deferrals, _greylisting, _handshakes, _unknown_recipients)
    return tuple(reason for find in found for reason in find(load, limits, numbers))


def _waiting(load: DeliveryLoad, limits: DeliveryLimits, numbers: DeliveryThresholds) -> Iterator[Reason]:
    if load.queued.p95 < numbers.queue_wait_seconds:
        return
    yield from _connecting(load, limits, numbers)
    wait = f"5 of 100 recipients waited {load.queued.p95:.0f} s or more for a delivery process"
    busy = f"about {load.busy:.0f}"
    most = numbers.busy_share
    if limits.processes and load.busy >= most * limits.processes:
        yield Reason(
            DeliveryCause.TOO_FEW_PROCESSES,
            f"{wait}; {busy} of {limits.processes} were busy in the busiest {_minutes(load.window)}",
        )
    elif limits.bounds_all and load.busy >= most * limits.destination:
        yield Reason(
            DeliveryCause.DESTINATION_LIMIT,
            f"{wait}; all mail goes to one next hop, and {busy} of the {limits.destination} deliveries that "
            "may go there at a time were under way",
        )
    elif limits.processes is None:
        told = "others log under the same name, so which process limit counts is not known"
        yield Reason(DeliveryCause.UNKNOWN, f"{wait}; {told}")
    elif limits.rate_delay:
        pause = f"Postfix makes a pause of {limits.rate_delay:g} s between two deliveries to one destination"
        yield Reason(DeliveryCause.RATE_DELAY, f"{wait}: {pause}{_most_mail(load)}")
    else:
        free = f"of {limits.processes} processes only {busy} were" if limits.processes else f"{busy} were"
        told = "the limit for each destination is what it waits for"
        # The number of busy processes is a mean: at times there may have been none left.
        often = bool(limits.processes) and load.busy >= numbers.idle_share * limits.processes
        told = f"{told}, or at times a process" if often else f"so {told}"
        yield Reason(DeliveryCause.WAITING, f"{wait}, though {free} busy at a time: {told}{_most_mail(load)}")


def _most_mail(load: DeliveryLoad) -> str:
    return f"; {load.providers[0].name} got most mail" if load.providers else ""


def _minutes(seconds: float) -> str:
    return "minute" if seconds <= 60 else f"{seconds / 60:.0f} minutes"


def _connecting(load: DeliveryLoad, limits: DeliveryLimits, numbers: DeliveryThresholds) -> Iterator[Reason]:
    """Of mail that waits: without, a host that is down or slow harms nobody."""
    lost = load.timed_out_connections * limits.connect_timeout
    if (
        load.timed_out_connections >= numbers.timeouts
        and lost >= numbers.timeout_share * load.connecting_seconds
    ):
        yield Reason(
            DeliveryCause.SLOW_CONNECTIONS,
            f"{load.timed_out_connections} connections timed out, each after {limits.connect_timeout:.0f} s",
        )
    elif (
        load.connecting.p50 >= max(numbers.setup_seconds, load.sending.p50)
        and len(load.providers) >= numbers.lookup_destinations
        and 2 * load.providers[0].attempts <= load.attempts
    ):
        yield Reason(
            DeliveryCause.SLOW_SETUP,
            f"half of the attempts spent {load.connecting.p50:.1f} s or more in connecting, at "
            f"{len(load.providers)} providers: no one of them is slow, but what all have in common",
        )


def _throttling(load: DeliveryLoad, _: DeliveryLimits, numbers: DeliveryThresholds) -> Iterator[Reason]:
    count = load.deferred_for(*THROTTLING)
    answered = sum(each.deferred for each in load.providers)
    hit = [
        each
        for each in load.providers
        if each.deferred >= max(numbers.deferred, numbers.throttled_share * each.attempts)
        and each.attempts / load.attempts * load.per_minute >= numbers.throttled_per_minute
    ]
    worst = tuple(sorted(hit, key=lambda each: -each.deferred))
    if not worst or count < numbers.deferred or 2 * count < answered:
        return
    of = f"{worst[0].deferred} of {worst[0].attempts} attempts at {worst[0].name}"
    others = f" (also: {', '.join(each.name for each in worst[1:_SHOWN])})" if len(worst) > 1 else ""
    yield Reason(DeliveryCause.THROTTLED, f"{of} were put off, most because it limits the rate{others}")


def _greylisting(load: DeliveryLoad, _: DeliveryLimits, numbers: DeliveryThresholds) -> Iterator[Reason]:
    count = load.deferred_for(*GREYLISTING)
    if count >= max(numbers.deferred, numbers.deferred_share * load.attempts):
        told = f"{_share(count, load)} were deferred by greylisting"
        yield Reason(DeliveryCause.GREYLISTED, f"{told}{_names(load.destinations)}")


def _deferrals(load: DeliveryLoad, limits: DeliveryLimits, numbers: DeliveryThresholds) -> Iterator[Reason]:
    """All others: a cause has many by itself, or most of those that are many together."""
    rest = {name: count for name, count in load.reasons if name not in (*THROTTLING, *GREYLISTING)}
    many = max(numbers.deferred, numbers.deferred_share * load.attempts)
    most = sum(rest.values()) / 2 if sum(rest.values()) >= many else inf
    faults = max(numbers.deferred, numbers.fault_share * load.attempts) if limits.is_local else many
    for cause, classes, words in (
        (DeliveryCause.NAME_LOOKUP, LOOKING_UP, "because a name could not be looked up"),
        (DeliveryCause.UNREACHABLE, CONNECTING, "because the connection failed"),
        (DeliveryCause.FAILING_DELIVERY, DELIVERING, "for a fault in the delivery itself"),
    ):
        count = load.deferred_for(*classes)
        if count < min(faults, most) or not _fits(cause, load, limits, numbers):
            continue
        rest = {name: count for name, count in rest.items() if name not in classes}
        yield Reason(cause, f"{_share(count, load)} were deferred {words}{_names(load.destinations)}")
    if sum(rest.values()) >= many:
        told = [f"{name or 'no reason given'} {count}" for name, count in rest.items()]
        beside = "for other reasons " if len(rest) < len(load.reasons) else ""
        words = f"{_share(sum(rest.values()), load)} were deferred {beside}({', '.join(told[:_SHOWN])})"
        yield Reason(DeliveryCause.DEFERRED, f"{words}{_names(load.destinations)}")


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


def _names(tried: tuple[Tried, ...]) -> str:
    """The first few, with the deferrals of each."""
    if not tried:
        return ""
    return "; most deferrals: " + ", ".join(f"{each.name} {each.deferred}" for each in tried[:_SHOWN])


def _share(count: int, load: DeliveryLoad) -> str:
    return f"{count} of {load.attempts} attempts"


def _handshakes(load: DeliveryLoad, _: DeliveryLimits, numbers: DeliveryThresholds) -> Iterator[Reason]:
    few = load.tls_connections < numbers.connection_share * load.attempts
    if few or load.tls_reused or not load.providers:
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
