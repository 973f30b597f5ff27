"""How often each message came, and in which minute."""

import ctypes
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.logs.columns import LIBRARY, address_of

I64 = NDArray[np.int64]

_MINUTE = 60
# A block of a usual log spans minutes; where it spans years, counts are kept sparse.
_MOST_CELLS = 2_000_000


class Counted(NamedTuple):
    """Lines by code, which is `tag * rows + row`, and all lines by minute since the epoch.

    `series` has some codes by minute: code, minute, lines.
    """

    codes: I64
    minutes: list[tuple[int, int]]
    series: list[tuple[int, int, int]]


def counted(
    tag: NDArray[np.uint16],
    row: NDArray[np.int32],
    time: NDArray[np.float64],
    has_series: NDArray[np.bool_],
) -> Counted:
    """Counts lines by their tags and rows; `has_series` says for each row whether it is counted by minute."""
    if LIBRARY is None:
        return counted_plain(tag, row, time, has_series)
    rows, size = len(has_series), (int(tag.max(initial=0)) + 1) * len(has_series)
    codes, first, last = np.zeros(size, np.int64), ctypes.c_int64(), ctypes.c_int64()
    columns = [*map(np.ascontiguousarray, (tag, row, time))]
    given = (*map(address_of, columns), ctypes.c_int64(len(row)), ctypes.c_int64(rows))
    LIBRARY.counts_codes(*given, address_of(codes), ctypes.byref(first), ctypes.byref(last))
    wanted, span = _with_series(codes, has_series), last.value - first.value + 1
    if span * (len(wanted) + 1) > _MOST_CELLS:
        return counted_plain(tag, row, time, has_series)
    begins = np.full(size, -1, np.int64)
    begins[wanted] = np.arange(len(wanted)) * span
    minutes, cells = np.zeros(span, np.int64), np.zeros(len(wanted) * span, np.int64)
    LIBRARY.counts_minutes(*given, address_of(begins), first, address_of(minutes), address_of(cells))
    series = ((*divmod(cell, span), count) for cell, count in _filled(cells))
    return Counted(
        codes,
        [(first.value + minute, count) for minute, count in _filled(minutes)],
        [(int(wanted[place]), first.value + minute, count) for place, minute, count in series],
    )


def counted_plain(
    tag: NDArray[np.uint16],
    row: NDArray[np.int32],
    time: NDArray[np.float64],
    has_series: NDArray[np.bool_],
) -> Counted:
    """The same without the compiled form, however many minutes there are."""
    code = tag.astype(np.int64) * len(has_series) + row
    timed = ~np.isnan(time)
    minute = np.floor(time[timed] / _MINUTE).astype(np.int64)
    minutes, counts = np.unique(minute, return_counts=True)
    some = has_series[row[timed]]
    pairs = np.column_stack((code[timed][some], minute[some]))
    series, often = np.unique(pairs, axis=0, return_counts=True)
    return Counted(
        np.bincount(code),
        [*zip(minutes.tolist(), counts.tolist(), strict=True)],
        [(*pair, count) for pair, count in zip(series.tolist(), often.tolist(), strict=True)],
    )


def _with_series(codes: I64, has_series: NDArray[np.bool_]) -> I64:
    used = np.flatnonzero(codes)
    return used[has_series[used % len(has_series)]]


def _filled(cells: I64) -> Iterator[tuple[int, int]]:
    places = np.flatnonzero(cells)
    return zip(places.tolist(), cells[places].tolist(), strict=True)
