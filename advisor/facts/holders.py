"""Who held the processes while they were full: the causes that lie with the clients, each with its share."""

from collections.abc import Iterator

import msgspec

from advisor.capacity.erlang import servers_needed
from advisor.facts.causes import Cause
from advisor.facts.evidence import good_share
from advisor.facts.inspection import Inspection
from advisor.facts.load import Load
from advisor.facts.thresholds import Thresholds
from advisor.facts.waiting import content_is_long, envelope_is_long

# An arrival counts as served when it waits less than a second; one in a hundred may wait longer.
WAIT_SECONDS = 1.0
WAITING_SHARE = 0.01


class Holder(msgspec.Struct, frozen=True):
    """Those who held `share` of the slot time, and what was seen of them."""

    cause: Cause
    share: float
    summary: str


def processes_for(load: float, service_time: float) -> int:
    """The processes with which one client in a hundred waits a second or longer (Erlang C)."""
    return servers_needed(load, service_time, WAIT_SECONDS, WAITING_SHARE)


def holders(load: Load, asked: Inspection, thresholds: Thresholds) -> Iterator[Holder]:
    """All that held enough to be a cause. What a single client explains is said of that client alone."""
    held = load.held
    # In a small pool one session is a large part.
    hog = load.busiest_client_share >= thresholds.one_client_share and load.busiest_client_sessions > 1
    if hog:
        yield Holder(
            Cause.SINGLE_CLIENT, load.busiest_client_share, "one client holds a large part of the processes"
        )
    hog_explains = hog and load.busiest_client_slow_share >= 0.5
    if load.slow.share >= thresholds.slow_share and not hog_explains:
        yield Holder(
            Cause.SLOW_CLIENTS,
            load.slow.share,
            "clients that say nothing hold the processes until smtpd_timeout ends",
        )
    if held.guessing >= thresholds.authentication_share:
        yield Holder(
            Cause.AUTH_ABUSE,
            held.guessing,
            f"clients that guess passwords held {held.guessing:.0%} of the process time",
        )
    if held.refused >= thresholds.rejected_share:
        yield Holder(
            Cause.REJECTED_CLIENTS,
            held.refused,
            f"clients whose mail was refused held {held.refused:.0%} of the process time",
        )
    users = held.authenticated >= thresholds.authenticated_share
    if users:
        yield Holder(
            Cause.SUBMISSION_ON_PORT_25,
            held.authenticated,
            f"users who log in and hand in their mail here held {held.authenticated:.0%} of the process time",
        )
    offered = load.load_without_users if users else load.offered_load
    if hog:
        offered *= 1 - load.busiest_client_share
    if _is_good(load, asked, thresholds) and processes_for(offered, load.service_time) > load.limit:
        yield Holder(
            Cause.TOO_FEW_PROCESSES,
            good_share(load) - (held.authenticated if users else 0.0),
            "good sessions of normal length need more processes than there are",
        )


def _is_good(load: Load, asked: Inspection, thresholds: Thresholds) -> bool:
    """Whether good clients filled the pool, and none of them took long."""
    return (
        load.productive > 0
        and good_share(load) >= thresholds.good_share
        and load.median_session <= thresholds.normal_median_seconds
        and load.p95_session <= thresholds.normal_p95_seconds
        and not envelope_is_long(load, thresholds)
        and not content_is_long(load, asked, thresholds)
    )
