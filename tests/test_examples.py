"""The scenarios in examples/: what advisor says of them and the patch, word for word.

`make golden` writes them anew.
"""

import os
import shutil
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from advisor.app import advise
from advisor.report.full import write_full
from advisor.report.model import Report
from advisor.request import Request

EXAMPLES = Path(__file__).parent.parent / "examples"
SCENARIOS = sorted(path.parent.name for path in EXAMPLES.glob("*/mail.log"))
FAR_HOSTS = sorted(path.parent.name for path in EXAMPLES.glob("*/postconf-n.txt"))


def report_on(folder: Path, log: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """The report as a person in the folder's parent sees it, so that no path of this machine is in it."""
    monkeypatch.chdir(folder.parent)
    return advise(Request(folder.name, (os.path.relpath(log, folder.parent),), "3.7.11"))


def report_on_far_host(name: str, monkeypatch: pytest.MonkeyPatch) -> Report:
    """The report on what was pasted from a host."""
    monkeypatch.chdir(EXAMPLES)
    pasted, master, log = (f"{name}/{file}" for file in ("postconf-n.txt", "master.txt", "mail.log.gz"))
    return advise(Request(logs=(log,), postfix_version="3.7.11", postconf_n=pasted, master=master))


def page_of(report: Report) -> str:
    page = StringIO()
    write_full((report,), Console(file=page, width=100, highlight=False, markup=False, emoji=False))
    return "".join(f"{line.rstrip()}\n" for line in page.getvalue().splitlines())


def compare(file: Path, text: str) -> None:
    if os.environ.get("UPDATE_GOLDENS") == "1":
        file.write_text(text)
    assert file.read_text() == text, f"{file.name} differs; if the new text is right: make golden"


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_advisor_says(scenario: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = EXAMPLES / scenario
    report = report_on(folder, folder / "mail.log", monkeypatch)
    compare(folder / "advice.txt", page_of(report))
    compare(folder / "patch.diff", report.patch)


@pytest.mark.parametrize("scenario", FAR_HOSTS)
def test_what_advisor_says_of_a_far_host(scenario: str, monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_on_far_host(scenario, monkeypatch)
    compare(EXAMPLES / scenario / "advice.txt", page_of(report))
    compare(EXAMPLES / scenario / "commands.sh", "".join(f"{line}\n" for line in report.commands))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_patch_applies_is_complete_and_comes_back(
    scenario: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = EXAMPLES / scenario
    patched = tmp_path / "patched"
    shutil.copytree(folder, patched)
    report = report_on(folder, folder / "mail.log", monkeypatch)
    assert bool(report.patch)
    subprocess.run(["patch", "-p1"], cwd=patched, input=report.patch.encode(), check=True)
    again = report_on(patched, folder / "mail.log", monkeypatch)
    patch = again.patch  # a report is too long to be shown
    assert patch == ""
    assert {each.rule for each in again.findings}.isdisjoint(each.finding.rule for each in report.proven)
    subprocess.run(["patch", "-p1", "-R"], cwd=patched, input=report.patch.encode(), check=True)
    for name in ("main.cf", "master.cf"):
        assert (patched / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.postfix
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_real_postconf_has_no_new_warning(
    scenario: str, tmp_path: Path, postconf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = EXAMPLES / scenario

    def warnings(of: Path) -> list[str]:
        done = subprocess.run([postconf, "-c", of, "-n"], capture_output=True, text=True, check=True)
        return sorted(line.replace(str(of), "DIR") for line in done.stderr.splitlines())

    patched = tmp_path / "patched"
    original = tmp_path / "original"
    for copy in (patched, original):
        copy.mkdir()
        for name in ("main.cf", "master.cf"):
            shutil.copy(folder / name, copy / name)
    report = report_on(folder, folder / "mail.log", monkeypatch)
    subprocess.run(["patch", "-p1"], cwd=patched, input=report.patch.encode(), check=True)
    assert warnings(patched) == warnings(original)
