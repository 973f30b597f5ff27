"""Facts about postscreen(8), and the SMTP servers behind it.

A client that passed waits until a process of the pass service takes its connection: at most
postscreen_post_queue_limit of them at a time, the others hear 421 "all server ports busy"
(psc_post_queue_length in src/postscreen/postscreen.c).
"""

from advisor.facts.case import Case
from advisor.facts.registry import collection, fact
from advisor.facts.wanted import Assign
from advisor.facts.written import is_written, key_of
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue

_LIMIT = "postscreen_post_queue_limit"


@collection(element=Service, variable="service", locate=lambda service: service.span)
def postscreen_services(case: Case) -> tuple[Service, ...]:
    """The services that postscreen(8) runs."""
    return tuple(service for service in case.instance.services if service.is_postscreen)


@fact(unit="clients")
def post_queue_limit(case: Case, service: Service) -> int | Missing:
    """How many clients that postscreen passed may wait for an SMTP server process."""
    value = case.instance.setting(_LIMIT, service).number()
    return Missing(f"{_LIMIT}: {value}", f"correct {_LIMIT}") if isinstance(value, BadValue) else value


@fact(unit="processes")
def process_limit_behind(case: Case, service: Service) -> int:
    """The process limit of the SMTP server behind a postscreen service; 0 where it has none."""
    behind = _behind(case.instance, service)
    return behind.process_limit if behind else 0


@fact()
def service_behind(case: Case, service: Service) -> str:
    """The SMTP server behind a postscreen service; empty where master.cf has none."""
    behind = _behind(case.instance, service)
    return behind.key if behind else ""


@fact()
def post_queue_that_follows(case: Case, service: Service, limit: int) -> tuple[Assign, ...]:
    """What makes the queue of the postscreen in front of an SMTP server as long as its new process limit;
    nothing where there is no postscreen, or the queue is long enough.
    """
    return tuple(
        Assign(_LIMIT, str(limit), key_of(screen if is_written(case.instance, _LIMIT, screen) else None))
        for screen in postscreen_services(case)
        if _behind(case.instance, screen) == service
        and isinstance(present := post_queue_limit(case, screen), int)
        and present < limit
    )


def _behind(instance: Instance, screen: Service) -> Service | None:
    name = instance.setting("smtpd_service_name", screen).normal
    return next((each for each in instance.services if each.type == "pass" and each.name == name), None)
