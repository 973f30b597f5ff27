"""`advisor rehearse`: what is refused, what is cleaned, and one rehearsal as a whole."""

import json
import os
import shutil
from pathlib import Path

import pytest

from advisor.app import read_instance
from advisor.plan.diff import FilePatch, unified_diff
from advisor.plan.patched import patched
from tests.cli.running import advisor

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "examples"


def test_two_changes_cannot_be_tried_at_once(tmp_path: Path) -> None:
    done = advisor("rehearse", EXAMPLES / "slow-clients", "--plan", "--patch", tmp_path / "x")
    assert done.returncode == 2
    assert b"--plan and --patch are two changes; leave one of them out" in done.stderr


def test_clean_says_what_it_did() -> None:
    done = advisor("rehearse", "--clean")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith((b"nothing was left", b"ended"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_who_is_not_root_is_told_what_to_do() -> None:
    os.seteuid(65534)
    try:
        done = advisor("rehearse", "/etc/postfix", "--log", "/nowhere")
    finally:
        os.seteuid(0)
    assert done.returncode == 2
    assert b"a private Postfix needs root; run it as root: sudo advisor rehearse" in done.stderr


def test_a_patch_changes_all_three_kinds_of_files(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text("body_checks = regexp:/etc/postfix/bc\n")
    (tmp_path / "master.cf").write_text("smtp inet n - n - 5 smtpd\n")
    (tmp_path / "bc").write_text("/a/ REJECT\n")
    changes = {"main.cf": ("= regexp:", "= pcre:"), "master.cf": (" 5 ", " 9 "), "bc": ("/a/", "/b/")}
    texts = {name: (tmp_path / name).read_text() for name in changes}
    diff = unified_diff(FilePatch(name, text, text.replace(*changes[name])) for name, text in texts.items())
    after = patched(read_instance(str(tmp_path), "3.7.11"), diff, "x.diff")
    table = after.table("/etc/postfix/bc")
    assert after.setting("body_checks").normal == "pcre:/etc/postfix/bc"
    assert [service.process_limit for service in after.services] == [9]
    assert table is not None
    assert table.text == "/b/ REJECT\n"
    assert (tmp_path / "bc").read_text() == "/a/ REJECT\n"


@pytest.mark.namespaces
def test_the_plan_cures_what_the_log_shows(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(EXAMPLES / "slow-clients", folder)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    done = advisor("rehearse", folder, "--plan", "--seconds", "14", "--output-format", "json")
    assert (done.returncode, done.stderr) == (0, b"")
    found = json.loads(done.stdout)
    assert found["result"] == "better"
    assert found["before"]["measured"]["served"] < 0.7
    assert found["after"]["measured"]["served"] > 0.9
    assert found["before"]["measured"]["busy_peak"] == 15
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
