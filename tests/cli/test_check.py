"""The command as an administrator runs it: exit codes, outputs, and every kind of bad input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from advisor import __version__
from tests.cli.running import advisor

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "examples" / "slow-clients"
MAIN_CF = "compatibility_level = 3.11\n"
MASTER_CF = "smtp inet n - n - 20 smtpd\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "main.cf").write_text(MAIN_CF)
    (tmp_path / "master.cf").write_text(MASTER_CF)
    return tmp_path


def test_a_clean_configuration(folder: Path) -> None:
    done = advisor("check", folder)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Nothing to change." in done.stdout


def test_findings() -> None:
    done = advisor("check", EXAMPLE, "--log", EXAMPLE / "mail.log")
    assert done.returncode == 1
    assert b"slow-clients-hold-slots" in done.stdout


@pytest.mark.parametrize(("fail_on", "code"), [("low", 1), ("medium", 1), ("high", 0), ("never", 0)])
def test_fail_on_is_inclusive(folder: Path, fail_on: str, code: int) -> None:
    (folder / "main.cf").write_text(MAIN_CF + "favourite_colour = green\n")
    assert advisor("check", folder, "--fail-on", fail_on).returncode == code


def test_the_format_never_changes_the_exit_code(folder: Path) -> None:
    (folder / "main.cf").write_text("mydestination example.org\n")
    codes = {
        advisor("check", folder, *form).returncode for form in ([], ["--output-format", "json"], ["--diff"])
    }
    assert codes == {2}


def test_json_has_the_diagnosis_the_findings_and_the_patch() -> None:
    done = advisor("check", EXAMPLE, "--log", EXAMPLE / "mail.log", "--output-format", "json")
    report = json.loads(done.stdout)
    assert report["version"] == 1
    (diagnosis,) = report["diagnosis"]
    assert (diagnosis["service"], diagnosis["cause"], diagnosis["saturated"]) == (
        "smtp/inet",
        "slow-clients",
        True,
    )
    assert "slow-clients-hold-slots" in {finding["rule"] for finding in report["findings"]}
    assert report["patch"].startswith("--- a/main.cf\n+++ b/main.cf\n")


def test_the_diff_stands_alone_on_stdout() -> None:
    done = advisor("check", EXAMPLE, "--log", EXAMPLE / "mail.log", "--postfix-version", "3.7.11", "--diff")
    assert done.stdout == (EXAMPLE / "patch.diff").read_bytes()
    assert b"slow-clients-hold-slots" in done.stderr


def test_nothing_is_written(folder: Path) -> None:
    (folder / "main.cf").write_text("smtpd_timeout = 300\n")
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}
    advisor("check", folder, "--diff")
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()} == before


def test_a_log_from_standard_input() -> None:
    done = advisor("check", EXAMPLE, "--log", "-", stdin=(EXAMPLE / "mail.log").read_bytes())
    assert (done.returncode, b"slow-clients" in done.stdout) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["check", "missing"], 2, "missing: does not exist"),
        (["check", "empty"], 3, "no main.cf in this folder"),
        (["check", ".", "--log", "missing.log"], 2, "missing.log: the log cannot be read"),
        (["check", ".", "--log", "empty.log"], 3, "no line of Postfix"),
        (["check", ".", "--log", "other.log"], 3, "no line of Postfix"),
        (["check", ".", "--log", "noise.log"], 3, "no line of Postfix"),
        (["check", ".", "--log", "cut.log.gz"], 2, "cut.log.gz: the archive ends in the middle"),
        (["check", ".", "--log", "empty"], 2, "empty: no file in this folder looks like a log"),
        (["check", ".", "--postfix-version", "three"], 2, "three"),
        (["check", ".", "--fail-on", "sometimes"], 2, "--fail-on"),
        (["check", ".", "--output-format", "xml"], 2, "--output-format"),
        (["check", ".", "--no-such-option"], 2, "--no-such-option"),
        (["chekc"], 2, "chekc"),
    ],
)
def test_bad_input_gets_a_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, words: str
) -> None:
    monkeypatch.chdir(folder)
    Path("empty").mkdir()
    Path("empty.log").touch()
    Path("other.log").write_text("Nov  1 10:00:00 mx dovecot[1]: imap-login: Login\n")
    Path("noise.log").write_bytes(bytes(range(256)) * 40)
    whole = (ROOT / "tests/data/lab/b_t300/mail.log.gz").read_bytes()
    Path("cut.log.gz").write_bytes(whole[:15])
    done = advisor(*arguments)
    assert done.returncode == code
    assert words in done.stderr.decode()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n# nothing\n",
        bytes(range(256)),
        b"smtpd_timeout = 300",
        b"a = $a\nb = ${c\nsmtpd_timeout = $b\nmynetworks = ${",
        b"smtpd_timeout = \x1b[31mred\x1b[0m\n\x1b]0;title\x07 = 1\n",
        b"\xff\xfe = \xff\n",
    ],
    ids=["empty", "comment", "binary", "no newline", "broken macros", "escapes", "no UTF-8"],
)
def test_any_main_cf_is_read(folder: Path, text: bytes) -> None:
    (folder / "main.cf").write_bytes(text)
    for form in ([], ["--output-format", "json"], ["--diff"]):
        done = advisor("check", folder, "--log", EXAMPLE / "mail.log", "--color", "always", *form)
        assert done.returncode in (0, 1, 2)
        assert b"fault of advisor" not in done.stderr
        assert b"\x1b[31mred" not in done.stderr
        assert b"\x1b]0;" not in done.stdout + done.stderr or "--diff" in form


def test_rules_are_listed() -> None:
    assert b"slow-clients-hold-slots" in advisor("rules").stdout
    rules = json.loads(advisor("rules", "--output-format", "json").stdout)["rules"]
    assert {"name", "category", "severity", "summary", "needs"} <= set(rules[0])


def test_python_runs_it_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "advisor", "--version"], capture_output=True, check=True)
    assert done.stdout.startswith(b"advisor ")


def test_a_reader_that_leaves_early_is_no_fault() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "advisor", "rules"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as done:
        assert done.stdout
        assert done.stderr
        done.stdout.close()
        assert done.stderr.read() == b""


def test_the_version() -> None:
    done = advisor("--version")
    assert (done.returncode, done.stdout) == (0, f"advisor {__version__}\n".encode())


def test_a_fault_of_its_own_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("odd\x1b[31m")

    monkeypatch.setattr("advisor.instances.advise", fails)
    done = advisor("check", folder)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == (
        b"advisor: a fault of advisor's own, please report it: RuntimeError: odd\\x1b[31m\n"
    )


def test_a_rule_that_may_read_the_log_is_shown_without_one(folder: Path) -> None:
    (folder / "main.cf").write_text("smtpd_tls_security_level = may\n")
    screen = advisor("check", folder, "--select", "no-inbound-tls").stdout
    assert b"No server certs available" in screen
