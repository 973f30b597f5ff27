"""Everything that happens on the simulated hosts, as lines in the order of their time."""

import heapq
from collections.abc import Iterator
from itertools import islice
from random import Random

from benchmarks.maillog.events import Line
from benchmarks.maillog.formats import syslog_date
from benchmarks.maillog.host import Host, Output
from benchmarks.maillog.plan import Plan
from benchmarks.maillog.sessions import Client, arrive, submit

_STATISTICS = 600.0  # anvil_status_update_time
_CLIENTS = 5_000
_FOREIGN = (
    ("dovecot", 0, "imap-login: Login: user=<a@here.example>, method=PLAIN, rip=198.51.100.7, TLS"),
    ("opendkim", 712, "4B0F1: DKIM-Signature field added (s=mail, d=here.example)"),
    ("rspamd", 801, "<1b2c3d>; proxy; rspamd_message_parse: loaded message"),
)


def lines(plan: Plan) -> Iterator[Line]:
    """The lines of the file that the plan asks for."""
    return islice(_happens(plan), plan.skip, plan.skip + plan.lines)


def _happens(plan: Plan) -> Iterator[Line]:
    random, output = Random(plan.seed), Output()  # noqa: S311 - a load, no secret
    hosts = [
        Host(f"mx{number + 1}", plan.instances[number % len(plan.instances)], plan, random, output)
        for number in range(plan.hosts)
    ]
    clients = [_client(random, number) for number in range(_CLIENTS)]
    for host in hosts:
        host.log(plan.begin, "postfix-script", 898, "script", "starting the Postfix mail system")
        version = "3.10.2" if plan.queue_id_first else "3.7.11"
        started = f"daemon started -- version {version}, configuration /etc/postfix"
        host.log(plan.begin, "master", 899, "start", started, version)
    time, statistics, number = plan.begin, plan.begin + _STATISTICS, 0
    while True:
        time += random.expovariate(plan.per_second * (plan.factor if plan.overloaded(time) else 1))
        number += 1
        while output.waiting and output.waiting[0].time <= time:
            yield heapq.heappop(output.waiting)
        host = hosts[number % len(hosts)]
        _comes(plan, host, time, clients, number)
        if time > statistics:
            statistics += _STATISTICS
            for host in hosts:
                _statistics(host, time)


def _comes(plan: Plan, host: Host, time: float, clients: list[Client], number: int) -> None:
    random = host.random
    client = clients[min(len(clients) - 1, int(random.expovariate(1 / 400)))]
    if plan.postscreen and not _screened(host, time, client):
        return
    arrive(host, time, client, number)
    if random.random() < 0.1:
        user = Client("client.isp.example", f"198.51.100.{1 + number % 250}")
        submit(host, time, user, -number)
    if random.random() < plan.noise * 8:
        tag, pid, text = random.choice(_FOREIGN)
        host.log_other(time, tag, pid, "foreign", text)
    if random.random() < plan.torn:
        host.log_other(time, "", 0, "unstamped", "    what a program wrote beside the log")
    if random.random() < plan.noise / 10:
        shape = "a message of a later release, the *"
        host.log(time, "smtpd", 897, "unknown", f"a message of a later release, the {number}th", shape)


def _screened(host: Host, time: float, client: Client) -> bool:
    """Whether postscreen lets the client pass."""
    place = f"[{client.address}]:{host.random.randrange(1025, 65535)}"
    host.log(time, "postscreen", 896, "postscreen-connect", f"CONNECT from {place} to [192.0.2.25]:25")
    if host.random.random() < 0.8:
        host.log(time, "postscreen", 896, "postscreen-pass", f"PASS OLD {place}", keys=("OLD",))
        return True
    listed = f"addr {client.address} listed by domain zen.spamhaus.org as 127.0.0.4"
    host.log(time + 0.3, "dnsblog", 895, "dns-list-hit", listed, keys=("zen.spamhaus.org", "127.0.0.4"))
    host.log(time + 6, "postscreen", 896, "postscreen-dns-rank", f"DNSBL rank 3 for {place}", keys=("3",))
    host.log(time + 7, "postscreen", 896, "postscreen-disconnect", f"DISCONNECT {place}")
    return False


def _statistics(host: Host, time: float) -> None:
    at = syslog_date(time - 30)
    rate, keys = host.random.randint(1, 90), ("connection rate", "smtp")
    told = f"statistics: max connection rate {rate}/60s for (smtp:192.0.2.1) at {at}"
    host.log(time, "anvil", 894, "anvil-maximum", told, keys=keys, peak=rate)
    for kind, told in (
        ("start interval", syslog_date(time - 600)),
        ("domain lookup", "hits=9 miss=40 success=18%"),
    ):
        host.log(time, "scache", 893, "connection-cache", f"statistics: {kind} {told}", keys=(kind,))


def _client(random: Random, number: int) -> Client:
    if number % 25 == 0:
        return Client(f"mx6.d{number}.example", f"2001:db8::{number:x}")
    address = f"{10 + number % 200}.{number // 200}.{random.randrange(256)}.{1 + random.randrange(254)}"
    return Client("unknown" if number % 3 == 0 else f"mx{number % 7}.d{number}.example", address)
