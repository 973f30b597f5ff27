"""What the log shows of one service: its sessions, how many processes they kept busy, and who held them.

The terms are those of docs/overload.md; a *slot* is one process of the service, serving one client.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from advisor.logs.classes import SessionClass

if TYPE_CHECKING:
    from advisor.logs.metrics import Sample


class Lost(msgspec.Struct, frozen=True):
    """Connections that ended before the first command.

    `unseen`: the peer had reset it before smtpd asked for its address; `at_once`: within a second, address
    known; `later`: after the client had waited. `while_full`: the most unseen or at once in three minutes
    while others kept all slots busy.
    """

    unseen: int
    at_once: int
    later: int
    while_full: int


class Slow(msgspec.Struct, frozen=True):
    """Sessions that hold a slot and give nothing back. `threshold` is in seconds, `rate` per second, measured
    while slots were free from `starts` beginnings; `share` is that of the slot time while the pool was full.
    Of that, `outlasting` is the share of those that stayed for twice smtpd_timeout without meeting it: they
    are not silent. It is None where no client met that limit, so that it may have been another one.
    `chatting` clients were sent away for too many commands that bring no mail, `timed_out` for their silence.
    """

    threshold: float
    starts: int
    rate: float
    share: float
    outlasting: float | None
    chatting: int
    timed_out: int


class Held(msgspec.Struct, frozen=True):
    """Parts of the slot time while the pool was full, 0 to 1: of clients that guessed passwords and delivered
    nothing, of others whose mail was refused, and of users who had logged in (0 where they belong: on a
    submission service).
    """

    guessing: float
    refused: float
    authenticated: float


class Failures(msgspec.Struct, frozen=True):
    """What smtpd(8) and cleanup(8) said of others that failed. `servers`: lines for each server of the policy
    protocol, as the log names it; `milters`: lines of all milters; `all`: those two, filters in front of the
    queue, and ends of smtpd(8) itself. `temporary`: the share of refusals that told the client to come again.
    """

    servers: Mapping[str, int]
    milters: int
    all: int
    temporary: float


class Wait(msgspec.Struct, frozen=True):
    """The mean seconds of one phase, and the share of the slot time that was spent in it."""

    mean: float
    share: float


class Waits(msgspec.Struct, frozen=True):
    """`envelope` has the mean of clients that are not of mynetworks, if they are enough. `filter_load` is the
    mean number of messages in the filter at a time. None where too few can be compared:
    `envelope_of_mynetworks`, the mean for clients of mynetworks, `content_when_free`, that of messages which
    came while at most half of the processes were busy, and `content_of_pickup`, that of mail which was handed
    in on this machine. `content_fast_quarter`: a quarter of the messages took no longer. `pace`: the seconds
    that a usual client took for the rest of its session, all these phases left out. `strangers`: three
    quarters of the clients that left before they named a sender took longer, None where they were few.
    """

    envelope: Wait
    filter: Wait
    content: Wait
    filter_load: float
    envelope_of_mynetworks: float | None
    content_when_free: float | None
    content_of_pickup: float | None
    content_fast_quarter: float
    pace: float
    strangers: float | None


class Clientele(msgspec.Struct, frozen=True):
    """Sessions with `failed_logins` and of `users`, who had logged in; the most that one client had in a
    minute, of 999 in 1000 such minutes: logins of any, connections and messages of those that deliver mail.
    `address` has the largest share of the sessions, and of its own `address_fails` took no mail.
    """

    failed_logins: int
    users: int
    logins_per_minute: int
    connections_per_minute: int
    messages_per_minute: int
    address: str
    address_share: float
    address_fails: float


class Load(msgspec.Struct, frozen=True):
    """The load of one service. Times in seconds, loads in erlangs (mean number of busy processes).

    `limit` is the process limit in force, 0 for none. `longest_full`: the most seconds with all slots busy in
    three minutes, or in one run. `full_at_end`: master(8) had warned, and all were busy
    where the log ends. `has_start`: the log has a start of Postfix, and so all sessions since. `fewest_idle`:
    the least number of processes that waited for a client, on average, in any `full_seconds`. `hidden`: the
    slots were busy before their clients showed in the log;
    `hidden_maybe`: it looks like that, but master(8) did not say that they were all busy. `shares`: the part
    of each class in the slot time while the pool was full (of all the time, when it never was).
    `client_concurrency`: the most sessions at a time of one client that delivers mail, but for one client in
    a thousand, the busiest, and those to which no limit applies. `longest_pause`: the longest that one of
    99.9 % of the good clients can have been silent. `good_load`: the mean number of sessions that are not
    slow, in the busiest minute with free slots. `offered_load`: what would have been busy had every client
    been served; `load_without_users`: the same without those who had logged in.
    """

    service: str
    tag: str
    limit: int
    limit_source: str
    window: float
    sessions: int
    productive: int
    peak: int
    full_seconds: float
    longest_full: float
    full_at_end: bool
    has_start: bool
    fewest_idle: float
    hidden: bool
    hidden_maybe: bool
    limit_warnings: int
    lost: Lost
    slow: Slow
    shares: dict[SessionClass, float]
    held: Held
    busiest_client: str
    busiest_client_share: float
    busiest_client_slow_share: float
    busiest_client_sessions: int
    good_load: float
    offered_load: float
    load_without_users: float
    service_time: float
    median_session: float
    p95_session: float
    waits: Waits
    client_concurrency: int
    clientele: Clientele
    longest_pause: float
    failures: Failures
    samples: "tuple[Sample, ...]"
