"""The replay against queueing theory, against what master(8) does, and the laws it obeys."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.capacity.erlang import share_waiting_longer
from advisor.capacity.replay import Demand, Limits, Replayed, replay

PATIENT = 300.0


def demand(*sessions: tuple[float, float, float], client: tuple[int, ...] = ()) -> Demand:
    """Sessions by arrival, work and silence; all are good."""
    arrival, work, silence = np.array(sessions, float).reshape(-1, 3).T
    codes = np.array(client or range(len(arrival)), np.int32)
    return Demand(arrival, work, silence, codes, np.ones(len(arrival), np.bool_))


def limits(processes: int, timeout: float = PATIENT, stress: float | None = None, **more: int) -> Limits:
    return Limits(processes, timeout, timeout if stress is None else stress, **more)


DEMANDS = st.lists(
    st.tuples(st.floats(0, 100), st.floats(0, 20), st.sampled_from([0.0, 5.0, 40.0, inf])),
    min_size=1,
    max_size=40,
).map(lambda sessions: demand(*sorted(sessions)))
PROCESSES = st.integers(1, 10)


@pytest.mark.parametrize(("servers", "load"), [(5, 3.0), (10, 8.0), (20, 15.0)])
def test_waits_are_those_of_a_queue_with_exponential_times(servers: int, load: float) -> None:
    random = np.random.default_rng(4)
    number = 200_000
    arrival = np.cumsum(random.exponential(1 / load, number))
    work = random.exponential(1.0, number)
    found = replay(
        Demand(arrival, work, np.zeros(number), np.zeros(number, np.int32), np.ones(number, np.bool_)),
        limits(servers),
    )
    for wait in (0.0, 0.5):
        expected = share_waiting_longer(servers, load, 1.0, wait)
        assert np.mean(found.waited > wait) == pytest.approx(expected, rel=0.1, abs=0.004)


@given(DEMANDS)
def test_without_a_limit_nobody_waits(asked: Demand) -> None:
    found = replay(asked, limits(0))
    assert not found.waited.any()
    assert found.end - found.start == pytest.approx(asked.work + np.minimum(asked.silence, PATIENT))


@given(DEMANDS, PROCESSES)
def test_never_more_processes_than_the_limit_and_nobody_is_served_before_it_came(
    asked: Demand, processes: int
) -> None:
    found = replay(asked, limits(processes))
    assert found.occupancy.peak <= processes
    assert (found.waited >= 0).all()
    assert (np.diff(found.start) >= 0).all()  # in the order of arrival


@given(DEMANDS, PROCESSES)
def test_another_process_makes_nobody_wait_longer(asked: Demand, processes: int) -> None:
    fewer, more = (replay(asked, limits(number)) for number in (processes, processes + 1))
    assert (more.start <= fewer.start + 1e-9).all()


@given(DEMANDS, PROCESSES)
def test_no_process_is_idle_while_a_client_waits(asked: Demand, processes: int) -> None:
    found = replay(asked, limits(processes))
    for wait_end in found.start[found.waited > 0]:
        busy_until_then = np.sum((found.start < wait_end) & (found.end >= wait_end))
        assert busy_until_then >= processes


def test_the_sessions_that_hold_the_processes_keep_the_limits_they_began_with() -> None:
    """The lab's third lesson: the stress value alone rescues nobody."""
    silent = [(float(second), 0.0, inf) for second in range(1, 4)]
    found = replay(demand(*silent, (4, 0, 0)), limits(3, 300, 10))
    assert found.end.tolist()[:3] == [301, 302, 13]  # the last process was started under stress
    assert found.waited[3] == 9


def test_under_stress_each_process_ends_behind_its_client_and_its_successor_has_the_short_limit() -> None:
    found = replay(demand((0, 5, 0), (1, 0, 0), (6, 0, inf)), limits(2, 300, 10))
    assert found.end.tolist() == [5, 1, 16]


def test_a_thousand_seconds_later_the_stress_is_over() -> None:
    quiet = demand((0, 1, 0), (0, 1, 0), (500, 0, inf), (1100, 0, inf))
    found = replay(quiet, limits(2, 300, 10))
    assert (found.end - found.start).tolist()[2:] == [10, 300]


def test_a_client_with_too_many_sessions_is_sent_away_at_once() -> None:
    many = demand((0, 9, 0), (1, 9, 0), (2, 9, 0), (10, 9, 0), client=(7, 7, 7, 7))
    found = replay(many, limits(5, client_limit=2))
    assert found.is_refused.tolist() == [False, False, True, False]
    exempt = replay(demand((0, 9, 0), (1, 9, 0), (2, 9, 0), client=(-1, -1, -1)), limits(5, client_limit=2))
    assert not exempt.is_refused.any()


def test_who_has_waited_long_enough_leaves_and_holds_no_process() -> None:
    found = replay(demand((0, 50, 0), (1, 1, 0), (48, 1, 0)), limits(1), patience=20)
    assert found.is_lost.tolist() == [False, True, False]
    assert found.waited.tolist() == [0, 20, 2]


def test_no_session_at_all() -> None:
    found = replay(demand(), limits(3))
    assert isinstance(found, Replayed)
    assert found.occupancy.peak == 0
