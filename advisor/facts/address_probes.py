"""Address probes: whether strangers can make the server ask other sites about an address.

A probe is a delivery that ends behind RCPT TO, kept in address_verify_map. Knowledge:
ADDRESS_VERIFICATION_README; smtpd_check_rcpt() in src/smtpd/smtpd_check.c for which list comes first.
"""

from advisor.facts.case import Case
from advisor.facts.registry import fact
from advisor.facts.relay import refuses_strangers
from advisor.facts.restrictions import RestrictionLists
from advisor.settings.instance import Instance
from advisor.settings.service import Service

_SENDER = "reject_unverified_sender"
_RECIPIENT = "reject_unverified_recipient"
_LISTS = ("smtpd_client_restrictions", "smtpd_helo_restrictions", "smtpd_sender_restrictions")
_RELAY, _RECIPIENTS = "smtpd_relay_restrictions", "smtpd_recipient_restrictions"
_BY_DESTINATION = frozenset({"reject_unauth_destination", "defer_unauth_destination", "reject", "defer"})
_MAP = "address_verify_map"


@fact()
def probes_every_sender(case: Case, service: Service) -> str:
    """The list that has the sender of every stranger's mail probed; empty where none does."""
    lists = RestrictionLists(case.instance, service)
    if refuses_strangers(case.instance, service):
        return ""
    names = (*_LISTS, _RELAY, _RECIPIENTS, "smtpd_data_restrictions")
    return next(
        (name for name in names if any(step.name == _SENDER for step in lists.steps(lists.items(name)))), ""
    )


@fact()
def probes_any_recipient(case: Case, service: Service) -> bool:
    """Whether a stranger's recipients are probed before those of foreign domains are refused."""
    instance = case.instance
    lists = RestrictionLists(instance, service)
    if refuses_strangers(instance, service):
        return False
    for name in _in_order(instance, service):
        for step in lists.steps(lists.items(name)):
            if step.name == _RECIPIENT:
                return True
            if step.name in _BY_DESTINATION and not step.only_warns:
                return False
    return False


@fact()
def forgets_probes(case: Case, service: Service) -> bool:
    """Whether the server probes addresses and keeps no record of the answers on disk."""
    lists = RestrictionLists(case.instance, service)
    names = (*_LISTS, _RELAY, _RECIPIENTS, "smtpd_data_restrictions")
    probes = any(
        step.name in (_SENDER, _RECIPIENT) for name in names for step in lists.steps(lists.items(name))
    )
    setting = case.instance.setting(_MAP)
    return probes and setting.known and not setting.normal


def _in_order(instance: Instance, service: Service) -> tuple[str, ...]:
    first = instance.setting("smtpd_relay_before_recipient_restrictions", service)
    recipients = (*_LISTS, _RECIPIENTS)
    if not instance.setting(_RELAY, service).exists:
        return recipients
    relay_first = first.exists and first.boolean() is True
    return (*_LISTS, _RELAY, _RECIPIENTS) if relay_first else (*recipients, _RELAY)
