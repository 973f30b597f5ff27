"""What one delivery program did, measured from its log lines.

Each attempt is a line for every recipient, with the same times in it. A message of many recipients so counts
more than once: where processes are counted, the attempts are divided by the lines that a message has on
average, which is too little rather than too much.
"""

import re
from collections import Counter
from collections.abc import Callable

import msgspec

from advisor.capacity.quantiles import Quantiles, quantiles_in
from advisor.logs.capped import Capped
from advisor.logs.histogram import Histogram
from advisor.logs.metrics import Metrics

_MINUTE = 60
_PROBES = ("deliverable", "undeliverable")
_NOTHING = Quantiles(0, 0.0, 0.0, 0.0)
# Names under such a label belong to the label before it: example.co.uk.
_PUBLIC_LABEL = re.compile(r"(?:co|com|net|org|ac|gov|edu|ne|or)$")


class Tried(msgspec.Struct, frozen=True):
    """A destination or a provider: how many attempts there were, and how many of them were deferred."""

    name: str
    attempts: int
    deferred: int


class DeliveryLoad(msgspec.Struct, frozen=True):
    """The attempts under one log tag; times in seconds.

    `queued`, `connecting` and `sending` are b, c and d of `delays=a/b/c/d` (postconf(5),
    delay_logging_resolution_limit); `connecting_seconds` is the sum of c. `busy` is how many processes the
    busiest `window` seconds took, `per_minute` how many attempts those had.

    `reasons` and `bounce_reasons` have classes of reasons, the most frequent first, as `destinations` and
    `providers` (of the hosts that answered) have those with most deferrals and most attempts.
    """

    tag: str
    attempts: int
    sent: int
    deferred: int
    bounced: int
    queued: Quantiles
    connecting: Quantiles
    sending: Quantiles
    connecting_seconds: float
    busy: float
    window: float
    per_minute: float
    reasons: tuple[tuple[str, int], ...]
    bounce_reasons: tuple[tuple[str, int], ...]
    destinations: tuple[Tried, ...]
    providers: tuple[Tried, ...]
    timed_out_connections: int
    tls_connections: int

    def deferred_for(self, *classes: str) -> int:
        """The deferrals whose reason is of these classes."""
        return sum(count for name, count in self.reasons if name in classes)


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
    window = int(max(_MINUTE, min(window, (metrics.last or 0.0) - (metrics.first or 0.0))))
    busiest = _busiest(metrics.series.get((tag, "delivery"), Counter()), window)
    timed = parts["c"].count
    each_takes = (parts["c"].total + parts["d"].total) / timed if timed else 0.0
    return DeliveryLoad(
        tag=tag,
        attempts=statuses.total(),
        sent=statuses["sent"],
        deferred=statuses["deferred"],
        bounced=statuses["bounced"],
        queued=quantiles_in(parts["b"]) or _NOTHING,
        connecting=quantiles_in(parts["c"]) or _NOTHING,
        sending=quantiles_in(parts["d"]) or _NOTHING,
        connecting_seconds=parts["c"].total,
        busy=busiest * each_takes / window / _lines_per_message(metrics),
        window=window,
        per_minute=busiest * _MINUTE / window,
        reasons=_reasons(metrics, tag, "deferred"),
        bounce_reasons=_reasons(metrics, tag, "bounced"),
        destinations=_most_deferred(metrics.destinations.get(tag, Capped())),
        providers=_providers(metrics.relays.get(tag, Capped())),
        timed_out_connections=_details(metrics, tag, "connect-to-failure")[("connection-timed-out",)],
        tls_connections=sum(
            count for key, count in _details(metrics, tag, "tls-connection").items() if "to" in key
        ),
    )


def _busiest(minutes: Counter[int], window: int) -> int:
    """The most lines in so many seconds, minute by minute."""
    span = max(1, round(window / _MINUTE))
    return max((sum(minutes[first + place] for place in range(span)) for first in [*minutes]), default=0)


def _lines_per_message(metrics: Metrics) -> float:
    activated = sum(count for (_, name), count in metrics.counters.items() if name == "queue-active")
    return max(1.0, metrics.deliveries.total() / activated) if activated else 1.0


def _details(metrics: Metrics, tag: str, message: str) -> Counter[tuple[str, ...]]:
    return Counter(metrics.details.get((tag, message), Capped()).counts)


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
    host = relay.partition("[")[0].lower() or relay
    labels = host.split(".")
    return ".".join(labels[-3:] if len(labels) > 2 and _PUBLIC_LABEL.match(labels[-2]) else labels[-2:])
