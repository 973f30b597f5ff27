"""Which SMTP servers have a yes/no parameter turned off."""

from advisor.facts.case import Case
from advisor.facts.registry import fact
from advisor.facts.server_tls import serves_port_25
from advisor.settings.service import Service


@fact()
def servers_without(case: Case, name: str) -> tuple[str, ...]:
    """The servers, smtpd(8) or postscreen(8), that other hosts can reach and where `name` is no."""
    return tuple(each.key for each in _servers(case) if is_off(case, name, each))


@fact()
def relays_without(case: Case, name: str) -> tuple[str, ...]:
    """Those of them that are for other mail servers: on port 25, or behind postscreen."""
    return tuple(
        each.key for each in _servers(case) if serves_port_25(case, each) and is_off(case, name, each)
    )


@fact()
def is_off(case: Case, name: str, service: Service) -> bool:
    """Whether the yes/no parameter `name` is no for a service, and no default of a release without it."""
    setting = case.instance.setting(name, service)
    return setting.exists and setting.boolean() is False


def _servers(case: Case) -> tuple[Service, ...]:
    """postscreen(8) reads the switches of smtpd(8), by the defaults of its own parameters."""
    return tuple(
        each
        for each in case.instance.services
        if each.is_public and (each.is_smtp_server or each.is_postscreen)
    )
