"""The part of a long log that is replayed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.capacity.occupancy import Occupancy, Windows
from advisor.simulation.outcome import Outcome
from advisor.simulation.stretch import fullest
from advisor.simulation.study import Study
from tests.simulation.lab import study

NEVER = Windows(np.array([]), np.array([]), np.array([]))
ARRIVALS = st.lists(st.integers(0, 1000).map(float), min_size=2, max_size=80).map(sorted)


@given(ARRIVALS, st.data())
def test_it_has_as_many_sessions_as_were_asked_for(arrivals: list[float], data: st.DataObject) -> None:
    number = data.draw(st.integers(1, len(arrivals)))
    begin = data.draw(st.floats(0, 900))
    times = np.array(arrivals)
    for full in (NEVER, Windows.whole(begin, begin + 50)):
        first, last = fullest(times, full, Occupancy.of(times, times + 5), number)
        assert np.sum((times >= first) & (times <= last)) >= number


def test_it_holds_the_full_time_and_what_came_before() -> None:
    arrivals = np.arange(0.0, 10_000.0)
    full = Windows.whole(6000.0, 6500.0)
    first, last = fullest(arrivals, full, Occupancy.of(arrivals, arrivals + 5), 1500)
    assert first <= 6000 - 400
    assert last >= 6500


def test_where_it_is_never_full_it_is_the_busiest() -> None:
    arrivals = np.sort(np.append(np.arange(0.0, 10_000.0), 7000 + np.arange(50) / 100))
    first, last = fullest(arrivals, NEVER, Occupancy.of(arrivals, arrivals + 5), 600)
    assert first < 7000 < last


@pytest.mark.parametrize("sessions", [100, 200])
def test_a_part_is_studied_as_a_log_of_its_own(sessions: int) -> None:
    whole = study("lab/b_t300", 300.0)
    part = study("lab/b_t300", 300.0, most=sessions)
    assert isinstance(part, Study)
    assert part.is_part
    assert not whole.is_part
    assert sessions <= len(part.sample.logged) < len(whole.sample.logged)
    assert part.measured.full_seconds <= part.sample.last - part.sample.first
    assert part.measured.full_seconds <= whole.measured.full_seconds


def test_who_was_there_when_the_part_began_holds_a_process_in_it() -> None:
    """Of the last 100 sessions, silent clients of the time before stay."""
    whole, part = study("lab/b_t300", 300.0), study("lab/b_t300", 300.0, most=100)
    first = part.sample.first
    before = part.sample.logged.arrival < first
    assert before.any()
    assert (part.sample.logged.silence[before] > 0).all()
    assert int(before.sum()) == int(whole.logged.at(np.array([first - 0.001]))[0])
    redrawn = part.sample.redraw(np.random.default_rng(1))
    assert int(np.sum(redrawn.arrival < first)) == int(before.sum())


@pytest.mark.parametrize("run", ["lab/b_t300", "lab/i_oneip_nolimit", "lab2/one_hog_15", "lab2/slow_idle_15"])
def test_the_replay_of_a_part_finds_what_the_log_shows_of_it(run: str) -> None:
    sessions = len(study(run, 300.0).sample.logged)
    part = study(run, 300.0, most=sessions // 2)
    found = part.outcome(part.limits)
    assert isinstance(found, Outcome)
    assert part.measured.full_seconds > 0
    assert found.finds(part.measured)
