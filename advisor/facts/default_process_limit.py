"""Facts about default_process_limit, and the SMTP servers whose own limit in master.cf it does not reach."""

from collections.abc import Iterator

from advisor.facts.case import Case
from advisor.facts.causes import Cause
from advisor.facts.observed import Observation
from advisor.facts.overload_facts import (
    memory_is_given,
    processes_in_memory,
    processes_needed,
    saturated,
    sessions,
)
from advisor.facts.postscreen import post_queue_that_follows
from advisor.facts.registry import Source, fact, known
from advisor.facts.services import smtp_services
from advisor.facts.wanted import Column, Wanted
from advisor.missing import Missing
from advisor.settings.service import Service
from advisor.settings.values import BadValue, parse_number

_NAME = "default_process_limit"


@fact(unit="processes")
def default_process_limit(case: Case) -> int | Missing:
    """The process limit of every service whose column in master.cf has none of its own."""
    value = case.instance.setting(_NAME).number()
    return Missing(f"{_NAME}: {value}", f"correct {_NAME}") if isinstance(value, BadValue) else value


@fact()
def default_process_limit_was_raised(case: Case) -> bool | Missing:
    """Whether main.cf sets default_process_limit above the release's own default."""
    parameter = case.instance.setting(_NAME).parameter
    default = parse_number((parameter and parameter.default(case.instance.release)) or "")
    return not isinstance(default, BadValue) and known(default_process_limit(case)) > default


@fact()
def default_process_limit_reaches_smtp(case: Case) -> bool:
    """Whether default_process_limit is the process limit of an SMTP server that other hosts can reach."""
    return any(not service.explicit_process_limit for service in smtp_services(case))


@fact()
def smtp_services_below_default(case: Case, headroom: float) -> tuple[str, ...] | Missing:
    """The SMTP servers with a process limit of their own that is below default_process_limit, without those
    that have as many as the log says they need.
    """
    return tuple(f"{each.key} ({each.process_limit})" for each in _below(case, headroom))


@fact(source=Source.LOG)
def full_services_below_default(case: Case, headroom: float) -> tuple[str, ...] | Missing:
    """Those of them whose processes were all busy for a time that matters."""
    return tuple(
        f"{each.key} ({each.process_limit})"
        for each in _below(case, headroom)
        if known(saturated(case, each))
    )


@fact(source=Source.LOG)
def limits_that_the_load_asks(
    case: Case, headroom: float, least_sessions: int, share: float, megabytes: int
) -> tuple[Wanted, ...] | Missing:
    """The process limits that give these servers what their good clients need, where it is too few processes
    that the log shows, in so many sessions at least, and where the memory holds them.
    """
    known(case.observed)
    found: list[Wanted] = []
    for each in _below(case, headroom):
        needed = _needed(case, each, headroom)
        if needed is None or known(sessions(case, each)) < least_sessions:
            continue
        if not memory_is_given(case) or needed <= known(processes_in_memory(case, share, megabytes)):
            found.append(Column(each.key, "process_limit", str(needed)))
            found += post_queue_that_follows(case, each, needed)
    return tuple(found)


def _below(case: Case, headroom: float) -> Iterator[Service]:
    limit = known(default_process_limit(case))
    return (
        service
        for service in smtp_services(case)
        if service.explicit_process_limit and 0 < service.process_limit < limit
        if (needed := _needed(case, service, headroom)) is None or service.process_limit < needed
    )


def _needed(case: Case, service: Service, headroom: float) -> int | None:
    """How many processes the log says a service needs; None where they are not what it lacked."""
    seen = None if isinstance(case.observed, Missing) else case.observed.service(service.key)
    if not isinstance(seen, Observation) or Cause.TOO_FEW_PROCESSES not in seen.diagnosis.causes:
        return None
    return known(processes_needed(case, service, headroom))
