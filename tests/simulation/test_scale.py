"""The same demand with more of some clients, or with fewer."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.capacity.occupancy import Mask
from advisor.capacity.replay import Demand, Limits, replay
from advisor.simulation.outcome import kept_waiting
from advisor.simulation.scale import scaled
from tests.simulation.test_sample import sample

FIRST, LAST = 0.0, 200.0
ARRIVALS = st.lists(st.integers(0, 199).map(float), max_size=60).map(sorted)
TIMES = st.floats(0, 5)


def demand(arrivals: list[float]) -> Demand:
    return sample(arrivals, LAST).logged


def every_other(of: Demand) -> Mask:
    found: Mask = of.client % 2 == 0
    return found


def sessions(of: Demand) -> set[tuple[float, int]]:
    return set(zip(of.arrival.tolist(), of.client.tolist(), strict=True))


@given(ARRIVALS)
def test_once_is_the_demand_itself(arrivals: list[float]) -> None:
    of = demand(arrivals)
    assert sessions(scaled(of, every_other(of), 1.0, FIRST, LAST)) == sessions(of)


@given(ARRIVALS, TIMES, TIMES)
def test_who_comes_among_few_comes_among_more(arrivals: list[float], one: float, other: float) -> None:
    of = demand(arrivals)
    few, many = (sessions(scaled(of, every_other(of), each, FIRST, LAST)) for each in sorted((one, other)))
    assert few <= many


@given(ARRIVALS, TIMES)
def test_the_others_stay_as_they_are(arrivals: list[float], times: float) -> None:
    of = demand(arrivals)
    found = scaled(of, every_other(of), times, FIRST, LAST)
    assert sessions(of.where(~every_other(of))) == {
        each for each in sessions(found) if each[1] < len(of) and each[1] % 2
    }


@given(ARRIVALS, TIMES)
def test_more_come_in_order_within_the_log_as_clients_of_their_own(
    arrivals: list[float], times: float
) -> None:
    of = demand(arrivals)
    found = scaled(of, every_other(of), times, FIRST, LAST)
    assert (np.diff(found.arrival) >= 0).all()
    assert ((found.arrival >= FIRST) & (found.arrival <= LAST)).all()
    assert len(set(found.client.tolist())) == len(found)


@pytest.mark.parametrize("times", [0.0, 0.3, 1.5, 4.0])
def test_as_many_come_as_are_asked_for(times: float) -> None:
    of = demand(np.linspace(0, 199, 4000).tolist())
    assert len(scaled(of, np.ones(4000, np.bool_), times, FIRST, LAST)) == pytest.approx(4000 * times, abs=1)


def test_the_more_come_the_more_wait() -> None:
    of = demand(np.arange(0.0, 200.0, 1.0).tolist())
    all_of_them = np.ones(len(of), np.bool_)
    waiting = [
        kept_waiting(replay(scaled(of, all_of_them, times, FIRST, LAST), Limits(3, 300, 300)), LAST)
        for times in (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
    ]
    assert waiting[1] == 0
    assert all(more > less - 0.01 for less, more in itertools.pairwise(waiting))
    assert waiting[-1] > 0.8
