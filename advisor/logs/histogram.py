"""Histograms that add: counts in buckets whose width grows with the value.

A bucket is 4 % wide and stands for its geometric middle, so that a quantile is off by 2 % at most.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from math import ceil, sqrt
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from advisor.logs.buckets import Buckets

_GROWTH = 1.04
# Milliseconds, for what is counted in seconds; and more bytes than any message has. What lies outside is in
# the first bucket, which stands for 0, or in the last.
_SMALLEST = 0.001
_LARGEST = float(1 << 40)


def _bounds() -> list[float]:
    found = [_SMALLEST]
    while found[-1] <= _LARGEST:
        found.append(_SMALLEST * _GROWTH ** len(found))
    return found


# Bucket n holds the values from _BOUNDS[n - 1] up to, but without, _BOUNDS[n]. One value and a million are
# compared with the same numbers, and so are counted alike.
_BOUNDS = _bounds()
_BUCKETS = Buckets(np.array(_BOUNDS))


class Histogram(msgspec.Struct):
    """How often values of each size came; `a + b` is the histogram of both. Values are not negative."""

    buckets: Counter[int] = msgspec.field(default_factory=Counter)

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[int, int]]) -> "Histogram":
        """The histogram that `pairs` told of."""
        return cls(Counter(dict(pairs)))

    def pairs(self) -> list[tuple[int, int]]:
        """The buckets that are not empty, in order, each with its count."""
        return sorted(self.buckets.items())

    def add(self, value: float) -> None:
        """Counts one value; below 0.001 all are alike."""
        self.buckets[_bucket(value)] += 1

    def add_all(self, values: NDArray[Any]) -> None:
        """Counts many values."""
        if len(values):
            counts = _BUCKETS.count(values)
            for bucket in np.flatnonzero(counts).tolist():
                self.buckets[bucket] += int(counts[bucket])

    def __add__(self, other: "Histogram") -> "Histogram":
        return Histogram(self.buckets + other.buckets)

    @property
    def count(self) -> int:
        """The number of values."""
        return self.buckets.total()

    @property
    def total(self) -> float:
        """The sum of all values, at most 2 % off."""
        return sum(_middle(bucket) * count for bucket, count in self.buckets.items())

    def count_above(self, value: float) -> int:
        """The number of values that are larger, but for those in the same bucket."""
        return sum(count for bucket, count in self.buckets.items() if bucket > _bucket(value))

    def quantile(self, share: float) -> float | None:
        """The value below which `share` (0 to 1) of all lie, at most 2 % off; None if empty."""
        rank = max(1, ceil(share * self.count))
        for bucket, count in self.pairs():
            rank -= count
            if rank <= 0:
                return _middle(bucket)
        return None


def _bucket(value: float) -> int:
    return bisect_right(_BOUNDS, value)


def _middle(bucket: int) -> float:
    return 0.0 if bucket == 0 else _BOUNDS[bucket - 1] * sqrt(_GROWTH)
