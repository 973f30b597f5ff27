"""Which SMTP servers have a yes/no parameter turned off."""

from advisor.facts.case import Case
from advisor.facts.registry import fact
from advisor.facts.server_tls import serves_port_25
from advisor.facts.services import smtp_services
from advisor.settings.service import Service


@fact()
def servers_without(case: Case, name: str) -> tuple[str, ...]:
    """The SMTP servers, reachable from other hosts, where the yes/no parameter `name` is no."""
    return tuple(each.key for each in smtp_services(case) if is_off(case, name, each))


@fact()
def relays_without(case: Case, name: str) -> tuple[str, ...]:
    """The SMTP servers for other mail servers, on port 25 or behind postscreen, where `name` is no."""
    return tuple(
        each.key for each in smtp_services(case) if serves_port_25(case, each) and is_off(case, name, each)
    )


@fact()
def is_off(case: Case, name: str, service: Service) -> bool:
    """Whether the yes/no parameter `name` is no for a service, and no default of a release without it."""
    setting = case.instance.setting(name, service)
    return setting.exists and setting.boolean() is False
