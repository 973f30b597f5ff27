"""Every format with every outcome: the exit code is that of docs/exit-codes.md, and the document is whole."""

import json
import re
import stat
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from advisor.cli.check_outcome import OutputFormat
from advisor.cli.exits import Exit
from tests.cli.running import Done, advisor

ROOT = Path(__file__).parent.parent.parent
FORMATS = [each.value for each in OutputFormat]
MASTER_CF = "smtp inet n - n - 20 smtpd\n"
CLEAN = "compatibility_level = 3.11\n"
MEDIUM = f"{CLEAN}favourite_colour = green\n"

# Outcome: what main.cf has (None: there is none), further arguments, the exit code.
OUTCOMES: dict[str, tuple[str | None, list[str], Exit]] = {
    "nothing": (CLEAN, [], Exit.CLEAN),
    "findings below the gate": (MEDIUM, ["--fail-on", "high"], Exit.CLEAN),
    "findings at the gate": (MEDIUM, ["--fail-on", "medium"], Exit.FINDINGS),
    "findings above the gate": (MEDIUM, ["--fail-on", "low"], Exit.FINDINGS),
    "findings and no gate": (MEDIUM, ["--fail-on", "never"], Exit.CLEAN),
    "findings that are not shown": (MEDIUM, ["--min-severity", "high"], Exit.FINDINGS),
    "unparsable": ("mydestination example.org\n", ["--fail-on", "never"], Exit.WRONG_INPUT),
    "unparsable, unasked": ("no setting\n", ["--select", "open-relay"], Exit.WRONG_INPUT),
    "nothing found": (None, [], Exit.NOTHING_TO_CHECK),
    "a log without a line": (CLEAN, ["--log", "empty.log"], Exit.NOTHING_TO_CHECK),
    "a log that is missing": (CLEAN, ["--log", "missing.log"], Exit.WRONG_INPUT),
    "a rule that is not there": (CLEAN, ["--select", "no-such-rule"], Exit.WRONG_INPUT),
}
# No finding tells of these: stderr has a sentence, and the document too.
TOLD = (
    "unparsable, unasked",
    "nothing found",
    "a log without a line",
    "a log that is missing",
    "a rule that is not there",
)


def configuration(folder: Path, main_cf: str | None) -> Path:
    folder.mkdir(exist_ok=True)
    if main_cf is not None:
        (folder / "main.cf").write_text(main_cf)
        (folder / "master.cf").write_text(MASTER_CF)
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.log").touch()
    return tmp_path


@cache
def table() -> dict[int, str]:
    """The table of docs/exit-codes.md."""
    rows = re.findall(r"^\| `(\d)` \| (.+) \|$", (ROOT / "docs" / "exit-codes.md").read_text(), re.MULTILINE)
    return {int(code): meaning for code, meaning in rows}


def test_the_table_has_each_exit_code() -> None:
    assert set(table()) == {each.value for each in Exit}


def outcome(here: Path, name: str, form: str) -> Done:
    main_cf, arguments, code = OUTCOMES[name]
    configuration(here / "mx", main_cf)
    done = advisor("check", "mx", *arguments, "--output-format", form)
    assert done.returncode == code, done.stderr
    assert done.returncode in table()
    return done


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", OUTCOMES)
def test_the_exit_code_does_not_depend_on_the_format(here: Path, name: str, form: str) -> None:
    done = outcome(here, name, form)
    assert bool(done.stderr) == (name in TOLD)
    WHOLE[form](done, name)


def for_people(done: Done, name: str) -> None:
    """A run in which nothing could be judged has no page: the sentence on stderr is enough."""
    assert bool(done.stdout) == (name not in TOLD or name == "unparsable, unasked")


def json_is_whole(done: Done, name: str) -> None:
    assert json.loads(done.stdout) is not None


def sarif_says_whether_all_was_judged(done: Done, name: str) -> None:
    run = json.loads(done.stdout)["runs"][0]
    assert run["invocations"][0]["executionSuccessful"] is (name not in TOLD)


def junit_fails_where_the_run_does(done: Done, name: str) -> None:
    root = ET.fromstring(done.stdout)  # noqa: S314 - it is our own
    assert (root.get("failures") != "0") == (done.returncode != 0)


def github_has_commands_alone(done: Done, name: str) -> None:
    lines = done.stdout.decode().splitlines()
    assert all(re.match(r"::(error|warning|notice) [^\n]*::", line) for line in lines)
    assert bool(lines) == (name != "nothing")


def markdown_has_its_heading(done: Done, name: str) -> None:
    assert done.stdout.startswith(b"### advisor: ")


WHOLE: dict[str, Callable[[Done, str], None]] = {
    "full": for_people,
    "concise": for_people,
    "json": json_is_whole,
    "sarif": sarif_says_whether_all_was_judged,
    "github": github_has_commands_alone,
    "gitlab": json_is_whole,
    "junit": junit_fails_where_the_run_does,
    "markdown": markdown_has_its_heading,
}


@pytest.mark.parametrize("form", FORMATS)
class TestOutputFile:
    def test_it_has_what_stdout_would_have(self, here: Path, form: str) -> None:
        configuration(here / "mx", MEDIUM)
        printed = advisor("check", "mx", "--output-format", form)
        done = advisor("check", "mx", "--output-format", form, "--output-file", "report")
        assert (done.returncode, done.stdout) == (printed.returncode, b"")
        assert (here / "report").read_bytes() == printed.stdout

    def test_a_file_that_cannot_be_written_is_a_sentence(self, here: Path, form: str) -> None:
        configuration(here / "mx", CLEAN)
        done = advisor("check", "mx", "--output-format", form, "--output-file", "missing/report")
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"missing/report: cannot be written: No such file or directory; name a file in" in done.stderr

    def test_the_patch_has_stdout_for_itself(self, here: Path, form: str) -> None:
        configuration(here / "mx", f"{CLEAN}smtpd_timeout = 300\n")
        done = advisor("check", "mx", "--output-format", form, "--output-file", "report", "--diff")
        report = (here / "report").read_bytes()
        if form == "json":  # has the patch within
            assert (done.stdout, json.loads(report)["patch"][:13]) == (b"", "--- a/main.cf")
        else:
            assert (done.stdout[:13], bool(report)) == (b"--- a/main.cf", True)


@pytest.mark.parametrize("form", FORMATS)
def test_an_older_report_goes_when_nothing_could_be_judged(here: Path, form: str) -> None:
    report = here / "report"
    report.write_text("of yesterday")
    report.chmod(0o640)
    assert advisor("check", "none", "-o", "report", "--output-format", form).returncode == 2
    assert "does not exist" in report.read_text()
    assert "of yesterday" not in report.read_text()
    assert stat.S_IMODE(report.stat().st_mode) == 0o640
    assert sorted(each.name for each in here.iterdir()) == ["empty.log", "report"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_device_is_written_to(here: Path, form: str) -> None:
    configuration(here / "mx", CLEAN)
    assert advisor("check", "mx", "--output-format", form, "-o", "/dev/null").returncode == 0


def test_paths_are_told_from_the_folder_that_it_was_started_in(here: Path) -> None:
    configuration(here / "mx", MEDIUM)
    whole = advisor("check", here / "mx", "--output-format", "gitlab")
    issues: list[dict[str, Any]] = json.loads(whole.stdout)
    assert {each["location"]["path"] for each in issues} == {"mx/main.cf"}
    assert whole.stdout == advisor("check", "mx", "--output-format", "gitlab").stdout


SECRETS = ("mail.secret.example.com", "203.0.113.77", "boss@secret.example.com")
TELLING = f"""\
{CLEAN}myhostname = {SECRETS[0]}
smtpd_timeout = 300s
relay_to_{SECRETS[0]} = {SECRETS[1]}
biff = {SECRETS[2]}
mynetworks = {SECRETS[1]}
"""


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("argument", ["mx", "no-folder-of-boss@secret.example.com"])
def test_pseudonyms_stand_in_every_format(here: Path, form: str, argument: str) -> None:
    configuration(here / "mx", TELLING)
    done = advisor("check", argument, "--output-format", form, "--anonymize-key", "k", columns=300)
    text = done.stdout.decode()
    assert not [each for each in (*SECRETS, "secret") if each in text]
    if argument == "mx":
        assert "host" in text
        plain = advisor("check", argument, "--output-format", form, columns=300).stdout.decode()
        assert SECRETS[0] in plain


def fingerprints(text: bytes) -> set[str]:
    return {each["partialFingerprints"]["advisor/v1"] for each in json.loads(text)["runs"][0]["results"]}


def test_no_fingerprint_of_a_secret_is_left(here: Path) -> None:
    """Who guesses a value could see in the fingerprint of its line whether the guess is right."""
    made: list[set[str]] = []
    for secret in ("10.0.0.1", "10.0.0.2"):
        configuration(here / "mx", f"{CLEAN}favourite_colour = {secret}\n")
        done = advisor("check", "mx", "--output-format", "sarif", "--anonymize")
        made.append(fingerprints(done.stdout))
    assert made[0] == made[1] != set()
    plain = advisor("check", "mx", "--output-format", "sarif")
    assert fingerprints(plain.stdout).isdisjoint(made[0])
