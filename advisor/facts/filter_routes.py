"""Content filters: where mail leaves for a filter, and where it comes back.

A message goes to content_filter behind the queue, or to smtpd_proxy_filter in front of it, and comes back by
an SMTP server that others do not use, or by sendmail(1) and pickup(8). That way back must not lead to the
filter again. Knowledge: FILTER_README, SMTPD_PROXY_README, pickup(8).
"""

from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.inspection import inspection
from advisor.facts.registry import collection, fact, known, observed
from advisor.facts.wanted import Assign, Column
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.service import SUBMISSION_PORTS, Service
from advisor.settings.setting import MainCfLine
from advisor.syntax.source import Span

_AFTER_QUEUE, _BEFORE_QUEUE = "content_filter", "smtpd_proxy_filter"
_MAIL_PORTS = SUBMISSION_PORTS | {"smtp", "25"}
_LOOPBACK = ("127.", "localhost", "[::1]", "::1")
_NO_BRACKETS = str.maketrans("", "", "[]")
_LOOP = "loop"


class FilterRoute(msgspec.Struct, frozen=True):
    """A filter. `sources` send mail to it, `returns` take it back: SMTP servers on a port of their own that
    send nothing to it. `unguarded` are servers like those that would send it again, or the pickup service.

    `transport` is the service that delivers to a filter behind the queue; None for one in front of it.
    `is_global`: main.cf itself names the filter. `is_near`: the filter is on this machine.
    """

    parameter: str
    filter: str
    span: Span
    is_global: bool
    is_near: bool
    transport: Service | None
    sources: tuple[Service, ...]
    returns: tuple[Service, ...]
    unguarded: tuple[Service, ...]

    @property
    def loops(self) -> bool:
        """Whether all ways back lead to the filter again."""
        return self.is_global and bool(self.unguarded) and not self.returns

    @property
    def returns_nowhere(self) -> bool:
        """Whether a filter of this machine, for all mail, has no way back."""
        return self.is_global and self.is_near and not self.unguarded and not self.returns

    @property
    def guards(self) -> tuple[Assign, ...]:
        """The empty override for the one server that can be meant; nothing where several can."""
        if len(self.unguarded) != 1:
            return ()
        return (Assign(self.parameter, "", self.unguarded[0].key),)

    @property
    def unguarded_names(self) -> tuple[str, ...]:
        """The keys of the servers that lack the override."""
        return tuple(each.key for each in self.unguarded)


@collection(element=FilterRoute, variable="route", locate=lambda route: route.span)
def filter_routes(case: Case) -> tuple[FilterRoute, ...] | Missing:
    """The content filters that mail is sent to, each once."""
    if case.instance.given.stock_services:
        return Missing("the services of this host", "give master.cf too")
    return tuple(_routes(case))


def _routes(case: Case) -> Iterator[FilterRoute]:
    instance = case.instance
    for parameter in (_AFTER_QUEUE, _BEFORE_QUEUE):
        senders = [each for each in instance.services if _takes_mail(each, parameter)]
        values = {each.key: instance.setting(parameter, each).normal for each in senders}
        main = instance.setting(parameter)
        for value in dict.fromkeys(value for value in values.values() if value):
            sources = tuple(each for each in senders if values[each.key] == value)
            transport = _transport(instance, value) if parameter == _AFTER_QUEUE else None
            simple = transport is not None and _runs_sendmail(transport)
            # Where sendmail brings the mail back, the way is pickup's; else a server on a port of its own.
            ways = [
                each
                for each in senders
                if (each.command == "pickup" if simple else is_way_back(each))
                and not _is_the_filter(each, value)
            ]
            is_global = isinstance(main.origin, MainCfLine) and main.normal == value
            yield FilterRoute(
                parameter,
                value,
                case.place(parameter, None if is_global else sources[0]),
                is_global,
                _is_near(value),
                transport,
                sources,
                tuple(
                    each for each in senders if not values[each.key] and (simple or each.command == "smtpd")
                ),
                tuple(each for each in ways if values[each.key] == value),
            )


def _takes_mail(service: Service, parameter: str) -> bool:
    return service.is_smtp_server or (service.command == "pickup" and parameter == _AFTER_QUEUE)


def is_way_back(service: Service) -> bool:
    """Whether an SMTP server has a port of its own on this machine, for no mail of users or other hosts."""
    return (
        service.command == "smtpd"
        and service.type == "inet"
        and not service.is_public
        and service.name.rpartition(":")[2] not in _MAIL_PORTS
    )


def _is_the_filter(service: Service, value: str) -> bool:
    """Whether the service is what the filter's name leads to."""
    return value.translate(_NO_BRACKETS).endswith(service.name.translate(_NO_BRACKETS))


def _transport(instance: Instance, value: str) -> Service | None:
    return instance.service(f"{value.partition(':')[0]}/unix")


def _runs_sendmail(transport: Service) -> bool:
    return transport.command == "pipe" and any(
        word.text.rpartition("/")[2] == "sendmail" for word in transport.entry.arguments
    )


def _is_near(value: str) -> bool:
    host = value.partition(":")[2] if not value[:1].isdigit() else value
    return host.lstrip("[").lower().startswith(_LOOPBACK)


@fact()
def narrow_returns(case: Case, route: FilterRoute) -> tuple[str, ...]:  # noqa: ARG001 - a fact takes the case
    """The ways back with a process limit of their own that is below that of the filter's transport."""
    return tuple(f"{each.key} ({each.process_limit})" for each in _narrow(route))


@fact()
def wider_returns(case: Case, route: FilterRoute) -> tuple[Column, ...]:  # noqa: ARG001 - a fact takes the case
    """What gives each of them as many processes as the filter's transport has."""
    limit = str(route.transport.process_limit) if route.transport else ""
    return tuple(Column(each.key, "process_limit", limit) for each in _narrow(route))


def _narrow(route: FilterRoute) -> tuple[Service, ...]:
    limit = route.transport.process_limit if route.transport else 0
    backs = [each for each in route.returns if is_way_back(each)]
    if len(backs) != 1:
        return ()
    return tuple(each for each in backs if each.explicit_process_limit and 0 < each.process_limit < limit)


@fact(unit="processes")
def transport_limit(case: Case, route: FilterRoute) -> int:  # noqa: ARG001 - a fact takes the case
    """The process limit of the transport to the filter."""
    return route.transport.process_limit if route.transport else 0


@fact()
def milters_on_both_sides(case: Case, route: FilterRoute) -> tuple[str, ...]:
    """The milters that see a message before the filter and again behind it."""
    before = [set(inspection(case.instance, each).milters) for each in route.sources if each.is_public]
    behind = [set(inspection(case.instance, each).milters) for each in route.returns if is_way_back(each)]
    if not before or not behind:
        return ()
    return tuple(sorted(each for each in set().union(*before) if all(each in own for own in behind)))


@fact()
def comes_back_by_pickup(case: Case, route: FilterRoute) -> bool:  # noqa: ARG001 - a fact takes the case
    """Whether the filter hands mail back with sendmail(1)."""
    return route.transport is not None and _runs_sendmail(route.transport)


@fact()
def proxy_filter_of(case: Case, service: Service) -> str:
    """The filter in front of the queue that an SMTP server asks; empty for none."""
    return case.instance.setting(_BEFORE_QUEUE, service).normal


@observed(unit="failures")
def proxy_failures(case: Case) -> int | Missing:
    """How often a filter in front of the queue could not be reached, or did not answer."""
    trouble = known(case.observed).details.keys.get("proxy-trouble", {})
    return sum(count for (problem,), count in trouble.items() if problem)


@observed(unit="messages")
def looping_messages(case: Case) -> int | Missing:
    """How many deliveries failed since the message had been through too many hands: it went in a circle."""
    keys = known(case.observed).details.keys
    return sum(
        count
        for message in ("delivery", "reject", "content-reject")
        for values, count in keys.get(message, {}).items()
        if _LOOP in values
    )


@observed(unit="messages")
def messages_in_filter(case: Case, service: Service) -> float | Missing:
    """The mean number of messages in the filter in front of the queue at a time."""
    return known(known(case.observed).service(service.key)).load.waits.filter_load


@observed(unit="messages per second")
def pickup_rate(case: Case) -> float | Missing:
    """How many messages pickup(8) took up in a second, on the average of the log."""
    seen = known(case.observed)
    return seen.messages.get("pickup", 0) / max(1.0, seen.last - seen.first)
