"""The loops of rules on what surrounds the processes of a server: the kernel's limits, master(8)'s stress
mode, a limit that something else decides, and other services.
"""

import msgspec

from advisor.facts.causes import Cause, Remedy
from advisor.rehearsal.scene import DNS_LIST, Kind, Role, StandIn, Visit
from tests.lab import loads
from tests.lab.catalogue import QUICK, client_limit, processes, slow_clients, timeout, too_few_processes
from tests.lab.configuration import BEHIND_POSTSCREEN, configuration, screened, with_options, with_service
from tests.lab.loops import Loop
from tests.lab.machine import Machine
from tests.lab.trials import Trial

_USERS_PORT = 587
_LOGINS = StandIn(Role.LOGIN, 10043)
_LISTS = StandIn(Role.RESOLVER, 53)


def raised_default(*, limit: int = 10, default: int = 400) -> Loop:
    """Too few processes, and somebody who raised the number that does not count."""
    loop = too_few_processes(limit=limit)
    name = "default-process-limit-without-effect"
    again = f"default_process_limit = {2 * default}"
    return msgspec.structs.replace(
        loop,
        name="too-few-processes, default_process_limit raised",
        files=configuration(limit, f"default_process_limit = {default}"),
        rules=frozenset({name}),
        wrong=(Trial(again, Remedy.MORE_PROCESSES, (again.replace(" ", ""),), against=name),),
        others=(),
    )


def written_stress(*, limit: int = 200, good: float = 3, seconds: float = 80) -> Loop:
    """Good clients that take eleven seconds for each command, and an emergency that is written down."""
    takes = 66.0

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.good(seed, good, seconds - takes, takes=takes)

    return Loop(
        "stress written down",
        f"{limit} processes, {good:g} clients a second that pause for 11 s",
        Cause.NONE,
        with_options(configuration(limit), "smtp inet", "stress=yes"),
        visits,
        seconds,
        takes,
        frozenset({"permanent-stress-mode"}),
    )


def cut_queue(*, limit: int = 8, queue: int = 5, burst: int = 100) -> Loop:
    """Good clients that come in bursts, and a kernel that lets hardly one wait."""
    every, seconds, takes = 20.0, 44.0, 1.0

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.bursts(seed, burst, every, seconds - every, takes=takes)

    longer = Machine(somaxconn=1000)
    return Loop(
        "a listen queue that the kernel cuts",
        f"{limit} processes, net.core.somaxconn = {queue}, {burst} clients of {takes:g} s every {every:g} s",
        Cause.KERNEL_BACKLOG,
        configuration(limit),
        visits,
        seconds,
        takes,
        frozenset({"listen-backlog-capped"}),
        Machine(somaxconn=queue),
        Trial("the patch, and net.core.somaxconn = 1000", Remedy.LONGER_BACKLOG, machine=longer),
        others=(Trial("net.core.somaxconn = 1000", Remedy.LONGER_BACKLOG, machine=longer), processes(100)),
        patience=60.0,
    )


def bounded_processes(*, limit: int = 60, bound: int = 30, good: float = 20, seconds: float = 30) -> Loop:
    """Processes that the system does not allow: a container with few of them."""
    takes = 1.8

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.good(seed, good, seconds, takes=takes)

    return Loop(
        "processes that the system does not allow",
        f"{limit} processes, {bound} in the control group, {good:g} clients a second of {takes:g} s each",
        Cause.NONE,
        configuration(limit),
        visits,
        seconds,
        takes,
        frozenset({"processes-exceed-memory"}),
        Machine(processes=bound),
        Trial("400 in the control group", Remedy.REPAIR, machine=Machine(processes=400)),
        wrong=(processes(120),),
        others=(processes(12),),
    )


def no_limit(*, slow: float = 8, good: float = 10, bound: int = 140, seconds: float = 40) -> Loop:
    """A server without a process limit: its log does not tell why nobody is served, until it has one."""
    loop = slow_clients(limit=0, slow=slow, good=good, seconds=seconds)
    return msgspec.structs.replace(
        loop,
        name="slow-clients, no process limit",
        load=f"no limit, {bound} in the control group, {good:g} good and {slow:g} slow clients a second",
        rules=frozenset({"service-without-stress-mode"}),
        machine=Machine(processes=bound),
        outside=Trial("default_process_limit", Remedy.REPAIR, ("smtp/inet/process_limit=-",)),
        wrong=(),
        others=(timeout("10s"),),
        looks_again=True,
    )


def users_among_servers(*, limit: int = 20, users: float = 6, good: float = 8, seconds: float = 36) -> Loop:
    """Users who hand in their mail where servers deliver theirs, though there is a service for them."""
    stays = 6.0

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.good(seed, good, seconds, takes=QUICK) + loads.users(seed, users, seconds, takes=stays)

    def on_their_port(visit: Visit) -> Visit:
        return msgspec.structs.replace(visit, port=_USERS_PORT) if visit.kind is Kind.USER else visit

    files = with_service(
        configuration(
            limit,
            "smtpd_sasl_auth_enable = yes",
            "smtpd_sasl_type = dovecot",
            "smtpd_sasl_path = inet:127.0.0.1:10043",
        ),
        f"{_USERS_PORT} inet n - n - 60 smtpd",
        "syslog_name=postfix/submission",
        "smtpd_relay_restrictions=permit_sasl_authenticated,reject",
    )
    return Loop(
        "submission-on-port-25",
        f"{limit} processes, {good:g} servers and {users:g} users of {stays:g} s a second",
        Cause.SUBMISSION_ON_PORT_25,
        files,
        visits,
        seconds,
        stays,
        frozenset({"submission-shares-port-25"}),
        Machine((_LOGINS,)),
        Trial("users on port 587", Remedy.SUBMISSION_SERVICE, clients=on_their_port),
        wrong=(client_limit(5),),
        others=(processes(60), timeout("10s")),
    )


def listed_bots(*, limit: int = 20, bots: float = 12, good: float = 6, seconds: float = 40) -> Loop:
    """Bots of a DNS list, which try one recipient after the other, and hold the processes."""
    settings = f"smtpd_recipient_restrictions = reject_rbl_client {DNS_LIST}"
    ahead = (
        f"postscreen_dnsbl_sites = {DNS_LIST}",
        "postscreen_dnsbl_action = enforce",
        "postscreen_greet_action = enforce",
    )

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.good(seed, good, seconds, takes=QUICK) + loads.guessers(seed, bots, seconds, pace=0.5)

    return Loop(
        "rejected-clients, in a DNS list",
        f"{limit} processes, {good:g} good clients and {bots:g} bots a second",
        Cause.REJECTED_CLIENTS,
        configuration(limit, settings),
        visits,
        seconds,
        QUICK + 7,
        frozenset({"postscreen-would-help"}),
        Machine((_LISTS,)),
        Trial(
            "postscreen in front",
            Remedy.POSTSCREEN,
            files=screened(limit, settings, *ahead),
            service=BEHIND_POSTSCREEN,
        ),
        wrong=(timeout("10s"),),
        others=(processes(40),),
        patience=20.0,
        looks_again=True,
    )
