"""The advice is followed, and the clients of a real Postfix are better off; a popular remedy helps nobody.

All loops are closed once, several at a time; `make lab` closes them with more loads and seeds (docs/lab.md).
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Semaphore

import msgspec
import pytest

from tests.lab.catalogue import (
    cpu_bound_checks,
    healthy,
    probes,
    single_client,
    slow_clients,
    slow_milter,
    slow_name_lookup,
    slow_policy,
    slow_proxy_filter,
    too_few_processes,
)
from tests.lab.loops import Closed, Loop, close
from tests.lab.machine import ahead_of_others

pytestmark = [pytest.mark.postfix, pytest.mark.namespaces]

SEED = 1
AT_A_TIME = 8
_LOOPS = (
    slow_clients(),
    single_client(),
    # Full from the begin on: its log lacks a part of what came, and the first number may be too small.
    msgspec.structs.replace(too_few_processes(), looks_again=True),
    slow_policy(),
    slow_milter(),
    slow_proxy_filter(),
    slow_name_lookup(),
    cpu_bound_checks(seconds=18),
)
QUIET = {loop.name: loop for loop in (healthy(), probes())}
# One wrong remedy of each: all of them are in docs/lab.md.
TROUBLED = {loop.name: msgspec.structs.replace(loop, wrong=loop.wrong[-1:]) for loop in _LOOPS}


@pytest.fixture(scope="module")
def closed() -> Mapping[str, Closed]:
    """All loops, closed. Those that need the processors for themselves come last, and one by one."""
    loops = [*TROUBLED.values(), *QUIET.values()]
    gate = Semaphore(AT_A_TIME)

    def one(loop: Loop) -> Closed:
        return close(loop, SEED, gate, others=False)

    with ahead_of_others():
        with ThreadPoolExecutor(len(loops)) as executor:
            found = list(executor.map(one, (loop for loop in loops if not loop.is_alone)))
        gate = Semaphore(1)
        found += [one(loop) for loop in loops if loop.is_alone]
    return {each.loop.name: each for each in found}


@pytest.mark.parametrize("name", TROUBLED)
def test_the_cause_is_named(closed: Mapping[str, Closed], name: str) -> None:
    told = closed[name].told
    assert told.causes == (TROUBLED[name].cause,)
    assert told.rules >= TROUBLED[name].rules


@pytest.mark.parametrize("name", TROUBLED)
def test_what_is_advised_cures(closed: Mapping[str, Closed], name: str) -> None:
    loop = closed[name]
    assert loop.before.clients.share < 0.7
    assert loop.last.clients.share > 0.95
    if loop.loop.outside:
        assert loop.told.helps(loop.loop.outside) is True


@pytest.mark.parametrize("name", TROUBLED)
def test_a_wrong_remedy_does_not_help_and_advisor_says_so(closed: Mapping[str, Closed], name: str) -> None:
    for tried in closed[name].wrong:
        assert tried.clients.share < 0.7
        assert tried.trial is not None
        assert closed[name].told.helps(tried.trial) is not True


@pytest.mark.parametrize("name", [name for name, loop in TROUBLED.items() if loop.outside])
def test_no_patch_is_offered_where_the_cure_is_outside_of_postfix(
    closed: Mapping[str, Closed], name: str
) -> None:
    assert set(_changes(closed[name])) == set()


@pytest.mark.parametrize("name", QUIET)
def test_a_server_that_is_well_gets_no_advice(closed: Mapping[str, Closed], name: str) -> None:
    loop = closed[name]
    assert loop.before.clients.share > 0.95
    assert loop.told.causes == (QUIET[name].cause,)
    assert loop.told.rules >= QUIET[name].rules
    assert set(_changes(loop)) == set()


def _changes(closed: Closed) -> Iterator[str]:
    """The rules on capacity, time limits, clients, filters and milters that have a change in the patch."""
    category = {each.rule.name: each.rule.category for each in closed.told.report.judgements}
    for proven in closed.told.report.proven:
        if category[proven.finding.rule] in ("capacity", "timeouts", "limits", "filters", "milters"):
            yield proven.finding.rule
