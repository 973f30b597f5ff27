"""TAB: the shells that are installed are asked themselves, and what they would ask is asked everywhere."""

import os
import pty
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import advisor

LINES = [
    ("ex", "explain"),
    ("explain open-r", "open-relay"),
    ("explain too-few-p", "too-few-processes"),
    ("check --output-for", "--output-format"),
    ("check --output-format js", "json"),
    ("check --fail-on me", "medium"),
    ("check --select tl", "tls"),
    ("check --ignore tls,open-r", "tls,open-relay"),
]
ids = [line for line, _ in LINES]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where `advisor` is the one under test, and nobody's shell has been set up."""
    folder = tmp_path_factory.mktemp("bin")
    command = folder / "advisor"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m advisor "$@"\n')
    command.chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder), "TERM": "dumb"}


@pytest.fixture
def script(request: pytest.FixtureRequest) -> str:
    """What `--show-completion` prints for the shell."""
    done = advisor("--show-completion", request.param)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def shell(name: str, code: str, environment: dict[str, str], *options: str) -> list[str]:
    """The lines that a shell writes, without its own files."""
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    done = subprocess.run(
        [name, *options, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


BASH = """
{script}
COMP_WORDS=(advisor {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_advisor_completion advisor
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize("script", ["bash"], indirect=True)
@pytest.mark.parametrize(("line", "wanted"), LINES, ids=ids)
def test_bash(script: str, environment: dict[str, str], line: str, wanted: str) -> None:
    code = BASH.format(script=script, words=line)
    assert wanted in shell("bash", code, environment, "--norc", "--noprofile")


@pytest.mark.parametrize("script", ["bash"], indirect=True)
def test_bash_makes_a_word_of_an_equals_sign(script: str, environment: dict[str, str]) -> None:
    for words, wanted in (("check --fail-on = me", "medium"), ("check --fail-on =", "never")):
        code = BASH.format(script=script, words=words)
        assert wanted in shell("bash", code, environment, "--norc", "--noprofile")


@pytest.mark.parametrize("script", ["bash"], indirect=True)
def test_a_key_is_pressed_in_bash(script: str, environment: dict[str, str], tmp_path: Path) -> None:
    """A bash on a terminal gets the keys; the line that it then runs is the whole one."""
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    (tmp_path / "script").write_text(script)
    own, other = pty.openpty()
    with subprocess.Popen(
        ["bash", "--norc", "--noprofile", "-i"],
        env=environment,
        stdin=other,
        stdout=other,
        stderr=other,
        start_new_session=True,
    ):
        os.close(other)
        keys = f". {tmp_path}/script\nadvisor explain open-r\t\nexit\n"
        os.write(own, keys.encode())
        written = b""
        # The terminal is gone when bash has ended: that is EIO on Linux, and an empty read elsewhere.
        try:
            while data := os.read(own, 65536):
                written += data
        except OSError:
            pass
    os.close(own)
    assert b"cannot be ignored" in written
    assert b"no rule and no cause" not in written


@pytest.mark.parametrize("script", ["zsh"], indirect=True)
@pytest.mark.parametrize(("line", "wanted"), LINES, ids=ids)
def test_zsh(script: str, environment: dict[str, str], line: str, wanted: str) -> None:
    code = f"""
compdef() {{ : }}
_arguments() {{ print -r -- "$@" }}
{script}
words=(advisor {line}); CURRENT=${{#words}}
_advisor_completion
"""
    (answer,) = shell("zsh", code, environment, "-f")
    assert f'"{wanted}"' in answer


@pytest.mark.parametrize("script", ["fish"], indirect=True)
@pytest.mark.parametrize(("line", "wanted"), LINES, ids=ids)
def test_fish(script: str, environment: dict[str, str], line: str, wanted: str) -> None:
    answers = shell("fish", f"{script}\ncomplete -C {shlex.quote('advisor ' + line)}", environment, "-N")
    assert wanted in [answer.split("\t")[0] for answer in answers]


@pytest.mark.parametrize("protocol", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(("line", "wanted"), LINES, ids=ids)
def test_the_protocol(monkeypatch: pytest.MonkeyPatch, protocol: str, line: str, wanted: str) -> None:
    words = ["advisor", *line.split()]
    monkeypatch.setenv("_ADVISOR_COMPLETE", f"complete_{protocol}")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", " ".join(words))
    if protocol == "bash":
        monkeypatch.setenv("COMP_WORDS", "\n".join(words))
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    done = advisor()
    assert (done.returncode, done.stderr) == (0, b"")
    assert wanted in done.stdout.decode().replace('"', "\n").replace("\t", "\n").splitlines()


def test_another_shell_is_told_which_there_are() -> None:
    done = advisor("--show-completion", "tcsh")
    assert done.returncode == 2
    assert b"bash" in done.stderr
