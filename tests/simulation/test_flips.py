"""Where advice turns, on demands whose turn can be reckoned."""

from math import inf

import msgspec
import numpy as np
import pytest

from advisor.capacity.replay import Limits
from advisor.facts.causes import Cause
from advisor.simulation.flips import Bound, Flips, Scaled
from advisor.simulation.sample import Sample
from advisor.simulation.study import Study
from tests.simulation.lab import study
from tests.simulation.test_sample import NEVER_FULL

LAST = 2000.0


def poisson(rate: float, seed: int) -> np.ndarray:
    return np.cumsum(np.random.default_rng(seed).exponential(1 / rate, int(rate * LAST)))


def study_of(limits: Limits, cause: Cause, slow_rate: float = 0.0, good_work: float = 2.0) -> Study:
    """Good clients, one a second, and slow ones that never speak."""
    good, slow = poisson(1.0, 1), poisson(slow_rate, 2) if slow_rate else np.array([])
    arrival = np.append(good, slow)
    is_good = np.append(np.ones(len(good), np.bool_), np.zeros(len(slow), np.bool_))
    of = study("lab/a_nobad", 300.0)
    sample = Sample.of_demand(
        msgspec.structs.replace(
            of.sample.logged,
            arrival=arrival,
            work=np.where(is_good, good_work, 0.0),
            silence=np.where(is_good, 0.0, inf),
            client=np.arange(len(arrival), dtype=np.int32),
            is_good=is_good,
        ).in_order(),
        0.0,
        LAST,
        NEVER_FULL,
        np.zeros(len(arrival), np.bool_),
        whole_seconds=False,
    )
    return msgspec.structs.replace(of, limits=limits, causes=(cause,), sample=sample)


def test_a_log_shorter_than_silent_clients_stay_tells_of_no_number_that_needs_no_change() -> None:
    of = study_of(Limits(20, 300, 300), Cause.SLOW_CLIENTS, slow_rate=0.5)
    begin = of.sample.logged.where(of.sample.logged.arrival < 100)
    of = msgspec.structs.replace(of, sample=msgspec.structs.replace(of.sample, logged=begin, last=100.0))
    assert Flips.of(of, Limits(20, 15, 10)).now == 0


def test_with_the_same_limits_both_turn_at_the_same_number() -> None:
    of = study_of(Limits(5, 300, 300), Cause.TOO_FEW_PROCESSES)
    found = Flips.of(of, of.limits)
    assert found.now == found.then
    assert found.bound is None


def test_more_processes_bear_as_many_more_clients() -> None:
    """A load of 2 erlangs. Of 2 processes it is too much; 5 let one in a hundred wait a second, and 12 bear
    three times the load.
    """
    of = study_of(Limits(2, 300, 300), Cause.TOO_FEW_PROCESSES)
    found = Flips.of(of, Limits(12, 300, 300))
    assert found.scaled is Scaled.ALL
    assert found.now < 1 < found.then
    assert found.then == pytest.approx(3.3, abs=0.7)
    assert found.bound is not None
    assert found.bound.parameter == "process_limit"
    assert found.bound.value in (5, 6)


def test_a_time_limit_turns_where_the_processes_are_held_for_too_long() -> None:
    """Half a slow client a second, and two processes for the others: of 20, each may stay for 36 s at the
    mean, and for more where the limit under stress sends them away sooner.
    """
    of = study_of(Limits(20, 300, 300), Cause.SLOW_CLIENTS, slow_rate=0.5)
    found = Flips.of(of, Limits(20, 15, 10))
    assert found.scaled is Scaled.SLOW
    assert found.now < 0.12
    assert 1 < found.then < 36 / 15
    assert found.bound is not None
    assert found.bound.parameter == "smtpd_timeout"
    assert 36 < found.bound.value < 60


def test_a_value_that_will_not_do_is_told_one_that_would() -> None:
    of = study_of(Limits(20, 300, 300), Cause.SLOW_CLIENTS, slow_rate=0.5)
    found = Flips.of(of, Limits(20, 100, 10))
    assert found.then < 1
    assert found.bound is not None
    assert 36 < found.bound.value < 60


def test_where_nothing_will_do_there_is_no_value() -> None:
    """The good clients alone are more than the processes can serve."""
    of = study_of(Limits(2, 300, 300), Cause.SLOW_CLIENTS, slow_rate=0.5, good_work=5)
    assert Flips.of(of, Limits(2, 30, 10)) == Flips(Scaled.SLOW, 0.0, 0.0, None)


def test_two_limits_changed_at_once_have_no_value() -> None:
    of = study_of(Limits(2, 300, 300), Cause.TOO_FEW_PROCESSES)
    assert Flips.of(of, Limits(12, 60, 10)).bound is None


def test_what_was_enough_bears_more_than_was_tried() -> None:
    of = study_of(Limits(50, 300, 300), Cause.NONE)
    assert Flips.of(of, Limits(100, 300, 300)) == Flips(Scaled.ALL, inf, inf, None)


@pytest.mark.parametrize("run", ["lab/i_oneip_nolimit", "lab2/one_hog_15"])
def test_a_limit_per_client_turns_at_a_number_of_sessions(run: str) -> None:
    of = study(run, 300.0)
    found = Flips.of(of, msgspec.structs.replace(of.limits, client_limit=5))
    assert found.bound is not None
    assert found.bound == Bound("smtpd_client_connection_count_limit", found.bound.value)
    assert 5 <= found.bound.value < of.limits.processes
