"""A machine to run the documents' commands on: a folder with what they speak of, and stand-ins for hosts.

What a command calls /etc, /srv or /var is below the folder. `ssh HOST` and `sudo` run right here what they
are given, `make` says what it would do, and `postconf` is `advisor postconf`, but for `-m`, which only the
real one knows. No other program is there but those of `_HARMLESS`: a document that says `apt install` is no
reason to do it.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
_EXAMPLE = ROOT / "examples" / "slow-clients"
_ABSOLUTE = re.compile(r"(?<![\w.~/}-])(?=/(?:etc|srv|var)/)")
_PROGRAMS = {
    "advisor": f'exec "{sys.executable}" -m tests.docs.stand_in "$@"',
    "sudo": 'exec "$@"',
    "ssh": 'shift; exec sh -c "$*"',
    "make": f'exec env -u MAKEFLAGS -u MAKELEVEL make_of_the_host -n -C "{ROOT}" "$@"',
    "postconf": '[ "$1" = -m ] && { printf "hash\\nstatic\\n"; exit; }; exec advisor postconf "$@"',
}
_HARMLESS = """
    awk basename bash cat chmod cmp cp cut date diff dirname env find git grep gzip head hostname id ls
    mkdir mktemp mv patch printf readlink rm sed sh sort stat tail tar tee test touch tr true uname uniq wc
    xargs zcat
""".split()
# What a document may name: a folder with a configuration, or a file with a log.
_CONFIGURATIONS = ("etc/postfix", "srv/mx2/postfix", "mx1", "mx1-config", "hosts/mx1", "DIR")
_CHECKS = "header_checks = regexp:${config_directory}/header_checks\n"
# The log of the example's first half minute: the commands' answers are not looked at, only that they come.
_LINES = 700
_LOGS = ("var/log/mail.log", "mail.log", "mail.log.1")
_METRICS = ("monday.json", "tuesday.json", "mx1.json")


class Ran(NamedTuple):
    """What a script printed, and the commands in it that failed, as `STATUS COMMAND`."""

    status: int
    output: str
    failed: tuple[str, ...]


def build(folder: Path) -> None:
    """Makes the machine."""
    for name in _CONFIGURATIONS:
        place = folder / name
        place.mkdir(parents=True)
        shutil.copy(_EXAMPLE / "master.cf", place)
        (place / "main.cf").write_text((_EXAMPLE / "main.cf").read_text() + _CHECKS)
        (place / "header_checks").write_text("/^Subject: .*casino/ REJECT\n")
    log = (_EXAMPLE / "mail.log").read_text().replace(" lab ", " mx1 ").splitlines(keepends=True)
    for name in _LOGS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("".join(log[:_LINES]))
    rules = folder / "my-rules" / "syntax"
    rules.mkdir(parents=True)
    shutil.copy(ROOT / "rules" / "syntax" / "duplicate-parameter.toml", rules)
    (folder / "examples").symlink_to(ROOT / "examples")
    (folder / "home").mkdir()
    programs = folder / "programs"
    programs.mkdir()
    for name, code in _PROGRAMS.items():
        (programs / name).write_text(f"#!/bin/sh\n{code}\n")
        (programs / name).chmod(0o755)
    for name, own in [*((each, each) for each in _HARMLESS), ("make", "make_of_the_host")]:
        if found := shutil.which(name):
            (programs / own).symlink_to(found)
    metrics = run(folder, f"advisor metrics mail.log --output-format json >{_METRICS[0]}")
    assert metrics.failed == (), metrics
    for name in _METRICS[1:]:
        shutil.copy(folder / _METRICS[0], folder / name)


def run(folder: Path, script: str) -> Ran:
    """Runs a script on the machine, with bash; a failure within it does not end it."""
    failures = folder / "failures"
    failures.write_text("")
    trap = f"trap 'echo $? ${{BASH_COMMAND//[[:space:]]/ }} >>{failures}' ERR\n"
    here = str(folder)
    done = subprocess.run(
        [
            shutil.which("bash") or "bash",
            "--norc",
            "-o",
            "pipefail",
            "-c",
            trap + _ABSOLUTE.sub(here, script),
        ],
        cwd=folder,
        env={
            "PATH": f"{folder}/programs",
            "HOME": f"{folder}/home",
            "MAIL_CONFIG": f"{folder}/etc/postfix",
            "PYTHONPATH": str(ROOT),
            "SANDBOX": here,
            "COLUMNS": "100",
            "LC_ALL": "C.UTF-8",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    failed = tuple(failures.read_text().replace(here, "").splitlines())
    return Ran(done.returncode, done.stdout.replace(here, ""), failed)
