"""Facts about time limits that are too short for honest clients."""

from math import ceil

from advisor.facts.case import Case
from advisor.facts.causes import Cause
from advisor.facts.overload_facts import causes, timeout_floor
from advisor.facts.registry import fact
from advisor.missing import Missing
from advisor.settings.service import Service


@fact()
def slow_clients_were_seen(case: Case, service: Service) -> bool:
    """Whether a log shows that clients which say nothing fill the processes: a short limit is meant then."""
    found = causes(case, service)
    return not isinstance(found, Missing) and Cause.SLOW_CLIENTS in found


@fact(unit="s")
def patient_seconds(case: Case, service: Service, least: int) -> int:
    """A time limit of at least so many seconds, and which no good client of a log would meet."""
    floor = timeout_floor(case, service)
    return least if isinstance(floor, Missing) else max(least, ceil(floor))
