"""The strip of busy processes, held against counting second by second."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from advisor.capacity.occupancy import Occupancy
from advisor.capacity.strip import strip

FIRST, LAST = 1000, 1060
_TIMES = st.integers(FIRST, LAST)
_INTERVALS = st.lists(st.tuples(_TIMES, _TIMES).map(sorted), max_size=30)


@given(_INTERVALS, st.sampled_from([1, 2, 5, 12, 60]))
def test_every_second(intervals: list[list[int]], parts: int) -> None:
    starts, ends = (np.array([each[side] for each in intervals], float) for side in (0, 1))
    busy = [sum(begin <= second < end for begin, end in intervals) for second in range(FIRST, LAST)]
    step = (LAST - FIRST) // parts
    expected = tuple(max(busy[place : place + step]) for place in range(0, len(busy), step))
    assert strip(Occupancy.of(starts, ends), FIRST, LAST, parts) == expected
