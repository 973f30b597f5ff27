"""What a replay comes to, in numbers; and when a service counts as busy."""

from math import inf

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.capacity.occupancy import Occupancy
from advisor.capacity.replay import Limits
from advisor.simulation.outcome import Busy, Estimate, outcome
from tests.simulation.test_sample import sample

NUMBERS = st.lists(st.one_of(st.floats(0, 1e6), st.just(inf)), min_size=1, max_size=30).map(np.array)


@given(NUMBERS, NUMBERS)
def test_the_value_lies_within_its_interval(drawn: np.ndarray, redrawn: np.ndarray) -> None:
    found = Estimate.of(drawn, redrawn)
    assert found.low <= found.value <= found.high
    assert found.value in drawn.tolist()


def test_the_interval_holds_nine_of_ten_draws() -> None:
    numbers = np.arange(1000.0)
    found = Estimate.of(numbers, numbers)
    assert [found.low, found.high] == pytest.approx([50, 949], abs=1)


def test_what_never_happens_is_infinitely_late() -> None:
    assert Estimate.of(np.array([inf, inf, 3.0]), np.array([inf])) == Estimate(inf, 3.0, inf)


def test_how_busy_a_service_was() -> None:
    """Ten seconds from 100 on: half of them one process, then all three for four."""
    occupancy = Occupancy.of(np.array([100.0, 105.0, 106.0]), np.array([110.0, 110.0, 110.0]))
    assert Busy.of(occupancy, 3, 100.0) == Busy(1.0, 3.0, 6.0, 4.0)
    assert Busy.of(occupancy, 0, 100.0) == Busy(1.0, 3.0, inf, 0.0)


def test_a_service_at_ease() -> None:
    found = outcome(sample(np.arange(0.0, 100.0, 4).tolist(), 102.0), Limits(3, 300, 300))
    assert found.waited == found.lost == Estimate(0.0, 0.0, 0.0)
    assert found.served == Estimate(1.0, 1.0, 1.0)
    assert found.full_from == Estimate(inf, inf, inf)


def test_one_process_for_twice_its_work_serves_half() -> None:
    """Clients come each second, and each takes two: the last one waits half of the time."""
    of = sample(np.arange(0.0, 200.0).tolist(), 200.0)
    found = outcome(of, Limits(1, 300, 300))
    assert found.served.value == pytest.approx(0.5, abs=0.01)
    assert found.wait_p95.value == pytest.approx(95, abs=6)
    assert found.full_seconds.value == pytest.approx(200, abs=1)
    impatient = outcome(of, Limits(1, 300, 300), patience=10.0)
    assert impatient.wait_p95.value == pytest.approx(10, abs=0.1)
    assert impatient.lost.value == pytest.approx(0.5, abs=0.05)


def test_more_clients_than_one_may_have_are_lost() -> None:
    one = sample([0.0, 0.5, 1.0, 1.5], 10.0)
    of = msgspec.structs.replace(
        one, logged=msgspec.structs.replace(one.logged, client=np.zeros(4, np.int32))
    )
    assert outcome(of, Limits(9, 300, 300, client_limit=3)).lost.value == 0.25
    assert outcome(of, Limits(9, 300, 300, client_limit=4)).lost.value == 0


def test_the_same_question_has_the_same_answer() -> None:
    of = sample(np.arange(0.0, 100.0).tolist(), 102.0)
    assert outcome(of, Limits(2, 300, 300)) == outcome(of, Limits(2, 300, 300))


def test_nobody_came() -> None:
    found = outcome(sample([], 100.0), Limits(2, 300, 300))
    assert found.busy_p99 == found.waited == Estimate(0.0, 0.0, 0.0)
