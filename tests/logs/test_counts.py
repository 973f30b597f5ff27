"""Counts by template and minute: the compiled form against the plain one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.logs.columns import IS_COMPILED
from advisor.logs.counts import Posted, counted, counted_plain

# Two templates of one group, one of another, one that is not counted by minute.
GROUPS = np.array([4, 4, -1, 7], np.int32)
SECONDS = st.floats(-1e4, 1e4) | st.just(float("nan")) | st.sampled_from([0.0, 59.999, 60.0, 1e12])


@pytest.mark.skipif(not IS_COMPILED, reason="the library could not be compiled: no cc")
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), SECONDS)))
def test_counts(lines: list[tuple[int, int, float]]) -> None:
    tag, template, time = zip(*lines, strict=True) if lines else ((), (), ())
    posted = Posted(np.array(tag, np.uint16), np.array(template, np.int32), np.array(time, np.float64))
    one, other = counted(posted, GROUPS), counted_plain(posted, GROUPS)
    assert (one.templates, one.minutes) == (other.templates, other.minutes)
    assert sorted(one.series) == sorted(other.series)
