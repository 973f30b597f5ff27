"""Policy services that spawn(8) starts: one process for each smtpd(8) that asks, and for how long.

Knowledge: SMTPD_POLICY_README, STRESS_README; smtpd keeps its connection (smtpd_policy_service_max_idle), so
that each of its processes holds one of the policy service; main() of src/spawn/spawn.c for the time limit.
"""

from collections.abc import Iterator

from advisor.facts.braced_options import endpoint_place
from advisor.facts.case import Case
from advisor.facts.registry import collection, fact, known, observed
from advisor.facts.restrictions import RESTRICTION_LISTS, RestrictionLists, Step
from advisor.facts.written import is_written
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.service import Service
from advisor.settings.values import BadValue

_POLICY = "check_policy_service"
_SPAWN_ENDS = Release(3, 10)


@collection(element=Service, variable="service", locate=lambda service: service.span)
def spawned_policy_services(case: Case) -> tuple[Service, ...]:
    """The policy services of restriction lists that spawn(8) runs."""
    return tuple(
        service
        for service in case.instance.services
        if service.command == "spawn" and service.type == "unix" and _clients(case.instance, service)
    )


@fact()
def policy_clients(case: Case, policy: Service) -> tuple[str, ...]:
    """The SMTP servers whose restriction lists ask the policy service."""
    return tuple(each.key for each in _clients(case.instance, policy))


@fact(unit="processes")
def most_policy_clients(case: Case, policy: Service) -> int:
    """The largest process limit of an SMTP server that asks the policy service."""
    return max((each.process_limit for each in _clients(case.instance, policy)), default=0)


@fact(unit="processes")
def all_policy_clients(case: Case, policy: Service) -> int:
    """The process limits of all SMTP servers that ask the policy service, together."""
    return sum(each.process_limit for each in _clients(case.instance, policy))


@fact()
def time_limit_name(case: Case, policy: Service) -> str:  # noqa: ARG001 - a fact takes the case
    """The parameter that says how long spawn(8) lets a process of the service live."""
    return f"{policy.name}_time_limit"


@fact()
def time_limit_is_written(case: Case, policy: Service) -> bool:
    """Whether that parameter is set."""
    name = f"{policy.name}_time_limit"
    return any(is_written(case.instance, name, place) for place in (None, policy))


@fact(unit="s")
def command_time_limit(case: Case, policy: Service) -> int | Missing:
    """The time limit of a process of the service where it has no parameter of its own."""
    value = case.instance.setting("command_time_limit", policy).seconds()
    return (
        Missing(f"command_time_limit: {value}", "correct command_time_limit")
        if isinstance(value, BadValue)
        else value
    )


@fact()
def spawn_ends_in_time(case: Case) -> bool:
    """Whether this is a release whose spawn(8) keeps its time limit for certain: 3.10 and newer."""
    return not case.instance.release_is_assumed and case.instance.release >= _SPAWN_ENDS


@fact()
def policies_asked(case: Case, service: Service) -> tuple[str, ...]:
    """The policy services that the restriction lists of an SMTP server ask."""
    return tuple(dict.fromkeys(_asked(case.instance, service)))


@observed(unit="failures")
def policy_failures(case: Case, service: Service) -> int | Missing:
    """How often a policy service that the SMTP server asks did not answer."""
    trouble = known(case.observed).details.keys.get("policy-trouble", {})
    endpoints = {each.partition(":")[2] for each in _asked(case.instance, service)}
    return sum(count for (server,), count in trouble.items() if server in endpoints)


@observed(unit="failures")
def unanswered_by(case: Case, policy: Service) -> int | Missing:
    """How often a policy service that spawn(8) runs did not answer."""
    return known(case.observed).details.keys.get("policy-trouble", {}).get((_socket(policy),), 0)


def _clients(instance: Instance, policy: Service) -> tuple[Service, ...]:
    socket = f"unix:{_socket(policy)}"
    return tuple(
        each for each in instance.services if each.is_smtp_server and socket in _asked(instance, each)
    )


def _socket(policy: Service) -> str:
    return f"{'public' if policy.entry.private == 'n' else 'private'}/{policy.name}"


def _asked(instance: Instance, service: Service) -> Iterator[str]:
    """The endpoints of all policy services in the lists, and in classes that a table may name."""
    lists = RestrictionLists(instance, service)
    for name in (*RESTRICTION_LISTS, *lists.items("smtpd_restriction_classes")):
        for step in lists.steps(lists.items(name)):
            if step.name == _POLICY:
                yield _endpoint(step)


def _endpoint(step: Step) -> str:
    begin, end = endpoint_place(step.argument, 0, len(step.argument))
    return step.argument[begin:end]
