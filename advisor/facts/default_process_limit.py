"""Facts about default_process_limit, and the SMTP servers whose own limit in master.cf it does not reach."""

from collections.abc import Iterator

from advisor.facts.case import Case
from advisor.facts.overload_facts import saturated
from advisor.facts.registry import Source, fact, known
from advisor.facts.services import smtp_services
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
def smtp_services_below_default(case: Case) -> tuple[str, ...] | Missing:
    """The SMTP servers with a process limit of their own that is below default_process_limit."""
    return tuple(f"{each.key} ({each.process_limit})" for each in _below(case))


@fact(source=Source.LOG)
def full_services_below_default(case: Case) -> tuple[str, ...] | Missing:
    """Those of them whose processes were all busy for a time that matters."""
    return tuple(
        f"{each.key} ({each.process_limit})" for each in _below(case) if known(saturated(case, each))
    )


def _below(case: Case) -> Iterator[Service]:
    limit = known(default_process_limit(case))
    return (
        service
        for service in smtp_services(case)
        if service.explicit_process_limit and 0 < service.process_limit < limit
    )
