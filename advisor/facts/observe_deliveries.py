"""A configuration and the metrics of its log -> what was observed of each transport.

Transports that run one program log under one name, unless syslog_name tells them apart. What the log shows is
then told of the one that has the program's own name; how many processes it may have is not known, since the
others have theirs.
"""

from advisor.facts.delivery_diagnosis import DeliveryLimits, diagnose_deliveries
from advisor.facts.delivery_observed import Deliveries, TransportObservation
from advisor.facts.measure_deliveries import measure_deliveries
from advisor.facts.observe_queue import clogging_advice, clogs, incoming_wait, queue_reasons, suspended
from advisor.facts.thresholds import DeliveryThresholds
from advisor.facts.transports import is_delivery_agent
from advisor.logs.capped import Capped
from advisor.logs.metrics import Metrics
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue

# Programs that deliver to this machine's own users, or to a server that does.
_LOCAL = frozenset({"local", "virtual", "lmtp", "pipe"})


def observe_deliveries(instance: Instance, metrics: Metrics, numbers: DeliveryThresholds) -> Deliveries:
    """What the log shows of the transports of the instance, and of its queue."""
    seen = {each.tag for each in metrics.deliveries}
    agents = [service for service in instance.services if is_delivery_agent(service)]
    groups: dict[str, list[Service]] = {}
    for service in agents:
        if service.program_tag in seen and _is_used(instance, metrics, service):
            groups.setdefault(service.program_tag, []).append(service)
    transports = (_observe(instance, metrics, group, numbers) for group in groups.values())
    return Deliveries(
        transports={each.service: each for each in transports},
        clogs=clogs(metrics),
        advice=clogging_advice(metrics),
        suspended=suspended(metrics),
        reasons=queue_reasons(metrics, _number(instance, "qmgr_message_active_limit"), numbers),
        pickup_wait=incoming_wait(metrics, "pickup"),
    )


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
        rate_delay=_rate_delay(instance, first),
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


def _rate_delay(instance: Instance, service: Service) -> float:
    seconds = instance.setting(f"{service.name}_destination_rate_delay").seconds()
    return 0.0 if isinstance(seconds, BadValue) else seconds


def _connect_timeout(instance: Instance, service: Service) -> float:
    if service.command not in ("smtp", "lmtp"):
        return 0.0
    seconds = instance.setting(f"{service.command}_connect_timeout", service).seconds()
    return 0.0 if isinstance(seconds, BadValue) else seconds
