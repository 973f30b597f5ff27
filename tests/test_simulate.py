"""The third use case as a whole: which service, which rows, and what a report says of itself."""

import shutil
from math import inf
from pathlib import Path

import msgspec
import pytest

from advisor.capacity.replay import Limits
from advisor.missing import Missing
from advisor.report.simulate_json import SimulateDocument, simulation_as_json
from advisor.report.simulate_model import Kind, Row, SimulateReport, Verdict
from advisor.request import Request as Checked
from advisor.simulate import Request, simulate
from advisor.simulation.outcome import Busy, Estimate, Outcome

DATA = Path(__file__).parent / "data"
NONE = Estimate(0.0, 0.0, 0.0)
LIMITS = Limits(15, 300, 300)


def report_on(run: str, **asked: object) -> SimulateReport:
    folder = DATA / run
    return simulate(_request(folder, folder, asked))


def _request(folder: Path, log: Path, asked: dict[str, object]) -> Request:
    checked = Checked(str(folder), (str(log / "mail.log.gz"),))
    return msgspec.structs.replace(Request(checked), **asked)


def row(*, waited: float = 0.0, full: float = 0.0, fills_later: bool = False) -> Row:
    every = Estimate(waited, waited, waited)
    full_seconds = Estimate(full, full, full)
    found = Outcome(NONE, NONE, NONE, full_seconds, every, NONE, NONE, NONE)
    return Row(Kind.REMEDY, "a remedy", (), LIMITS, found, fills_later=fills_later)


def verdict(before: Row, after: Row, *, is_least: bool = False) -> Verdict | None:
    of = report_on("lab/b_t300", plan=True)
    study = msgspec.structs.replace(
        of.study, sample=msgspec.structs.replace(of.study.sample, is_least=is_least)
    )
    report = msgspec.structs.replace(of, study=study, rows=(before, after))
    return report.verdict(after)


def test_what_helps_leaves_a_quarter_of_the_waiting() -> None:
    before = row(waited=0.4)
    assert verdict(before, row(waited=0.1)) is Verdict.HELPS
    assert verdict(before, row(waited=0.2)) is Verdict.PARTLY
    assert verdict(before, row(waited=0.3)) is Verdict.NO_HELP
    assert verdict(before, row(waited=0.6)) is Verdict.WORSE
    assert verdict(before, row(waited=0.0, fills_later=True)) is Verdict.SO_FAR
    assert verdict(before, row(waited=0.4, fills_later=True)) is Verdict.NO_HELP


def test_where_nobody_waits_there_is_nothing_to_help() -> None:
    assert verdict(row(waited=0.005), row(waited=0.0)) is None
    assert verdict(row(full=40), row(full=0)) is None


def test_of_a_log_that_lacks_who_waited_the_full_time_tells() -> None:
    before = row(full=40)
    assert verdict(before, row(full=0), is_least=True) is Verdict.HELPS
    assert verdict(before, row(full=39), is_least=True) is Verdict.NO_HELP


def test_what_is_not_predicted_has_no_verdict() -> None:
    unknown = msgspec.structs.replace(row(), outcome=Missing("the processors are busy", "measure it"))
    assert verdict(row(waited=0.4), unknown) is None


def test_a_replay_that_does_not_find_what_the_log_shows_is_said_to() -> None:
    of = report_on("lab/b_t300", plan=True)
    assert of.is_reproduced
    longer = msgspec.structs.replace(of, measured=Busy(15.0, 15.0, 1.0, 400.0))
    assert not longer.is_reproduced


def test_a_setting_of_a_service_chooses_it() -> None:
    of = report_on("lab2/one_hog_15", settings=("smtp/inet/smtpd_client_connection_count_limit=5",))
    assert of.study.service.key == "smtp/inet"
    assert of.verdict(of.rows[1]) is Verdict.HELPS


def test_a_service_without_a_process_limit(tmp_path: Path) -> None:
    shutil.copy(DATA / "lab" / "f_t10" / "main.cf", tmp_path / "main.cf")
    master = (DATA / "lab" / "f_t10" / "master.cf").read_text()
    lines = [line.split() for line in master.splitlines() if line and line[0] not in "# \t"]
    lines = [[*line[:6], "0", *line[7:]] if line[1] == "inet" else line for line in lines]
    (tmp_path / "master.cf").write_text("".join(" ".join(line) + "\n" for line in lines))
    of = simulate(_request(tmp_path, DATA / "lab" / "f_t10", {}))
    assert of.study.limits.processes == 0
    assert of.measured.full_from == inf
    assert of.is_at_ease
    assert msgspec.json.decode(simulation_as_json(of), type=SimulateDocument).strips[0].limit == 0


def test_a_process_limit_that_is_not_that_of_the_log(tmp_path: Path) -> None:
    """The log was written under 15 processes, the text has 20 meanwhile: what is asked for counts."""
    run = DATA / "lab" / "b_t300"
    shutil.copy(run / "main.cf", tmp_path / "main.cf")
    lines = [line.split() for line in (run / "master.cf").read_text().splitlines() if line]
    lines = [[*line[:6], "20", *line[7:]] if line[1:2] == ["inet"] else line for line in lines]
    (tmp_path / "master.cf").write_text("".join(" ".join(line) + "\n" for line in lines))
    key = "192.0.2.25:21001/inet"
    of = simulate(_request(tmp_path, run, {"settings": (f"{key}/process_limit=20",)}))
    assert [_processes(each) for each in of.rows] == [15, 20]
    assert of.notes == (f"{key} had 15 processes when the log was written, and 20 in the text now",)
    of = simulate(_request(tmp_path, run, {"settings": ("smtpd_timeout=20s",)}))
    assert [_processes(each) for each in of.rows] == [15, 15]


def _processes(row: Row) -> int:
    assert isinstance(row.limits, Limits)
    return row.limits.processes


@pytest.mark.parametrize("run", ["lab/cpu_d_bc_regexp", "lab/f_t10", "lab2/two_slow_policy_14"])
def test_the_document_is_of_its_type(run: str) -> None:
    found = msgspec.json.decode(simulation_as_json(report_on(run)), type=SimulateDocument)
    assert found.rows[0].kind == "replay"
    assert all((each.outcome is None) == (each.not_predicted is not None) for each in found.rows)


def test_each_remedy_of_the_cause_is_tried_with_the_value_that_the_rule_computes() -> None:
    labels = [each.label for each in report_on("lab/i_oneip_nolimit").rows if each.kind is Kind.REMEDY]
    assert labels == ["a limit per client: 7", "a shorter smtpd_timeout: 60s", "more processes: 30"]
    labels = [each.label for each in report_on("lab/y_fewslots_noslow").rows if each.kind is Kind.REMEDY]
    assert labels[:2] == ["more processes: 20", "more processes: 10"]
