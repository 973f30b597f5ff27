"""Draws of a log's demand: what they keep of it, and what they fill in."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.app import advise
from advisor.capacity.occupancy import Windows
from advisor.capacity.replay import Demand
from advisor.engine.traffic import write_log
from advisor.facts.measure import pool_of
from advisor.facts.thresholds import default_thresholds
from advisor.request import Request
from advisor.simulation.sample import Sample
from tests.simulation.lab import LAB

NEVER_FULL = Windows(np.array([]), np.array([]), np.array([]))


def sample(
    arrivals: list[float],
    last: float,
    full: Windows = NEVER_FULL,
    *,
    gone: list[int] = [],  # noqa: B006 - never changed
    whole_seconds: bool = False,
) -> Sample:
    """Sessions of 2 s, those in `gone` of none."""
    number = len(arrivals)
    left = np.zeros(number, np.bool_)
    left[gone] = True
    logged = Demand(
        np.array(arrivals, float),
        np.where(left, 0.0, 2.0),
        np.zeros(number),
        np.arange(number, dtype=np.int32),
        ~left,
    )
    return Sample.of_demand(logged, 0.0, last, full, left, whole_seconds=whole_seconds)


def window(begin: float, end: float) -> Windows:
    return Windows.whole(begin, end)


ARRIVALS = st.lists(st.integers(0, 199).map(float), max_size=60).map(sorted)


@given(ARRIVALS, st.integers(0, 9))
def test_a_draw_has_the_sessions_of_the_log_in_order(arrivals: list[float], seed: int) -> None:
    drawn = sample(arrivals, 200.0).draw(np.random.default_rng(seed))
    assert drawn.arrival.tolist() == arrivals


@given(ARRIVALS, st.integers(0, 9))
def test_a_whole_second_gets_a_fraction(arrivals: list[float], seed: int) -> None:
    drawn = sample(arrivals, 200.0, whole_seconds=True).draw(np.random.default_rng(seed))
    assert (np.diff(drawn.arrival) >= 0).all()
    assert sorted(np.floor(drawn.arrival).tolist()) == arrivals


@given(ARRIVALS, st.integers(0, 9))
def test_a_redraw_is_in_order_and_within_the_log(arrivals: list[float], seed: int) -> None:
    found = sample(arrivals, 200.0).redraw(np.random.default_rng(seed))
    assert (np.diff(found.arrival) >= 0).all()
    assert ((found.arrival >= 0) & (found.arrival < 200)).all()
    assert set(found.client.tolist()) <= set(range(len(arrivals)))


@given(ARRIVALS, st.integers(0, 9))
def test_the_same_numbers_draw_the_same_demand(arrivals: list[float], seed: int) -> None:
    of = sample(arrivals, 200.0, window(50, 80), whole_seconds=True)
    for draw in (of.draw, of.redraw):
        one, other = (draw(np.random.default_rng(seed)) for _ in range(2))
        assert one.arrival.tolist() == other.arrival.tolist()
        assert one.client.tolist() == other.client.tolist()


def test_redraws_have_as_many_sessions_as_the_log_on_the_average() -> None:
    of = sample(np.linspace(0, 999, 2000).tolist(), 1000.0)
    counts = [len(of.redraw(np.random.default_rng(seed))) for seed in range(100)]
    assert np.mean(counts) == pytest.approx(2000, rel=0.02)


def test_full_time_has_the_rate_of_the_free_time_before() -> None:
    """Of one client a second, one in five was accepted while all processes were busy."""
    free, full = list(range(100)), list(range(100, 200, 5))
    of = sample([float(each) for each in free + full], 200.0, window(100, 200))
    counts = [int(np.sum(of.draw(np.random.default_rng(seed)).arrival >= 100)) for seed in range(200)]
    assert np.mean(counts) == pytest.approx(100, rel=0.05)
    assert of.draw(np.random.default_rng(1)).arrival.max() < 200


def test_free_time_before_an_earlier_full_window_counts_as_well() -> None:
    """The second window follows on the first by a second."""
    windows = Windows(np.array([100.0, 151.0]), np.array([150.0, 200.0]), np.array([50.0, 49.0]))
    of = sample([*map(float, range(100)), 120.0, 150.0, 160.0, 170.0], 200.0, windows)
    counts = [int(np.sum(of.draw(np.random.default_rng(seed)).arrival >= 151)) for seed in range(200)]
    assert np.mean(counts) == pytest.approx(49, rel=0.05)


def test_a_rush_is_not_what_came_before_it() -> None:
    """A client in ten seconds, and from a moment before the full time on, five a second are accepted."""
    quiet, rush = range(0, 600, 10), np.arange(598, 700, 0.2)
    arrivals = sorted([*map(float, quiet), *rush.tolist()])
    of = sample(arrivals, 800.0, window(600, 700))
    assert of.draw(np.random.default_rng(1)).arrival.tolist() == arrivals
    assert of.is_least


def test_a_few_more_than_expected_are_no_rush() -> None:
    arrivals = [*map(float, range(100)), *np.linspace(100, 199, 110).tolist()]
    assert not sample(arrivals, 200.0, window(100, 200)).is_least


def test_without_free_time_those_who_had_left_count_as_served() -> None:
    """From the second on, all are busy: four clients in ten have left when a process takes them."""
    gone = [place for place in range(100) if place % 10 < 4]
    of = sample([float(each) for each in range(100)], 100.0, window(1, 100), gone=gone)
    drawn = of.draw(np.random.default_rng(1))
    assert len(drawn) == 100
    assert drawn.is_good[1:].all()
    assert (drawn.work[1:] == 2).all()


def test_as_many_as_leave_in_free_time_are_probes() -> None:
    """A probe comes every fifth second. In full time three of four others leave as well."""
    free = [(float(each), each % 5 == 0) for each in range(50) if each % 5 == 0 or each % 10 == 1]
    full = [(float(each), each % 5 < 4) for each in range(50, 150)]
    gone = [place for place, (_, left) in enumerate(free + full) if left]
    of = sample([each for each, _ in free + full], 150.0, window(50, 150), gone=gone)
    drawn = of.draw(np.random.default_rng(1))
    served = drawn.is_good & (drawn.arrival >= 50)
    assert np.sum(served) == 100 - 20


def test_clients_whose_address_was_not_seen_meet_no_limit_together() -> None:
    report = advise(Request(str(LAB / "b_t300"), (str(LAB / "b_t300" / "mail.log.gz"),)))
    assert report.metrics is not None
    tag = "postfix/smtpd"
    pool = pool_of(report.metrics, tag, 15, None, default_thresholds())
    nobody = np.zeros(len(pool.addresses), np.bool_)
    found = Sample.of(pool, 0.0, 1.0, nobody).logged.client
    unseen = pool.busy.client == pool.addresses.index("unknown")
    assert unseen.sum() == 20
    assert (found[unseen] == -1).all()
    assert (found[~unseen] >= 0).all()


def test_a_log_of_one_instant_has_draws() -> None:
    of = sample([5.0, 5.0], 5.0)
    of = msgspec.structs.replace(of, first=5.0)
    assert len(of.draw(np.random.default_rng(1))) == 2
    assert len(of.redraw(np.random.default_rng(1))) == 0


@pytest.mark.parametrize(("timeout", "number"), [(300.0, 0), (50.0, 10), (30.0, 20)])
def test_who_outlasts_the_time_limit_is_not_silent(timeout: float, number: int, tmp_path: Path) -> None:
    """Of twenty that came every other second and are still there after two minutes."""
    silent = {"kind": "silent", "every": 2, "lasts": 300, "until": 120}
    (tmp_path / "main.cf").touch()
    (tmp_path / "mail.log").write_text(write_log([silent], "smtp", 20, "here"))
    metrics = advise(Request(str(tmp_path), (str(tmp_path / "mail.log"),))).metrics
    assert metrics is not None
    pool = pool_of(metrics, "postfix/smtpd", 20, None, default_thresholds())
    nobody = np.zeros(len(pool.addresses), np.bool_)
    found = Sample.of(pool, metrics.first or 0.0, metrics.last or 0.0, nobody, timeout).logged
    outlast = np.isinf(found.work)
    assert outlast.sum() == number
    assert (found.silence[outlast] == 0).all()
    assert np.isinf(found.silence[~outlast]).all()
