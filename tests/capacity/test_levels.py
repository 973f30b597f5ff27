"""The time at each level, against a count of every second, and against what a pool computes."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.capacity.levels import levels, levels_plain
from advisor.capacity.occupancy import Occupancy
from advisor.capacity.spans import spans
from advisor.logs.classes import CLASSES
from advisor.logs.levels import Levels
from advisor.logs.tables import SESSION, Rows
from tests.capacity.sessions import BEGIN, END, seconds_of, session_rows


def levels_of(rows: Rows, first: float, last: float) -> Levels:
    return levels(*spans(rows, first, last), rows["kind"])


@given(session_rows(), st.sampled_from([0.0, 0.25, -1e9, 1e12]))
def test_the_compiled_form_gives_what_the_plain_one_does(rows: Rows, later: float) -> None:
    starts, ends = (times + later for times in spans(rows, BEGIN, END))
    some = ends > starts
    given = starts[some], ends[some], rows["kind"][some]
    if some.any():
        one, other = levels(*given), levels_plain(*given)
        assert (one.minute.tolist(), one.level.tolist()) == (other.minute.tolist(), other.level.tolist())
        assert one.seconds.tolist() == pytest.approx(other.seconds.tolist())
        assert one.slots == pytest.approx(other.slots)


def as_tables(found: Levels) -> tuple[dict[tuple[int, int], float], dict[tuple[int, int, int], float]]:
    keys = list(zip(found.minute.tolist(), found.level.tolist(), strict=True))
    assert keys == sorted(set(keys))
    slots = {
        (*key, kind): held
        for key, row in zip(keys, found.slots.tolist(), strict=True)
        for kind, held in enumerate(row)
        if held
    }
    return dict(zip(keys, found.seconds.tolist(), strict=True)), slots


@given(session_rows())
def test_levels_are_what_a_count_of_seconds_says(rows: Rows) -> None:
    seconds: Counter[tuple[int, int]] = Counter()
    slots: Counter[tuple[int, int, int]] = Counter()
    each_second = seconds_of(rows)
    for second in range(BEGIN, END):
        kinds = [kind for busy, kind, _ in each_second if second in busy]
        if kinds:
            seconds[second // 60, len(kinds)] += 1
        for kind in kinds:
            slots[second // 60, len(kinds), kind] += 1
    found = levels_of(rows, BEGIN, END)
    assert as_tables(found) == (seconds, slots)
    assert found.peak == max((level for _, level in seconds), default=0)


@given(session_rows(), st.integers(1, 9), st.sampled_from([0.5, 0.95, 1]))
def test_saturation_is_what_the_sessions_say(rows: Rows, limit: int, share: float) -> None:
    starts, ends = spans(rows, BEGIN, END)
    windows = Occupancy.of(starts, ends).full_windows(share * limit, 0)
    held = np.bincount(rows["kind"], windows.overlaps(starts, ends), len(CLASSES))
    found = levels_of(rows, BEGIN, END).saturated(limit, share)
    assert found.seconds == pytest.approx(float(np.sum(windows.full)))
    assert [found.by_class.get(kind, 0) for kind in CLASSES] == pytest.approx(held.tolist())


@given(session_rows(), st.integers(BEGIN, END))
def test_levels_of_two_stretches_of_time_add(rows: Rows, cut: int) -> None:
    starts, ends = spans(rows, BEGIN, END)
    before, behind = rows.copy(), rows.copy()
    before["start"], before["end"] = np.minimum(starts, cut), np.minimum(ends, cut)
    behind["start"], behind["end"] = np.maximum(starts, cut), np.maximum(ends, cut)
    total = levels_of(before, BEGIN, cut) + levels_of(behind, cut, END)
    assert as_tables(total) == as_tables(levels_of(rows, BEGIN, END))


def test_a_session_of_centuries_takes_no_more_room_than_one_of_a_week() -> None:
    rows = np.zeros(1, SESSION)
    rows["end"] = 60.0 * 4_000_000_000
    found = levels_of(rows, 0, 1)
    assert len(found.minute) == 7 * 24 * 60 + 1
    assert found.saturated(1).seconds == 60.0 * 4_000_000_000


@given(session_rows())
def test_nothing_is_neutral(rows: Rows) -> None:
    found = levels_of(rows, BEGIN, END)
    for total in (found + Levels.nothing(), Levels.nothing() + found):
        assert as_tables(total) == as_tables(found)
