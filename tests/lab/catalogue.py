"""The loops: for each cause, what brings it about on a real Postfix, and what does not help against it."""

import msgspec

from advisor.facts.causes import Cause, Remedy
from advisor.rehearsal.scene import Kind, Role, StandIn, Visit
from tests.lab import loads
from tests.lab.configuration import SERVICE, configuration
from tests.lab.loops import Loop
from tests.lab.machine import Machine
from tests.lab.trials import Trial

# The seconds of a good client's session.
QUICK = 0.15
# Text that almost matches the patterns below.
_TEMPTING = "You can buy cheap pills here, free watches there, and buy free loans."
_PATTERNS = "".join(
    rf"/\b(buy|cheap|free) *(pills|watches|loans)[[:space:]]+number{number}\b/ REJECT no {number}" + "\n"
    for number in range(500)
)


def processes(number: int) -> Trial:
    """More processes for the server."""
    return Trial(f"{number} processes", Remedy.MORE_PROCESSES, (f"{SERVICE}/process_limit={number}",))


def timeout(value: str) -> Trial:
    """A shorter time limit for the server."""
    return Trial(f"smtpd_timeout = {value}", Remedy.SHORTER_TIMEOUT, (f"smtpd_timeout={value}",))


def client_limit(number: int) -> Trial:
    """Fewer sessions for one client at a time."""
    words = f"smtpd_client_connection_count_limit = {number}"
    return Trial(words, Remedy.CLIENT_LIMIT, (words.replace(" ", ""),))


def slow_clients(
    kind: Kind = Kind.SILENT, *, limit: int = 64, slow: float = 4, good: float = 10, seconds: float = 32
) -> Loop:
    """Clients from many addresses that hold the processes: silent, byte by byte, or chatting. A few are
    always silent: where the others outlast the time limit, these show which it was.
    """

    def visits(seed: int) -> tuple[Visit, ...]:
        some = loads.slow(seed, slow, seconds, kind)
        if kind is not Kind.SILENT:
            some += loads.slow(seed + 1, slow / 8, seconds)
        return loads.good(seed, good, seconds, takes=QUICK) + some

    return Loop(
        f"slow-clients, {kind}",
        f"{limit} processes, {good:g} good and {slow:g} slow clients a second",
        Cause.SLOW_CLIENTS,
        configuration(limit),
        visits,
        seconds,
        QUICK,
        frozenset({"slow-clients-hold-slots"}),
        wrong=(client_limit(5), timeout("60s")),
        others=(processes(200), timeout("${stress?{10}:{10}}s")),
    )


def trickling_clients(kind: Kind) -> Loop:
    """The same, but byte by byte, or chatting: a time limit alone does not end them, and the log behind that
    change says so. Against chat it takes limits on commands, too.
    """
    everything = (
        "smtpd_timeout=10s",
        "smtpd_per_request_deadline=yes",
        "smtpd_junk_command_limit=1",
        "smtpd_hard_error_limit=1",
    )
    all_limits = Trial(
        "10 s, the deadline, and limits of 1 for junk and errors", Remedy.SHORTER_TIMEOUT, everything
    )
    others = [all_limits]
    if kind is Kind.NOOP:
        junk = ("smtpd_timeout=10s", "smtpd_junk_command_limit=1")
        words = "10 s, and a limit of 1 for junk, not for errors"
        others.append(Trial(words, Remedy.SHORTER_TIMEOUT, junk))
    return msgspec.structs.replace(
        slow_clients(kind), others=tuple(others), wrong=(timeout("10s"),), looks_again=True
    )


def single_client(*, limit: int = 26, own: float = 3, good: float = 10, seconds: float = 26) -> Loop:
    """One address that comes again and again, and says nothing."""

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.good(seed, good, seconds, takes=QUICK) + loads.hog(seed, own, seconds)

    return Loop(
        "single-client",
        f"{limit} processes, {good:g} good clients a second, {own:g} of the one",
        Cause.SINGLE_CLIENT,
        configuration(limit),
        visits,
        seconds,
        QUICK,
        frozenset({"one-client-holds-slots"}),
        wrong=(timeout("60s"),),
        others=(client_limit(5),),
    )


def too_few_processes(*, limit: int = 10, takes: float = 1.8, good: float = 10, seconds: float = 24) -> Loop:
    """Good clients that need more processes than there are."""

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.good(seed, good, seconds, takes=takes)

    return Loop(
        "too-few-processes",
        f"{limit} processes, {good:g} clients a second of {takes:g} s each",
        Cause.TOO_FEW_PROCESSES,
        configuration(limit),
        visits,
        seconds,
        takes,
        frozenset({"smtpd-process-limit-reached"}),
        wrong=(timeout("10s"),),
        others=(processes(40),),
    )


def slow_policy(*, limit: int = 10, waits: float = 1.8, good: float = 10, seconds: float = 24) -> Loop:
    """A policy service that thinks for long. Its cure is outside of Postfix: a faster one."""
    asked = "smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:10040"
    return _asks(
        "slow-policy",
        f"{limit} processes, {good:g} clients a second, {waits:g} s for an answer",
        Cause.SLOW_POLICY,
        configuration(limit, asked),
        StandIn(Role.POLICY, 10040, waits),
        "slow-policy-service",
        Trial(
            "a policy service of 0.05 s",
            Remedy.FASTER_POLICY,
            machine=Machine((StandIn(Role.POLICY, 10040, 0.05),)),
        ),
        good,
        seconds,
        others=(processes(60),),
    )


def slow_milter(*, limit: int = 10, waits: float = 1.8, good: float = 10, seconds: float = 24) -> Loop:
    """A milter that thinks for long behind each message. Its cure is outside of Postfix: a faster one."""
    return _asks(
        "slow-milter",
        f"{limit} processes, {good:g} clients a second, {waits:g} s for an answer",
        Cause.SLOW_MILTER,
        configuration(limit, "smtpd_milters = inet:127.0.0.1:10041"),
        StandIn(Role.MILTER, 10041, waits),
        "clients-wait-for-milter",
        Trial(
            "a milter of 0.05 s", Remedy.FASTER_MILTER, machine=Machine((StandIn(Role.MILTER, 10041, 0.05),))
        ),
        good,
        seconds,
        others=(processes(60),),
    )


def slow_proxy_filter(*, limit: int = 12, workers: int = 2, good: float = 10, seconds: float = 24) -> Loop:
    """A filter in front of the queue with too few workers. Its cure is outside of Postfix: more of them."""
    many = StandIn(Role.FILTER, 10042, 0.4, limit)
    return _asks(
        "slow-proxy-filter",
        f"{limit} processes, {good:g} clients a second, {workers} workers of 0.4 s",
        Cause.SLOW_PROXY_FILTER,
        configuration(limit, "smtpd_proxy_filter = inet:127.0.0.1:10042"),
        StandIn(Role.FILTER, 10042, 0.4, workers),
        "proxy-filter-too-few-workers",
        Trial(f"{limit} workers, as many as processes", Remedy.MORE_WORKERS, machine=Machine((many,))),
        good,
        seconds,
        wrong=(timeout("10s"), processes(40)),
    )


def slow_name_lookup(*, limit: int = 12, waits: float = 1.2, good: float = 10, seconds: float = 24) -> Loop:
    """A resolver that answers late. Its cure is outside of Postfix: a faster one."""
    return _asks(
        "slow-name-lookup",
        f"{limit} processes, {good:g} clients a second, {waits:g} s for each of two answers",
        Cause.SLOW_NAME_LOOKUP,
        configuration(limit, names=True),
        StandIn(Role.RESOLVER, 53, waits),
        "",
        Trial(
            "a resolver of 0.01 s",
            Remedy.FASTER_RESOLVER,
            machine=Machine((StandIn(Role.RESOLVER, 53, 0.01),)),
        ),
        good,
        seconds,
    )


def cpu_bound_checks(*, limit: int = 10, good: float = 10, seconds: float = 24) -> Loop:
    """Body checks that keep the processors busy; several seconds of a processor come in each second."""

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.good(seed, good, seconds, takes=QUICK, size=20_000)

    return Loop(
        "cpu-bound-checks",
        f"{limit} processes, {good:g} messages of 20 kB a second, 500 patterns",
        Cause.CPU_BOUND_CHECKS,
        configuration(limit, "body_checks = regexp:$config_directory/body", tables={"body": _PATTERNS}),
        visits,
        seconds,
        QUICK,
        frozenset({"regexp-instead-of-pcre"}),
        wrong=(timeout("10s"), processes(30)),
        line=_TEMPTING,
        is_alone=True,
    )


def probes(*, good: float = 5, rate: float = 4, seconds: float = 18) -> Loop:
    """Health checks that come and go; they need no change."""

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.good(seed, good, seconds, takes=QUICK) + loads.probes(seed, rate, seconds)

    return Loop(
        "probes",
        f"30 processes, {good:g} good clients and {rate:g} probes a second",
        Cause.PROBES,
        configuration(30),
        visits,
        seconds,
        QUICK,
        frozenset({"harmless-lost-connections"}),
    )


def healthy(*, good: float = 8, seconds: float = 18) -> Loop:
    """Good clients, and processes enough."""

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.good(seed, good, seconds, takes=QUICK)

    return Loop(
        "healthy",
        f"30 processes, {good:g} good clients a second",
        Cause.NONE,
        configuration(30),
        visits,
        seconds,
        QUICK,
        frozenset(),
    )


def _asks(
    name: str,
    load: str,
    cause: Cause,
    files: dict[str, str],
    stand_in: StandIn,
    rule: str,
    outside: Trial,
    good: float,
    seconds: float,
    *,
    wrong: tuple[Trial, ...] = (timeout("10s"),),
    others: tuple[Trial, ...] = (),
) -> Loop:
    """Good clients alone, which wait for what the server asks."""

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.good(seed, good, seconds, takes=QUICK)

    takes = QUICK + stand_in.seconds * (2 if stand_in.role is Role.RESOLVER else 1)
    rules = frozenset({rule}) if rule else frozenset[str]()
    return Loop(
        name, load, cause, files, visits, seconds, takes, rules, Machine((stand_in,)), outside, wrong, others
    )
