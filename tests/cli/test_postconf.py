"""`advisor postconf`: its own options, and the way of what postconf prints to the terminal."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from advisor.cli.commands import command_line
from tests.cli.running import advisor


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "main.cf").write_bytes(
        b"smtpd_banner = caf\xc3\xa9 \xff\nmyorigin = $mydomain\nbad = \x1b[31m\n"
    )
    (tmp_path / "master.cf").write_text("smtp inet n - n - - smtpd\n")
    return tmp_path


def test_bytes_go_through_on_stdout_and_never_on_stderr(folder: Path) -> None:
    done = advisor("postconf", "-c", folder, "-n", "smtpd_banner")
    assert done.stdout == b"smtpd_banner = caf\xc3\xa9 \xff\n"
    assert done.stderr == f"postconf: warning: {folder}/main.cf: unused parameter: bad=?[31m\n".encode()
    assert done.returncode == 0


def test_what_is_told_of_the_host_stands_before_the_arguments_of_postconf(folder: Path) -> None:
    told = ["--host-name=mx.example.com", "--networks", "127.0.0.0/8", "--postfix-version", "3.7.11"]
    asked: list[str | Path] = ["-xh", "-c", folder, "myorigin", "mynetworks", "mail_version"]
    assert advisor("postconf", *told, *asked).stdout == b"example.com\n127.0.0.0/8\n3.7.11\n"
    assert advisor("postconf", "--domain", "a.b", *asked).stdout.startswith(b"a.b\n$mynetworks\n")


def test_the_status_of_postconf_is_the_commands_own(folder: Path) -> None:
    done = advisor("postconf", "-c", folder / "none", "-n")
    assert (done.returncode, done.stdout) == (1, b"")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--host-name"], b"a value is missing"),
        (["--postfix-version", "old"], b"no Postfix release"),
        (["-e", "biff=no"], b"advisor check --diff"),
    ],
)
def test_advisors_own_errors_are_its_own(words: list[str], says: bytes) -> None:
    done = advisor("postconf", *words)
    assert done.returncode == 2
    assert says in done.stderr


def test_help_is_shown_by_its_long_name_since_h_is_for_postconf(folder: Path) -> None:
    assert b"--host-name" in advisor("postconf", "--help").stdout
    assert b"Usage" not in advisor("postconf", "-c", folder, "-h", "biff").stdout


def test_the_machinery_of_the_other_commands_reads_it_the_same_way(folder: Path) -> None:
    done = CliRunner().invoke(
        command_line(), ["postconf", "--host-name", "a.b", "-c", str(folder), "-h", "myhostname"]
    )
    assert (done.exit_code, done.stdout) == (0, "a.b\n")


def test_mail_config_names_the_folder_unless_an_option_does(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_CONFIG", str(folder))
    assert advisor("postconf", "-h", "myorigin").stdout == b"$mydomain\n"
    assert advisor("postconf", "-c", folder / "none", "-n").returncode == 1
