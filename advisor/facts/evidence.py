"""The numbers behind a diagnosis: those an administrator can check in the log, and those that speak against
the other causes.
"""

from collections.abc import Iterator

import msgspec

from advisor.facts.causes import Cause
from advisor.facts.inspection import Inspection
from advisor.facts.load import Load, Wait
from advisor.facts.thresholds import Thresholds
from advisor.logs.classes import SessionClass


class Measure(msgspec.Struct, frozen=True):
    """A number behind a diagnosis, as it is shown: what, how much, and in which unit."""

    name: str
    value: float
    unit: str


class RuledOut(msgspec.Struct, frozen=True):
    """A cause that it is not, and the number that says so."""

    cause: Cause
    reason: str


def good_share(load: Load) -> float:
    """The part of the process time, while the pool was full, that no slow or refused client took."""
    lost = (SessionClass.REJECTED, SessionClass.HANGUP, SessionClass.AUTH_FAILED)
    return 1 - load.slow.share - sum(load.shares.get(kind, 0.0) for kind in lost)


def measures(load: Load, causes: tuple[Cause, ...], *, saturated: bool) -> tuple[Measure, ...]:
    """The numbers of the causes; those of each wait if the cause is unknown."""
    common = (
        Measure("process limit", load.limit, "processes"),
        Measure("most busy at a time", load.peak, "processes"),
        Measure("all processes busy", load.full_seconds, "s"),
        Measure("log window", load.window, "s"),
        Measure("sessions", load.sessions, ""),
        Measure("that delivered mail", load.productive, ""),
        Measure("lost after CONNECT, unseen", load.lost.unseen, ""),
        Measure("lost after CONNECT, at once", load.lost.at_once, ""),
    )
    if not saturated and not _FAILING.intersection(causes):
        return common
    special = [
        measure
        for cause in causes
        for measure in (_measures_of(load, cause) if cause is not Cause.UNKNOWN else _all_waits(load))
    ]
    return tuple(
        dict.fromkeys((*common, Measure("process-limit warnings", load.limit_warnings, ""), *special))
    )


# Who held less of the process time is suspected by nobody.
_WORTH_A_WORD = 0.01
_FAILING = frozenset({Cause.FAILING_POLICY, Cause.FAILING_MILTER})


def _measures_of(load: Load, cause: Cause) -> tuple[Measure, ...]:
    waits = load.waits
    match cause:
        case Cause.SLOW_CLIENTS:
            return (
                Measure("process time of slow clients", load.slow.share, "share"),
                Measure("slow clients came", load.slow.rate, "per second"),
                Measure("busy with others", load.good_load, "processes"),
            )
        case Cause.SINGLE_CLIENT:
            return (Measure("process time of the busiest client", load.busiest_client_share, "share"),)
        case Cause.AUTH_ABUSE:
            return (Measure("process time of password guessers", load.held.guessing, "share"),)
        case Cause.REJECTED_CLIENTS:
            return (Measure("process time of refused clients", load.held.refused, "share"),)
        case Cause.SUBMISSION_ON_PORT_25:
            return (
                Measure("process time of users who log in", load.held.authenticated, "share"),
                Measure("offered load without them", load.load_without_users, "erlangs"),
            )
        case Cause.FAILING_POLICY | Cause.FAILING_MILTER:
            return (
                Measure("lines on failures", load.failures.all, ""),
                Measure("process time of refused clients", load.held.refused, "share"),
            )
        case Cause.TOO_FEW_PROCESSES:
            return (
                Measure("offered load", load.offered_load, "erlangs"),
                Measure("mean session that delivers", load.service_time, "s"),
                Measure("lost after CONNECT, later", load.lost.later, ""),
            )
        case Cause.SLOW_POLICY | Cause.SLOW_DNSBL | Cause.SLOW_TABLES:
            return _envelope(waits.envelope)
        case Cause.SLOW_PROXY_FILTER:
            return (
                *_envelope(waits.envelope),
                Measure("through the filter, mean", waits.filter.mean, "s"),
                Measure("messages in the filter, mean", waits.filter_load, ""),
            )
        case Cause.SLOW_MILTER:
            return (*_envelope(waits.envelope), *_content(load))
        case Cause.CPU_BOUND_CHECKS | Cause.SLOW_TRANSFER:
            return _content(load)
        case _:
            return ()


def _all_waits(load: Load) -> tuple[Measure, ...]:
    return (*_envelope(load.waits.envelope), *_content(load))


def _envelope(wait: Wait) -> tuple[Measure, ...]:
    return (
        Measure("connect to first sender, mean", wait.mean, "s"),
        Measure("process time in that wait", wait.share, "share"),
    )


def _content(load: Load) -> tuple[Measure, ...]:
    waits = load.waits
    found = (
        Measure("header to queue, mean", waits.content.mean, "s"),
        Measure("process time in that phase", waits.content.share, "share"),
    )
    if waits.content_when_free is None:
        return found
    return (*found, Measure("header to queue with half of the processes free", waits.content_when_free, "s"))


def ruled_out(
    load: Load, asked: Inspection, thresholds: Thresholds, causes: tuple[Cause, ...], *, saturated: bool
) -> list[RuledOut]:
    """What else could have been the cause, and the number against each."""
    if not saturated:
        if causes == (Cause.UNKNOWN,):
            return []
        reason = f"at most {load.peak} of {load.limit or 'unlimited'} processes were busy"
        return [RuledOut(cause, reason) for cause in (Cause.TOO_FEW_PROCESSES, Cause.SLOW_CLIENTS)]
    probes = (
        RuledOut(Cause.PROBES, f"all processes were busy for {load.full_seconds:.0f} s")
        if load.full_seconds
        else RuledOut(Cause.PROBES, "master(8) had no process left")
    )
    if causes == (Cause.UNKNOWN,):
        return [probes]
    found = [probes, *_not_the_clients(load, thresholds), *_not_asked_long(load, asked)]
    return [item for item in found if item.cause not in causes]


def _not_the_clients(load: Load, thresholds: Thresholds) -> Iterator[RuledOut]:
    slow = f"slow clients held {load.slow.share:.0%} of the process time"
    yield RuledOut(
        Cause.SLOW_CLIENTS,
        f"{slow}, below {thresholds.slow_share:.0%}"
        if load.slow.share < thresholds.slow_share
        else f"{slow}, and {load.busiest_client} alone {load.busiest_client_slow_share:.0%} of that",
    )
    yield RuledOut(
        Cause.SINGLE_CLIENT, f"the busiest client held {load.busiest_client_share:.0%} of the process time"
    )
    held = load.held
    if held.guessing >= _WORTH_A_WORD:
        yield RuledOut(Cause.AUTH_ABUSE, f"clients that guess passwords held {held.guessing:.0%}")
    if held.refused >= _WORTH_A_WORD:
        yield RuledOut(Cause.REJECTED_CLIENTS, f"clients whose mail was refused held {held.refused:.0%}")
    if held.authenticated >= _WORTH_A_WORD:
        yield RuledOut(Cause.SUBMISSION_ON_PORT_25, f"users who log in held {held.authenticated:.0%}")
    good = good_share(load)
    yield RuledOut(
        Cause.TOO_FEW_PROCESSES,
        "good sessions are longer than normal: they wait for something else"
        if load.productive and good >= thresholds.good_share
        else f"sessions that deliver or try to hold {good:.0%} of the process time",
    )


def _not_asked_long(load: Load, asked: Inspection) -> Iterator[RuledOut]:
    """Only of what the configuration has: nobody suspects a milter where there is none."""
    waits = load.waits
    envelope = f"from connect to the first sender good clients waited {_part(waits.envelope)}"
    content = f"from header to queue messages took {_part(waits.content)}"
    if asked.policies:
        yield RuledOut(Cause.SLOW_POLICY, envelope)
    if asked.dns_lists:
        yield RuledOut(Cause.SLOW_DNSBL, envelope)
    if asked.tables:
        yield RuledOut(Cause.SLOW_TABLES, envelope)
    if asked.milters:
        yield RuledOut(Cause.SLOW_MILTER, f"{envelope}, {content}")
    if asked.proxy_filter:
        yield RuledOut(
            Cause.SLOW_PROXY_FILTER, f"its mean load was {waits.filter_load:.1f} messages, {envelope}"
        )
    if asked.body_checks:
        yield RuledOut(Cause.CPU_BOUND_CHECKS, content)


def _part(wait: Wait) -> str:
    return f"{wait.mean:.1f} s, {wait.share:.0%} of the process time"
