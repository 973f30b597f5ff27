"""Facts about services and their settings."""

from typing import TypeVar

from advisor.facts.case import Case
from advisor.facts.registry import collection, fact
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.service import Service
from advisor.settings.values import BadValue
from advisor.syntax.source import Span

_Value = TypeVar("_Value", int, str, tuple[str, ...])


@collection(element=Service, variable="service", locate=lambda service: service.span)
def smtp_services(case: Case) -> tuple[Service, ...]:
    """The SMTP servers that other hosts can reach."""
    return tuple(item for item in case.instance.services if item.is_smtp_server and item.is_public)


def _top(instance: Instance) -> Span:
    return instance.main_cf.source.end_span


@collection(element=Instance, variable="instance", locate=_top)
def configuration(case: Case) -> tuple[Instance, ...]:
    """The configuration as a whole, once."""
    return (case.instance,)


UNKNOWN_RELEASE = Missing(
    "which Postfix it is for", "add --postfix-version with what `postconf mail_version` shows there"
)


@fact(unit="s")
def seconds(case: Case, name: str, service: Service) -> int | Missing:
    """The normal value of the time parameter `name` for a service."""
    return _known(name, service, case.instance.setting(name, service).seconds())


@fact(unit="s")
def stress_seconds(case: Case, name: str, service: Service) -> int | Missing:
    """The value of the time parameter `name` for a service in stress mode (STRESS_README)."""
    return _known(name, service, case.instance.setting(name, service).seconds(stress=True))


@fact()
def number(case: Case, name: str, service: Service) -> int | Missing:
    """The value of a numeric parameter for a service."""
    return _known(name, service, case.instance.setting(name, service).number())


@fact()
def stress_number(case: Case, name: str, service: Service) -> int | Missing:
    """The value of a numeric parameter for a service in stress mode (STRESS_README)."""
    return _known(name, service, case.instance.setting(name, service).number(stress=True))


@fact()
def value_of(case: Case, name: str, service: Service | None = None) -> str | Missing:
    """The value of `name`; for a service, or without one for all that have none of their own."""
    return _known(name, service, case.instance.setting(name, service).value())


@fact()
def elements_of(case: Case, name: str, service: Service | None = None) -> tuple[str, ...] | Missing:
    """The elements of the list `name`; for a service, or without one for all that have none of their own."""
    return _known(name, service, case.instance.setting(name, service).items())


@fact()
def is_default(case: Case, name: str, service: Service) -> bool:
    """Whether nothing sets `name` for a service, so that the release's default counts."""
    return case.instance.setting(name, service).is_default


@fact()
def has_public_smtp_service(case: Case) -> bool:
    """Whether any SMTP server can be reached from other hosts."""
    return bool(smtp_services(case))


def _known(name: str, service: Service | None, value: _Value | BadValue) -> _Value | Missing:
    if isinstance(value, BadValue):
        return Missing(f"{name} of {service.key if service else 'main.cf'}: {value}", f"correct {name}")
    return value


@fact()
def adaptive_seconds(case: Case, stress: int, normal: int) -> str:
    """A time limit that adapts to stress, in the form that this release understands (STRESS_README)."""
    if case.instance.release < Release.parse("3.0"):
        return f"${{stress?{stress}}}${{stress:{normal}}}s"
    return f"${{stress?{{{stress}}}:{{{normal}}}}}s"
