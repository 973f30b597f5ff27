"""Logs for the examples in rule files: traffic described in a line, written down as Postfix would log it.

A table says `kind` (mail, users' mail after a login, silent, chat, reset, guess or refused), `every` how many
seconds one such client comes, how many seconds it `lasts` and `until` which second they come; the log ends
with the last of these. `addresses` is from how many addresses (default: each its own), `address` the one they
all have. Of the time that mail lasts, `envelope` seconds pass before the first accepted sender (default:
half), and `content` seconds from the header to the queue (default: none), or `filter` seconds in a filter in
front of the queue. Clients wait, unseen, while all processes are busy.

Of the kind `local` is a message from the machine itself, which takes `lasts` seconds to the active queue.
Of the kind `delivery` is a message that is in the queue already: `program` tries to deliver it, with the
four `delays`, and what became of it stands in `status`, `deferred (…)`. `relay` is the server's name,
`domains` is to how many destinations such mail goes, and `log` is what the program logs before.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from advisor.errors import RuleError

_BEGIN = datetime(2026, 3, 2, 9, 0, 0, tzinfo=UTC)
_START = "postfix/master[100]: daemon started -- version 3.7.11, configuration /etc/postfix"
_END = "postfix/anvil[102]: statistics: max cache size 20 at Mar  2 09:00:00"
_WARNING = (
    'postfix/master[100]: warning: service "{entry}" (25) has reached its process limit "{limit}": '
    "new clients may experience noticeable delays"
)


class Traffic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of client; times in seconds."""

    kind: str
    every: float
    lasts: float
    until: float
    addresses: int = 0
    address: str = ""
    envelope: float | None = None
    content: float = 0
    filter: float = 0
    program: str = "smtp"
    delays: tuple[float, float, float, float] = (0, 0, 0, 0)
    status: str = "sent (250 2.0.0 Ok)"
    relay: str = "none"
    domains: int = 1
    log: str = ""


def write_log(tables: Sequence[Mapping[str, object]], entry: str, processes: int, where: str) -> str:
    """The log of the traffic on the service `entry` with so many processes (0: no limit).

    Raises RuleError, placed at `where`, for a table that is no traffic.
    """
    try:
        traffic = msgspec.convert(list(tables), list[Traffic])
    except msgspec.ValidationError as error:
        raise RuleError(f"load: {error}", where=where, cure="give kind, every, lasts and until") from error
    end = max(each.until for each in traffic)
    lines = sorted(_lines(traffic, entry, processes, where), key=lambda line: line[0])
    return "".join(
        f"{_BEGIN + timedelta(seconds=int(time)):%b %e %H:%M:%S} mx {text}\n"
        for time, text in [(0.0, _START), *lines, (end, _END)]
        if time <= end
    )


def _lines(traffic: Sequence[Traffic], entry: str, processes: int, where: str) -> Iterator[tuple[float, str]]:
    arrivals = sorted(
        (number * each.every, index, number)
        for index, each in enumerate(traffic)
        for number in range(int(each.until / each.every))
    )
    busy: list[tuple[float, int]] = []
    idle = list(range(processes or len(arrivals)))
    heapq.heapify(idle)
    warned = False
    for serial, (arrival, index, number) in enumerate(arrivals):
        each, now = traffic[index], arrival
        if each.kind == "delivery":
            yield from _delivery(each, now, serial, number)
            continue
        if each.kind == "local":
            yield from _message(
                "postfix/pickup[102]:", f"4C{serial:08X}", "", serial, (now, now + each.lasts)
            )
            continue
        while busy and busy[0][0] <= now:
            heapq.heappush(idle, heapq.heappop(busy)[1])
        if not idle:
            now, pid = heapq.heappop(busy)
            heapq.heappush(idle, pid)
        pid = heapq.heappop(idle)
        heapq.heappush(busy, (now + each.lasts, pid))
        host = number % each.addresses if each.addresses else serial
        client = f"unknown[{each.address or f'198.51.{100 + host // 250}.{host % 250 + 1}'}]"
        yield from _session(each, now, 1000 + pid, client, serial, where)
        if not idle and processes and not warned:
            warned = True
            yield now, _WARNING.format(entry=entry, limit=processes)


def _session(
    each: Traffic, start: float, pid: int, client: str, serial: int, where: str
) -> Iterator[tuple[float, str]]:
    smtpd, end = f"postfix/smtpd[{pid}]:", start + each.lasts
    queue_id = f"4F{serial:08X}"
    match each.kind:
        case "mail" | "user":
            login = ", sasl_method=PLAIN, sasl_username=ann" * (each.kind == "user")
            middle = start + (each.lasts / 2 if each.envelope is None else each.envelope)
            yield start, f"{smtpd} connect from {client}"
            if each.filter:
                yield middle, f"{smtpd} NOQUEUE: client={client}"
                answer = "proxy-accept: END-OF-MESSAGE: 250 2.0.0 Ok; from=<a@example.org>"
                yield middle + each.filter, f"{smtpd} {answer}"
            else:
                yield from _message(smtpd, queue_id, client + login, serial, (middle, middle + each.content))
            yield end, f"{smtpd} disconnect from {client} ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5"
        case "silent":
            yield start, f"{smtpd} connect from {client}"
            yield end, f"{smtpd} timeout after CONNECT from {client}"
            yield end, f"{smtpd} disconnect from {client} commands=0/0"
        case "reset":
            yield start, f"{smtpd} connect from unknown[unknown]"
            yield end, f"{smtpd} lost connection after CONNECT from unknown[unknown]"
            yield end, f"{smtpd} disconnect from unknown[unknown] commands=0/0"
        case "chat":
            yield start, f"{smtpd} connect from {client}"
            yield end, f"{smtpd} too many errors after NOOP from {client}"
            yield end, f"{smtpd} disconnect from {client} noop=3 commands=3"
        case "guess":
            yield start, f"{smtpd} connect from {client}"
            yield end, f"{smtpd} warning: {client}: SASL LOGIN authentication failed: UGFzc3dvcmQ6"
            yield end, f"{smtpd} disconnect from {client} ehlo=1 auth=0/1 quit=1 commands=2/3"
        case "refused":
            refusal = "550 5.1.1 <b@example.org>: Recipient address rejected: User unknown"
            yield start, f"{smtpd} connect from {client}"
            yield end, f"{smtpd} NOQUEUE: reject: RCPT from {client}: {refusal}; from=<> proto=ESMTP helo=<x>"
            yield end, f"{smtpd} disconnect from {client} ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4"
        case _:
            cure = "mail, user, silent, chat, reset, guess, refused or delivery"
            raise RuleError(f"no traffic is called {each.kind!r}", where=where, cure=cure)


def _delivery(each: Traffic, start: float, serial: int, number: int) -> Iterator[tuple[float, str]]:
    queue_id, end = f"4D{serial:08X}", start + each.lasts
    yield start, f"postfix/qmgr[101]: {queue_id}: from=<a@example.org>, size=1200, nrcpt=1 (queue active)"
    delays = "/".join(f"{part:g}" for part in each.delays)
    relay = each.relay if each.relay in ("none", "local", "virtual") else f"{each.relay}[192.0.2.1]:25"
    dsn = "2.0.0" if each.status.startswith("sent") else "4.0.0"
    told = f"delay={sum(each.delays):g}, delays={delays}, dsn={dsn}, status={each.status}"
    agent = f"postfix/{each.program}[{300 + serial % 50}]"
    if each.log:
        yield end, f"{agent}: {each.log}"
    yield end, f"{agent}: {queue_id}: to=<u@d{number % each.domains}.example>, relay={relay}, {told}"


def _message(
    smtpd: str, queue_id: str, client: str, serial: int, times: tuple[float, float]
) -> Iterator[tuple[float, str]]:
    header, queued = times
    yield header, f"{smtpd} {queue_id}: {f'client={client}' if client else 'uid=0 from=<root>'}"
    yield header, f"postfix/cleanup[200]: {queue_id}: message-id=<{serial}@example.org>"
    active = f"{queue_id}: from=<a@example.org>, size=1200, nrcpt=1 (queue active)"
    yield queued, f"postfix/qmgr[101]: {active}"
    yield queued, f"postfix/qmgr[101]: {queue_id}: removed"
