"""What makes good clients wait while the processes are full: the log tells the phase, the configuration what
is asked there. Where both leave more than one possibility, all are named, with the command that would tell.
"""

import msgspec

from advisor.facts.causes import Cause
from advisor.facts.inspection import Inspection
from advisor.facts.load import Load, Wait
from advisor.facts.thresholds import Thresholds


class Waiting(msgspec.Struct, frozen=True):
    """A phase that is too long. `causes` are alternatives; empty when nothing is configured that explains it.

    `share` is that of the slot time spent in it, `summary` says what was seen, `to_tell` how to tell the
    alternatives apart; empty when there is but one.
    """

    causes: tuple[Cause, ...]
    share: float
    summary: str
    to_tell: str = ""


def waiting(load: Load, asked: Inspection, thresholds: Thresholds) -> tuple[Waiting, ...]:
    """The phases in which good clients waited too long, the one that took most time first."""
    found = [wait for phase in (_envelope, _filter, _content) if (wait := phase(load, asked, thresholds))]
    return tuple(sorted(found, key=lambda each: -each.share))


def envelope_is_long(load: Load, thresholds: Thresholds) -> bool:
    """Whether clients waited long before their sender was accepted, and not because they are far away or slow
    themselves: then the rest of their session takes as long.
    """
    wait, pace = load.waits.envelope, load.waits.pace
    return (
        _is_long(wait, thresholds.envelope_wait_seconds, thresholds)
        and wait.mean >= thresholds.envelope_pace * pace
    )


def content_is_long(load: Load, asked: Inspection, thresholds: Thresholds) -> bool:
    """Whether messages waited long behind their header; or not so long, yet for most of the process time, and
    something is asked there.
    """
    wait = load.waits.content
    return _is_long(wait, thresholds.content_wait_seconds, thresholds) or (
        wait.mean >= thresholds.envelope_wait_seconds
        and wait.share >= thresholds.content_share
        and bool(asked.milters or asked.message_policies or _checks_work(load, asked, thresholds))
    )


def _checks_work(load: Load, asked: Inspection, thresholds: Thresholds) -> bool:
    """Whether there are many body checks, and messages do not take as long while they have the processors
    for themselves.
    """
    branches = asked.body_branches
    many = bool(asked.body_checks) and (branches is None or branches >= thresholds.few_branches)
    return many and _grows(load, thresholds)


def _grows(load: Load, thresholds: Thresholds) -> bool:
    """Whether the wait grows with the load, as far as can be compared: work that waits for a processor takes
    longer the more of it there is; what sleeps does not.
    """
    wait, free = load.waits.content, load.waits.content_when_free
    return free is None or free * thresholds.growth_factor <= wait.mean


def _is_long(wait: Wait, seconds: float, thresholds: Thresholds) -> bool:
    return wait.mean >= seconds and wait.share >= thresholds.waiting_share


def _envelope(load: Load, asked: Inspection, thresholds: Thresholds) -> Waiting | None:
    wait = load.waits.envelope
    if not envelope_is_long(load, thresholds):
        return None
    seen = f"good clients waited {wait.mean:.1f} s from connect to the first accepted sender"
    if asked.proxy_filter and _has_no_worker(load, thresholds):
        return Waiting(
            (Cause.SLOW_PROXY_FILTER,),
            wait.share,
            f"{seen}, for a free worker of the filter {asked.proxy_filter}, which had "
            f"{load.waits.filter_load:.1f} messages in work on average",
        )
    suspects = _suspects(
        {
            Cause.SLOW_POLICY: _named("policy service", asked.policies),
            Cause.SLOW_MILTER: _named("milter", asked.milters),
            Cause.SLOW_DNSBL: _named("DNS list", asked.dns_lists),
            Cause.SLOW_TABLES: _named("lookup table", asked.tables),
        }
    )
    local = load.waits.envelope_of_mynetworks
    if len(suspects) > 1 and local is not None and asked.policies_spare_mynetworks:
        for_all = {cause: suspects[cause] for cause in _ASKED_FOR_ALL if cause in suspects}
        if local >= thresholds.envelope_wait_seconds and for_all:
            suspects = for_all
        elif local < thresholds.envelope_wait_seconds:
            suspects.pop(Cause.SLOW_MILTER, None)
    strangers = load.waits.strangers
    if Cause.SLOW_MILTER in suspects and strangers is not None and strangers >= wait.mean / 2:
        # Who leaves before MAIL FROM has met no more than a milter.
        seen += f", and clients that left before a sender {strangers:.1f} s"
        suspects = {Cause.SLOW_MILTER: suspects[Cause.SLOW_MILTER]}
    if not suspects and asked.proxy_filter:
        reason = (
            f"{seen}, and nothing but the filter {asked.proxy_filter} in front of the queue is asked there"
        )
        return Waiting((Cause.SLOW_PROXY_FILTER,), wait.share, reason)
    if not suspects:
        return Waiting((), wait.share, f"{seen}, and the configuration names nothing that is asked there")
    return Waiting(
        tuple(suspects), wait.share, f"{seen}, for {' or '.join(suspects.values())}", _to_tell(suspects)
    )


# Clients of mynetworks, which pass before policy services and DNS lists, wait for these as all others do.
_ASKED_FOR_ALL = (Cause.SLOW_MILTER, Cause.SLOW_TABLES)


def _has_no_worker(load: Load, thresholds: Thresholds) -> bool:
    return load.waits.filter_load >= thresholds.filter_load


def _filter(load: Load, asked: Inspection, thresholds: Thresholds) -> Waiting | None:
    wait = load.waits.filter
    if not asked.proxy_filter or not _is_long(wait, thresholds.content_wait_seconds, thresholds):
        return None
    told = _envelope(load, asked, thresholds)
    if told and Cause.SLOW_PROXY_FILTER in told.causes:
        return None  # told there: the filter is slow, and so clients wait for it
    seen = f"a message took {wait.mean:.1f} s through the filter {asked.proxy_filter} in front of the queue"
    return Waiting((Cause.SLOW_PROXY_FILTER,), wait.share, seen)


def _content(load: Load, asked: Inspection, thresholds: Thresholds) -> Waiting | None:
    wait = load.waits.content
    if not content_is_long(load, asked, thresholds):
        return None
    seen = f"messages took {wait.mean:.1f} s from their header to the queue"
    suspects = _suspects(
        {
            Cause.SLOW_MILTER: _named("milter", asked.milters),
            Cause.CPU_BOUND_CHECKS: _named("body checks in", asked.body_checks),
            Cause.SLOW_POLICY: _named("policy service at the message's end", asked.message_policies),
        }
    )
    branches = asked.body_branches
    if len(suspects) > 1 and branches is not None and branches < thresholds.few_branches:
        suspects.pop(Cause.CPU_BOUND_CHECKS, None)
    free = load.waits.content_when_free
    if len(suspects) > 1 and free is not None:
        seen += f" ({free:.1f} s with half of the processes free)"
        if not _grows(load, thresholds):
            suspects.pop(Cause.CPU_BOUND_CHECKS, None)
    # Of less than that no line tells which are fast: their stamps have whole seconds.
    some_are_fast = load.waits.content_fast_quarter < thresholds.content_wait_seconds <= wait.mean
    if some_are_fast and wait.mean >= thresholds.content_spread * thresholds.content_wait_seconds:
        # What is done to each message takes its time for each.
        suspects.pop(Cause.SLOW_MILTER, None)
        suspects.pop(Cause.SLOW_POLICY, None)
    if some_are_fast or not suspects:
        suspects[Cause.SLOW_TRANSFER] = "clients that send slowly"
    local = load.waits.content_of_pickup
    if local is not None and Cause.SLOW_TRANSFER in suspects:
        seen += f" ({local:.1f} s for mail from this machine)"
        if local >= thresholds.content_wait_seconds:
            del suspects[Cause.SLOW_TRANSFER]
    if not suspects:
        return Waiting((), wait.share, f"{seen}, and there is neither a milter nor a body check: the disk")
    to_tell = _to_tell(suspects)
    if list(suspects) == [Cause.SLOW_TRANSFER] and not some_are_fast and local is None:
        to_tell = _DISK
    return Waiting(tuple(suspects), wait.share, f"{seen}, for {' or '.join(suspects.values())}", to_tell)


_DISK = (
    "sendmail -bv postmaster; iostat -x 5: the disk, and not the clients, if local mail is as slow to queue"
)


def _suspects(named: dict[Cause, str]) -> dict[Cause, str]:
    return {cause: name for cause, name in named.items() if name}


def _named(kind: str, names: tuple[str, ...]) -> str:
    return f"the {kind} {', '.join(names)}" if names else ""


# The command whose answer convicts the cause; where it does not, another of the alternatives it is.
_COMMANDS = {
    Cause.CPU_BOUND_CHECKS: "top -b -n 1 | grep cleanup: the body checks if cleanup(8) is near 100 % CPU",
    Cause.SLOW_POLICY: r"time printf 'request=smtpd_access_policy\n\n' | nc HOST PORT: the policy service if "
    "that takes as long",
    Cause.SLOW_DNSBL: "time dig 2.0.0.127.LIST: the DNS list if that takes as long",
    Cause.SLOW_TABLES: "time postmap -q ADDRESS TABLE: the lookup table if that takes as long",
    Cause.SLOW_TRANSFER: "grep QUEUEID in the log: clients that send slowly if only large messages take long",
}


def _to_tell(suspects: dict[Cause, str]) -> str:
    """How to tell the alternatives apart: a command, and what its answer means; empty if there is but one."""
    if len(suspects) < 2:
        return ""
    return next((command for cause, command in _COMMANDS.items() if cause in suspects), "")
