"""What a client that logs in, or that mynetworks holds, meets before it is let pass.

`permit_sasl_authenticated` ends a list for a client that has logged in; what stands behind it never sees that
client, and what stands before it always does. Knowledge: generic_checks() in src/smtpd/smtpd_check.c,
SASL_README, SMTPD_ACCESS_README.
"""

from collections.abc import Iterator

from advisor.facts.case import Case
from advisor.facts.login_check_placed import EARLY_LISTS, LOGIN_CHECKS, login_check_placed
from advisor.facts.permits_first import BY_NAME, FINAL, LOGIN, NETWORKS, permits_first
from advisor.facts.registry import fact
from advisor.facts.restriction_classes import unlisted_of
from advisor.facts.restrictions import RestrictionLists, Step
from advisor.facts.wanted import Wanted
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.service import Service

_LEAVES = (LOGIN, *FINAL)


@fact()
def servers_without_login_check(case: Case) -> tuple[str, ...]:
    """The SMTP servers where a user who logged in may send under any name, though smtpd_sender_login_maps
    says whose names are whose. A policy service that is asked about him may well compare them.
    """
    return tuple(each.key for each in _without_login_check(case.instance))


@fact()
def login_checks_placed(case: Case) -> tuple[Wanted, ...]:
    """What lets these servers compare sender and login in time; nothing where one of them leaves no room."""
    instance = case.instance
    offering = frozenset(each.key for each in instance.services if _offers_login(instance, each))
    changes = [login_check_placed(instance, each, offering) for each in _without_login_check(instance)]
    return tuple(dict.fromkeys(each for of in changes for each in of)) if all(changes) else ()


@fact()
def tests_before_permits(case: Case, service: Service) -> tuple[str, ...] | Missing:
    """The tests by a client's address or name that meet clients which the same list permits later on, or, on
    a submission service, any user.
    """
    if unknown := unlisted_of(case.instance, service):
        return Missing(
            f"{service.key} does not know {', '.join(unknown)}", "mend what undeclared-restriction-class says"
        )
    found = (
        f"{step.name} {step.argument}".strip() + f" in {name}"
        for name, steps in _early_tests(case.instance, service).items()
        for step in steps
    )
    return tuple(dict.fromkeys(found))


@fact()
def tests_moved_behind_permits(case: Case, service: Service) -> tuple[Wanted, ...]:
    """What puts the permits before the tests that a service asks of its own users; nothing where a list has
    something between them that may say OK, so that the order matters to strangers.
    """
    instance = case.instance
    users = frozenset(each.key for each in instance.services if _must_log_in(instance, each))
    changes = [permits_first(instance, service, name, users) for name in _early_tests(instance, service)]
    return tuple(each for of in changes for each in of) if all(changes) else ()


def _early_tests(instance: Instance, service: Service) -> dict[str, tuple[Step, ...]]:
    """The lists that have such tests, and these."""
    lists = RestrictionLists(instance, service)
    login = {LOGIN} if _offers_login(instance, service) else set()
    everybody = login if _must_log_in(instance, service) else set()
    found = {
        name: tuple(_early(list(lists.steps(lists.items(name))), {NETWORKS, *login}, everybody))
        for name in EARLY_LISTS
    }
    return {name: steps for name, steps in found.items() if steps}


def _must_log_in(instance: Instance, service: Service) -> bool:
    """Whether the clients are users who log in."""
    return service.is_submission and _offers_login(instance, service)


def _without_login_check(instance: Instance) -> Iterator[Service]:
    return (
        each
        for each in instance.services
        if each.is_smtp_server
        and _offers_login(instance, each)
        and instance.setting("smtpd_sender_login_maps", each).normal
        and not _checks_login(RestrictionLists(instance, each))
    )


def _offers_login(instance: Instance, service: Service) -> bool:
    return instance.setting("smtpd_sasl_auth_enable", service).boolean() is True


def _checks_login(lists: RestrictionLists) -> bool:
    for name in EARLY_LISTS:
        for step in lists.steps(lists.items(name)):
            if step.name in (*LOGIN_CHECKS, "check_policy_service") and not step.only_warns:
                return True
            if step.name in _LEAVES and not step.only_warns:
                break
    return False


def _early(steps: list[Step], permits: set[str], everybody: set[str]) -> Iterator[Step]:
    """The tests that stand before one of the `permits`, or that none of `everybody` stands before."""
    final = (place for place, step in enumerate(steps) if step.name in FINAL and not step.only_warns)
    steps = steps[: next(final, len(steps))]
    for place, step in enumerate(steps):
        if step.name not in BY_NAME or step.only_warns:
            continue
        before = {each.name for each in steps[:place]}
        behind = {each.name for each in steps[place + 1 :]}
        if (permits - before) & behind or everybody - before:
            yield step
