"""What stand-ins take, by the lab's logs of slow services (the truth is in their truth.toml)."""

import pytest

from advisor.app import advise
from advisor.facts.observed import Observation, Observed
from advisor.rehearsal.stage_values import Delays
from advisor.rehearsal.waits import delays_of
from advisor.request import Request
from tests.simulation.lab import LAB


def delays(name: str) -> tuple[Delays, float]:
    report = advise(Request(str(LAB / name), (str(LAB / name / "mail.log.gz"),)))
    assert isinstance(report.observed, Observed)
    (seen,) = (each for each in report.observed.services.values() if isinstance(each, Observation))
    return delays_of(seen)


def test_a_policy_service_of_three_seconds() -> None:
    found, waits = delays("lat_a_policy3s")
    assert found.policy == pytest.approx(3.0, abs=0.3)
    assert waits == found.policy
    assert (found.milter, found.filter, found.resolver) == (0.0, 0.0, 0.0)


def test_a_milter_of_three_seconds_at_the_end_of_a_message() -> None:
    found, waits = delays("lat_d_milter_eom3s")
    assert found.milter == pytest.approx(3.0, abs=0.3)
    assert waits == found.milter


def test_a_filter_of_one_second_that_takes_two_at_a_time() -> None:
    found, waits = delays("lat_g_proxy_1s_conc2")
    assert found.filter == pytest.approx(1.0, abs=0.3)
    assert found.filter_workers == 2
    assert waits > found.filter


def test_clients_alone_need_no_stand_in() -> None:
    assert delays("b_t300") == (Delays(), 0.0)
