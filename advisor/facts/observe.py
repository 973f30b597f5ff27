"""A configuration and the metrics of its log -> what was observed of each service.

Services that log under one name are one log group. What is observed is the group's, and so known for a
service only where it alone can have the clients of a network.
"""

from collections import Counter

from advisor.capacity.withheld import are_withheld
from advisor.facts.client_networks import members
from advisor.facts.cover import cover
from advisor.facts.inspection import inspection
from advisor.facts.limit_in_force import limit_in_force
from advisor.facts.log_details import log_details
from advisor.facts.measure import measure
from advisor.facts.observe_deliveries import observe_deliveries
from advisor.facts.observed import Observation, Observed
from advisor.facts.overload import diagnose
from advisor.facts.thresholds import Thresholds
from advisor.logs.metrics import Metrics
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue


def observe(instance: Instance, metrics: Metrics, thresholds: Thresholds) -> Observed:
    """What the log shows of each SMTP server of the instance."""
    servers = [service for service in instance.services if service.is_smtp_server]
    found = {service.key: _observe(instance, service, servers, metrics, thresholds) for service in servers}
    loads = [each.load for each in found.values() if isinstance(each, Observation)]
    messages: Counter[str] = Counter()
    for (_, message), count in metrics.counters.items():
        messages[message] += count
    coverage = cover(metrics, loads)
    first, last = metrics.first or 0.0, metrics.last or 0.0
    deliveries = observe_deliveries(instance, metrics, thresholds.delivery)
    return Observed(first, last, found, messages, coverage, deliveries, log_details(metrics))


def _observe(
    instance: Instance, service: Service, servers: list[Service], metrics: Metrics, thresholds: Thresholds
) -> Observation | Missing:
    group = [other for other in servers if other.program_tag == service.program_tag]
    if len(group) > 1 and [other for other in group if other.is_public] != [service]:
        names = ", ".join(other.key for other in group)
        return Missing(
            f"{names} all log as {service.program_tag}",
            f"give {service.key} a name of its own: postconf -P '{service.key}/syslog_name=postfix/"
            f"{service.name.rpartition(':')[2]}', then collect a new log",
        )
    if are_withheld(metrics, service.program_tag):
        return Missing(
            f"the metrics were written without the sessions of {service.program_tag}",
            "give the log, or metrics with sessions",
        )
    seen = metrics.session_tags()
    if service.program_tag not in seen:
        others = f"; it has those of {', '.join(sorted(seen))}" if seen else ""
        return Missing(
            f"the log has no session of {service.program_tag}{others}",
            f"give a log with the lines of {service.program_tag}",
        )
    limit = limit_in_force(service, metrics)
    timeout = instance.setting("smtpd_timeout", service).seconds()
    seconds = 0.0 if isinstance(timeout, BadValue) else timeout
    load = measure(
        metrics,
        service=service.key,
        tag=service.program_tag,
        limit=limit.number,
        limit_source=limit.source,
        since=limit.since,
        entry=service.name,
        exempt=members(instance, service, "smtpd_client_event_limit_exceptions"),
        is_local=members(instance, service, "mynetworks"),
        is_submission=service.is_submission,
        timeout=seconds,
        thresholds=thresholds,
    )
    asked = inspection(instance, service)
    return Observation(
        load,
        asked,
        diagnose(load, asked, thresholds, seconds),
        Missing(str(timeout), "correct smtpd_timeout") if isinstance(timeout, BadValue) else timeout,
    )
