"""How postscreen(8) is set up: its tests, its options in master.cf, its place in front of smtpd(8).

Knowledge: POSTSCREEN_README; psc_dnsbl_init() in src/postscreen/postscreen_dnsbl.c for the scores;
postscreen_state.c for STRESS mode, which begins when 90 % of postscreen_pre_queue_limit are there.
"""

from collections.abc import Iterator
from math import ceil

import msgspec

from advisor.facts.case import Case
from advisor.facts.postscreen import postscreen_services, service_behind
from advisor.facts.registry import collection, fact, known, observed
from advisor.facts.relay import refuses_strangers
from advisor.facts.submission import offers_login, submission_reject
from advisor.facts.wanted import Assign, Column, Remove
from advisor.facts.written import is_written
from advisor.logs.classes import SessionClass
from advisor.missing import Missing
from advisor.settings.catalogue import catalogue
from advisor.settings.instance import Instance
from advisor.settings.service import SUBMISSION_PORTS, Service
from advisor.settings.values import BadValue
from advisor.syntax.source import Span

_SITES = "postscreen_dnsbl_sites"
_ACTIONS = ("postscreen_greet_action", "postscreen_dnsbl_action")
_DEEP_TESTS = (
    "postscreen_pipelining_enable",
    "postscreen_non_smtp_command_enable",
    "postscreen_bare_newline_enable",
)
# The score from which a client is spared the deep tests: the name until 3.5, and since.
_ALLOWED = ("postscreen_dnsbl_allowlist_threshold", "postscreen_dnsbl_whitelist_threshold")
_TESTS = ("_action", "_enable", "_sites")
_PRE_QUEUE = "postscreen_pre_queue_limit"
_STRESS_SHARE = 0.9
# What says something, and nothing towards a message; refused clients count where a DNS list refuses them.
_BAD_CLASSES = (SessionClass.JUNK, SessionClass.HANGUP)


@fact()
def has_postscreen(case: Case) -> bool:
    """Whether postscreen runs in front of any SMTP server."""
    return bool(postscreen_services(case))


@fact()
def tests_only_log(case: Case, service: Service) -> bool:
    """Whether postscreen asks DNS lists, and lets every client pass whatever they say."""
    sites = case.instance.setting(_SITES, service).items()
    actions = {case.instance.setting(name, service).normal for name in _ACTIONS}
    return bool(sites) and not isinstance(sites, BadValue) and actions == {"ignore"}


@fact()
def is_for_users(case: Case, service: Service) -> bool:  # noqa: ARG001 - the port says it
    """Whether a service has a port where mail programs hand in their users' mail."""
    return service.name.rpartition(":")[2] in SUBMISSION_PORTS


@fact()
def smtpd_in_its_place(case: Case, service: Service) -> tuple[Column | Assign, ...]:
    """What lets smtpd serve the clients of a service itself, under a name of its own in the log, and no
    stranger; nothing where nobody could log in, or its own lists let strangers in.
    """
    is_closed = refuses_strangers(case.instance, service)
    refusal = () if is_closed else submission_reject(case, service)
    if not offers_login(case, service) or not (is_closed or refusal):
        return ()
    columns = (Column(service.key, "command", "smtpd"), Column(service.key, "process_limit", "-"))
    if is_written(case.instance, "syslog_name", service):
        return (*columns, *refusal)
    port = service.name.rpartition(":")[2]
    return (*columns, *refusal, Assign("syslog_name", f"postfix/{port}", service.key))


@fact()
def deep_tests(case: Case, service: Service) -> tuple[str, ...]:
    """The tests after the greeting that a postscreen service makes of every new client."""
    instance = case.instance
    spared = any(
        isinstance(score := instance.setting(name, service).number(), int) and score < 0
        for name in _ALLOWED
        if instance.setting(name, service).exists
    )
    names = (name for name in _DEEP_TESTS if instance.setting(name, service).boolean() is True)
    return () if spared else tuple(names)


class IdleSettings(msgspec.Struct, frozen=True):
    """The parameters, `names`, that turn on tests of a postscreen that does not run; `span` has the first."""

    span: Span
    names: tuple[str, ...] = ()


@collection(element=IdleSettings, variable="idle", locate=lambda idle: idle.span)
def idle_postscreen_settings(case: Case) -> tuple[IdleSettings, ...]:
    """What main.cf turns on of postscreen's tests although master.cf does not run it; once."""
    instance = case.instance
    is_whole = any(service.command == "qmgr" for service in instance.services)
    if postscreen_services(case) or not is_whole:
        return (IdleSettings(instance.main_cf.source.end_span),)
    lines = {line.name: line for line in instance.main_cf.assignments if _turns_on(instance, line.name)}
    first = next((line.span for line in lines.values()), instance.main_cf.source.end_span)
    return (IdleSettings(first, tuple(lines)),)


class IgnoredOptions(msgspec.Struct, frozen=True):
    """The options of a postscreen service that only smtpd reads: `names`, written at `span`; `behind` is the
    key of the smtpd that they belong to, empty where there is none. `changes` move them there.
    """

    key: str
    span: Span
    names: tuple[str, ...]
    behind: str
    changes: tuple[Assign | Remove, ...]


@collection(element=IgnoredOptions, variable="options_of", locate=lambda options_of: options_of.span)
def postscreen_options(case: Case) -> tuple[IgnoredOptions, ...]:
    """The postscreen services in front of a port for mail servers, with the options they do not read."""
    screens = (screen for screen in postscreen_services(case) if not is_for_users(case, screen))
    return tuple(_ignored(case, screen) for screen in screens)


@observed(unit="clients")
def most_screened(case: Case) -> int | Missing:
    """How many clients could be in postscreen at a time when it was in STRESS mode; 0 where it never was."""
    peak = known(case.observed).details.peaks.get("postscreen-stress", 0.0)
    return ceil(peak / _STRESS_SHARE)


@observed(unit="clients")
def turned_away(case: Case) -> int | Missing:
    """How many clients postscreen turned away since too many were waiting for its tests."""
    counts = known(case.observed).details.keys.get("postscreen-full", {})
    return counts.get(("all screening ports busy",), 0)


@fact(unit="clients")
def pre_queue_limit(case: Case, service: Service) -> int | Missing:
    """How many clients postscreen tests at a time."""
    value = case.instance.setting(_PRE_QUEUE, service).number()
    return (
        Missing(f"{_PRE_QUEUE}: {value}", f"correct {_PRE_QUEUE}") if isinstance(value, BadValue) else value
    )


@observed(unit="sessions")
def ended_sessions(case: Case, service: Service) -> int | Missing:
    """How many sessions of a service have ended."""
    return sum(_sessions(case, service).values())


@observed(unit="sessions")
def worthless_sessions(case: Case, service: Service) -> int | Missing:
    """How many sessions of a service came to nothing without a word for mail, or were refused by its DNS
    lists.

    Connections that were lost at once are left out: they are those of clients that did not want to wait.
    """
    counts = _sessions(case, service)
    observation = known(known(case.observed).service(service.key))
    kinds = (*_BAD_CLASSES, SessionClass.REJECTED) if observation.asked.dns_lists else _BAD_CLASSES
    lost = observation.load.lost
    silent = max(0, counts.get(SessionClass.SILENT, 0) - lost.unseen - lost.at_once)
    return silent + sum(counts.get(kind, 0) for kind in kinds)


def _sessions(case: Case, service: Service) -> dict[SessionClass, int]:
    seen = known(case.observed)
    known(seen.service(service.key))  # a log group with others says nothing of this one
    return dict(seen.details.sessions.get(service.program_tag, {}))


def _turns_on(instance: Instance, name: str) -> bool:
    """Whether a line of main.cf asks for one of postscreen's tests, or for what follows from one."""
    if not (name.startswith("postscreen_") and name.endswith(_TESTS) and instance.is_known(name)):
        return False
    setting = instance.setting(name)
    default = setting.parameter.default(instance.release) if setting.parameter else ""
    return setting.normal not in ("", "no", "ignore", default)


def _ignored(case: Case, screen: Service) -> IgnoredOptions:
    found = [each for each in screen.entry.overrides if _is_of_smtpd(each.name)]
    names = tuple(dict.fromkeys(each.name for each in found))
    behind = service_behind(case, screen)
    span = found[0].span if found else screen.span
    return IgnoredOptions(
        screen.key, span, names, behind, tuple(_moves(case.instance, screen, names, behind))
    )


def _is_of_smtpd(name: str) -> bool:
    parameter = catalogue().parameter(name)
    return parameter is not None and "smtpd" in parameter.daemons and "postscreen" not in parameter.daemons


def _moves(
    instance: Instance, screen: Service, names: tuple[str, ...], behind: str
) -> Iterator[Assign | Remove]:
    server = instance.service(behind) if behind else None
    if server is None or any(is_written(instance, name, server) for name in names):
        return
    if any(name.endswith("_restrictions") for name in names):
        return  # such a list decides who may send: nobody knows what it does to today's mail
    for name in names:
        yield Assign(name, instance.setting(name, screen).text, behind)
        yield Remove(name, screen.key)
