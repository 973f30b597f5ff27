"""Services that take the client's address from a proxy in front of them (the PROXY protocol of HAProxy).

Whoever connects to such a service says himself which client he is. Knowledge: smtpd_peer_init() in
src/smtpd/smtpd_peer.c, smtpd_upstream_proxy_protocol and postscreen_upstream_proxy_protocol in postconf(5).
"""

from ipaddress import ip_address

import msgspec

from advisor.facts.case import Case
from advisor.facts.postscreen import postscreen_services, service_behind
from advisor.facts.registry import collection, fact
from advisor.facts.restrictions import RestrictionLists
from advisor.facts.trusted_networks import PRIVATE_BLOCKS
from advisor.facts.wanted import Assign
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.setting import MainCfLine, ServiceOverride
from advisor.syntax.source import Span

_PARAMETERS = {
    "smtpd": "smtpd_upstream_proxy_protocol",
    "postscreen": "postscreen_upstream_proxy_protocol",
}
_LISTS = ("smtpd_relay_restrictions", "smtpd_recipient_restrictions")


class ProxyListener(msgspec.Struct, frozen=True):
    """A service with a proxy protocol. `is_ignored`: smtpd has the client from postscreen, which is not told
    to expect a proxy where `screen_is_bare`. `is_behind_filter`: its client is a content filter, which sends
    no PROXY line. `is_open`: it listens beyond loopback and private addresses. `trusts`: clients of
    mynetworks may relay there. `cures` end what has no effect.
    """

    key: str
    span: Span
    parameter: str
    is_ignored: bool
    screen_is_bare: bool
    is_behind_filter: bool
    is_open: bool
    trusts: bool
    cures: tuple[Assign, ...]


@collection(element=ProxyListener, variable="listener", locate=lambda listener: listener.span)
def proxy_listeners(case: Case) -> tuple[ProxyListener, ...]:
    """The services that expect a proxy in front of them."""
    found = (_listener(case, service) for service in case.instance.services)
    return tuple(each for each in found if each is not None)


@fact()
def services_behind_a_proxy(case: Case) -> tuple[str, ...]:
    """The services that wait for the line of a proxy."""
    return tuple(each.key for each in proxy_listeners(case) if not each.is_ignored)


def _listener(case: Case, service: Service) -> ProxyListener | None:
    instance, parameter = case.instance, _PARAMETERS.get(service.command, "")
    setting = instance.setting(parameter, service) if parameter else None
    if setting is None or not setting.exists or not setting.normal or service.type not in ("inet", "pass"):
        return None
    is_ignored = service.type == "pass"
    screens = [each for each in postscreen_services(case) if service_behind(case, each) == service.key]
    server = service
    if service.is_postscreen:
        server = instance.service(service_behind(case, service)) or service
    origin = setting.origin
    is_behind_filter = isinstance(origin, MainCfLine) and takes_filtered_mail(instance, service)
    return ProxyListener(
        service.key,
        origin.span if isinstance(origin, MainCfLine | ServiceOverride) else service.span,
        parameter,
        is_ignored,
        any(not instance.setting(_PARAMETERS["postscreen"], each).normal for each in screens),
        is_behind_filter,
        service.type == "inet" and service.is_public and not _is_private(service.name),
        permits_mynetworks(instance, server),
        (Assign(parameter, "", service.key),) if is_ignored or is_behind_filter else (),
    )


def takes_filtered_mail(instance: Instance, service: Service) -> bool:
    """Whether a service on this machine alone turns off the content filter that main.cf sets: it is where the
    filter hands back what it has seen.
    """
    own = instance.setting("content_filter", service)
    turns_off = isinstance(own.origin, ServiceOverride) and not own.normal
    is_local = service.type == "inet" and not service.is_public
    return is_local and turns_off and bool(instance.setting("content_filter").normal)


def permits_mynetworks(instance: Instance, service: Service) -> bool:
    """Whether clients of mynetworks may relay through the service."""
    lists = RestrictionLists(instance, service)
    steps = (step for name in _LISTS for step in lists.steps(lists.items(name)))
    return any(step.name == "permit_mynetworks" for step in steps)


def _is_private(name: str) -> bool:
    """Whether a service listens on one address, of a network that is not the Internet."""
    host = name.rpartition(":")[0].removeprefix("[").removesuffix("]")
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in PRIVATE_BLOCKS)
