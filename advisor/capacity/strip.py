"""The busy processes of a log as a row of numbers, few enough for a line of a screen."""

import numpy as np

from advisor.capacity.occupancy import Occupancy


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
