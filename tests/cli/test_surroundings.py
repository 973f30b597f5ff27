"""The command as sudo, cron and service managers start it: with no environment, no terminal, no input."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from advisor.cli import main as command
from advisor.errors import unreadable
from tests.cli.running import Done, advisor

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "examples" / "slow-clients"
SCRIPT = Path(sys.executable).parent / "advisor"


def started(*arguments: str | Path, **environment: str) -> Done:
    """The installed command in an environment that has nothing but what is told."""
    done = subprocess.run(
        [SCRIPT, *arguments],
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    assert b"fault of advisor" not in done.stderr
    return done


def shell(line: str) -> Done:
    """A line for sh, in which $A is the command."""
    return subprocess.run(
        ["/bin/sh", "-c", line], env={"A": str(SCRIPT)}, capture_output=True, timeout=120, check=False
    )


@pytest.mark.parametrize("environment", [{}, {"LANG": "C", "TERM": "dumb"}, {"LC_ALL": "POSIX", "HOME": "/"}])
def test_it_needs_no_environment(environment: dict[str, str]) -> None:
    done = started("check", FOLDER, "--log", FOLDER / "mail.log", **environment)
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"slow-clients" in done.stdout


@pytest.mark.parametrize("form", ["full", "concise", "json"])
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_terminal_may_have_any_character_set(tmp_path: Path, form: str, encoding: str) -> None:
    (tmp_path / "main.cf").write_text("# ж\nsmtpd_banner = ж §\nrelayhost = ж\nжжж\n")
    done = started("check", tmp_path, "--output-format", form, PYTHONIOENCODING=encoding)
    assert done.returncode == 2
    done.stdout.decode("utf-8" if form == "json" else encoding)


def test_documents_are_utf_8_whatever_the_terminal_has() -> None:
    forms = [
        started("explain", "open-relay", "--output-format", "json", PYTHONIOENCODING=encoding).stdout
        for encoding in ("ascii", "utf-8")
    ]
    assert forms[0] == forms[1]
    assert forms[0]


def test_a_folder_that_is_gone_is_a_place_to_start_from() -> None:
    done = shell(f"d=$(mktemp -d); cd $d; rmdir $d; $A check {FOLDER}")
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("arguments", ["check -", f"check {FOLDER} --log -", "metrics -"])
def test_closed_standard_input_is_told(arguments: str) -> None:
    done = shell(f"$A {arguments} <&-")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"advisor: standard input: is closed; pipe the text in, or name a file\n"


@pytest.mark.parametrize(
    "arguments", ["metrics {}/mail.log", "check {} --log {}/mail.log", "explain open-relay slow-clients"]
)
def test_a_reader_may_leave(arguments: str) -> None:
    line = arguments.replace("{}", str(FOLDER))
    done = shell(f"($A {line}; $A {line}; $A {line}) | head -1")
    assert done.stdout.count(b"\n") == 1
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr


class TestPermissions:
    @pytest.fixture(autouse=True)
    def nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 65534)

    def test_the_cure_has_the_whole_path_that_sudo_needs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "argv", ["/opt/a b/bin/advisor"])
        error = unreadable(PermissionError(13, "Permission denied"), "/etc/postfix/main.cf")
        assert str(error) == (
            "/etc/postfix/main.cf: cannot be read: Permission denied; run it as a user who may read it: "
            "sudo '/opt/a b/bin/advisor'"
        )
        monkeypatch.setattr(sys, "argv", ["/opt/advisor/__main__.py"])
        error = unreadable(PermissionError(13, "Permission denied"), "/etc/postfix/main.cf")
        assert str(error).endswith(f"sudo {sys.executable} -m advisor")

    def test_other_faults_are_not_cured_by_root(self) -> None:
        assert str(unreadable(FileNotFoundError(2, "Not there"), "x")) == (
            "x: cannot be read: Not there; name a readable file"
        )

    @pytest.mark.parametrize("name", ["main.cf", "master.cf", "mail.log"])
    def test_a_file_that_may_not_be_read_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        for each in ("main.cf", "master.cf", "mail.log"):
            (tmp_path / each).write_text("")
        opens = Path.open

        def refuses(self: Path, *arguments: object, **options: object) -> object:
            if self.name == name:
                raise PermissionError(13, "Permission denied")
            return opens(self, *arguments, **options)  # type: ignore[call-overload]

        monkeypatch.setattr(Path, "open", refuses)
        done = advisor("check", tmp_path, "--log", tmp_path / "mail.log")
        assert done.returncode == 2
        assert f"advisor: {tmp_path / name}: ".encode() in done.stderr
        assert b"cannot be read: Permission denied; run it as a user who may read it: sudo " in done.stderr

    def test_no_byte_code_is_left_in_the_folder_of_another(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "dont_write_bytecode", False)
        monkeypatch.setattr(sys, "argv", ["advisor", "--version"])
        with pytest.raises(SystemExit):
            command.main()
        assert sys.dont_write_bytecode
