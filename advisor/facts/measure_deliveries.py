"""The metrics of a log -> what one delivery program did.

Each attempt is a line for every recipient, with the same times in it. A message of many recipients so counts
more than once: where processes are counted, the attempts are divided by the lines that a message has on
average, which is too little rather than too much.
"""

import re
from collections import Counter, deque
from collections.abc import Callable

from advisor.facts.delivery_load import DeliveryLoad, Times, Tried
from advisor.logs.capped import Capped
from advisor.logs.histogram import Histogram
from advisor.logs.metrics import Metrics

_MINUTE = 60
_PROBES = ("deliverable", "undeliverable")
# Names under such a label belong to the label before it: example.co.uk.
_PUBLIC_LABEL = re.compile(r"(?:co|com|net|org|ac|gov|edu|ne|or)$")

_NO_IPV6 = re.compile(r"\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]+\]:\d+: Network is unreachable")


def measure_deliveries(metrics: Metrics, tag: str, window: int) -> DeliveryLoad:
    """The load of a log tag; the busiest `window` seconds are sought, all of the log where it is shorter."""
    statuses = Counter(
        {
            each.status: count
            for each, count in metrics.deliveries.items()
            if each.tag == tag and each.status not in _PROBES
        }
    )
    parts = {part: metrics.delays.get((tag, part), Histogram()) for part in "abcd"}
    window = _whole_minutes(metrics, window)
    busiest = _busiest(metrics.series.get((tag, "delivery"), Counter()), window)
    timed = parts["c"].count
    each_takes = (parts["c"].total + parts["d"].total) / timed if timed else 0.0
    return DeliveryLoad(
        tag=tag,
        attempts=statuses.total(),
        sent=statuses["sent"],
        deferred=statuses["deferred"],
        bounced=statuses["bounced"],
        queued=_times(parts["b"]),
        connecting=_times(parts["c"]),
        sending=_times(parts["d"]),
        connecting_seconds=parts["c"].total,
        busy=busiest * each_takes / window / _lines_per_message(metrics),
        window=window,
        per_minute=busiest * _MINUTE / window,
        reasons=_reasons(metrics, tag, "deferred"),
        bounce_reasons=_reasons(metrics, tag, "bounced"),
        destinations=_most_deferred(metrics.destinations.get(tag, Capped())),
        providers=_providers(metrics.relays.get(tag, Capped())),
        timed_out_connections=_details(metrics, tag, "connect-to-failure")[("connection-timed-out",)],
        ipv6_unreachable=_ipv6_unreachable(metrics, tag),
        tls_connections=_outgoing(metrics, tag, "tls-connection"),
        tls_reused=_outgoing(metrics, tag, "tls-connection-reused"),
    )


def messages_in_active_queue(metrics: Metrics, window: int) -> float:
    """How many messages were in the active queue on average, in the busiest `window` seconds: arrivals times
    the time in it (Little's law), which is b + c + d of `delays=`. Too few rather than too many.
    """
    minutes: Counter[int] = Counter()
    for (_, message), counts in metrics.series.items():
        if message == "delivery":
            minutes.update(counts)
    timed = sum(each.count for (_, part), each in metrics.delays.items() if part == "b")
    inside = sum(each.total for (_, part), each in metrics.delays.items() if part in "bcd")
    window = _whole_minutes(metrics, window)
    each_stays = inside / timed if timed else 0.0
    return _busiest(minutes, window) * each_stays / window / _lines_per_message(metrics)


def _whole_minutes(metrics: Metrics, window: int) -> int:
    """Lines are counted by minute, so a window has whole minutes; it is no longer than the log."""
    length = min(window, (metrics.last or 0.0) - (metrics.first or 0.0))
    return max(1, int(length / _MINUTE)) * _MINUTE


def _times(values: Histogram) -> Times:
    p50, p95 = (round(values.quantile(share) or 0.0, 3) for share in (0.5, 0.95))
    return Times(p50, p95)


def _busiest(minutes: Counter[int], window: int) -> int:
    """The most lines in so many seconds, which begin with a minute that has some."""
    inside, most = 0, 0
    lines = deque[tuple[int, int]]()
    for minute, count in sorted(minutes.items()):
        lines.append((minute, count))
        inside += count
        while lines[0][0] <= minute - window // _MINUTE:
            inside -= lines.popleft()[1]
        most = max(most, inside)
    return most


def _lines_per_message(metrics: Metrics) -> float:
    activated = sum(count for (_, name), count in metrics.counters.items() if name == "queue-active")
    return max(1.0, metrics.deliveries.total() / activated) if activated else 1.0


def _details(metrics: Metrics, tag: str, message: str) -> Counter[tuple[str, ...]]:
    return Counter(metrics.details.get((tag, message), Capped()).counts)


def _outgoing(metrics: Metrics, tag: str, message: str) -> int:
    return sum(count for key, count in _details(metrics, tag, message).items() if "to" in key)


def _ipv6_unreachable(metrics: Metrics, tag: str) -> int:
    """Of this machine's own routes: "No route to host" has the same class, and tells of another's."""
    kept = metrics.samples.get((tag, "connect-to-failure"), [])
    if not any(_NO_IPV6.search(sample.text) for sample in kept):
        return 0
    return _details(metrics, tag, "connect-to-failure")[("network-unreachable",)]


def _reasons(metrics: Metrics, tag: str, status: str) -> tuple[tuple[str, int], ...]:
    found: Counter[str] = Counter()
    for key, count in _details(metrics, tag, "delivery").items():
        if key[0] == status:
            found[key[-1]] += count
    return tuple(found.most_common())


def _most_deferred(table: Capped[tuple[str, str]]) -> tuple[Tried, ...]:
    found = [each for each in _tried(table, str) if each.deferred]
    return tuple(sorted(found, key=lambda each: (-each.deferred, each.name)))


def _providers(table: Capped[tuple[str, str]]) -> tuple[Tried, ...]:
    found = [each for each in _tried(table, provider_of) if each.name not in ("none", "")]
    return tuple(sorted(found, key=lambda each: (-each.attempts, each.name)))


def _tried(table: Capped[tuple[str, str]], named: Callable[[str], str]) -> list[Tried]:
    attempts: Counter[str] = Counter()
    deferred: Counter[str] = Counter()
    for (text, status), count in table.counts.items():
        name = named(text)
        attempts[name] += count
        deferred[name] += count * (status == "deferred")
    return [Tried(name, count, deferred[name]) for name, count in attempts.items()]


def provider_of(relay: str) -> str:
    """Whose host a `relay=` is, as far as its name tells: `google.com` of mx.l.google.com[192.0.2.1]:25."""
    host = relay.partition("[")[0].lower()
    labels = host.split(".")
    if not host or labels[-1].isdigit():
        return relay
    return ".".join(labels[-3:] if len(labels) > 2 and _PUBLIC_LABEL.match(labels[-2]) else labels[-2:])
