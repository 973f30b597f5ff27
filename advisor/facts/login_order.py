"""What a client that logs in, or that mynetworks holds, meets before it is let pass.

`permit_sasl_authenticated` ends a list for a client that has logged in; what stands behind it never sees that
client, and what stands before it always does. Knowledge: generic_checks() in src/smtpd/smtpd_check.c,
SASL_README, SMTPD_ACCESS_README.
"""

from collections.abc import Iterator

from advisor.facts.case import Case
from advisor.facts.registry import fact
from advisor.facts.restriction_classes import unlisted_of
from advisor.facts.restrictions import RestrictionLists, Step
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.service import Service

_LISTS = tuple(f"smtpd_{stage}_restrictions" for stage in ("client", "helo", "sender", "relay", "recipient"))
_LOGIN_CHECKS = frozenset(
    f"reject_{which}sender_login_mismatch" for which in ("", "authenticated_", "known_")
)
_LOGIN, _NETWORKS = "permit_sasl_authenticated", "permit_mynetworks"
_LEAVES = (_LOGIN, "permit", "reject", "defer")
# Tests by the client's address or names, which say nothing about one that has logged in.
_BY_NAME = frozenset(
    """reject_unknown_client reject_unknown_client_hostname reject_unknown_reverse_client_hostname
    reject_unknown_forward_client_hostname reject_unknown_hostname reject_unknown_helo_hostname
    reject_rbl_client reject_rhsbl_client reject_rhsbl_reverse_client reject_rhsbl_helo""".split()
)


@fact()
def servers_without_login_check(case: Case) -> tuple[str, ...]:
    """The SMTP servers where a user who logged in may send under any name, though smtpd_sender_login_maps
    says whose names are whose. A policy service that is asked about him may well compare them.
    """
    return tuple(
        each.key
        for each in case.instance.services
        if each.is_smtp_server
        and _offers_login(case.instance, each)
        and case.instance.setting("smtpd_sender_login_maps", each).normal
        and not _checks_login(RestrictionLists(case.instance, each))
    )


@fact()
def tests_before_permits(case: Case, service: Service) -> tuple[str, ...] | Missing:
    """The tests by a client's address or name that meet clients which the same list permits later on, or, on
    a submission service, any user.
    """
    if unknown := unlisted_of(case.instance, service):
        return Missing(
            f"{service.key} does not know {', '.join(unknown)}", "mend what undeclared-restriction-class says"
        )
    lists = RestrictionLists(case.instance, service)
    login = {_LOGIN} if _offers_login(case.instance, service) else set()
    permits = {_NETWORKS, *login}
    everybody = login if service.is_submission else set()
    found = (
        f"{step.name} {step.argument}".strip() + f" in {name}"
        for name in _LISTS
        for step in _early(list(lists.steps(lists.items(name))), permits, everybody)
    )
    return tuple(dict.fromkeys(found))


def _offers_login(instance: Instance, service: Service) -> bool:
    return instance.setting("smtpd_sasl_auth_enable", service).boolean() is True


def _checks_login(lists: RestrictionLists) -> bool:
    for name in _LISTS:
        for step in lists.steps(lists.items(name)):
            if step.name in (*_LOGIN_CHECKS, "check_policy_service") and not step.only_warns:
                return True
            if step.name in _LEAVES and not step.only_warns:
                break
    return False


def _early(steps: list[Step], permits: set[str], everybody: set[str]) -> Iterator[Step]:
    """The tests that stand before one of the `permits`, or that none of `everybody` stands before."""
    for place, step in enumerate(steps):
        if step.name in ("permit", "reject", "defer") and not step.only_warns:
            return
        if step.name not in _BY_NAME or step.only_warns:
            continue
        before = {each.name for each in steps[:place]}
        behind = {each.name for each in steps[place + 1 :]}
        if (permits - before) & behind or everybody - before:
            yield step
