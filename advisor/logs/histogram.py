"""Histograms that add: counts in buckets whose width grows with the value."""

from collections import Counter
from dataclasses import dataclass, field
from math import ceil, floor, log2

import numpy as np
from numpy.typing import NDArray

# Eight buckets for each doubling: a quantile is at most 9 % too high.
_PER_DOUBLING = 8
_SMALLEST = 0.001


@dataclass(slots=True)
class Histogram:
    """How often values of each size came; `a + b` is the histogram of both. Values are not negative."""

    buckets: Counter[int] = field(default_factory=Counter)

    def add(self, value: float) -> None:
        """Counts one value; below 0.001 all are alike."""
        self.buckets[_bucket(value)] += 1

    def add_all(self, values: NDArray[np.float64]) -> None:
        """Counts many values."""
        if not len(values):
            return
        buckets = np.zeros(len(values), np.int64)
        some = values > _SMALLEST
        buckets[some] = np.floor(np.log2(values[some] / _SMALLEST) * _PER_DOUBLING).astype(np.int64) + 1
        counts = np.bincount(buckets)
        self.buckets.update({place: int(counts[place]) for place in np.flatnonzero(counts).tolist()})

    def __add__(self, other: "Histogram") -> "Histogram":
        return Histogram(self.buckets + other.buckets)

    @property
    def count(self) -> int:
        """The number of values."""
        return self.buckets.total()

    def count_above(self, value: float) -> int:
        """The number of values that are larger, but for those in the same bucket."""
        return sum(count for bucket, count in self.buckets.items() if bucket > _bucket(value))

    def quantile(self, share: float) -> float | None:
        """The value below which `share` (0 to 1) of all lie, at its bucket's upper end; None if empty."""
        rank = max(1, ceil(share * self.count))
        for bucket in sorted(self.buckets):
            rank -= self.buckets[bucket]
            if rank <= 0:
                return _upper_end(bucket)
        return None


def _bucket(value: float) -> int:
    return 0 if value <= _SMALLEST else floor(log2(value / _SMALLEST) * _PER_DOUBLING) + 1


def _upper_end(bucket: int) -> float:
    return 0.0 if bucket == 0 else _SMALLEST * float(2 ** (bucket / _PER_DOUBLING))
