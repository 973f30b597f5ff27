"""Erlang's formulas against printed tables, and the laws they obey."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.capacity.erlang import erlang_b, erlang_c, servers_needed, share_waiting_longer

SERVERS = st.integers(1, 200)
LOADS = st.floats(0.01, 150)
SECONDS = st.floats(0.1, 300)


@pytest.mark.parametrize(
    ("servers", "load", "share"),
    [(0, 5, 1), (1, 1, 0.5), (2, 1, 0.2), (5, 3, 0.1101), (10, 5, 0.0184), (20, 15, 0.0456)],
)
def test_erlang_b(servers: int, load: float, share: float) -> None:
    assert erlang_b(servers, load) == pytest.approx(share, abs=5e-5)


@pytest.mark.parametrize(("servers", "load"), [(10, 4.461), (20, 12.03), (50, 37.90), (100, 84.06)])
def test_the_loads_of_the_table_for_one_in_a_hundred(servers: int, load: float) -> None:
    assert erlang_b(servers, load) == pytest.approx(0.01, rel=2e-3)


@pytest.mark.parametrize(
    ("servers", "load", "share"),
    [(1, 0.5, 0.5), (2, 1, 1 / 3), (5, 3, 0.2362), (10, 5, 0.0361), (5, 5, 1), (5, 9, 1)],
)
def test_erlang_c(servers: int, load: float, share: float) -> None:
    assert erlang_c(servers, load) == pytest.approx(share, abs=5e-5)


@pytest.mark.parametrize(
    ("load", "service_time", "needed"),
    [(20, 3, 27), (20, 10, 30), (0, 1, 1), (0.001, 1, 1), (1, 3, 4)],
)
def test_servers_for_one_second_of_waiting_of_one_in_a_hundred(
    load: float, service_time: float, needed: int
) -> None:
    assert servers_needed(load, service_time, 1, 0.01) == needed


def test_without_a_service_time_nobody_waits() -> None:
    assert share_waiting_longer(3, 2, 0, 1) == 0
    assert share_waiting_longer(2, 2, 0, 1) == 1


@given(SERVERS, LOADS)
def test_shares_lie_between_nought_and_one(servers: int, load: float) -> None:
    assert 0 <= erlang_b(servers, load) <= erlang_c(servers, load) <= 1


@given(SERVERS, LOADS)
def test_more_servers_block_and_delay_fewer(servers: int, load: float) -> None:
    assert erlang_b(servers + 1, load) <= erlang_b(servers, load)
    assert erlang_c(servers + 1, load) <= erlang_c(servers, load)


@given(SERVERS, LOADS, st.floats(0.01, 50))
def test_more_load_blocks_more(servers: int, load: float, more: float) -> None:
    assert erlang_b(servers, load) <= erlang_b(servers, load + more) + 1e-12


@given(SERVERS, LOADS, SECONDS, SECONDS, SECONDS)
def test_fewer_wait_longer(servers: int, load: float, service_time: float, wait: float, more: float) -> None:
    longer = share_waiting_longer(servers, load, service_time, wait + more)
    assert longer <= share_waiting_longer(servers, load, service_time, wait)
    assert share_waiting_longer(servers, load, service_time, 0) == erlang_c(servers, load)


@given(LOADS, SECONDS, SECONDS, st.floats(0.001, 0.5))
def test_the_servers_needed_are_the_fewest(
    load: float, service_time: float, wait: float, share: float
) -> None:
    needed = servers_needed(load, service_time, wait, share)
    assert share_waiting_longer(needed, load, service_time, wait) <= share
    assert share_waiting_longer(needed - 1, load, service_time, wait) > share


@given(LOADS, SECONDS)
def test_the_closed_form_is_no_more_than_a_little_above(load: float, service_time: float) -> None:
    """A* + 2.3 * sqrt(A*) + 2, for one line on paper."""
    assert servers_needed(load, service_time, 1, 0.01) <= load + 2.5 * load**0.5 + 4
