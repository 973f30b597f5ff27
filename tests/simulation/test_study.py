"""What may be asked of a replay, and what is to be known of its answer."""

import msgspec
import numpy as np
import pytest

from advisor.missing import Missing
from advisor.simulation.outcome import Outcome
from advisor.simulation.sample import Sample
from advisor.simulation.study import Study
from tests.simulation.lab import study

IMPATIENT = 15.0


def replayed(of: Study, **limits: float) -> Outcome:
    found = of.outcome(msgspec.structs.replace(of.limits, **limits))
    assert isinstance(found, Outcome)
    return found


def fills_later(of: Study, **limits: float) -> bool:
    return of.fills_later(msgspec.structs.replace(of.limits, **limits))


@pytest.mark.parametrize("run", ["b_t300", "i_oneip_nolimit", "f_t10", "y_fewslots_noslow", "a_nobad"])
def test_the_replay_of_what_is_finds_what_the_log_shows(run: str) -> None:
    of = study(f"lab/{run}", IMPATIENT)
    found = replayed(of)
    slack = 1 + 0.1 * of.measured.full_seconds
    low, high = found.full_seconds.low - slack, found.full_seconds.high + slack
    assert low <= of.measured.full_seconds <= high
    assert found.busy_p99.low - 1 <= of.measured.busy_p99 <= found.busy_p99.high + 1


def test_a_log_that_begins_full_says_that_it_lacks_who_came() -> None:
    of = study("lab/y_fewslots_noslow", IMPATIENT)
    assert of.sample.is_least
    assert any("at least" in doubt for doubt in of.doubts(of.limits))
    # Nine in ten of its sessions were gone when a process took them, or left in their midst.
    assert replayed(of).wait_p95.value > 5


def test_silent_clients_would_fill_more_processes_after_the_end_of_a_short_log() -> None:
    of = study("lab/b_t300", IMPATIENT)
    assert fills_later(of, processes=30)
    assert not fills_later(of, processes=1000)
    assert not fills_later(of, timeout=10.0, stress_timeout=10.0)


def test_a_limit_per_client_bounds_what_one_client_fills_later() -> None:
    of = study("lab/i_oneip_nolimit", IMPATIENT)
    assert fills_later(of)
    assert not fills_later(of, client_limit=7)
    assert fills_later(of, client_limit=20)


def test_more_processes_help_against_a_wait_if_it_takes_so_many() -> None:
    of = study("lab/lat_a_policy3s", IMPATIENT)
    more = msgspec.structs.replace(of.limits, processes=40)
    assert any("policy service" in doubt for doubt in of.doubts(more))
    assert not any("policy service" in doubt for doubt in of.doubts(of.limits))


def test_fewer_processes_are_predicted_whatever_is_shared() -> None:
    of = study("lab/cpu_d_bc_regexp", IMPATIENT)
    assert replayed(of, processes=5).waited.value > 0.5
    assert isinstance(of.outcome(msgspec.structs.replace(of.limits, processes=0)), Missing)


def test_who_lost_patience_in_the_midst_of_a_session_wanted_to_deliver() -> None:
    """302 of 303 clients of this load were served when there were processes enough (truth.toml)."""
    drawn = study("lab/y_fewslots_noslow", IMPATIENT).sample.draw(np.random.default_rng(1))
    assert np.sum(drawn.is_good) >= 0.95 * 303


def test_of_clients_that_delivered_nothing_no_share_is_served() -> None:
    of = study("lab/b_t300", IMPATIENT)
    none = of.sample.logged.where(~of.sample.logged.is_good)
    sample = Sample.of_demand(
        none,
        of.sample.first,
        of.sample.last,
        of.sample.full,
        np.zeros(len(none), np.bool_),
        whole_seconds=True,
    )
    found = msgspec.structs.replace(of, sample=sample).outcome(of.limits)
    assert isinstance(found, Missing)
    assert found.what == "no client of the log delivered mail: who is a good one is not known"
