"""The values of a sweep, and the knee of its curve."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import UsageError
from advisor.missing import Missing
from advisor.simulation.asked import Key, Range
from advisor.simulation.outcome import Estimate, Outcome
from advisor.simulation.sweep import Point, Sweep, values_of

NONE = Estimate(0.0, 0.0, 0.0)
LATER = Missing("the processors are busy", "measure it")


def processes(first: str, last: str) -> Range:
    return Range(Key("process_limit", "smtp/inet"), first, last)


def timeout(first: str, last: str) -> Range:
    return Range(Key("smtpd_timeout"), first, last)


def point(value: int, waited: float, high: float | None = None) -> Point:
    of = Estimate(waited, 0.0, waited if high is None else high)
    return Point(value, Outcome(NONE, NONE, NONE, NONE, of, NONE, NONE, NONE))


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_the_ends_and_rounded_values_between(first: int, more: int) -> None:
    found = values_of(processes(str(first), str(first + more)))
    assert (found[0], found[-1]) == (first, first + more)
    assert list(found) == sorted(set(found))
    assert len(found) <= 25
    assert all(str(value)[2:].strip("0") == "" for value in found[1:-1])


def test_times_have_units() -> None:
    found = values_of(timeout("10s", "5m"))
    assert (found[0], found[-1]) == (10, 300)


@pytest.mark.parametrize(
    "asked",
    [
        processes("9", "3"),
        processes("0", "3"),
        processes("x", "3"),
        timeout("3s", "3y"),
        Range(Key("smtpd_banner"), "1", "2"),
    ],
)
def test_what_is_no_range(asked: Range) -> None:
    with pytest.raises(UsageError):
        values_of(asked)


def test_the_knee_of_processes_is_the_smallest_number_behind_which_nobody_waits() -> None:
    points = [point(5, 0.9), point(6, 0.0), point(7, 0.2), point(8, 0.01, 0.3), point(9, 0.0)]
    found = Sweep.of(processes("5", "9"), points)
    assert (found.knee, found.safe_knee) == (8, 9)


def test_the_knee_of_a_time_limit_is_the_largest_one_below_which_nobody_waits() -> None:
    found = Sweep.of(timeout("10s", "30s"), [point(10, 0.0), point(20, 0.0, 0.5), point(30, 0.5)])
    assert (found.knee, found.safe_knee) == (20, 10)


def test_there_may_be_no_knee() -> None:
    assert Sweep.of(processes("5", "6"), [point(5, 0.9), point(6, 0.5)]).knee is None
    assert Sweep.of(processes("5", "6"), [point(5, 0.0), Point(6, LATER)]).knee is None
