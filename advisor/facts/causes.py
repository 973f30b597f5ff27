"""The causes of an overload, the remedies people try, and which help against which.

The table is that of docs/overload.md; each line was measured on a real Postfix or follows from its source.
"""

from enum import StrEnum

import msgspec


class Cause(StrEnum):
    """Why clients of a service are lost or have to wait; `NONE` and `PROBES` need no change."""

    NONE = "none"
    PROBES = "probes"
    TOO_FEW_PROCESSES = "too-few-processes"
    SLOW_CLIENTS = "slow-clients"
    SINGLE_CLIENT = "single-client"
    AUTH_ABUSE = "auth-abuse"
    REJECTED_CLIENTS = "rejected-clients"
    SUBMISSION_ON_PORT_25 = "submission-on-port-25"
    SLOW_NAME_LOOKUP = "slow-name-lookup"
    SLOW_DNSBL = "slow-dnsbl"
    SLOW_POLICY = "slow-policy"
    FAILING_POLICY = "failing-policy"
    SLOW_MILTER = "slow-milter"
    FAILING_MILTER = "failing-milter"
    SLOW_PROXY_FILTER = "slow-proxy-filter"
    CPU_BOUND_CHECKS = "cpu-bound-checks"
    SLOW_TABLES = "slow-tables"
    SLOW_TRANSFER = "slow-transfer"
    KERNEL_BACKLOG = "kernel-backlog"
    UNKNOWN = "unknown"


class Remedy(StrEnum):
    """What an administrator may try."""

    MORE_PROCESSES = "more processes"
    SHORTER_TIMEOUT = "a shorter smtpd_timeout"
    CLIENT_LIMIT = "a limit per client"
    FEWER_CHECKS = "fewer header and body checks"
    CHEAPER_CHECKS = "cheaper body checks"
    FASTER_RESOLVER = "a faster resolver"
    FEWER_DNS_LISTS = "fewer DNS lists"
    FASTER_POLICY = "a faster policy service"
    FASTER_MILTER = "a faster milter"
    MORE_WORKERS = "more filter workers"
    GUESS_LIMIT = "a limit on logins, and no AUTH on port 25"
    END_ON_ERRORS = "error limits that drop to 1 under stress"
    POSTSCREEN = "postscreen"
    SUBMISSION_SERVICE = "a submission service of its own"
    FASTER_TABLES = "faster lookups"
    DATA_RATE = "smtpd_per_request_deadline"
    REPAIR = "the repair of what fails"
    LONGER_BACKLOG = "a longer listen queue"


class Help(msgspec.Struct, frozen=True):
    """What a remedy does against a cause. `helps` is None where it depends on what `reason` names."""

    remedy: Remedy
    helps: bool | None
    reason: str


_CHECKS_RUN_LATER = "they run in cleanup(8), behind the end of the message, and no client waits there now"
_SERVER_WAITS = "the timer runs for a client that is idle; here the server keeps it waiting"
_ALL_WAIT = "all clients wait, and none of them holds a large part of the pool"
_ALL_FAIL = "all clients meet the same failure"
_MORE_WAIT = "more than clients arrive within the wait keep the door open; each client waits as before"

REMEDIES: dict[Cause, tuple[Help, ...]] = {
    Cause.NONE: (),
    Cause.PROBES: (
        Help(Remedy.MORE_PROCESSES, helps=False, reason="there were free processes all the time"),
        Help(Remedy.SHORTER_TIMEOUT, helps=False, reason="these clients leave by themselves, and at once"),
        Help(Remedy.CLIENT_LIMIT, helps=False, reason="a client that is gone cannot be told to go"),
        Help(Remedy.FEWER_CHECKS, helps=False, reason="these clients never send a message"),
    ),
    Cause.TOO_FEW_PROCESSES: (
        Help(Remedy.MORE_PROCESSES, helps=True, reason="good sessions of normal length fill the pool"),
        Help(
            Remedy.SHORTER_TIMEOUT,
            helps=False,
            reason="hardly a client is idle, so there is no one to send away sooner",
        ),
        Help(Remedy.CLIENT_LIMIT, helps=False, reason="no single client holds a large part of the pool"),
        Help(Remedy.FEWER_CHECKS, helps=False, reason=_CHECKS_RUN_LATER),
    ),
    Cause.SLOW_CLIENTS: (
        Help(
            Remedy.SHORTER_TIMEOUT,
            helps=True,
            reason="below the computed bound the pool stays open; above it, it only fills later",
        ),
        Help(
            Remedy.MORE_PROCESSES,
            helps=None,
            reason="only if there are more of them than slow clients arrive within smtpd_timeout",
        ),
        Help(Remedy.CLIENT_LIMIT, helps=False, reason="the slow clients come from many addresses"),
        Help(Remedy.FEWER_CHECKS, helps=False, reason="the slow clients never send a message"),
    ),
    Cause.SINGLE_CLIENT: (
        Help(Remedy.CLIENT_LIMIT, helps=True, reason="one address holds the slots"),
        Help(Remedy.SHORTER_TIMEOUT, helps=None, reason="only if that client is idle most of the time"),
        Help(Remedy.MORE_PROCESSES, helps=False, reason="the same client takes those as well"),
        Help(Remedy.FEWER_CHECKS, helps=False, reason="the time is spent before any message"),
    ),
    Cause.AUTH_ABUSE: (
        Help(
            Remedy.GUESS_LIMIT,
            helps=True,
            reason="who may not try a password holds no process for it; many addresses are for a firewall",
        ),
        Help(
            Remedy.END_ON_ERRORS, helps=True, reason="the first failure ends the session while all are busy"
        ),
        Help(Remedy.MORE_PROCESSES, helps=False, reason="guessers come as fast as they are served"),
        Help(Remedy.SHORTER_TIMEOUT, helps=False, reason="guessers are not idle"),
        Help(Remedy.FEWER_CHECKS, helps=False, reason="guessers never send a message"),
    ),
    Cause.REJECTED_CLIENTS: (
        Help(
            Remedy.END_ON_ERRORS,
            helps=True,
            reason="a good client with one wrong recipient is sent away as well while all are busy",
        ),
        Help(Remedy.POSTSCREEN, helps=True, reason="bots that it knows never reach smtpd(8)"),
        Help(Remedy.MORE_PROCESSES, helps=None, reason="only if there are more than such clients come"),
        Help(Remedy.SHORTER_TIMEOUT, helps=False, reason="these clients are not idle"),
        Help(Remedy.CLIENT_LIMIT, helps=False, reason="they come from many addresses"),
        Help(Remedy.FEWER_CHECKS, helps=False, reason="what is refused never becomes a message"),
    ),
    Cause.SUBMISSION_ON_PORT_25: (
        Help(
            Remedy.SUBMISSION_SERVICE,
            helps=True,
            reason="users on port 587 or 465 have processes of their own, and other servers keep these",
        ),
        Help(Remedy.MORE_PROCESSES, helps=None, reason="only if there are enough for both"),
        Help(Remedy.SHORTER_TIMEOUT, helps=None, reason="only if mail programs stay connected when idle"),
        Help(Remedy.CLIENT_LIMIT, helps=False, reason="the users come from many addresses"),
        Help(Remedy.FEWER_CHECKS, helps=False, reason=_CHECKS_RUN_LATER),
    ),
    Cause.SLOW_NAME_LOOKUP: (
        Help(
            Remedy.FASTER_RESOLVER,
            helps=True,
            reason="a caching resolver on this host, and no dead server in resolv.conf",
        ),
        Help(
            Remedy.SHORTER_TIMEOUT,
            helps=False,
            reason="the timer does not run while smtpd(8) waits for the resolver",
        ),
        Help(Remedy.MORE_PROCESSES, helps=None, reason="more clients wait at a time, each as long as before"),
        Help(Remedy.FEWER_CHECKS, helps=False, reason="the time is spent before any message"),
    ),
    Cause.SLOW_DNSBL: (
        Help(Remedy.FEWER_DNS_LISTS, helps=True, reason="each list that is dead or slow holds every client"),
        Help(Remedy.FASTER_RESOLVER, helps=None, reason="only if the resolver is slow, and not the list"),
        Help(Remedy.MORE_PROCESSES, helps=None, reason=_MORE_WAIT),
        Help(Remedy.SHORTER_TIMEOUT, helps=False, reason=_SERVER_WAITS),
        Help(Remedy.CLIENT_LIMIT, helps=False, reason=_ALL_WAIT),
        Help(Remedy.FEWER_CHECKS, helps=False, reason="the time is spent before any message"),
    ),
    Cause.SLOW_POLICY: (
        Help(
            Remedy.FASTER_POLICY,
            helps=True,
            reason="the wait is there: its database, its DNS, its limits",
        ),
        Help(
            Remedy.MORE_PROCESSES,
            helps=None,
            reason=f"{_MORE_WAIT}, and only if the policy service takes so many at a time",
        ),
        Help(Remedy.SHORTER_TIMEOUT, helps=False, reason=_SERVER_WAITS),
        Help(Remedy.CLIENT_LIMIT, helps=False, reason=_ALL_WAIT),
        Help(Remedy.FEWER_CHECKS, helps=False, reason="the time is spent before any message"),
    ),
    Cause.FAILING_POLICY: (
        Help(Remedy.REPAIR, helps=True, reason="start the service, or see why it does not answer"),
        Help(
            Remedy.MORE_PROCESSES,
            helps=False,
            reason="more clients get the same error, or wait for the same time limit",
        ),
        Help(Remedy.SHORTER_TIMEOUT, helps=False, reason=_SERVER_WAITS),
        Help(Remedy.CLIENT_LIMIT, helps=False, reason=_ALL_FAIL),
        Help(Remedy.FEWER_CHECKS, helps=False, reason="the mail is refused before any message"),
    ),
    Cause.SLOW_MILTER: (
        Help(Remedy.FASTER_MILTER, helps=True, reason="the wait is there: more threads, or less to do"),
        Help(
            Remedy.MORE_PROCESSES,
            helps=None,
            reason=f"{_MORE_WAIT}, and only if the milter takes so many at a time",
        ),
        Help(Remedy.SHORTER_TIMEOUT, helps=False, reason=_SERVER_WAITS),
        Help(Remedy.CLIENT_LIMIT, helps=False, reason=_ALL_WAIT),
        Help(Remedy.FEWER_CHECKS, helps=False, reason="they are not what takes the time"),
    ),
    Cause.FAILING_MILTER: (
        Help(Remedy.REPAIR, helps=True, reason="start the milter, or see in its log why it ends"),
        Help(
            Remedy.MORE_PROCESSES,
            helps=False,
            reason="more clients get the same error, or wait for the same time limit",
        ),
        Help(Remedy.SHORTER_TIMEOUT, helps=False, reason=_SERVER_WAITS),
        Help(Remedy.CLIENT_LIMIT, helps=False, reason=_ALL_FAIL),
        Help(Remedy.FEWER_CHECKS, helps=False, reason="they are not what fails"),
    ),
    Cause.SLOW_PROXY_FILTER: (
        Help(
            Remedy.MORE_WORKERS,
            helps=True,
            reason="as many as messages arrive while one is in work, and a quarter more",
        ),
        Help(Remedy.MORE_PROCESSES, helps=False, reason="more clients wait for the same workers"),
        Help(Remedy.SHORTER_TIMEOUT, helps=False, reason=_SERVER_WAITS),
        Help(Remedy.CLIENT_LIMIT, helps=False, reason=_ALL_WAIT),
        Help(Remedy.FEWER_CHECKS, helps=False, reason="the messages wait in front of the queue"),
    ),
    Cause.CPU_BOUND_CHECKS: (
        Help(
            Remedy.CHEAPER_CHECKS,
            helps=True,
            reason="pcre: for regexp:, an if/endif guard, fewer patterns, a smaller body_checks_size_limit",
        ),
        Help(
            Remedy.MORE_PROCESSES,
            helps=False,
            reason="the processors are busy: once demand exceeds them, each session only takes longer",
        ),
        Help(Remedy.SHORTER_TIMEOUT, helps=False, reason=_SERVER_WAITS),
        Help(Remedy.CLIENT_LIMIT, helps=False, reason=_ALL_WAIT),
    ),
    Cause.SLOW_TABLES: (
        Help(
            Remedy.FASTER_TABLES,
            helps=True,
            reason="an index, a server nearby, or the same data in a local file; proxy: saves connections",
        ),
        Help(
            Remedy.MORE_PROCESSES,
            helps=None,
            reason=f"{_MORE_WAIT}, and each has connections of its own to the server",
        ),
        Help(Remedy.SHORTER_TIMEOUT, helps=False, reason=_SERVER_WAITS),
        Help(Remedy.CLIENT_LIMIT, helps=False, reason=_ALL_WAIT),
        Help(Remedy.FEWER_CHECKS, helps=False, reason="the time is spent before any message"),
    ),
    Cause.SLOW_TRANSFER: (
        Help(
            Remedy.DATA_RATE,
            helps=True,
            reason="with smtpd_min_data_rate it ends a message that comes slower than 500 bytes a second",
        ),
        Help(Remedy.MORE_PROCESSES, helps=True, reason="honest clients on slow lines need a process as long"),
        Help(Remedy.SHORTER_TIMEOUT, helps=False, reason="each byte that comes starts the timer anew"),
        Help(Remedy.CLIENT_LIMIT, helps=None, reason="only if few addresses send that slowly"),
        Help(Remedy.FEWER_CHECKS, helps=False, reason="the server waits for the client, not for a check"),
    ),
    Cause.KERNEL_BACKLOG: (
        Help(
            Remedy.LONGER_BACKLOG,
            helps=True,
            reason="net.core.somaxconn, then stop and start Postfix: a reload keeps the old queue",
        ),
        Help(Remedy.MORE_PROCESSES, helps=True, reason="who is served sooner waits in no queue"),
        Help(Remedy.SHORTER_TIMEOUT, helps=None, reason="only if clients that are idle hold the processes"),
        Help(Remedy.FEWER_CHECKS, helps=False, reason="these clients were never accepted"),
    ),
    Cause.UNKNOWN: (),
}
