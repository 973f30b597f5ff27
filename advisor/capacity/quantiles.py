"""The three quantiles that a summary shows, of a histogram."""

import msgspec

from advisor.logs.histogram import Histogram

_SHARES = (0.5, 0.95, 0.99)


class Quantiles(msgspec.Struct, frozen=True):
    """Half, 95 % and 99 % of `count` values are no more than these."""

    count: int
    p50: float
    p95: float
    p99: float


def quantiles_in(histogram: Histogram) -> Quantiles | None:
    """Of a histogram, as exactly as its buckets are wide; None where it is empty."""
    if not histogram.count:
        return None
    p50, p95, p99 = (round(histogram.quantile(share) or 0.0, 3) for share in _SHARES)
    return Quantiles(histogram.count, p50, p95, p99)
