"""The decision tree: what a service's load says about the cause of its trouble (docs/overload.md).

The line "lost connection after CONNECT from unknown[unknown]" alone says nothing: it comes from probes of an
idle server as well. Occupancy at that second decides, and then who held the slots.
"""

from dataclasses import dataclass

from advisor.capacity.erlang import servers_needed
from advisor.facts.causes import Cause
from advisor.facts.load import Load
from advisor.facts.thresholds import Thresholds
from advisor.logs.sessions import SessionClass

# An arrival counts as served when it waits less than a second; one in a hundred may wait longer.
WAIT_SECONDS = 1.0
WAITING_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Measure:
    """A number behind a diagnosis, as it is shown: what, how much, and in which unit."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class RuledOut:
    """A cause that it is not, and the number that says so."""

    cause: Cause
    reason: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why clients of a service waited or were lost; the first of `causes` weighs most."""

    causes: tuple[Cause, ...]
    saturated: bool
    summary: str
    evidence: tuple[Measure, ...]
    ruled_out: tuple[RuledOut, ...]

    @property
    def cause(self) -> Cause:
        """The cause that weighs most."""
        return self.causes[0]


def diagnose(load: Load, thresholds: Thresholds) -> Diagnosis:
    """The cause of a service's trouble, by the tree; `unknown` where the numbers do not tell."""
    full = _is_full(load, thresholds)
    saturated = full or load.hidden
    if full:
        causes, summary = _who_holds_the_slots(load, thresholds)
    elif load.hidden:
        causes, summary = _hidden(load)
    else:
        causes, summary = _not_full(load, thresholds)
    return Diagnosis(
        causes,
        saturated,
        summary,
        _evidence(load, causes, saturated=saturated),
        tuple(_ruled_out(load, thresholds, causes, saturated=saturated)),
    )


def processes_for(load: float, service_time: float) -> int:
    """The processes with which one client in a hundred waits a second or longer (Erlang C)."""
    return servers_needed(load, service_time, WAIT_SECONDS, WAITING_SHARE)


def _is_full(load: Load, thresholds: Thresholds) -> bool:
    return load.longest_full >= thresholds.full_seconds or (
        load.full_seconds > 0 and load.lost.while_full >= thresholds.lost_while_full
    )


def _who_holds_the_slots(load: Load, thresholds: Thresholds) -> tuple[tuple[Cause, ...], str]:
    weights: dict[Cause, float] = {}
    if load.busiest_client_share >= thresholds.one_client_share:
        weights[Cause.SINGLE_CLIENT] = load.busiest_client_share
    hog_explains = Cause.SINGLE_CLIENT in weights and load.busiest_client_slow_share >= 0.5
    if load.slow.share >= thresholds.slow_share and not hog_explains:
        weights[Cause.SLOW_CLIENTS] = load.slow.share
    if _enough_good(load, thresholds) and _normal(load, thresholds) and _too_few(load):
        weights[Cause.TOO_FEW_PROCESSES] = good_share(load)
    if not weights:
        return (Cause.UNKNOWN,), _why_unknown(load, thresholds)
    causes = tuple(sorted(weights, key=lambda cause: -weights[cause]))
    return causes, _SUMMARIES[causes[0]]


_SUMMARIES = {
    Cause.SLOW_CLIENTS: "clients that say nothing hold the processes until smtpd_timeout ends",
    Cause.SINGLE_CLIENT: "one client holds a large part of the processes",
    Cause.TOO_FEW_PROCESSES: "good sessions of normal length need more processes than there are",
}


def good_share(load: Load) -> float:
    """The part of the process time, while the pool was full, that no slow or refused client took."""
    lost = (SessionClass.REJECTED, SessionClass.HANGUP, SessionClass.AUTH_FAILED)
    return 1 - load.slow.share - sum(load.shares.get(kind, 0.0) for kind in lost)


def _enough_good(load: Load, thresholds: Thresholds) -> bool:
    return load.productive > 0 and good_share(load) >= thresholds.good_share


def _normal(load: Load, thresholds: Thresholds) -> bool:
    return (
        load.median_session <= thresholds.normal_median_seconds
        and load.p95_session <= thresholds.normal_p95_seconds
        and load.envelope_wait < thresholds.envelope_wait_seconds
        and load.content_wait < thresholds.content_wait_seconds
    )


def _too_few(load: Load) -> bool:
    return processes_for(load.offered_load, load.service_time) > load.limit


def _why_unknown(load: Load, thresholds: Thresholds) -> str:
    lost = {
        SessionClass.AUTH_FAILED: ("failed logins", thresholds.authentication_share),
        SessionClass.REJECTED: ("clients whose mail was refused", thresholds.rejected_share),
        SessionClass.HANGUP: ("clients with too many errors", thresholds.rejected_share),
    }
    for kind, (who, share) in lost.items():
        if load.shares.get(kind, 0.0) >= share:
            return f"the processes were full, {load.shares[kind]:.0%} of their time went to {who}"
    if load.envelope_wait >= thresholds.envelope_wait_seconds:
        return (
            f"the processes were full, and good clients waited {load.envelope_wait:.1f} s from connect to "
            "the first accepted sender: something that smtpd(8) asks there is slow (a policy service, a "
            "DNS list, a filter in front of the queue, a milter)"
        )
    if load.content_wait >= thresholds.content_wait_seconds:
        return (
            f"the processes were full, and messages took {load.content_wait:.1f} s from their header to the "
            "queue: body checks, a milter at the end of the message, or the disk"
        )
    return "the processes were full, and the log does not tell by whom"


def _hidden(load: Load) -> tuple[tuple[Cause, ...], str]:
    return (Cause.SLOW_NAME_LOOKUP,), (
        "the process limit was reached while hardly a session shows in the log: the processes were busy "
        f"before the connect line is written, looking up client names ({load.peak} of {load.limit} at peak)"
    )


def _not_full(load: Load, thresholds: Thresholds) -> tuple[tuple[Cause, ...], str]:
    if load.trouble >= thresholds.trouble_share * load.sessions:
        return (Cause.UNKNOWN,), (
            f"the processes were never full, but {load.trouble} times something behind smtpd(8) failed"
        )
    probes = load.lost.unseen + load.lost.at_once
    if probes >= max(1.0, thresholds.probe_share * load.sessions):
        return (Cause.PROBES,), (
            f"{probes} of {load.sessions} connections left before their first command while processes were "
            "free: health checks, scanners or broken bots"
        )
    return (Cause.NONE,), "the processes were never full"


def _evidence(load: Load, causes: tuple[Cause, ...], *, saturated: bool) -> tuple[Measure, ...]:
    """The numbers that an administrator can check in the log; those of the causes, or all if unknown."""
    common = [
        Measure("process limit", load.limit, "processes"),
        Measure("most busy at a time", load.peak, "processes"),
        Measure("all processes busy", load.full_seconds, "s"),
        Measure("log window", load.window, "s"),
        Measure("sessions", load.sessions, ""),
        Measure("that delivered mail", load.productive, ""),
        Measure("lost after CONNECT, unseen", load.lost.unseen, ""),
        Measure("lost after CONNECT, at once", load.lost.at_once, ""),
    ]
    if not saturated:
        return tuple(common)
    special = {
        Cause.SLOW_CLIENTS: [
            Measure("process time of slow clients", load.slow.share, "share"),
            Measure("slow clients came", load.slow.rate, "per second"),
            Measure("busy with others", load.good_load, "processes"),
        ],
        Cause.SINGLE_CLIENT: [
            Measure("process time of the busiest client", load.busiest_client_share, "share"),
        ],
        Cause.TOO_FEW_PROCESSES: [
            Measure("offered load", load.offered_load, "erlangs"),
            Measure("mean session that delivers", load.service_time, "s"),
            Measure("lost after CONNECT, later", load.lost.later, ""),
        ],
        Cause.UNKNOWN: [
            Measure("connect to first sender, mean", load.envelope_wait, "s"),
            Measure("header to queue, mean", load.content_wait, "s"),
        ],
    }
    chosen = special if Cause.UNKNOWN in causes else {cause: special.get(cause, []) for cause in causes}
    warnings = Measure("process-limit warnings", load.limit_warnings, "")
    return (*common, warnings, *(measure for measures in chosen.values() for measure in measures))


def _ruled_out(
    load: Load, thresholds: Thresholds, causes: tuple[Cause, ...], *, saturated: bool
) -> list[RuledOut]:
    if not saturated:
        if causes == (Cause.UNKNOWN,):
            return []
        reason = f"at most {load.peak} of {load.limit or 'unlimited'} processes were busy"
        return [RuledOut(cause, reason) for cause in (Cause.TOO_FEW_PROCESSES, Cause.SLOW_CLIENTS)]
    found = [
        RuledOut(Cause.PROBES, f"all processes were busy for {load.full_seconds:.0f} s")
        if load.full_seconds
        else RuledOut(Cause.PROBES, "master(8) had no process left"),
        RuledOut(
            Cause.SLOW_CLIENTS,
            f"slow clients held {load.slow.share:.0%} of the process time, below {thresholds.slow_share:.0%}",
        ),
        RuledOut(
            Cause.SINGLE_CLIENT,
            f"the busiest client held {load.busiest_client_share:.0%} of the process time",
        ),
        RuledOut(
            Cause.TOO_FEW_PROCESSES,
            f"sessions that deliver or try to hold {good_share(load):.0%} of the process time"
            if not _enough_good(load, thresholds)
            else "good sessions are longer than normal: they wait for something else",
        ),
    ]
    if causes == (Cause.UNKNOWN,):
        found = [item for item in found if item.cause is Cause.PROBES]
    return [item for item in found if item.cause not in causes]
