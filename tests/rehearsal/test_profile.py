"""A log's demand as visits: who comes when, from where, how fast time runs, and what a replay says of it."""

from math import inf

import numpy as np
import pytest

from advisor.capacity.occupancy import Occupancy
from advisor.capacity.replay import Demand, Limits
from advisor.facts.causes import Cause
from advisor.rehearsal.profile import Played, play_of, time_limit
from advisor.rehearsal.scene import Kind
from advisor.rehearsal.staging import TimeLimit
from advisor.rehearsal.stretch import stretch_of
from advisor.simulation.sample import Sample

SLOW = (Cause.SLOW_CLIENTS,)
TODAY = Limits(15, 300.0, 300.0)
CURE = Limits(15, 15.0, 10.0)


def sample(
    seconds: float, *, slow: float, good: float, processes: int = 15, timeout: float = 300.0
) -> Sample:
    """A log under a steady load: so many silent clients and good ones a second, all busy in the end."""
    arrivals = [(place / slow, True) for place in range(int(seconds * slow))] if slow else []
    arrivals += [(place / good + 0.01, False) for place in range(int(seconds * good))]
    arrivals.sort()
    times = np.array([time for time, _ in arrivals])
    silent = np.array([is_silent for _, is_silent in arrivals])
    codes = np.where(silent, np.arange(len(times)) % 40, 100 + np.arange(len(times)) % 300).astype(np.int32)
    silence = np.where(silent, inf, 0.0)
    demand = Demand(times, np.where(silent, 0.0, 0.5), silence, codes, ~silent)
    busy = Occupancy.of(times, times + demand.work + np.minimum(silence, timeout))
    full = busy.full_windows(processes, 1)
    return Sample.of_demand(demand, 0.0, seconds, full, np.zeros(len(times), np.bool_), whole_seconds=False)


def play(
    of: Sample, *limits: Limits, seconds: float = 40, waits: float = 0.0, networks: tuple[str, ...] = ()
) -> Played:
    both = limits or (TODAY, CURE)
    stretch = stretch_of(of, SLOW, both, seconds)
    return play_of(of, stretch, both[0], SLOW, waits=waits, size=2000, networks=networks, patience=300.0)


def test_a_short_log_is_played_as_fast_as_it_was() -> None:
    found = play(sample(38, slow=0.8, good=4))
    assert (found.stretch.factor, found.stretch.begin, found.seconds) == (1, 0.0, 38.0)
    assert len(found.visits) == pytest.approx(38 * 4.8, abs=20)
    assert time_limit(TODAY, 1) is None


@pytest.mark.parametrize("seconds", [600, 3600, 7200])
def test_of_a_long_log_the_trouble_is_played_in_the_time_there_is(seconds: int) -> None:
    of = sample(seconds, slow=0.2, good=1)
    found = play(of)
    assert found.seconds <= 40
    assert found.stretch.factor > 1
    begin, end = found.stretch.begin, found.stretch.begin + found.stretch.seconds
    assert begin < of.full.starts[0] < end
    assert all(0 <= visit.at <= found.seconds for visit in found.visits)
    for limits in (TODAY, CURE):
        pressed = time_limit(limits, found.stretch.factor)
        assert pressed is not None
        assert min(pressed.normal, pressed.stress) >= 1
        assert pressed.normal * found.stretch.factor == pytest.approx(limits.timeout, rel=0.1)


def test_what_needs_processors_is_never_pressed() -> None:
    of = sample(3600, slow=0.2, good=1)
    assert stretch_of(of, (Cause.CPU_BOUND_CHECKS,), (TODAY, CURE), 40).factor == 1


def test_too_many_clients_are_cut_and_that_is_said() -> None:
    found = play(sample(40, slow=1, good=200))
    assert found.stretch.was_cut
    assert len(found.visits) <= 3300


def test_a_good_client_takes_its_own_time_without_the_servers() -> None:
    found = play(sample(38, slow=0.8, good=4), waits=0.2)
    good = [visit for visit in found.visits if visit.kind is Kind.MAIL]
    assert sum(visit.pace * 6 for visit in good) / len(good) == pytest.approx(0.3, rel=0.01)


def test_a_client_has_one_address_and_no_two_share_it() -> None:
    found = play(sample(38, slow=0.8, good=4))
    pairs = set(zip(found.demand.client.tolist(), (visit.address for visit in found.visits), strict=True))
    assert len(pairs) == len({code for code, _ in pairs}) == len({address for _, address in pairs})
    assert all(visit.address.startswith("198.18.") for visit in found.visits)


def test_clients_of_mynetworks_come_from_there_where_that_can_be() -> None:
    of = sample(38, slow=0.8, good=4)
    local = of.logged.client.copy()
    local[of.logged.is_good] = -1
    logged = Demand(of.logged.arrival, of.logged.work, of.logged.silence, local, of.logged.is_good)
    own = Sample.of_demand(logged, 0.0, 38.0, of.full, of.gone, whole_seconds=False)
    for networks, addresses in ((("127.0.0.0/8", "192.0.2.25/32"), {"192.0.2.25"}), (("10.0.0.0/8",), set())):
        found = play(own, networks=networks)
        seen = {visit.address for visit in found.visits if visit.kind is Kind.MAIL}
        assert not addresses or seen == addresses
        assert bool(found.notes) is not bool(addresses)


def test_who_was_there_before_stays_for_the_rest_of_its_time() -> None:
    found = play(sample(7200, slow=0.04, good=0.5), seconds=40)
    there = [visit for visit in found.visits if visit.at == 0.0 and visit.kind is Kind.SILENT]
    longest = 300 / found.stretch.factor
    assert all(visit.stay <= longest for visit in there)


def test_the_replay_of_the_same_visits_shows_the_cure() -> None:
    found = play(sample(120, slow=0.8, good=4), seconds=60)
    now, then = found.predicted(TODAY), found.predicted(CURE)
    assert now.served < 0.7
    assert now.without_banner > 0.2
    assert (then.served, then.without_banner) == (1.0, 0.0)


def test_a_time_limit_is_written_as_postfix_reads_it() -> None:
    assert str(TimeLimit(30, 30)) == "30s"
    assert str(TimeLimit(30, 2)) == "${stress?{2}:{30}}s"
