"""`advisor show`: what is in force, where it comes from, what it shadows."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import advisor
from tests.conftest import Golden

MAIN_CF = """\
mynetworks = 127.0.0.0/8
smtpd_banner = $myhostname ESMTP
smtpd_timeout = 60s
smtpd_timeout = 120s
smtpd_helo_required = ${stress?{yes}:{no}}
smtpd_client_event_limit_exceptions = $mynetworks
broken = ${a
relay_domains =
"""
MASTER_CF = """\
smtp inet n - n - 20 smtpd
submission inet n - n - - smtpd
  -o smtpd_timeout=300s
  -o mynetworks=192.0.2.0/24
smtp unix - - n - - smtp
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "main.cf").write_text(MAIN_CF)
    (tmp_path / "master.cf").write_text(MASTER_CF)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(*arguments: str) -> str:
    done = advisor("show", "--config-dir", ".", "--postfix-version", "3.7.11", *arguments)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def settings(*arguments: str) -> list[dict[str, Any]]:
    document = json.loads(shown("--output-format", "json", *arguments))
    assert document["version"] == 1
    found: list[dict[str, Any]] = document["settings"]
    return found


@pytest.mark.usefixtures("folder")
class TestShow:
    def test_all_that_is_set(self, golden: Golden) -> None:
        golden("show.txt", shown())

    def test_what_shadows_what(self) -> None:
        assert shown("smtpd_timeout") == (
            "smtpd_timeout = 120s\n"
            "  from     main.cf:4:1\n"
            "  shadows  60s  from main.cf:3:1\n"
            "submission/inet: smtpd_timeout = 300s\n"
            "  from     master.cf:3:6\n"
            "  shadows  120s  from main.cf:4:1\n"
            "  shadows  60s  from main.cf:3:1\n"
        )

    def test_a_service_whose_other_settings_change_it(self) -> None:
        general, submission = settings("smtpd_client_event_limit_exceptions")
        assert (general["services"], general["value"]) == ([], "127.0.0.0/8")
        assert (submission["services"], submission["value"]) == (["submission/inet"], "192.0.2.0/24")

    def test_under_stress(self) -> None:
        assert "  is       no\n  stress   yes, while all processes are busy\n" in shown("smtpd_helo_required")

    def test_a_default(self) -> None:
        assert shown("smtpd_hard_error_limit", "--service", "smtp/inet") == (
            "smtp/inet: smtpd_hard_error_limit = ${stress?{1}:{20}}\n"
            "  is       20\n"
            "  stress   1, while all processes are busy\n"
            "  from     the default of Postfix 3.7.11\n"
        )

    def test_a_name_stands_for_each_service_of_it(self) -> None:
        assert [each["services"] for each in settings("smtpd_timeout", "--service", "smtp")] == [
            ["smtp/inet"],
            ["smtp/unix"],
        ]

    def test_of_a_service_all_that_reaches_it(self) -> None:
        names = {each["name"] for each in settings("--service", "submission")}
        assert {"smtpd_timeout", "mynetworks", "smtpd_banner"} <= names

    def test_a_pattern(self) -> None:
        names = [each["name"] for each in settings("smtpd_t*out", "smtpd_timeout")]
        assert names == ["smtpd_timeout", "smtpd_timeout", "smtpd_tls_session_cache_timeout"]

    def test_what_only_the_host_knows(self) -> None:
        (banner,) = settings("smtpd_banner")
        assert (banner["value"], banner["unknown"]) == (None, ["myhostname"])
        assert "  unknown  the host sets myhostname: $myhostname ESMTP\n" in shown("smtpd_banner")

    def test_what_postfix_refuses(self) -> None:
        (broken,) = settings("broken")
        assert broken["value"] is None
        assert "a value that Postfix can expand" in broken["problem"]
        assert "  refused  " in shown("broken")

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["smtpd_timeot"], "no parameter smtpd_timeot, and nothing sets it; did you mean smtpd_timeout?"),
            (["zzz"], "no parameter zzz, and nothing sets it; without one, all that are set are shown"),
            (["zzz*"], "no parameter of Postfix 3.7.11 is like zzz*"),
            (["--service", "submision"], "master.cf has no service submision; did you mean submission?"),
            (["--config-dir", "missing"], "missing: does not exist"),
        ],
    )
    def test_what_is_not_there(self, arguments: list[str], words: str) -> None:
        done = advisor("show", "--config-dir", ".", "--postfix-version", "3.7.11", *arguments)
        assert (done.returncode, done.stdout) == (2, b"")
        assert words in done.stderr.decode()

    def test_no_master_cf(self, folder: Path) -> None:
        (folder / "master.cf").unlink()
        done = advisor("show", "--config-dir", ".", "--service", "smtp")
        assert (done.returncode, b"there is no master.cf" in done.stderr) == (2, True)

    def test_hostile_text_stays_text(self, folder: Path) -> None:
        (folder / "main.cf").write_bytes(b"a\x1b]0;x\x07 = \x1b[31m\xff\n")
        assert "a\\x1b]0;x\\x07 = \\x1b[31m\\xff\n" in shown()
        assert settings()[0]["text"] == "\x1b[31m\ufffd"
