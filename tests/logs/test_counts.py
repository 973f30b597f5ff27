"""Counts by message and minute: the compiled form against the plain one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.logs.columns import IS_COMPILED
from advisor.logs.counts import counted, counted_plain

HAS_SERIES = np.array([True, False, True])
SECONDS = st.floats(-1e4, 1e4) | st.just(float("nan")) | st.sampled_from([0.0, 59.999, 60.0, 1e12])


@pytest.mark.skipif(not IS_COMPILED, reason="the library could not be compiled: no cc")
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), SECONDS)))
def test_counts(lines: list[tuple[int, int, float]]) -> None:
    tag, row, time = (
        np.array([line[place] for line in lines], dtype)
        for place, dtype in enumerate((np.uint16, np.int32, np.float64))
    )
    one, other = counted(tag, row, time, HAS_SERIES), counted_plain(tag, row, time, HAS_SERIES)
    assert one[1:] == other[1:]
    assert np.trim_zeros(one.codes, "b").tolist() == np.trim_zeros(other.codes, "b").tolist()
