"""Fourteen runs of a real Postfix 3.7.11 under load: the cause is that of truth.toml, the cure proven."""

import gzip
import shutil
import subprocess
import tomllib
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from advisor.app import advise
from advisor.engine.changes import SetParameter, SetServiceField, SetServiceOverride
from advisor.engine.selection import Selection
from advisor.facts.observed import Observation, Observed
from advisor.report.full import write_full
from advisor.report.model import Report
from advisor.request import Request

LAB = Path(__file__).parent / "data" / "lab"
RUNS = sorted(path.parent.name for path in LAB.glob("*/truth.toml"))
QUIET = ("a_nobad", "f_t10", "y_fewslots_noslow_mp30")


def report_on(name: str) -> Report:
    return advise(Request(str(LAB / name), (str(LAB / name / "mail.log.gz"),)))


def observation(report: Report) -> Observation:
    assert isinstance(report.observed, Observed)
    (found,) = report.observed.services.values()
    assert isinstance(found, Observation)
    return found


@pytest.mark.parametrize("name", RUNS)
def test_the_cause_is_true(name: str) -> None:
    truth = tomllib.loads((LAB / name / "truth.toml").read_text())
    diagnosis = observation(report_on(name)).diagnosis
    assert diagnosis.causes == (truth["cause"],)
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


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("b_t300", "smtpd_timeout = ${stress?{10}:{15}}s"),
        ("cpu_d_bc_regexp", "body_checks = pcre:/etc/postfix/bc"),
        ("i_oneip_nolimit", "smtpd_client_connection_count_limit = 7"),
    ],
)
def test_the_cure_applies_comes_back_and_is_not_asked_for_again(name: str, line: str, tmp_path: Path) -> None:
    for file in ("main.cf", "master.cf"):
        shutil.copy(LAB / name / file, tmp_path / file)
    for table in (LAB / name).glob("bc.gz"):
        (tmp_path / "bc").write_bytes(gzip.decompress(table.read_bytes()))
    log = str(LAB / name / "mail.log.gz")
    report = advise(Request(str(tmp_path), (log,)))
    assert f"+{line}\n" in report.patch
    subprocess.run(["patch", "-p1"], cwd=tmp_path, input=report.patch.encode(), check=True)
    again = advise(Request(str(tmp_path), (log,)))
    assert again.patch == ""
    assert {each.rule for each in again.findings}.isdisjoint(each.finding.rule for each in report.proven)
    subprocess.run(["patch", "-p1", "-R"], cwd=tmp_path, input=report.patch.encode(), check=True)
    for file in ("main.cf", "master.cf"):
        assert (tmp_path / file).read_bytes() == (LAB / name / file).read_bytes()


def test_the_release_is_read_from_the_log() -> None:
    report = report_on("b_t300")
    assert (str(report.instance.release), report.instance.release_source) == ("3.7.11", "the log")


def test_a_service_in_trouble_is_never_said_to_be_well(tmp_path: Path) -> None:
    """No rule knows a cure for a slow milter, and that is said."""
    (tmp_path / "main.cf").write_text((LAB / "lat_d_milter_eom3s" / "main.cf").read_text())
    (tmp_path / "master.cf").write_text((LAB / "lat_d_milter_eom3s" / "master.cf").read_text())
    log = str(LAB / "lat_d_milter_eom3s" / "mail.log.gz")
    selection = Selection(select=("smtpd-process-limit-reached",))
    report = advise(Request(str(tmp_path), (log,), selection=selection))
    page = StringIO()
    write_full((report,), Console(file=page, width=100))
    assert report.findings == ()
    assert "No change can be computed for what the log shows above." in page.getvalue()
    assert "Nothing to change." not in page.getvalue()
