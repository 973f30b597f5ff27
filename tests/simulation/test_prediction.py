"""What is predicted of a change, and of which a replay cannot tell."""

import msgspec
import pytest

from advisor.facts.causes import Cause
from advisor.missing import Missing
from advisor.simulation.prediction import Before, Prediction, predict
from advisor.simulation.study import PATIENCE
from tests.simulation.lab import study

SESSIONS = 24_000
TOLD = [
    "lab/a_nobad",
    "lab/b_t300",
    "lab/f_t10",
    "lab/i_oneip_nolimit",
    "lab/y_fewslots_noslow_mp30",
    "lab2/few_8",
    "lab2/one_hog_15",
    "lab2/slow_idle_15",
]


def predicted(run: str, **changed: float) -> Prediction | Missing:
    of = study(run, PATIENCE)
    return predict(Before.of(of, SESSIONS), msgspec.structs.replace(of.limits, **changed), SESSIONS)


def told(run: str, **changed: float) -> Prediction:
    found = predicted(run, **changed)
    assert isinstance(found, Prediction)
    return found


def reason(run: str, **changed: float) -> str:
    found = predicted(run, **changed)
    assert isinstance(found, Missing)
    assert found.how_to_get_it
    return found.what


@pytest.mark.parametrize("run", TOLD)
def test_the_same_limits_make_no_difference(run: str) -> None:
    found = told(run)
    assert found.now == found.then
    assert found.is_same
    assert not found.is_help
    assert not found.is_worse
    assert found.flips is None


@pytest.mark.parametrize(
    ("run", "changed"),
    [
        ("lab/b_t300", {"timeout": 10, "stress_timeout": 10}),
        ("lab/b_t300", {"processes": 300}),
        ("lab/i_oneip_nolimit", {"client_limit": 5}),
        ("lab2/one_hog_15", {"client_limit": 5}),
        ("lab2/slow_idle_15", {"timeout": 20, "stress_timeout": 10}),
        ("lab2/few_8", {"processes": 30}),
    ],
)
def test_what_helped_in_the_lab_helps(run: str, changed: dict[str, float]) -> None:
    found = told(run, **changed)
    assert found.is_help
    assert found.flips is not None
    assert found.flips.now < 1 <= found.flips.then


@pytest.mark.parametrize(
    ("run", "changed"),
    [
        ("lab/b_t300", {"timeout": 60, "stress_timeout": 60}),
        ("lab/b_t300", {"client_limit": 5}),
        ("lab2/one_hog_15", {"timeout": 60, "stress_timeout": 60}),
        ("lab2/slow_idle_15", {"client_limit": 5}),
        ("lab2/few_8", {"timeout": 10, "stress_timeout": 10}),
    ],
)
def test_what_did_not_help_in_the_lab_does_not(run: str, changed: dict[str, float]) -> None:
    found = told(run, **changed)
    assert not found.is_help
    assert found.flips is None


@pytest.mark.parametrize(
    ("run", "changed"),
    [
        ("lab/f_t10", {"timeout": 300, "stress_timeout": 300}),
        ("lab/y_fewslots_noslow_mp30", {"processes": 5}),
    ],
)
def test_what_would_spoil_a_healthy_server_is_worse(run: str, changed: dict[str, float]) -> None:
    found = told(run, **changed)
    assert found.is_at_ease
    assert found.is_worse


def test_more_processes_that_would_fill_later_are_no_cure() -> None:
    assert "fill" in reason("lab/b_t300", processes=30)


@pytest.mark.parametrize("changed", [{"processes": 40}, {"timeout": 10, "stress_timeout": 10}])
def test_of_work_that_grows_nothing_is_predicted(changed: dict[str, float]) -> None:
    assert "processors" in reason("lab/cpu_d_bc_regexp", **changed)
    assert "filter" in reason("lab/lat_g_proxy_1s_conc2", **changed)


def test_whom_a_limit_per_client_turned_away_is_not_known() -> None:
    assert "turned away" in reason("lab/b_t300", client_limit=200)
    assert "turned away" in reason("lab/b_t300", client_limit=0)


def test_what_is_not_advised_has_nothing_that_flips() -> None:
    of = study("lab/b_t300", PATIENCE)
    limits = msgspec.structs.replace(of.limits, processes=300)
    found = predict(Before.of(of, SESSIONS), limits, SESSIONS, is_advice=False)
    assert isinstance(found, Prediction)
    assert found.is_help
    assert found.flips is None


def test_a_log_that_lacks_who_came_says_so() -> None:
    assert told("lab2/few_8", processes=30).is_least
    assert not told("lab/b_t300", timeout=10, stress_timeout=10).is_least


def test_more_processes_for_a_policy_service_are_in_doubt() -> None:
    found = told("lab2/policy_3s_10", processes=40)
    assert any("policy service" in doubt for doubt in found.doubts)


def test_a_log_that_begins_full_with_nobody_waiting_lacks_who_waited() -> None:
    """At the pace of its accepts a full server seems to keep nobody waiting."""
    of = study("lab/a_nobad", PATIENCE)
    sample = msgspec.structs.replace(of.sample, is_least=True)
    least = msgspec.structs.replace(of, sample=sample)
    found = predict(Before.of(least, SESSIONS), msgspec.structs.replace(of.limits, processes=99), SESSIONS)
    assert isinstance(found, Missing)
    assert "is not in the log" in found.what


def test_where_the_log_lacks_who_came_more_processes_are_not_said_to_help_against_advice() -> None:
    of = study("lab2/few_8", PATIENCE)
    limits = msgspec.structs.replace(of.limits, processes=30)
    found = predict(Before.of(of, SESSIONS), limits, SESSIONS, is_advice=False)
    assert isinstance(found, Missing)
    assert "may fill these too" in found.what


@pytest.mark.parametrize("cause", [Cause.AUTH_ABUSE, Cause.REJECTED_CLIENTS])
def test_who_tries_without_end_fills_more_processes(cause: Cause) -> None:
    of = msgspec.structs.replace(study("lab/b_t300", PATIENCE), causes=(cause,))
    found = predict(Before.of(of, SESSIONS), msgspec.structs.replace(of.limits, processes=300), SESSIONS)
    assert isinstance(found, Missing)
    assert "comes again" in found.what
