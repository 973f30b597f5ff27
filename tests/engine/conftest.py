"""A small house of its own: services, some facts, and a rule about them. No test hangs on the real ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from advisor.engine.loader import load_rule
from advisor.engine.rules import Rule
from advisor.engine.scope import Scope
from advisor.facts.registry import Collection, Fact, Source
from advisor.facts.wanted import Assign, Column, Remove, Wanted
from advisor.missing import Missing
from advisor.syntax.source import Span

NO_LOG = Missing("no log was given", "journalctl -u postfix", no_log=True)
NO_MEMORY = Missing("the memory is not known", "--memory 4G")


class Cause(StrEnum):
    TOO_FEW = "too-few-processes"
    SLOW = "slow-clients"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Service:
    name: str
    process_limit: int
    chroot: bool = False
    overrides: tuple[str, ...] = ()
    _hidden: str = "private"

    @property
    def key(self) -> str:
        return f"{self.name}/inet"

    def stop(self) -> str:
        return "a method, which no rule may call"


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    replacement: str


@dataclass(frozen=True)
class Case:
    services: tuple[Service, ...] = (Service("smtp", 100),)
    parameters: tuple[Parameter, ...] = ()
    cause: Cause | Missing = Cause.TOO_FEW
    needed: float | Missing = 200.0
    sessions: int | Missing = 1000
    memory: int | Missing = 4_000
    truths: Mapping[str, bool | Missing] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseOnOneLine(Case):
    """Every parameter is set on the same line, which all services read."""

    def place(self, parameter: str, element: object) -> Span:
        del element
        return Span("main.cf", 1, 1, 1, len(parameter) + 1)


def processes_needed(case: Case, service: Service, headroom: float = 1.0) -> float | Missing:
    return case.needed if isinstance(case.needed, Missing) else case.needed * headroom


def cause(case: Case, service: Service) -> Cause | Missing:
    return case.cause


def sessions(case: Case, service: Service) -> int | Missing:
    return case.sessions


def memory(case: Case) -> int | Missing:
    return case.memory


def truth(case: Case, name: str) -> bool | Missing:
    return case.truths[name]


def busiest(case: Case) -> Service | Missing:
    return max(case.services, key=lambda service: service.process_limit, default=NO_LOG)


def company(case: Case, service: Service) -> tuple[Wanted, ...]:
    return (
        Assign("p", "5"),
        Assign("q", "a\nb" if service.name == "hostile" else "a", service.key),
        Remove("r"),
        Remove("s", service.key),
        Column(service.key, "chroot", "y"),
    )


def no_company(case: Case) -> tuple[Assign, ...]:
    return ()


def wrong_company(case: Case) -> Any:
    return ("p = 5",)


def names(case: Case) -> tuple[str, ...]:
    return ("p",)


def anything(case: Case) -> Any:
    return case.services


def fails(case: Case) -> int:
    raise KeyError("a bug in a fact")


def _fact(function: Callable[..., Any], source: Source, unit: str = "", prefix: str = "") -> Fact:
    return Fact(prefix + function.__name__, function, source, unit, "A fact of the tests.")


_ALL = (
    _fact(processes_needed, Source.LOG, "processes"),
    _fact(cause, Source.LOG, prefix="observed."),
    _fact(sessions, Source.LOG, "sessions", prefix="observed."),
    _fact(memory, Source.MEMORY, "bytes"),
    _fact(truth, Source.SETTINGS),
    _fact(busiest, Source.LOG),
    _fact(anything, Source.SETTINGS),
    _fact(company, Source.SETTINGS),
    _fact(no_company, Source.SETTINGS),
    _fact(wrong_company, Source.SETTINGS),
    _fact(names, Source.SETTINGS),
    _fact(fails, Source.SETTINGS),
)
FACTS: Mapping[str, Fact] = {fact.name: fact for fact in _ALL}


def _place(element: Service | Parameter) -> Span:
    return Span("master.cf", 1, 1, 1, len(element.name) + 1)


COLLECTIONS: Mapping[str, Collection] = {
    "smtp_services": Collection(
        "smtp_services", lambda case: case.services, Service, "service", _place, "The SMTP services."
    ),
    "parameters": Collection(
        "parameters", lambda case: case.parameters, Parameter, "parameter", _place, "The parameters set."
    ),
}

RULE = """\
name = "process-limit-reached"
category = "capacity"
summary = "An SMTP service ran out of processes"
severity = "medium"
confidence = "high"
postfix = ">=2.3"
catalogue = "CAP001"
for_each = "smtp_services"
when = "observed.cause(service) == 'too-few-processes' and service.process_limit < needed"
needs = { sessions = 50 }
message = "{{ service.name }} has {{ service.process_limit }} processes and needs {{ needed }}"
why = "Clients wait while every process is busy."
risk = "More processes need more memory."
effect = "{{ value }} processes carry the load with {{ options.headroom | percent }}"
references = ["STRESS_README#concurrency"]
severity_levels = [{ when = "needed > 2 * service.process_limit", severity = "high" }]
confidence_levels = [{ when = "observed.sessions(service) < 500", confidence = "low" }]

[let]
needed = "processes_needed(service, options.headroom)"

[options]
headroom = 1.3

[[fix]]
title = "Give {{ service.key }} {{ value }} processes"
applicability = "unsafe"
requires = "reload"
change = "service-field"
field = "process_limit"
value = "ceil(needed)"
only_if = "memory() > 1000"

[[example]]
verdict = "fired"
main_cf = ""
master_cf = "smtp inet n - y - 100 smtpd\\n"
load = [{ kind = "slow", per_minute = 300 }]
after_master_cf = "smtp inet n - y - 260 smtpd\\n"

[[example]]
verdict = "passed"
main_cf = ""
"""


@pytest.fixture(scope="session")
def no_log() -> Missing:
    return NO_LOG


@pytest.fixture(scope="session")
def no_memory() -> Missing:
    return NO_MEMORY


@pytest.fixture(scope="session")
def new_case() -> type[Case]:
    return Case


@pytest.fixture(scope="session")
def case_on_one_line() -> type[Case]:
    return CaseOnOneLine


@pytest.fixture(scope="session")
def new_service() -> type[Service]:
    return Service


@pytest.fixture(scope="session")
def new_parameter() -> type[Parameter]:
    return Parameter


@pytest.fixture(scope="session")
def scope() -> Scope:
    return Scope("service", Service, {"headroom": float, "word": str}, {}, FACTS)


@pytest.fixture
def rule_text() -> str:
    return RULE


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a rule file where it belongs, and gives its path."""

    def written(text: str, name: str = "process-limit-reached", category: str = "capacity") -> Path:
        path = tmp_path / "rules" / category / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return written


@pytest.fixture
def load(write: Callable[..., Path]) -> Callable[..., Rule]:
    """The rule behind a text."""

    def loaded(text: str = RULE, name: str = "process-limit-reached", category: str = "capacity") -> Rule:
        return load_rule(write(text, name, category), facts=FACTS, collections=COLLECTIONS)

    return loaded


@pytest.fixture
def registry() -> dict[str, Any]:
    """The arguments that make the loader use this house's names."""
    return {"facts": FACTS, "collections": COLLECTIONS}
