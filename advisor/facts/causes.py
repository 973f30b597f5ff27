"""The causes of an overload, the remedies people try, and which help against which.

The table is that of docs/overload.md; each line was measured on a real Postfix or follows from its source.
"""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why clients of a service are lost or have to wait; `NONE` and `PROBES` need no change."""

    NONE = "none"
    PROBES = "probes"
    TOO_FEW_PROCESSES = "too-few-processes"
    SLOW_CLIENTS = "slow-clients"
    SINGLE_CLIENT = "single-client"
    SLOW_NAME_LOOKUP = "slow-name-lookup"
    UNKNOWN = "unknown"


class Remedy(StrEnum):
    """What an administrator may try."""

    MORE_PROCESSES = "more processes"
    SHORTER_TIMEOUT = "a shorter smtpd_timeout"
    CLIENT_LIMIT = "a limit per client"
    FEWER_CHECKS = "fewer header and body checks"


@dataclass(frozen=True, slots=True)
class Help:
    """What a remedy does against a cause. `helps` is None where it depends on what `reason` names."""

    remedy: Remedy
    helps: bool | None
    reason: str


_CHECKS_RUN_LATER = "they run in cleanup(8), behind the end of the message, and no client waits there now"

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
    Cause.SLOW_NAME_LOOKUP: (
        Help(
            Remedy.SHORTER_TIMEOUT,
            helps=False,
            reason="the timer does not run while smtpd(8) waits for the resolver",
        ),
        Help(Remedy.MORE_PROCESSES, helps=None, reason="more clients wait at a time, each as long as before"),
        Help(Remedy.FEWER_CHECKS, helps=False, reason="the time is spent before any message"),
    ),
    Cause.UNKNOWN: (),
}
