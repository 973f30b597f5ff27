"""The decision tree: what a service's load says about the cause of its trouble (docs/overload.md).

The line "lost connection after CONNECT from unknown[unknown]" alone says nothing: it comes from probes of an
idle server as well. Occupancy at that second decides, and then who held the slots.
"""

from typing import NamedTuple

import msgspec

from advisor.facts.causes import Cause
from advisor.facts.evidence import Measure, RuledOut, measures, ruled_out
from advisor.facts.failing import Failing, failing
from advisor.facts.holders import holders
from advisor.facts.inspection import Inspection
from advisor.facts.load import Load
from advisor.facts.thresholds import Thresholds
from advisor.facts.waiting import Waiting, waiting
from advisor.logs.classes import SessionClass


class Diagnosis(msgspec.Struct, frozen=True):
    """Why clients of a service waited or were lost; the first of `causes` weighs most.

    `to_tell` is not empty where some of them are alternatives that the log cannot separate: a command, and
    what its answer means.
    """

    causes: tuple[Cause, ...]
    saturated: bool
    summary: str
    to_tell: str
    evidence: tuple[Measure, ...]
    ruled_out: tuple[RuledOut, ...]

    @property
    def cause(self) -> Cause:
        """The cause that weighs most."""
        return self.causes[0]


class _Found(NamedTuple):
    causes: tuple[Cause, ...]
    summary: str
    to_tell: str = ""


def diagnose(load: Load, asked: Inspection, thresholds: Thresholds, timeout: float) -> Diagnosis:
    """The cause of a service's trouble, by the tree; `unknown` where the numbers do not tell.

    `asked` is what the service asked, by the configuration of the log's day, before it answered a client.
    `timeout` is the smtpd_timeout of that day.
    """
    full = _is_full(load, thresholds)
    saturated = full or load.hidden
    if full:
        found = _who_holds_the_slots(load, asked, thresholds)
    elif load.hidden:
        found = _hidden(load)
    else:
        found = _not_full(load, asked, thresholds, timeout)
    return Diagnosis(
        found.causes,
        saturated,
        found.summary,
        found.to_tell,
        measures(load, found.causes, saturated=saturated),
        tuple(ruled_out(load, asked, thresholds, found.causes, saturated=saturated)),
    )


def _is_full(load: Load, thresholds: Thresholds) -> bool:
    return (
        load.longest_full >= thresholds.full_seconds
        or load.full_at_end
        or (
            load.full_seconds > 0
            and load.lost.while_full >= thresholds.lost_while_full
            and not _is_glimpse(load, thresholds)
        )
    )


def _is_open(load: Load, thresholds: Thresholds) -> bool:
    """Whether a process waited for a client all the time, and so no client for a process."""
    return load.fewest_idle >= thresholds.idle_processes


def _is_glimpse(load: Load, thresholds: Thresholds) -> bool:
    """Whether the log is too short to show for how long all processes were busy."""
    return load.window < thresholds.full_seconds


def _who_holds_the_slots(load: Load, asked: Inspection, thresholds: Thresholds) -> _Found:
    """All causes that apply, the one that took most of the slot time first."""
    waits = waiting(load, asked, thresholds)
    broken = _broken(load, asked, waits, thresholds)
    found = [(load.held.refused, _Found((each.cause,), each.summary)) for each in broken]
    found += [
        (each.share, _Found((each.cause,), each.summary))
        for each in holders(load, asked, thresholds)
        if not _is_by_what_is_asked(each.cause, load, broken, waits, thresholds)
        and not (each.cause in _SILENT and _may_hang(load, asked))
    ]
    for each in waits:
        causes = tuple(
            cause for cause in each.causes if cause not in {_TWIN[other.cause] for other in broken}
        )
        if causes:
            found.append((each.share, _Found(causes, each.summary, each.to_tell)))
    if not found and _may_hang(load, asked):
        return _Found(
            (Cause.UNKNOWN,), _NOBODY_SERVED.format(", ".join(_asked_first(asked))), _ASK_THE_SOCKETS
        )
    if not found:
        reason = waits[0].summary if waits else "the log does not tell by whom"
        return _Found((Cause.UNKNOWN,), f"the processes were full, and {reason}")
    found.sort(key=lambda each: -each[0])
    return _Found(
        tuple(dict.fromkeys(cause for _, each in found for cause in each.causes)),
        "; and ".join(dict.fromkeys(each.summary for _, each in found)),
        "; ".join(each.to_tell for _, each in found if each.to_tell),
    )


def _asked_first(asked: Inspection) -> tuple[str, ...]:
    return (*asked.policies, *asked.milters)


def _may_hang(load: Load, asked: Inspection) -> bool:
    """Whether clients may be silent because what the server asks never answers it: not one has delivered
    mail, and no timer has run out, neither the server's for a client nor that for a policy service.
    """
    nobody = not load.productive and not load.shares.get(SessionClass.TIMEOUT, 0.0)
    return nobody and bool(_asked_first(asked))


_SILENT = (Cause.SLOW_CLIENTS, Cause.SINGLE_CLIENT)
_NOBODY_SERVED = (
    "the processes were full, and no client has delivered mail: the clients say nothing, or {} does not "
    "answer; give a log that goes on until a time limit ends"
)
_ASK_THE_SOCKETS = (
    "ss -p | grep smtpd: it hangs if each smtpd(8) has a connection to it, else the clients wait"
)

# A service that fails is slow too while it is asked again and again; one that is slow may fail at times.
_TWIN = {Cause.FAILING_POLICY: Cause.SLOW_POLICY, Cause.FAILING_MILTER: Cause.SLOW_MILTER}
_MOST = 0.5


def _broken(
    load: Load, asked: Inspection, waits: tuple[Waiting, ...], thresholds: Thresholds
) -> tuple[Failing, ...]:
    """What fails, unless its answers to clients that deliver took more of the time."""
    slow = {cause: each.share for each in waits for cause in each.causes}
    return tuple(
        each
        for each in failing(load, asked, thresholds)
        if load.held.refused >= slow.get(_TWIN[each.cause], 0.0)
    )


def _is_by_what_is_asked(
    cause: Cause,
    load: Load,
    broken: tuple[Failing, ...],
    waits: tuple[Waiting, ...],
    thresholds: Thresholds,
) -> bool:
    """Whether what clients are suspected of is what the server does to them: refused for a while, by what
    fails or by a policy service that keeps them waiting; or silent because they wait for what fails, and not
    because the server's timer ended them.
    """
    if cause is Cause.REJECTED_CLIENTS and load.failures.temporary >= _MOST:
        return bool(broken) or any(Cause.SLOW_POLICY in each.causes for each in waits)
    timed_out = load.shares.get(SessionClass.TIMEOUT, 0.0)
    return bool(broken) and cause is Cause.SLOW_CLIENTS and timed_out < thresholds.slow_share


def _hidden(load: Load) -> _Found:
    return _Found(
        (Cause.SLOW_NAME_LOOKUP,),
        "the process limit was reached while hardly a session shows in the log: the processes were busy "
        f"before the connect line is written, looking up client names ({load.peak} of {load.limit} at peak)",
    )


def _not_full(load: Load, asked: Inspection, thresholds: Thresholds, timeout: float) -> _Found:
    broken = failing(load, asked, thresholds)
    if broken:
        return _Found(
            tuple(each.cause for each in broken),
            "the processes were never full, but " + "; and ".join(each.summary for each in broken),
        )
    if load.failures.all >= thresholds.trouble_share * load.sessions:
        return _Found(
            (Cause.UNKNOWN,),
            f"the processes were never full, but {load.failures.all} times something behind smtpd(8) failed",
        )
    if load.hidden_maybe:
        return _Found((Cause.UNKNOWN,), _HIDDEN_MAYBE.format(load=load), _ASK_THE_RESOLVER)
    if _is_glimpse(load, thresholds):
        return _Found((Cause.UNKNOWN,), f"the log covers {load.window:.0f} s only; give a longer one")
    if load.limit and not load.has_start and load.window < timeout and not _is_open(load, thresholds):
        return _Found((Cause.UNKNOWN,), _BEGINS_LATE.format(load=load, timeout=timeout))
    probes = load.lost.unseen + load.lost.at_once
    if probes >= max(1.0, thresholds.probe_share * load.sessions):
        return _Found(
            (Cause.PROBES,),
            f"{probes} of {load.sessions} connections left before their first command while processes were "
            "free: health checks, scanners or broken bots",
        )
    if load.full_seconds:
        return _Found(
            (Cause.NONE,),
            f"the processes were full for {load.full_seconds:.0f} s in all, too short to matter",
        )
    return _Found((Cause.NONE,), "the processes were never full")


# A silent session that began before the log, and ends behind it, leaves no line in it.
_BEGINS_LATE = (
    "the log shows at most {load.peak} of {load.limit} processes busy, but it is shorter "
    "({load.window:.0f} s) than smtpd_timeout ({timeout:.0f} s) and begins while Postfix runs: clients "
    "that are silent in all that time do not show; give a log that begins earlier"
)


_HIDDEN_MAYBE = (
    "the log shows at most {load.peak} of {load.limit} processes busy, yet nearly all of them serve clients, "
    "and none without a pause: they may be looking up client names, which is before the connect line"
)
_ASK_THE_RESOLVER = "time dig -x ADDRESS, for some of the clients: the name lookup if that takes seconds"
