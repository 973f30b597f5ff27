"""`advisor check --fix`: what it writes, what it says, and what it leaves."""

import io
import json
import random
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

from advisor.writing.journal import JOURNAL
from tests.cli.running import advisor
from tests.conftest import Golden
from tests.writing.steps import killed_before

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "examples"
MAIN = """\
# biff first
biff = yes
compatibility_level = 3.6
smtpd_tls_security_level = may
smtp_tls_security_level = may
smtpd_use_tls = yes
biff = no
"""
MASTER = """\
smtp      inet  n       -       n       -       -       smtpd
submission inet n       -       n       -       -       smtpd
  -o smtpd_timeout=20s
  -o smtpd_timeout=30s
"""
BEHIND = MAIN.replace("biff = yes\n", "").replace("smtpd_use_tls = yes\n", "")


def configuration(folder: Path, main: str = MAIN, master: str = MASTER) -> Path:
    folder.mkdir(parents=True)
    (folder / "main.cf").write_text(main)
    (folder / "master.cf").write_text(master)
    return folder


def texts(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted(folder.iterdir())}


def summary(out: bytes, folder: Path) -> str:
    """What is said of --fix, in front of the report."""
    text = out.decode().replace(str(folder), "TMP").partition("\n\n")[0]
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def rules(document: dict[str, list[dict[str, str]]], part: str) -> list[str]:
    return [each["rule"] for each in document[part]]


def test_the_safe_ones_are_written_and_the_rest_is_reported(tmp_path: Path, golden: Golden) -> None:
    etc = configuration(tmp_path / "etc")
    before = advisor("check", etc)
    done = advisor("check", "--fix", etc)
    assert (etc / "main.cf").read_text() != MAIN
    assert "biff = yes" not in (etc / "main.cf").read_text()
    assert "20s" not in (etc / "master.cf").read_text()
    assert sorted(texts(etc)) == ["main.cf", "master.cf"]
    assert before.returncode == 1
    said = summary(done.stdout, tmp_path)
    golden("fix/safe.txt", said)
    assert said.replace("TMP/etc", "/etc/postfix") in (ROOT / "docs" / "fix.md").read_text()
    assert done.stdout.split(b"\n\n", 1)[1] == advisor("check", etc).stdout
    written = texts(etc)
    again = advisor("check", "--fix", etc)
    assert again.stdout.startswith(f"{etc}: nothing written\n".encode())
    assert texts(etc) == written
    assert again.returncode == done.returncode == advisor("check", etc).returncode


def test_the_unsafe_ones_too(tmp_path: Path, golden: Golden) -> None:
    etc = configuration(tmp_path / "etc")
    log = EXAMPLES / "slow-clients" / "mail.log"
    done = advisor("check", "--fix", "--unsafe-fixes", "--output-format", "concise", etc, "--log", log)
    golden("fix/unsafe.txt", summary(done.stdout, tmp_path))
    written = texts(etc)
    advisor("check", "--fix", etc, "--log", log)
    assert texts(etc) == written


def test_the_exit_code_is_by_what_is_left(tmp_path: Path) -> None:
    text = "compatibility_level = 3.6\nsmtp_tls_security_level = may\nbiff = yes\nbiff = no\n"
    etc = configuration(tmp_path / "etc", text, "")
    assert advisor("check", etc, "--fail-on", "info").returncode == 1
    assert advisor("check", "--fix", etc, "--fail-on", "info").returncode == 0
    assert (etc / "main.cf").read_text() == text.replace("biff = yes\n", "")


def test_what_is_not_shown_is_fixed_all_the_same(tmp_path: Path) -> None:
    shown, hidden = configuration(tmp_path / "shown"), configuration(tmp_path / "hidden")
    advisor("check", "--fix", shown)
    advisor("check", "--fix", hidden, "--min-severity", "high")
    assert texts(shown) == texts(hidden)


def test_only_the_rules_that_are_asked_change_anything(tmp_path: Path) -> None:
    etc = configuration(tmp_path / "etc")
    advisor("check", "--fix", etc, "--ignore", "duplicate-parameter,renamed-parameter,old-tls-parameter")
    assert texts(etc) == {"main.cf": MAIN.encode(), "master.cf": MASTER.encode()}


def test_json_says_what_was_fixed_and_what_was_not(tmp_path: Path) -> None:
    etc = configuration(tmp_path / "etc", f"{MAIN}smtpd_timeout = 300s\n")
    done = advisor("check", "--fix", etc, "--output-format", "json")
    document = json.loads(done.stdout)
    assert "duplicate-parameter" in rules(document, "fixed")
    assert "duplicate-parameter" not in rules(document, "findings")
    assert {str(etc / "main.cf"), str(etc / "master.cf")} == {
        file for each in document["fixed"] for file in each["files"]
    }
    assert {
        "rule": "literal-smtpd-timeout",
        "reason": "unsafe: --unsafe-fixes makes it",
    }.items() <= next(
        each for each in document["not_fixed"] if each["rule"] == "literal-smtpd-timeout"
    ).items()
    assert f"{etc}: main.cf and master.cf written\n".encode() in done.stderr
    without = json.loads(advisor("check", etc, "--output-format", "json").stdout)
    assert (without["fixed"], without["not_fixed"]) == ([], [])
    assert without["findings"] == document["findings"]
    assert without["patch"] == document["patch"]


def test_all_instances_and_nothing_where_one_is_refused(tmp_path: Path) -> None:
    one, two = configuration(tmp_path / "one"), configuration(tmp_path / "two")
    (tmp_path / "other").hardlink_to(two / "main.cf")
    done = advisor("check", "--fix", one, two)
    assert done.returncode == 2
    assert b"it has 2 names (hard links)" in done.stderr
    assert done.stdout == b""
    assert texts(one) == texts(two) == {"main.cf": MAIN.encode(), "master.cf": MASTER.encode()}
    document = json.loads(advisor("check", "--fix", one, two, "--output-format", "json").stdout)
    assert document["not_judged"][0]["problem"].startswith("is not written: it has 2 names")
    (tmp_path / "other").unlink()
    done = advisor("check", "--fix", one, two)
    assert texts(one) == texts(two)
    assert b"biff = yes" not in texts(one)["main.cf"]
    for each in (one, two):
        assert f"{each}: main.cf and master.cf written\n".encode() in done.stdout


def test_all_configurations_of_a_tree(tmp_path: Path) -> None:
    one, two = configuration(tmp_path / "mx" / "postfix"), configuration(tmp_path / "out")
    advisor("check", "--fix", tmp_path)
    for each in (one, two):
        assert b"biff = yes" not in texts(each)["main.cf"]


def test_what_a_baseline_knows_is_left(tmp_path: Path) -> None:
    etc = configuration(tmp_path / "etc")
    advisor("baseline", etc, "--output-file", tmp_path / "baseline.json")
    advisor("check", "--fix", "--unsafe-fixes", etc, "--baseline", tmp_path / "baseline.json")
    assert texts(etc) == {"main.cf": MAIN.encode(), "master.cf": MASTER.encode()}


def test_pseudonyms_are_for_the_eye_and_not_for_the_file(tmp_path: Path) -> None:
    plain, hidden = configuration(tmp_path / "plain"), configuration(tmp_path / "hidden")
    advisor("check", "--fix", plain)
    advisor("check", "--fix", "--anonymize", hidden)
    assert texts(plain) == texts(hidden)


def test_bytes_that_are_no_text_stay(tmp_path: Path) -> None:
    etc = configuration(tmp_path / "etc")
    (etc / "main.cf").write_bytes(b"# caf\xe9 \xff\r\nbiff = yes\n\tno \x1b[31m\nbiff = no\n# no end")
    advisor("check", "--fix", etc)
    assert texts(etc)["main.cf"] == b"# caf\xe9 \xff\r\nbiff = no\n# no end"


def test_no_file_is_written_for_another_release_than_reads_it(tmp_path: Path) -> None:
    etc = configuration(tmp_path / "etc")
    done = advisor("check", "--fix", etc, "--from-version", "3.7", "--postfix-version", "3.11")
    assert done.returncode == 2
    assert b"reads today, and the change is for 3.11" in done.stderr
    assert texts(etc) == {"main.cf": MAIN.encode(), "master.cf": MASTER.encode()}
    advisor("check", "--fix", etc, "--from-version", "3.11.2", "--postfix-version", "3.11")
    assert b"biff = yes" not in texts(etc)["main.cf"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--fix", "--diff"), "--fix writes the change, and --diff prints it and writes nothing"),
        (("--unsafe-fixes",), "--unsafe-fixes goes with --fix"),
        (("--unsafe-fixes", "--diff"), "--unsafe-fixes goes with --fix"),
    ],
)
def test_options_that_do_not_go_together(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    etc = configuration(tmp_path / "etc")
    done = advisor("check", etc, *arguments)
    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert b"; " in done.stderr
    assert texts(etc) == {"main.cf": MAIN.encode(), "master.cf": MASTER.encode()}


def test_what_is_not_here_cannot_be_written(tmp_path: Path) -> None:
    etc = configuration(tmp_path / "etc")
    with tarfile.open(tmp_path / "mx.tar", "w") as bundle:
        for name, data in texts(etc).items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            bundle.addfile(member, io.BytesIO(data))
    for arguments in (("-",), ("--postconf-n", etc / "main.cf"), (tmp_path / "mx.tar",)):
        done = advisor("check", "--fix", *arguments, stdin=MAIN.encode())
        assert done.returncode == 2
        assert b"--fix writes files, and these are not here; leave it out" in done.stderr
        assert done.stdout == b""


def torn(folder: Path) -> Path:
    """A configuration with one new and one old file, as a killed run leaves it."""
    configuration(folder)
    assert killed_before(3, lambda: advisor("check", "--fix", folder), ["rename"])
    assert JOURNAL in texts(folder)
    assert texts(folder)["main.cf"] != MAIN.encode()
    return folder


def test_an_interrupted_run_is_told_by_check_and_finished_by_fix(tmp_path: Path) -> None:
    etc = torn(tmp_path / "etc")
    left = texts(etc)
    assert left["master.cf"] == MASTER.encode()
    plain = advisor("check", etc, columns=300)
    assert b"an earlier run of --fix was interrupted, so these files may not belong together" in plain.stdout
    assert texts(etc) == left
    done = advisor("check", "--fix", etc, "--output-format", "concise", columns=300)
    assert b"before      an earlier run of --fix was interrupted: its change of main.cf" in done.stdout
    whole = configuration(tmp_path / "whole")
    advisor("check", "--fix", whole)
    assert texts(etc) == texts(whole)
    assert b"an earlier run" not in advisor("check", etc).stdout


def test_the_command_itself_killed_at_random_moments(tmp_path: Path) -> None:
    """The whole program, in the part of its time in which it writes; the hundred are in tests/writing."""
    whole = configuration(tmp_path / "whole")
    advisor("check", "--fix", "--unsafe-fixes", whole)
    wanted = texts(whole)
    old = {"main.cf": MAIN.encode(), "master.cf": MASTER.encode()}
    drawn = random.Random(4)  # noqa: S311 - nothing secret
    for number in range(4):
        etc = configuration(tmp_path / f"{number}")
        command = [sys.executable, "-m", "advisor", "check", "--fix", "--unsafe-fixes", str(etc)]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT
        ) as process:
            # It writes its journal first, whose name is there for as long as the pair is not whole.
            while process.poll() is None and not any("advisor-fix" in each.name for each in etc.iterdir()):
                pass
            end = time.perf_counter() + drawn.uniform(0, 0.01)
            while time.perf_counter() < end:
                pass
            process.send_signal(signal.SIGKILL)
        found = texts(etc)
        for name, text in old.items():
            assert found[name] in (text, wanted[name])
        assert JOURNAL in found or {name: found[name] for name in old} in (old, wanted)
        advisor("check", "--fix", "--unsafe-fixes", etc)
        assert texts(etc) == wanted
