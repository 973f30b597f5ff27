"""What Postfix's own programs ask of their entry in master.cf, and end with a fatal error without it.

Knowledge: the server skeletons (src/master/single_server.c and its like: MAIL_SERVER_SOLITARY, _UNLIMITED and
_PRIVILEGED), which are asked for in the main() of each program; get_master_ent() in src/master/master_ent.c;
get_service_attr() in src/pipe/pipe.c and src/spawn/spawn.c. Tried with Postfix 3.7.11:
a stray word ends smtpd(8) and pickup(8), and no option behind it counts.
"""

from collections.abc import Iterator
from itertools import takewhile

import msgspec

from advisor.facts.arguments import argument_fault, breaks_off
from advisor.facts.case import Case
from advisor.facts.listeners import earlier_listeners
from advisor.facts.registry import collection, fact
from advisor.facts.wanted import Column
from advisor.settings.enabled_services import identity
from advisor.settings.instance import Instance
from advisor.settings.listening import SHARES_PORTS
from advisor.settings.release import Release
from advisor.settings.service import Service
from advisor.syntax.master_cf import Override
from advisor.syntax.source import Span

_SINGLE = frozenset(
    "anvil nbdb_reindexd nqmgr oqmgr pickup postlogd postscreen qmgr scache tlsmgr verify".split()
)
_UNLIMITED = frozenset("bounce cleanup dnsblog flush".split())
_TLSPROXY_UNLIMITED = Release(3, 4)
_PRIVILEGED = frozenset("local nbdb_reindexd pipe spawn virtual".split())
# The programs that run another one, under an account that their arguments name.
_RUNNERS = ("pipe", "spawn")
_ATTRIBUTES = ("flags=", "user=", "argv=")
_TRIGGERED = ("pickup", "qmgr", "nqmgr", "oqmgr")
# A program that chooses its work by the service's name, and then has to be alone with its tables.
WRITER = "proxywrite"


@collection(element=Service, variable="service", locate=lambda service: service.span)
def every_service(case: Case) -> tuple[Service, ...]:
    """The services of master.cf."""
    return case.instance.services


@fact()
def must_be_single(case: Case, service: Service) -> bool:  # noqa: ARG001 - the same everywhere
    """Whether the program of a service refuses to run with a process limit other than 1."""
    return service.command in _SINGLE


@fact()
def is_proxywrite(case: Case, service: Service) -> bool:  # noqa: ARG001 - the same everywhere
    """Whether a service is the proxymap(8) that writes tables for other programs."""
    return service.command == "proxymap" and service.name == WRITER


@fact()
def must_be_unlimited(case: Case, service: Service) -> bool:
    """Whether the program of a service refuses to run with a process limit other than 0, which is none."""
    if service.command == "tlsproxy":
        return case.instance.release >= _TLSPROXY_UNLIMITED
    return service.command in _UNLIMITED


@fact()
def written_process_limit(case: Case, service: Service) -> str:  # noqa: ARG001 - the entry says it
    """The process limit of a service as master.cf has it, and what a `-` stands for."""
    if service.explicit_process_limit:
        return service.entry.process_limit
    return f"-, which is default_process_limit, {service.process_limit}"


@fact()
def is_never_woken(case: Case, service: Service) -> bool:  # noqa: ARG001 - the entry says it
    """Whether master(8) never wakes a service that looks into the queue when it is woken."""
    return service.command in _TRIGGERED and service.entry.wakeup.rstrip("?") in ("-", "0")


@fact()
def is_verbose(case: Case, service: Service) -> bool:  # noqa: ARG001 - the entry says it
    """Whether a service has the option -v, with which a program logs each of its steps."""
    words = (word.text for word in service.entry.arguments)
    options = takewhile(lambda word: not word.startswith(_ATTRIBUTES), words)
    return any(each.startswith("-v") and set(each[1:]) <= {"v", "o"} for each in options)


@fact(unit="s")
def usual_wakeup(case: Case, service: Service) -> int:  # noqa: ARG001 - the same everywhere
    """How often master(8) wakes the program of a service in Postfix's own master.cf."""
    return 60 if service.command == "pickup" else 300


class EntryFault(msgspec.Struct, frozen=True):
    """Something in a service's entry that master(8) or the program refuses, or that has no effect.

    `problem` is empty where nothing is wrong. `is_fatal`: Postfix or the service does not run. `cures` change
    the columns.
    """

    key: str
    span: Span
    problem: str = ""
    cure: str = ""
    is_fatal: bool = False
    cures: tuple[Column, ...] = ()


@collection(element=EntryFault, variable="fault", locate=lambda fault: fault.span)
def master_entries(case: Case) -> tuple[EntryFault, ...]:
    """The services of master.cf, each with what is wrong with its entry."""
    found: list[EntryFault] = []
    for service in case.instance.services:
        faults = [*_faults(case.instance, service)]
        found += faults or [EntryFault(service.key, service.span)]
    return tuple(found)


def whole_options(service: Service) -> tuple[Override, ...]:
    """The options of a service, save one whose value a blank breaks off: malformed-service tells of it."""
    entry = service.entry
    is_broken = breaks_off(service)
    return entry.overrides[:-1] if is_broken else entry.overrides


def _faults(instance: Instance, service: Service) -> Iterator[EntryFault]:
    entry, key, span = service.entry, service.key, service.span
    yield from _not_alone(instance, service)
    master = instance.master_cf
    if master and (argument := argument_fault(service, instance.release)):
        place = master.source.span(argument.word.start, argument.word.end)
        yield EntryFault(key, place, argument.problem, argument.cure, is_fatal=True)
    if entry.type == "inet" and entry.private != "n":
        yield EntryFault(
            key,
            span,
            f"{key} is private ({entry.private}), which a service of the network cannot be: Postfix does "
            "not start",
            "write n into the column private",
            is_fatal=True,
            cures=(Column(key, "private", "n"),),
        )
    if service.command in _PRIVILEGED and entry.unpriv != "n":
        yield EntryFault(
            key,
            span,
            f"{service.command} of {key} needs the rights of root to become another user, and the column "
            f"unpriv ({entry.unpriv}) takes them away: each process ends with a fatal error",
            "write n into the column unpriv",
            is_fatal=True,
            cures=(Column(key, "unpriv", "n"),),
        )
    if service.command in _RUNNERS and (problem := _account(instance, service)):
        yield EntryFault(
            key,
            span,
            f"{service.command} of {key} {problem}: whatever it is given fails",
            "name the account that the command runs as with user=, and the command with argv=",
            is_fatal=True,
        )


def _not_alone(instance: Instance, service: Service) -> Iterator[EntryFault]:
    """Entries that are the same service, and services that listen at the same place."""
    key, span = service.key, service.span
    own = identity(service.entry, instance.release)
    entries = instance.master_cf.entries if instance.master_cf else ()
    others = [each for each in entries if identity(each, instance.release) == own]
    if len(others) > 1:
        lines = ", ".join(str(each.span.line) for each in others[:-1])
        names = sorted({each.key for each in others} - {key})
        also = f" ({', '.join(names)} is the same port)" if names else ""
        yield EntryFault(
            key,
            span,
            f"master.cf has {key} more than once{also}, and the entry of line {lines} does nothing: the last "
            "one counts",
            "delete the entries that are not meant",
        )
    for other, shared in earlier_listeners(instance, service):
        places = ", ".join(map(str, shared))
        is_fatal = instance.release < SHARES_PORTS
        what = (
            'Postfix does not start ("Address already in use")'
            if is_fatal
            else "each client comes to the one or to the other, by chance"
        )
        yield EntryFault(
            key,
            span,
            f"{key} and {other.key} (line {other.span.line}) both listen at {places}: {what}",
            "delete the one that is not meant, or give it an address or port of its own",
            is_fatal=is_fatal,
        )


def _account(instance: Instance, service: Service) -> str:
    """What is wrong with the attributes of pipe(8) or spawn(8), empty for nothing."""
    words = [word.text for word in service.entry.arguments]
    before = [*takewhile(lambda word: not word.startswith("argv="), words)]
    users = [word.removeprefix("user=") for word in before if word.startswith("user=")]
    if len(before) == len(words):
        return "has no argv="
    if not users:
        return "has no user="
    name = users[-1].partition(":")[0]
    if name == "root":
        return "has user=root, which it refuses"
    if name == instance.setting("mail_owner").normal:
        return f"has user={name}, the owner of Postfix's own files, which it refuses"
    return ""
