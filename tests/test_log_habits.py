"""How to get the log: by the configuration, by what is on this machine, or by the habits of others."""

from pathlib import Path

import pytest

from advisor.log_habits import how_to_get_the_log
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

OWN = "/etc/postfix"


def hint(root: Path, main_cf: str = "", *, path: str = OWN, is_own: bool = True, release: str = "3.7") -> str:
    instance = Instance.of(SourceFile("main.cf", main_cf), None, Release.parse(release), "the test")
    return how_to_get_the_log(instance, (path,), is_own=is_own, root=root)


@pytest.mark.parametrize(
    ("main_cf", "said"),
    [
        ("maillog_file = /var/log/postfix.log\n", "advisor check --log /var/log/postfix.log"),
        ("maillog_file = /var/log/a; rm b\n", "advisor check --log '/var/log/a; rm b'"),
        ("maillog_file = $queue_directory/log\nqueue_directory = /q\n", "advisor check --log /q/log"),
        ("maillog_file = /dev/stdout\n", "pipe the log of the container into: advisor check --log -"),
    ],
)
def test_postfix_writes_it_itself(tmp_path: Path, main_cf: str, said: str) -> None:
    for is_own in (True, False):
        assert hint(tmp_path, main_cf, is_own=is_own) == said


def test_a_release_without_maillog_file_does_not_read_it(tmp_path: Path) -> None:
    assert "/x" not in hint(tmp_path, "maillog_file = /x\n", release="3.3")


@pytest.mark.parametrize("name", ["mail.log", "maillog", "mail"])
def test_a_file_that_is_here(tmp_path: Path, name: str) -> None:
    file = tmp_path / "var/log" / name
    file.parent.mkdir(parents=True)
    file.touch()
    assert hint(tmp_path) == f"advisor check --log /var/log/{name}"


def test_a_folder_is_no_log(tmp_path: Path) -> None:
    (tmp_path / "var/log/mail").mkdir(parents=True)
    assert (
        hint(tmp_path) == "advisor check --log FILE, with the file that syslogd writes for the facility mail"
    )


def test_the_journal_alone(tmp_path: Path) -> None:
    (tmp_path / "run/systemd/journal").mkdir(parents=True)
    assert hint(tmp_path) == "journalctl -u 'postfix*' -o short-iso --since -2d | advisor check --log -"


def test_of_another_machine_both_habits_are_named(tmp_path: Path) -> None:
    (tmp_path / "var/log").mkdir(parents=True)
    (tmp_path / "var/log/mail").touch()
    said = hint(tmp_path, path="a copy", is_own=False)
    assert said.startswith("advisor check 'a copy' --log FILE, with the server's /var/log/mail.log (Debian)")
    assert "journalctl -u 'postfix*'" in said
