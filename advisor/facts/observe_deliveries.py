"""A configuration and the metrics of its log -> what was observed of each transport.

Transports that run one program log under one name, unless syslog_name tells them apart. What the log shows is
then told of the one that has the program's own name; how many processes it may have is not known, since the
others have theirs.
"""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from advisor.facts.delivery_causes import DeliveryCause
from advisor.facts.delivery_diagnosis import DeliveryLimits, Reason, diagnose_deliveries
from advisor.facts.delivery_observed import Clog, Deliveries, TransportObservation
from advisor.facts.measure_deliveries import measure_deliveries
from advisor.facts.thresholds import DeliveryThresholds
from advisor.facts.transports import is_delivery_agent
from advisor.logs.capped import Capped
from advisor.logs.metrics import Metrics
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue

# Programs that deliver to this machine's own users, or to a server that does.
_LOCAL = frozenset({"local", "virtual", "lmtp", "pipe"})
_SHARE = 0.95
_SHOWN = 3
# Fewer messages than this say nothing about the disk: one may have met a backup.
_FEW_MESSAGES = 20


def observe_deliveries(instance: Instance, metrics: Metrics, numbers: DeliveryThresholds) -> Deliveries:
    """What the log shows of the transports of the instance, and of its queue."""
    seen = {each.tag for each in metrics.deliveries}
    agents = [service for service in instance.services if is_delivery_agent(service)]
    groups: dict[str, list[Service]] = {}
    for service in agents:
        if service.program_tag in seen and _is_used(instance, metrics, service):
            groups.setdefault(service.program_tag, []).append(service)
    transports = (_observe(instance, metrics, group, numbers) for group in groups.values())
    clogs, suspended = _clogs(metrics), _suspended(metrics)
    return Deliveries(
        transports={each.service: each for each in transports},
        clogs=clogs,
        advice=tuple(dict.fromkeys(advice for key in _advice(metrics) if (advice := key[0]))),
        suspended=suspended,
        reasons=(*_clogging(clogs), *_given_up(suspended, metrics, numbers)),
        pickup_wait=_pickup_wait(metrics),
    )


def _clogging(clogs: tuple[Clog, ...]) -> Iterable[Reason]:
    if clogs:
        worst = ", ".join(f"{each.destination} {each.entries}" for each in clogs[:_SHOWN])
        summary = f"qmgr warned of so many messages for one destination in the active queue: {worst}"
        yield Reason(DeliveryCause.CLOGGED, summary)


def _given_up(suspended: int, metrics: Metrics, numbers: DeliveryThresholds) -> Iterable[Reason]:
    """Attempts that error(8) only pretends to make: qmgr(8) has marked the destination dead for a while."""
    attempts = metrics.deliveries.total()
    if suspended < max(numbers.attempts, numbers.deferred_share * attempts):
        return
    domains: Counter[str] = Counter()
    for tag, counts in metrics.destinations.items():
        if tag.rpartition("/")[2] in ("error", "retry"):
            for (domain, status), count in counts.counts.items():
                domains[domain] += count * (status == "deferred")
    most = ", ".join(f"{domain} {count}" for domain, count in domains.most_common(_SHOWN))
    summary = f"{suspended} of {attempts} attempts were not made, since the destination did not answer before"
    yield Reason(DeliveryCause.GIVEN_UP, f"{summary}; most of them: {most}")


def _observe(
    instance: Instance, metrics: Metrics, group: list[Service], numbers: DeliveryThresholds
) -> TransportObservation:
    first = next((each for each in group if each.name == each.command), group[0])
    load = measure_deliveries(metrics, first.program_tag, numbers.busy_window_seconds)
    limits = DeliveryLimits(
        processes=first.process_limit if len(group) == 1 else None,
        destination=_number(instance, f"{first.name}_destination_concurrency_limit"),
        has_one_destination=_has_one_destination(instance, first),
        connect_timeout=_connect_timeout(instance, first),
        is_local=first.command in _LOCAL,
    )
    others = tuple(each.key for each in group if each is not first)
    reasons = diagnose_deliveries(load, limits, numbers)
    return TransportObservation(first.key, others, load, limits, reasons)


def _is_used(instance: Instance, metrics: Metrics, service: Service) -> bool:
    """False where the log, or the configuration, shows that no mail takes this transport.

    pipe(8) logs the transport's name as `relay=`; `relay` is for the domains in relay_domains alone.
    """
    if service.command == "pipe":
        relays = metrics.relays.get(service.program_tag, Capped()).counts
        return any(relay == service.name for relay, _ in relays)
    if service.name == "relay" and service.command == "smtp":
        return not instance.setting("relay_domains").is_default
    return True


def _has_one_destination(instance: Instance, service: Service) -> bool:
    """Whether the transport's mail has one next hop: relayhost, or the one lmtp server that is named.

    With one recipient a delivery, the limit is for each recipient (default_destination_recipient_limit).
    """
    if _number(instance, f"{service.name}_destination_recipient_limit") == 1:
        return False
    if service.command == "smtp":
        return service.name == "smtp" and bool(instance.setting("relayhost").normal)
    named = (instance.setting(name).normal for name in ("virtual_transport", "mailbox_transport"))
    return service.command == "lmtp" and any(each.startswith(f"{service.name}:") for each in named)


def _number(instance: Instance, name: str) -> int:
    value = instance.setting(name).number()
    return 0 if isinstance(value, BadValue) else value


def _connect_timeout(instance: Instance, service: Service) -> float:
    if service.command not in ("smtp", "lmtp"):
        return 0.0
    seconds = instance.setting(f"{service.command}_connect_timeout", service).seconds()
    return 0.0 if isinstance(seconds, BadValue) else seconds


def _clogs(metrics: Metrics) -> tuple[Clog, ...]:
    highest: Counter[str] = Counter()
    for (_, message), peaks in metrics.peaks.items():
        if message == "active-queue-share":
            for destination, entries in peaks.items():
                highest[destination] = max(highest[destination], int(entries))
    return tuple(Clog(*each) for each in highest.most_common())


def _advice(metrics: Metrics) -> Iterable[tuple[str, ...]]:
    for (_, message), counts in metrics.details.items():
        if message == "active-queue-advice":
            yield from counts.counts


def _suspended(metrics: Metrics) -> int:
    return sum(
        count
        for (_, message), counts in metrics.details.items()
        if message == "delivery"
        for key, count in counts.counts.items()
        if key[-1] == "suspended"
    )


def _pickup_wait(metrics: Metrics) -> float:
    tags = [tag for tag in metrics.names if tag.endswith("/pickup")]
    waits = np.concatenate([np.empty(0, "f4"), *(metrics.message_rows(tag)["content"] for tag in tags)])
    waits = waits[~np.isnan(waits)]
    return float(np.quantile(waits, _SHARE)) if len(waits) >= _FEW_MESSAGES else 0.0
