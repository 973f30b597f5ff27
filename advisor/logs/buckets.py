"""Values counted by the bucket between bounds into which they fall."""

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.logs.columns import LIBRARY, address_of

# A double without these bits says between which powers of 2, and in which 32nd of that, its value is.
_LOWER = 47


class Buckets:
    """Bucket n is from `bounds[n - 1]` up to, but without, `bounds[n]`; positive bounds, which grow."""

    def __init__(self, bounds: NDArray[np.float64]) -> None:
        self._bounds = bounds
        low, high = (int(bound) >> _LOWER for bound in bounds[[0, -1]].view(np.int64))
        begins = (np.arange(low, high + 1, dtype=np.int64) << _LOWER).view(np.float64)
        self._lowest = low
        self._guess = np.searchsorted(bounds, begins, "right").astype(np.int32)

    def count(self, values: NDArray[Any]) -> NDArray[np.int64]:
        """How many values are in each bucket: one more than bounds; the last has NaN too."""
        if LIBRARY is None:
            places = np.searchsorted(self._bounds, values, "right")
            return np.bincount(places, minlength=len(self._bounds) + 1)
        values, counts = np.ascontiguousarray(values, np.float64), np.zeros(len(self._bounds) + 1, np.int64)
        LIBRARY.buckets_count(
            *(address_of(values), ctypes.c_int64(len(values))),
            *(address_of(self._bounds), ctypes.c_int64(len(self._bounds))),
            *(address_of(self._guess), ctypes.c_int64(self._lowest), ctypes.c_int64(len(self._guess))),
            address_of(counts),
        )
        return counts
