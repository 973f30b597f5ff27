"""What a submission service needs: a login, and a list that refuses whoever has not logged in.

Knowledge: the stock master.cf, SASL_README, RFC 6409.
"""

from advisor.facts.case import Case
from advisor.facts.registry import collection, fact
from advisor.facts.relay import refuses_strangers
from advisor.facts.restrictions import RestrictionLists
from advisor.facts.wanted import Assign
from advisor.facts.written import is_written
from advisor.settings.service import Service
from advisor.settings.setting import ServiceOverride

_RELAY, _RECIPIENT = "smtpd_relay_restrictions", "smtpd_recipient_restrictions"
# Clients that a site knows without a login.
_KNOWN_OTHERWISE = ("permit_mynetworks", "permit_tls_clientcerts", "permit_tls_all_clientcerts")


@collection(element=Service, variable="service", locate=lambda service: service.span)
def submission_services(case: Case) -> tuple[Service, ...]:
    """The services where mail programs of users on other hosts hand in mail."""
    return tuple(each for each in case.instance.services if each.is_submission and each.is_public)


@fact()
def offers_login(case: Case, service: Service) -> bool:
    """Whether a client of the service can log in."""
    return case.instance.setting("smtpd_sasl_auth_enable", service).boolean() is True


@fact()
def refuses_who_did_not_log_in(case: Case, service: Service) -> bool:
    """Whether a list of the service refuses every client that is neither known nor logged in."""
    return refuses_strangers(case.instance, service)


@fact()
def has_undefined_restrictions(case: Case, service: Service) -> bool:
    """Whether an option of the service refers to restrictions that nothing defines."""
    spans = [option.span for option in service.entry.overrides if option.name.endswith("_restrictions")]
    return any(
        isinstance(reference.origin, ServiceOverride) and reference.origin.span in spans
        for reference in case.instance.undefined()
    )


@fact()
def submission_reject(case: Case, service: Service) -> tuple[Assign, ...]:
    """The list that refuses strangers, for a service that has no such list of its own; networks and client
    certificates that the list in force permits stay permitted.
    """
    instance = case.instance
    setting = instance.setting(_RELAY, service)
    if not setting.exists or any(is_written(instance, name, service) for name in (_RELAY, _RECIPIENT)):
        return ()
    lists = RestrictionLists(instance, service)
    name = _RELAY if setting.normal else _RECIPIENT
    present = {step.name for step in lists.steps(lists.items(name))}
    words = [*(each for each in _KNOWN_OTHERWISE if each in present), "permit_sasl_authenticated", "reject"]
    return (Assign(_RELAY, ",".join(words), service.key),)
