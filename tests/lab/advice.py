"""What advisor says to a configuration and its log, and how one follows it."""

import re
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

import msgspec

from advisor.facts.case import Case
from advisor.facts.causes import REMEDIES, Cause, Remedy
from advisor.facts.observed import Observation, Observed
from advisor.facts.overload_facts import timeout_bound
from advisor.facts.thresholds import default_thresholds
from advisor.instances import advise_all
from advisor.missing import Missing
from advisor.policy.choices import Choices
from advisor.policy.find import Search
from advisor.policy.settle import settler
from advisor.report.model import Report
from advisor.request import Request
from advisor.simulation.study import Study
from tests.lab.configuration import SERVICE
from tests.lab.trials import Trial

LOG = "mail.log"


class Told(msgspec.Struct, frozen=True):
    """What advisor said to a log and its configuration: the patch as `advisor check --diff` prints it, and
    what it says of each remedy.
    """

    report: Report
    patch: str
    service: str = SERVICE

    def __repr__(self) -> str:
        """In few words: pytest shows it where a test fails, and the whole report takes it minutes."""
        return f"Told({', '.join(self.causes)}; {', '.join(sorted(self.rules))})"

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The causes found."""
        assert isinstance(self.report.observed, Observed)
        found = self.report.observed.services[self.service]
        assert isinstance(found, Observation), found
        return found.diagnosis.causes

    @property
    def rules(self) -> frozenset[str]:
        """The rules that have a finding."""
        return frozenset(finding.rule for finding in self.report.findings)

    def helps(self, trial: Trial) -> bool | None:
        """What the table of remedies, which the report shows, says of one, or a rule; None: it depends. A
        time limit helps against slow clients below the bound that their rule computes, as the table says.
        """
        if trial.against in self.rules:
            return False
        cause = self.causes[0]
        found = next((each.helps for each in REMEDIES[cause] if each.remedy is trial.remedy), None)
        if cause is not Cause.SLOW_CLIENTS or trial.remedy is not Remedy.SHORTER_TIMEOUT:
            return found
        service = self.report.instance.service(self.service)
        assert service is not None
        bound = timeout_bound(Case(self.report.instance, self.report.observed), service)
        if isinstance(bound, Missing):
            return None
        return int(re.findall(r"\d+", trial.settings[0])[-1]) < bound

    def study(self, patience: float) -> Study | Missing:
        """What the replay makes of the log."""
        assert self.report.metrics is not None
        assert isinstance(self.report.observed, Observed)
        service = self.report.instance.service(self.service)
        assert service is not None
        return Study.of(
            self.report.instance,
            service,
            self.report.metrics,
            self.report.observed,
            default_thresholds(),
            patience,
        )


def tell(path: Path, files: Mapping[str, str], service: str, somaxconn: int | None) -> Told:
    """What advisor says to a folder with a configuration, the `files`, and its log; and to what `advisor
    collect` tells of the machine, where that matters.
    """
    log, where = str(path / LOG), str(path)
    if somaxconn is not None:
        where = str(_bundle(path, read(path, files), somaxconn))
    settle = settler(Choices(), Search())
    report = advise_all(Request(where, (log,)), settle=settle).reports[0]
    command = [sys.executable, "-m", "advisor", "check", where, "--log", log, "--diff"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return Told(report, done.stdout, service)


def _bundle(folder: Path, files: Mapping[str, str], somaxconn: int) -> Path:
    path = folder / "bundle.tar"
    with tarfile.open(path, "w") as archive:
        for name, text in {**files, "host": f"somaxconn = {somaxconn}\n"}.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, BytesIO(text.encode()))
    return path


def apply(path: Path, patch: str) -> None:
    """Applies what `advisor check --diff` printed, with patch(1)."""
    if patch:
        subprocess.run(["patch", "-p1", "-s"], cwd=path, input=patch.encode(), check=True)


def configure(path: Path, settings: Sequence[str]) -> None:
    """Sets parameters and columns of master.cf with the real postconf(1)."""
    for setting in settings:
        kind = "-F" if setting.partition("=")[0].count("/") > 1 else "-e"
        subprocess.run(["postconf", "-c", str(path), kind, setting], check=True, capture_output=True)


def write(path: Path, files: Mapping[str, str]) -> None:
    """Writes the files of a configuration."""
    for name, text in files.items():
        (path / name).write_text(text)


def read(path: Path, names: Mapping[str, str]) -> dict[str, str]:
    """Reads them again."""
    return {name: (path / name).read_text() for name in names}
