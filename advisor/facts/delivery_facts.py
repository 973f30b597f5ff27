"""What was observed of transports and of the queue, as facts for rules."""

from math import ceil

from advisor.facts.case import Case
from advisor.facts.delivery_causes import DeliveryCause
from advisor.facts.delivery_observed import Deliveries, TransportObservation
from advisor.facts.registry import collection, fact, known, observed
from advisor.facts.thresholds import default_thresholds
from advisor.facts.transports import is_delivery_agent
from advisor.facts.wanted import Remove, Wanted
from advisor.missing import Missing
from advisor.settings.service import Service
from advisor.settings.setting import MainCfLine
from advisor.settings.values import BadValue

# The transports of Postfix's own master.cf that run smtp(8).
_STOCK = ("smtp", "relay")


@collection(element=Service, variable="transport", locate=lambda transport: transport.span)
def transports(case: Case) -> tuple[Service, ...]:
    """The services that deliver mail: with a log, those that it shows."""
    agents = tuple(service for service in case.instance.services if is_delivery_agent(service))
    if isinstance(case.observed, Missing):
        return agents
    return tuple(service for service in agents if service.key in case.observed.deliveries.transports)


def _all(case: Case) -> Deliveries:
    return known(case.observed).deliveries


def _of(case: Case, transport: Service) -> TransportObservation:
    return known(_all(case).transport(transport.key))


@observed()
def delivery_causes(case: Case, transport: Service) -> tuple[DeliveryCause, ...] | Missing:
    """Why mail of the transport waits or is deferred."""
    return _of(case, transport).causes


@observed()
def delivery_reason(case: Case, transport: Service, cause: str) -> str | Missing:
    """The numbers behind one of those causes, in words."""
    found = _of(case, transport).reasons
    return next((each.summary for each in found if each.cause == cause), "")


@observed()
def queue_causes(case: Case) -> tuple[DeliveryCause, ...] | Missing:
    """What is wrong with the queue as a whole."""
    return tuple(each.cause for each in _all(case).reasons)


@observed()
def queue_reason(case: Case, cause: str) -> str | Missing:
    """The numbers behind one of those causes, in words."""
    return next((each.summary for each in _all(case).reasons if each.cause == cause), "")


@observed(unit="attempts")
def delivery_attempts(case: Case, transport: Service) -> int | Missing:
    """How many times the transport tried to deliver to a recipient."""
    return _of(case, transport).load.attempts


@observed(unit="processes")
def delivery_processes_busy(case: Case, transport: Service) -> float | Missing:
    """How many processes of the transport were busy on average in the busiest ten minutes, rather too few."""
    return _of(case, transport).load.busy


@observed(unit="s")
def queue_wait(case: Case, transport: Service) -> float | Missing:
    """The time that 95 of 100 recipients waited at most for a process of the transport: b of delays=."""
    return _of(case, transport).load.queued.p95


@observed(unit="attempts")
def deferrals_for(case: Case, transport: Service, reason: str) -> int | Missing:
    """How many attempts were deferred for reasons of one class."""
    return _of(case, transport).load.deferred_for(reason)


@observed(unit="connections")
def ipv6_unreachable(case: Case, transport: Service) -> int | Missing:
    """How many connections of the transport failed since this machine has no route for IPv6."""
    return _of(case, transport).load.ipv6_unreachable


@observed()
def clogging_destinations(case: Case) -> tuple[str, ...] | Missing:
    """The destinations of which the queue manager warned that they fill the active queue, the worst first."""
    return tuple(each.destination for each in _all(case).clogs)


@observed(unit="messages")
def clogging_entries(case: Case) -> int | Missing:
    """The most messages in the active queue for one of these destinations."""
    return max((each.entries for each in _all(case).clogs), default=0)


@observed()
def clogging_advice(case: Case) -> str | Missing:
    """What the queue manager itself advised about them."""
    return "; ".join(_all(case).advice)


@observed(unit="attempts")
def suspended_deliveries(case: Case) -> int | Missing:
    """How many attempts were not made, since the destination had been given up for a while."""
    return _all(case).suspended


@observed(unit="s")
def pickup_wait(case: Case) -> float | Missing:
    """The time that 95 of 100 messages from this machine took at most to the active queue; 0 for few."""
    return _all(case).pickup_wait


@fact(unit="processes")
def delivery_processes_wanted(case: Case, transport: Service) -> int | Missing:
    """The processes that were busy at the busiest time, or all that there were, and a quarter more."""
    headroom = default_thresholds().delivery.processes_headroom
    observation = _of(case, transport)
    return ceil(headroom * max(observation.load.busy, observation.limits.processes or 0))


@fact()
def is_narrow_on_purpose(case: Case, transport: Service) -> bool | Missing:
    """Whether somebody made the transport for some destinations, with fewer processes than others have."""
    usual = case.instance.setting("default_process_limit").number()
    if isinstance(usual, BadValue):
        return Missing(str(usual), "correct default_process_limit")
    stock = transport.command != "smtp" or transport.name in _STOCK
    return not stock and 0 < transport.process_limit < usual


@fact(unit="messages")
def active_queue_limit(case: Case) -> int | Missing:
    """How many messages the active queue may hold: qmgr_message_active_limit."""
    value = case.instance.setting("qmgr_message_active_limit").number()
    return Missing(str(value), "correct qmgr_message_active_limit") if isinstance(value, BadValue) else value


@fact()
def room_in_active_queue(case: Case) -> tuple[Wanted, ...]:
    """The default of qmgr_message_active_limit, and of the limit of recipients that must not be smaller."""
    names = ("qmgr_message_active_limit", "qmgr_message_recipient_limit")
    return tuple(Remove(name) for name in names if isinstance(case.instance.setting(name).origin, MainCfLine))


@fact(unit="deliveries")
def destination_limit(case: Case, transport: Service) -> int | Missing:
    """How many deliveries the transport may make at a time to one destination; 0 for no limit."""
    name = f"{transport.name}_destination_concurrency_limit"
    value = case.instance.setting(name).number()
    return Missing(str(value), f"correct {name}") if isinstance(value, BadValue) else value


@fact(unit="deliveries")
def destination_limit_wanted(case: Case, transport: Service, most: int) -> int | Missing:
    """A quarter more deliveries at a time than the log's limit allowed, `most` at most, and no more than the
    transport has processes.
    """
    headroom = default_thresholds().delivery.processes_headroom
    wanted = min(most, ceil(headroom * _of(case, transport).limits.destination))
    return min(wanted, transport.process_limit) if transport.process_limit else wanted


@fact()
def has_tlsproxy(case: Case) -> bool:
    """Whether master.cf has tlsproxy(8), which keeps TLS connections open for others."""
    return any(service.command == "tlsproxy" for service in case.instance.services)


@fact()
def reuses_tls_connections(case: Case, transport: Service) -> bool | Missing:
    """Whether TLS connections of the transport serve several deliveries: smtp_tls_connection_reuse."""
    setting = case.instance.setting(f"{transport.command}_tls_connection_reuse", transport)
    if not setting.exists:
        return Missing("this release keeps no TLS connections open", "use Postfix 3.4 or later")
    value = setting.boolean()
    return Missing(str(value), f"correct {setting.name}") if isinstance(value, BadValue) else value


@fact()
def inspects_local_mail(case: Case) -> bool:
    """Whether mail from this machine itself waits for milters, content checks or a pause on its way in."""
    names = (
        "non_smtpd_milters",
        "header_checks",
        "body_checks",
        "mime_header_checks",
        "nested_header_checks",
    )
    pickup = case.instance.service("pickup/unix")
    return any(case.instance.setting(name, pickup).normal not in ("", "$header_checks") for name in names)


@fact()
def tries_ipv6_first(case: Case, transport: Service) -> bool:
    """Whether the transport uses IPv6 addresses, and not only after those of IPv4."""
    protocols = case.instance.setting("inet_protocols", transport).items()
    preference = case.instance.setting(f"{transport.command}_address_preference", transport).normal
    uses = not isinstance(protocols, BadValue) and not {"all", "ipv6"}.isdisjoint(protocols)
    return uses and preference != "ipv4"
