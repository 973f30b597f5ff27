"""Whether smtpd(8) starts at all: one of its two lists about recipients must name a restriction that refuses.

Knowledge: smtpd_check_init(), has_required() and fail_required_all() in src/smtpd/smtpd_check.c;
SMTPD_ACCESS_README. Tried with Postfix 3.7.11: smtpd dies at the first client.
"""

from advisor.facts.case import Case
from advisor.facts.registry import fact
from advisor.facts.relay import (
    controls_relaying,
    open_path,
    permits_strangers_early,
    refuses_strangers,
    relay_list_alike,
)
from advisor.facts.wanted import Assign
from advisor.facts.written import written_places
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.service import Service

RELAY = "smtpd_relay_restrictions"
_RECIPIENT = "smtpd_recipient_restrictions"
# The default of smtpd_relay_restrictions (2.10.1 and newer).
SAFE = "permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination"


@fact()
def servers_without_relay_control(case: Case) -> tuple[str, ...]:
    """The SMTP servers that do not start, since no list of theirs refuses foreign recipients."""
    return tuple(each.key for each in _without(case.instance))


@fact()
def relaying_is_settled(case: Case, service: Service) -> bool | Missing:
    """Whether the service starts and relays for no stranger; before that nothing else is to be said of it."""
    if not has_relay_control(case.instance, service):
        return Missing(f"{service.key} does not start: no list refuses", "mend what no-relay-control says")
    if open_path(case.instance, service) is not None:
        return Missing(f"{service.key} relays for everybody", "mend what open-relay says")
    return True


@fact()
def relay_list_is_empty_by_level(case: Case) -> bool:
    """Whether smtpd_relay_restrictions is not written, and empty since compatibility_level is below 1."""
    setting = case.instance.setting(RELAY)
    return setting.exists and setting.is_default and not setting.normal


@fact()
def relay_control(case: Case) -> tuple[Assign, ...]:
    """The list that lets the servers start: for all where main.cf leaves it empty, else for each of them.

    Nothing where a list is there that has other elements: what they are for, only a person knows.
    """
    instance = case.instance
    services = _without(instance)
    if any(instance.setting(RELAY, each).normal or not instance.setting(RELAY).exists for each in services):
        return ()
    own = [each for each in services if each in written_places(instance, RELAY)]
    general = () if len(own) == len(services) else (Assign(RELAY, SAFE),)
    return (*general, *(Assign(RELAY, SAFE.replace(" ", ""), each.key) for each in own))


def has_relay_control(instance: Instance, service: Service) -> bool:
    """Whether one of the lists names a restriction that refuses, or is not known."""
    settings = [instance.setting(name, service) for name in (RELAY, _RECIPIENT)]
    return any(setting.problem is not None or setting.unknown for setting in settings) or any(
        controls_relaying(instance, service, setting.name) for setting in settings if setting.exists
    )


def _without(instance: Instance) -> tuple[Service, ...]:
    # One that is started with stray words ends because of them, and its lists may have broken off there.
    servers = (each for each in instance.services if each.is_smtp_server and not each.entry.operands)
    return tuple(each for each in servers if not has_relay_control(instance, each))


@fact()
def relays_by_recipient_list(case: Case, service: Service) -> bool:
    """Whether smtpd_recipient_restrictions alone keeps strangers from relaying, among checks that are about
    spam; False where the list refuses all strangers, as that of a submission service.
    """
    relay = case.instance.setting(RELAY, service)
    return (
        relay.exists
        and relay.problem is None
        and not relay.unknown
        and not controls_relaying(case.instance, service, RELAY)
        and controls_relaying(case.instance, service, _RECIPIENT)
        and not refuses_strangers(case.instance, service)
    )


@fact()
def relay_restrictions_alike(case: Case, service: Service) -> tuple[str, ...]:
    """The relay restrictions that let the same clients relay as smtpd_recipient_restrictions does; nothing
    where something stands there that may permit others.
    """
    return relay_list_alike(case.instance, service)


@fact()
def relay_list_is_empty(case: Case, service: Service) -> bool:
    """Whether smtpd_relay_restrictions has no element."""
    return not case.instance.setting(RELAY, service).normal


@fact()
def may_permit_strangers(case: Case, service: Service) -> bool:
    """Whether a table or policy service stands before what refuses foreign recipients: one OK relays."""
    return permits_strangers_early(case.instance, service)
