"""The busy processes of a log as a row of numbers, few enough for a line of a screen."""

import numpy as np

from advisor.capacity.occupancy import Occupancy
from advisor.logs.levels import Levels

_MINUTE = 60.0


def strip(busy: Occupancy, first: float, last: float, parts: int) -> tuple[int, ...]:
    """The most processes that were busy at a time in each of `parts` equal stretches of the log."""
    edges = np.linspace(first, last, parts + 1)
    inside = zip(
        np.searchsorted(busy.edges[:-1], edges[:-1], "left").tolist(),
        np.searchsorted(busy.edges[:-1], edges[1:], "left").tolist(),
        busy.at(edges[:-1]).tolist(),
        strict=True,
    )
    return tuple(max(at_begin, int(busy.busy[begin:end].max(initial=0))) for begin, end, at_begin in inside)


def strip_of_levels(held: Levels, first: float, last: float, parts: int) -> tuple[int, ...]:
    """The same, from levels: as they are by minute, a part has the highest of each minute that it touches."""
    found = np.zeros(parts, np.int64)
    step = (last - first) / parts
    if step > 0 and len(held.minute):
        begins = np.floor((held.minute * _MINUTE - first) / step)
        ends = np.ceil(((held.minute + 1) * _MINUTE - first) / step)
        for part in range(parts):
            touched = (begins <= part) & (part < ends)
            found[part] = held.level[touched].max(initial=0)
    return tuple(found.tolist())
