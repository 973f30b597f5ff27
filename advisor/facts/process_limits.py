"""Process limits that do not fit: too small, none at all, or more than the memory holds; and processes that
end too soon.

Knowledge: get_master_ent() in src/master/master_ent.c (which services get `-o stress=…`), master_spawn.c and
master_avail.c; event_server.c and its like for max_use and max_idle; STRESS_README.
"""

from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.causes import Cause
from advisor.facts.overload_facts import causes, saturated
from advisor.facts.proxy_protocol import takes_filtered_mail
from advisor.facts.registry import collection, fact, known, observed
from advisor.facts.wanted import Remove
from advisor.facts.written import key_of, written_places
from advisor.missing import Missing
from advisor.settings.service import Service
from advisor.syntax.source import Span

_KILL = "9"


class ReuseSetting(msgspec.Struct, frozen=True):
    """max_use or max_idle, as main.cf or a `-o` sets it: in clients, or in seconds."""

    name: str
    number: int
    service: str
    span: Span
    removal: tuple[Remove, ...]


@collection(element=Service, variable="service", locate=lambda service: service.span)
def servers_of_other_hosts(case: Case) -> tuple[Service, ...]:
    """The SMTP servers whose clients are on other hosts, be it behind a proxy that tells their addresses."""
    return tuple(
        item
        for item in case.instance.services
        if item.is_smtp_server and (item.is_public or _is_behind_proxy(case, item))
    )


def _is_behind_proxy(case: Case, service: Service) -> bool:
    has_proxy = bool(case.instance.setting("smtpd_upstream_proxy_protocol", service).normal)
    return has_proxy and not takes_filtered_mail(case.instance, service)


@fact()
def too_few_processes_were_seen(case: Case, service: Service) -> bool:
    """Whether a log shows that good clients alone fill the processes of the service."""
    found = causes(case, service)
    return not isinstance(found, Missing) and Cause.TOO_FEW_PROCESSES in found


@fact()
def processes_sufficed(case: Case, service: Service) -> bool:
    """Whether a log shows that the processes of the service were never all busy for a time that matters."""
    return saturated(case, service) is False


@observed(unit="failures")
def forks_without_memory(case: Case) -> int | Missing:
    """How often master(8) could not start a process for want of memory."""
    return _failed_forks(case).get(("Cannot allocate memory",), 0)


@observed(unit="failures")
def forks_beyond_limit(case: Case) -> int | Missing:
    """How often master(8) could not start a process since the system allows no more."""
    return _failed_forks(case).get(("Resource temporarily unavailable",), 0)


def _failed_forks(case: Case) -> dict[tuple[str, ...], int]:
    return dict(known(case.observed).details.keys.get("throttling", {}))


@observed(unit="processes")
def killed_processes(case: Case) -> int | Missing:
    """How many processes of Postfix were ended by signal 9, as the kernel does when memory runs out."""
    ends = known(case.observed).details.keys.get("process-end", {})
    return sum(
        count for (_, how, status), count in ends.items() if how == "killed by signal" and status == _KILL
    )


@collection(element=ReuseSetting, variable="reuse", locate=lambda reuse: reuse.span)
def reuse_settings(case: Case) -> tuple[ReuseSetting, ...]:
    """Where max_use and max_idle are set."""
    return tuple(_reuse_settings(case))


def _reuse_settings(case: Case) -> Iterator[ReuseSetting]:
    instance = case.instance
    for name in ("max_use", "max_idle"):
        for place in written_places(instance, name):
            setting = instance.setting(name, place)
            value = setting.number() if name == "max_use" else setting.seconds()
            if isinstance(value, int):
                key = key_of(place)
                yield ReuseSetting(name, value, key or "", case.place(name, place), (Remove(name, key),))
