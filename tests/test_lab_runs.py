"""Eleven runs of a real Postfix 3.7.11 under load: the cause is that of truth.toml, or said to be unknown."""

import tomllib
from pathlib import Path

import pytest

from advisor.app import Request, run
from advisor.engine.changes import SetParameter, SetServiceField, SetServiceOverride
from advisor.facts.observe import Observation, Observed
from advisor.report.model import Report

LAB = Path(__file__).parent / "data" / "lab"
RUNS = sorted(path.parent.name for path in LAB.glob("*/truth.toml"))
# The causes that advisor can tell; of the others it must say that it does not know.
TOLD = ("none", "probes", "slow-clients", "single-client", "too-few-processes", "slow-name-lookup")
QUIET = ("a_nobad", "f_t10", "y_fewslots_noslow_mp30")


def report_on(name: str) -> Report:
    return run(Request(str(LAB / name), (str(LAB / name / "mail.log.gz"),)))


def observation(report: Report) -> Observation:
    assert isinstance(report.observed, Observed)
    (found,) = report.observed.services.values()
    assert isinstance(found, Observation)
    return found


@pytest.mark.parametrize("name", RUNS)
def test_the_cause_is_true(name: str) -> None:
    truth = tomllib.loads((LAB / name / "truth.toml").read_text())
    diagnosis = observation(report_on(name)).diagnosis
    assert diagnosis.cause == (truth["cause"] if truth["cause"] in TOLD else "unknown")
    assert diagnosis.saturated is truth["saturated"]


@pytest.mark.parametrize("name", QUIET)
def test_a_healthy_server_is_left_alone(name: str) -> None:
    report = report_on(name)
    normal = observation(report).timeout
    for finding in report.findings:
        for change in (change for fix in finding.fixes for change in fix.changes):
            assert not isinstance(change, SetServiceField)
            if isinstance(change, SetParameter | SetServiceOverride) and change.name == "smtpd_timeout":
                assert change.value == f"${{stress?{{10}}:{{{normal}}}}}s"


def test_the_release_is_read_from_the_log() -> None:
    report = report_on("b_t300")
    assert (str(report.instance.release), report.instance.release_source) == ("3.7.11", "the log")
