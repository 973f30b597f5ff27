"""The kernel's queue of clients that no process has accepted yet (src/master/master_listen.c, listen(2))."""

from advisor.facts.case import Case
from advisor.facts.registry import fact
from advisor.missing import Missing
from advisor.settings.service import Service
from advisor.settings.values import BadValue


@fact(unit="clients")
def listen_queue_wanted(case: Case, service: Service) -> int:
    """How many clients master(8) wants to let wait: the process limit, or the default if that is more."""
    default = case.instance.setting("default_process_limit").number()
    return max(service.process_limit, 0 if isinstance(default, BadValue) else default)


@fact(unit="clients")
def listen_queue_cap(case: Case) -> int | Missing:
    """How many the kernel allows (net.core.somaxconn)."""
    cap = case.instance.host.somaxconn
    if cap is None:
        return Missing("the kernel's net.core.somaxconn", "collect it too: advisor collect --script")
    return cap


@fact()
def listen_queue_cap_is_given(case: Case) -> bool:
    """Whether it was told how many the kernel allows."""
    return case.instance.host.somaxconn is not None
