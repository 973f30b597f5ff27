"""Services of one instance that listen at the same place.

Knowledge: see `advisor.settings.listening`.
"""

from collections.abc import Iterator

from advisor.settings.instance import Instance
from advisor.settings.listening import SHARES_PORTS, Endpoint, endpoints
from advisor.settings.service import Service
from advisor.settings.values import BadValue


def listened_at(instance: Instance, service: Service) -> frozenset[Endpoint]:
    """Where a service of the network listens, as far as main.cf and master.cf say it."""
    if service.type != "inet":
        return frozenset()
    lists = [instance.setting(name).items() for name in ("inet_interfaces", "inet_protocols")]
    if any(isinstance(each, BadValue) for each in lists):
        return frozenset()
    interfaces, protocols = (() if isinstance(each, BadValue) else each for each in lists)
    return endpoints(service.name, interfaces, protocols)


def clashes(instance: Instance, ours: frozenset[Endpoint], theirs: frozenset[Endpoint]) -> list[Endpoint]:
    """The places that only one of two services can have for itself.

    Before 3.6 nobody could listen at an address while another listened at all of them.
    """
    if instance.release >= SHARES_PORTS:
        return sorted(ours & theirs, key=str)
    pairs = [(one, other) for one in ours for other in theirs]
    found = {
        one if other.holds(one) else other for one, other in pairs if one.holds(other) or other.holds(one)
    }
    return sorted(found, key=str)


def earlier_listeners(instance: Instance, service: Service) -> Iterator[tuple[Service, list[Endpoint]]]:
    """The services before this one in master.cf that listen at places of its own."""
    if not (ours := listened_at(instance, service)):
        return
    for other in (each for each in instance.services if each.type == service.type):
        if other.key == service.key:
            return
        if shared := clashes(instance, ours, listened_at(instance, other)):
            yield other, shared
