"""Histograms: they add, they are near the values, and one value counts as a million do."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.logs.histogram import Histogram

EDGES = [0.001 * 1.04**power for power in range(0, 885, 17)] + [0.0, 0.0009765625, 0.5, 1.0, 64.0, 1e300]
VALUES = st.lists(st.floats(0, 1 << 40) | st.sampled_from(EDGES), min_size=1, max_size=60)
SECONDS_AND_BYTES = st.lists(st.floats(0.001, 1 << 40), min_size=1, max_size=60)


def of(values: list[float]) -> Histogram:
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    return histogram


@given(VALUES, VALUES)
def test_histograms_add(one: list[float], other: list[float]) -> None:
    assert (of(one) + of(other)).buckets == of(one + other).buckets


@given(VALUES)
def test_many_at_once_count_as_each_alone(values: list[float]) -> None:
    histogram = Histogram()
    histogram.add_all(np.array(values))
    assert histogram == of(values)


@given(SECONDS_AND_BYTES, st.floats(0, 1))
def test_a_quantile_is_at_most_two_percent_off(values: list[float], share: float) -> None:
    ordered = sorted(values)
    rank = max(1, -int(-share * len(ordered) // 1))
    assert of(values).quantile(share) == pytest.approx(ordered[rank - 1], rel=0.02)


@given(st.floats(0, 0.001, exclude_max=True))
def test_less_than_a_millisecond_is_nothing(value: float) -> None:
    assert of([value]).quantile(0.5) == 0


def test_more_than_there_can_be_is_the_most() -> None:
    (found,) = [of([1e30]).quantile(1)]
    assert found is not None
    assert found >= 1 << 40


def test_an_empty_histogram_has_no_quantile() -> None:
    histogram = Histogram()
    histogram.add_all(np.array([]))
    assert histogram.quantile(0.5) is None


@given(VALUES)
def test_the_pairs_tell_all_and_are_in_order(values: list[float]) -> None:
    pairs = json.loads(json.dumps(of(values).pairs()))
    assert pairs == sorted(pairs)
    assert Histogram.from_pairs((bucket, count) for bucket, count in pairs) == of(values)
