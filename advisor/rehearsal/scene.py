"""What is played on the private Postfix, and what was seen. Times are seconds, times of day since 1970."""

from enum import StrEnum
from math import inf

import msgspec

# Where the private Postfix listens: an address of documentation (RFC 5737). On loopback alone master(8) has
# no stress mode and no word on its process limit.
SERVER = "192.0.2.25"
# All of these are the namespace's own, so that clients may come from any of their addresses.
NETWORKS = (f"{SERVER}/24", "198.51.100.1/24", "203.0.113.1/24", "198.18.0.1/15")
LISTED = NETWORKS[-1]
DNS_LIST = "list.test"


class Kind(StrEnum):
    """What a client does. MAIL delivers a message, USER logs in before that, and SLOW_MAIL sends its message
    line by line; SILENT connects and says nothing; BYTES sends a command byte by byte and LINES a message
    line by line, without end; NOOP says just that, again and again; ERRORS tries one unknown recipient after
    the other; RESET and FIN are probes, which leave at once.
    """

    MAIL = "mail"
    USER = "user"
    SLOW_MAIL = "slow mail"
    SILENT = "silent"
    BYTES = "bytes"
    LINES = "lines"
    NOOP = "noop"
    ERRORS = "errors"
    RESET = "reset"
    FIN = "fin"


class Visit(msgspec.Struct, frozen=True):
    """A client that comes `at` so many seconds from the begin, from `address`. Before each of its commands
    (bytes, lines) it takes `pace` seconds; it leaves by itself `stay` seconds after it came. Mail has a
    message of `size` bytes to a number of `recipients`. `port`: another one than the scene's.
    """

    at: float
    kind: Kind
    address: str
    pace: float = 0.0
    stay: float = inf
    size: int = 2000
    recipients: int = 1
    port: int | None = None


class Role(StrEnum):
    """For what it stands in: a policy service, a milter, a before-queue filter, a resolver, Dovecot's
    service for logins.
    """

    POLICY = "policy"
    MILTER = "milter"
    FILTER = "filter"
    RESOLVER = "resolver"
    LOGIN = "login"


class StandIn(msgspec.Struct, frozen=True):
    """A server on 127.0.0.1:`port` that says yes after `seconds`, to at most `workers` at a time (0: to any
    number). A resolver answers on port 53, knows every address of NETWORKS by name, and has those of LISTED
    in the DNS list DNS_LIST.
    """

    role: Role
    port: int
    seconds: float = 0.0
    workers: int = 0


class Scene(msgspec.Struct, frozen=True):
    """A configuration (`files` by name, main.cf and master.cf among them), who visits its `port`, and what
    stands in. MAIL goes from `sender` to `recipient`. After `seconds` it is over; whoever is not served by
    then was not. A client waits for `patience` seconds for an answer. The body of a message is `line`,
    again and again. `somaxconn` is the kernel's cap on a listen queue, None: as it is in a new namespace.
    `control_group`: the folder of one that bounds the processes of Postfix, cgroups(7).
    """

    files: dict[str, str]
    visits: tuple[Visit, ...]
    seconds: float
    port: int = 25
    stand_ins: tuple[StandIn, ...] = ()
    sender: str = "sender@client.test"
    recipient: str = "user@lab.test"
    patience: float = 60.0
    line: str = "x" * 70
    somaxconn: int | None = None
    control_group: str = ""


class End(StrEnum):
    """How a visit ended. TIMED_OUT: the client had no answer in its patience; CLOSED: the server hung up;
    OPEN: it was over before that.
    """

    SERVED = "served"
    REFUSED = "refused"
    TIMED_OUT = "timed out"
    CLOSED = "closed"
    LEFT = "left"
    OPEN = "open"


class Visited(msgspec.Struct, frozen=True):
    """What one client saw: the seconds until the banner, None without one; how it ended, `after` how long;
    the last reply that was no success.
    """

    banner: float | None
    end: End
    after: float
    reply: str = ""


class Moment(msgspec.Struct, frozen=True):
    """How many connections the server had taken, and how many waited to be taken, at a time of day."""

    time: float
    busy: int
    waiting: int


class Seen(msgspec.Struct, frozen=True):
    """What was seen of a scene; `visits` in the scene's order. `began`: the time of day of the first second;
    `cpu` the seconds that all processes of Postfix computed, `memory` the most bytes that they had at a time
    for themselves; `log` is the mail log.
    """

    visits: tuple[Visited, ...]
    moments: tuple[Moment, ...]
    began: float
    cpu: float
    memory: int
    log: str
