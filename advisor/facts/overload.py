"""The decision tree: what a service's load says about the cause of its trouble (docs/overload.md).

The line "lost connection after CONNECT from unknown[unknown]" alone says nothing: it comes from probes of an
idle server as well. Occupancy at that second decides, and then who held the slots.
"""

from typing import NamedTuple

import msgspec

from advisor.capacity.erlang import servers_needed
from advisor.facts.causes import Cause
from advisor.facts.evidence import Measure, RuledOut, good_share, measures, ruled_out
from advisor.facts.inspection import Inspection
from advisor.facts.load import Load
from advisor.facts.thresholds import Thresholds
from advisor.facts.waiting import Waiting, waiting
from advisor.logs.classes import SessionClass

# An arrival counts as served when it waits less than a second; one in a hundred may wait longer.
WAIT_SECONDS = 1.0
WAITING_SHARE = 0.01


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


def diagnose(load: Load, asked: Inspection, thresholds: Thresholds) -> Diagnosis:
    """The cause of a service's trouble, by the tree; `unknown` where the numbers do not tell.

    `asked` is what the service asked, by the configuration of the log's day, before it answered a client.
    """
    full = _is_full(load, thresholds)
    saturated = full or load.hidden
    if full:
        found = _who_holds_the_slots(load, asked, thresholds)
    elif load.hidden:
        found = _hidden(load)
    else:
        found = _not_full(load, thresholds)
    return Diagnosis(
        found.causes,
        saturated,
        found.summary,
        found.to_tell,
        measures(load, found.causes, saturated=saturated),
        tuple(ruled_out(load, asked, thresholds, found.causes, saturated=saturated)),
    )


def processes_for(load: float, service_time: float) -> int:
    """The processes with which one client in a hundred waits a second or longer (Erlang C)."""
    return servers_needed(load, service_time, WAIT_SECONDS, WAITING_SHARE)


def _is_full(load: Load, thresholds: Thresholds) -> bool:
    return load.longest_full >= thresholds.full_seconds or (
        load.full_seconds > 0 and load.lost.while_full >= thresholds.lost_while_full
    )


def _who_holds_the_slots(load: Load, asked: Inspection, thresholds: Thresholds) -> _Found:
    """All causes that apply, the one that took most of the slot time first."""
    found: list[tuple[float, _Found]] = []
    hog = load.busiest_client_share >= thresholds.one_client_share
    if hog:
        found.append((load.busiest_client_share, _Found((Cause.SINGLE_CLIENT,), _ONE_CLIENT)))
    hog_explains = hog and load.busiest_client_slow_share >= 0.5
    if load.slow.share >= thresholds.slow_share and not hog_explains:
        found.append((load.slow.share, _Found((Cause.SLOW_CLIENTS,), _SLOW_CLIENTS)))
    waits = waiting(load, asked, thresholds)
    found += [(each.share, _Found(each.causes, each.summary, each.to_tell)) for each in waits if each.causes]
    if _enough_good(load, thresholds) and _normal(load, thresholds) and _too_few(load):
        found.append((good_share(load), _Found((Cause.TOO_FEW_PROCESSES,), _TOO_FEW)))
    if not found:
        return _Found((Cause.UNKNOWN,), _why_unknown(load, waits, thresholds))
    found.sort(key=lambda each: -each[0])
    return _Found(
        tuple(dict.fromkeys(cause for _, each in found for cause in each.causes)),
        "; and ".join(dict.fromkeys(each.summary for _, each in found)),
        "; ".join(each.to_tell for _, each in found if each.to_tell),
    )


_SLOW_CLIENTS = "clients that say nothing hold the processes until smtpd_timeout ends"
_ONE_CLIENT = "one client holds a large part of the processes"
_TOO_FEW = "good sessions of normal length need more processes than there are"


def _enough_good(load: Load, thresholds: Thresholds) -> bool:
    return load.productive > 0 and good_share(load) >= thresholds.good_share


def _normal(load: Load, thresholds: Thresholds) -> bool:
    return (
        load.median_session <= thresholds.normal_median_seconds
        and load.p95_session <= thresholds.normal_p95_seconds
        and load.waits.envelope.mean < thresholds.envelope_wait_seconds
        and load.waits.content.mean < thresholds.content_wait_seconds
    )


def _too_few(load: Load) -> bool:
    return processes_for(load.offered_load, load.service_time) > load.limit


def _why_unknown(load: Load, waits: tuple[Waiting, ...], thresholds: Thresholds) -> str:
    lost = {
        SessionClass.AUTH_FAILED: ("failed logins", thresholds.authentication_share),
        SessionClass.REJECTED: ("clients whose mail was refused", thresholds.rejected_share),
        SessionClass.HANGUP: ("clients with too many errors", thresholds.rejected_share),
    }
    for kind, (who, share) in lost.items():
        if load.shares.get(kind, 0.0) >= share:
            return f"the processes were full, {load.shares[kind]:.0%} of their time went to {who}"
    if waits:
        return f"the processes were full, and {waits[0].summary}"
    return "the processes were full, and the log does not tell by whom"


def _hidden(load: Load) -> _Found:
    return _Found(
        (Cause.SLOW_NAME_LOOKUP,),
        "the process limit was reached while hardly a session shows in the log: the processes were busy "
        f"before the connect line is written, looking up client names ({load.peak} of {load.limit} at peak)",
    )


def _not_full(load: Load, thresholds: Thresholds) -> _Found:
    if load.trouble >= thresholds.trouble_share * load.sessions:
        return _Found(
            (Cause.UNKNOWN,),
            f"the processes were never full, but {load.trouble} times something behind smtpd(8) failed",
        )
    probes = load.lost.unseen + load.lost.at_once
    if probes >= max(1.0, thresholds.probe_share * load.sessions):
        return _Found(
            (Cause.PROBES,),
            f"{probes} of {load.sessions} connections left before their first command while processes were "
            "free: health checks, scanners or broken bots",
        )
    return _Found((Cause.NONE,), "the processes were never full")
