"""What the log shows of one delivery program: its attempts, their times, and why some were deferred."""

import msgspec


class Tried(msgspec.Struct, frozen=True):
    """A destination or a provider: how many attempts there were, and how many of them were deferred."""

    name: str
    attempts: int
    deferred: int


class Times(msgspec.Struct, frozen=True):
    """Seconds: half of the attempts took no longer than `p50`, 95 of 100 no longer than `p95`."""

    p50: float
    p95: float


class DeliveryLoad(msgspec.Struct, frozen=True):
    """The attempts under one log tag; times in seconds.

    `queued`, `connecting` and `sending` are b, c and d of `delays=a/b/c/d` (postconf(5),
    delay_logging_resolution_limit); `connecting_seconds` is the sum of c. `busy` is how many processes the
    busiest `window` seconds took, `per_minute` how many attempts those had.

    `tls_connections` were made, and taken up again `tls_reused` times.

    `ipv6_unreachable` connections met no route, and a line that was kept shows an IPv6 address.

    `reasons` and `bounce_reasons` have classes of reasons, the most frequent first, as `destinations` and
    `providers` (of the hosts that answered) have those with most deferrals and most attempts.
    """

    tag: str
    attempts: int
    sent: int
    deferred: int
    bounced: int
    queued: Times
    connecting: Times
    sending: Times
    connecting_seconds: float
    busy: float
    window: float
    per_minute: float
    reasons: tuple[tuple[str, int], ...]
    bounce_reasons: tuple[tuple[str, int], ...]
    destinations: tuple[Tried, ...]
    providers: tuple[Tried, ...]
    timed_out_connections: int
    ipv6_unreachable: int
    tls_connections: int
    tls_reused: int

    def deferred_for(self, *classes: str) -> int:
        """The deferrals whose reason is of these classes."""
        return sum(count for name, count in self.reasons if name in classes)
