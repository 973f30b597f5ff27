"""How often each template came under each tag, and in which minute."""

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.logs.columns import LIBRARY, address_of

I64 = NDArray[np.int64]

_MINUTE = 60
# A block of a usual log spans minutes; where it spans years, or all is new in it, counts are kept sparse.
_MOST_CELLS = 2_000_000


class Posted(NamedTuple):
    """Lines as columns: a tag, a template, seconds since the epoch or NaN."""

    tag: NDArray[np.uint16]
    template: NDArray[np.int32]
    time: NDArray[np.float64]


class Counted(NamedTuple):
    """How many lines: by tag and template; all by minute since the epoch; some by tag, group, minute."""

    templates: list[tuple[int, int, int]]
    minutes: list[tuple[int, int]]
    series: list[tuple[int, int, int, int]]


def counted(lines: Posted, groups: NDArray[np.int32]) -> Counted:
    """Counts lines; `groups` has for each template the group that is counted by minute, or -1."""
    size = (int(lines.tag.max(initial=0)) + 1) * len(groups)
    if LIBRARY is None or size > _MOST_CELLS:
        return counted_plain(lines, groups)
    codes, first, last = np.zeros(size, np.int64), ctypes.c_int64(), ctypes.c_int64()
    columns = [*map(np.ascontiguousarray, lines)]
    given = (*map(address_of, columns), ctypes.c_int64(len(lines.time)), ctypes.c_int64(len(groups)))
    LIBRARY.counts_codes(*given, address_of(codes), ctypes.byref(first), ctypes.byref(last))
    used, span = np.flatnonzero(codes), last.value - first.value + 1
    kinds: dict[tuple[int, int], int] = {}
    begins = np.full(size, -1, np.int64)
    for code in used.tolist():
        tag, template = divmod(code, len(groups))
        if groups[template] >= 0:
            begins[code] = kinds.setdefault((tag, int(groups[template])), len(kinds) * span)
    if span * (len(kinds) + 1) > _MOST_CELLS:
        return counted_plain(lines, groups)
    minutes, cells = np.zeros(span, np.int64), np.zeros(len(kinds) * span, np.int64)
    LIBRARY.counts_minutes(*given, address_of(begins), first, address_of(minutes), address_of(cells))
    names = [*kinds]
    return Counted(
        [(*divmod(code, len(groups)), int(codes[code])) for code in used.tolist()],
        [(first.value + minute, count) for minute, count in _filled(minutes)],
        [(*names[cell // span], first.value + cell % span, count) for cell, count in _filled(cells)],
    )


def counted_plain(lines: Posted, groups: NDArray[np.int32]) -> Counted:
    """The same without the compiled form, however many numbers there are."""
    tag = lines.tag.astype(np.int64)
    timed = ~np.isnan(lines.time)
    minute = np.floor(lines.time[timed] / _MINUTE).astype(np.int64)
    group = groups[lines.template[timed]]
    some = group >= 0
    return Counted(
        [*_each(tag, lines.template)],
        [*_each(minute)],
        [*_each(tag[timed][some], group[some], minute[some])],
    )


def _each(*columns: NDArray[Any]) -> Iterator[Any]:
    """Each row of the columns that occurs, and how often."""
    rows, counts = np.unique(np.column_stack(columns), axis=0, return_counts=True)
    return ((*row, count) for row, count in zip(rows.tolist(), counts.tolist(), strict=True))


def _filled(cells: I64) -> Iterator[tuple[int, int]]:
    places = np.flatnonzero(cells)
    return zip(places.tolist(), cells[places].tolist(), strict=True)
