"""Runs of a real Postfix 3.7.11 that sends: the causes are those of truth.toml, and the advice is no more."""

import tomllib
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from advisor.app import advise
from advisor.facts.observed import Observed
from advisor.report.full import write_full
from advisor.report.model import Report
from advisor.request import Request

RUNS = Path(__file__).parent / "data" / "deliveries"
NAMES = sorted(path.parent.name for path in RUNS.glob("*/truth.toml"))


def report_on(name: str) -> Report:
    return advise(Request(str(RUNS / name), (str(RUNS / name / "mail.log.gz"),)))


def test_there_are_runs() -> None:
    assert len(NAMES) == 2


@pytest.mark.parametrize("name", NAMES)
def test_the_causes_are_true(name: str) -> None:
    truth = tomllib.loads((RUNS / name / "truth.toml").read_text())
    observed = report_on(name).observed
    assert isinstance(observed, Observed)
    assert [reason.cause for reason in observed.deliveries.reasons] == truth["queue"]
    transports = observed.deliveries.transports.values()
    assert {each.service: list(each.causes) for each in transports} == truth["transports"]


@pytest.mark.parametrize("name", NAMES)
def test_no_rule_about_the_queue_changes_what_would_not_help(name: str) -> None:
    report = report_on(name)
    about = [each for each in report.findings if report.rule(each.rule).category == "queue"]
    truth = tomllib.loads((RUNS / name / "truth.toml").read_text())
    assert [each.rule for each in about] == truth["rules"]
    assert not any(report.applied(each) for each in about)


def test_what_would_not_help_is_said() -> None:
    page = StringIO()
    write_full((report_on("slow-dns"),), Console(file=page, width=100))
    assert "no help     a shorter smtp_connect_timeout: nothing times out" in page.getvalue()
