"""How many sessions were open at a time, held against counting second by second."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.capacity.concurrency import NEAR, client_peaks, saturation, steps, strip
from advisor.logs.classes import CLASSES
from advisor.logs.tables import SESSION, Rows

FIRST, LAST = 1000, 1060
_TIMES = st.integers(FIRST, LAST)


@st.composite
def sessions(draw: st.DrawFn) -> Rows:
    drawn = draw(st.lists(st.tuples(_TIMES, _TIMES, st.integers(0, 7), st.integers(1, 3)), max_size=30))
    rows = np.zeros(len(drawn), SESSION)
    for row, (one, other, kind, client) in zip(rows, drawn, strict=True):
        row["start"], row["end"] = sorted((one, other))
        row["kind"], row["client"] = kind, client
    return rows


def open_in(rows: Rows, second: int) -> Rows:
    return rows[(rows["start"] <= second) & (rows["end"] > second)]


@given(sessions(), st.integers(1, 10))
def test_every_second(rows: Rows, limit: int) -> None:
    busy = {second: open_in(rows, second) for second in range(FIRST, LAST)}
    found = steps(rows, FIRST, LAST)
    assert found.peak == max(map(len, busy.values()))
    full = [each for each in busy.values() if len(each) >= NEAR * limit]
    told = saturation(rows, found, limit, FIRST, LAST)
    assert told.seconds == pytest.approx(len(full))
    held = Counter(CLASSES[kind] for each in full for kind in each["kind"])
    assert told.slot_seconds == pytest.approx(dict(held))


@given(sessions(), st.integers(1, 60))
def test_the_strip(rows: Rows, parts: int) -> None:
    found = steps(rows, FIRST, LAST)
    shown = strip(found, FIRST, LAST, parts)
    assert len(shown) == parts
    assert max(shown) == found.peak
    if parts == LAST - FIRST:
        assert shown == tuple(len(open_in(rows, second)) for second in range(FIRST, LAST))


@given(sessions())
def test_clients(rows: Rows) -> None:
    for each in client_peaks(rows, FIRST, LAST, 10):
        own = rows[rows["client"] == each.client]
        assert each.sessions == len(own)
        assert each.peak == max(1, *(len(open_in(own, second)) for second in range(FIRST, LAST)))
