"""`advisor check` of a folder that holds configurations: all of them are judged."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import advisor

SOUND = "compatibility_level = 3.11\nsmtp_tls_security_level = may\nsmtp_tls_CAfile = /etc/ssl/cert.pem\n"
MASTER = "qmgr unix n - n 300 1 qmgr\n"
POOR = SOUND + "smtpd_timeout = 1s\n"
INET = MASTER + "smtp inet n - n - - smtpd\n"


def put(folder: Path, main: str = SOUND, master: str = MASTER) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.cf").write_text(main)
    (folder / "master.cf").write_text(master)
    return folder


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "hosts" / "a")
    put(tmp_path / "hosts" / "b", POOR, INET)
    put(tmp_path / ".git" / "c", POOR, INET)
    return tmp_path


def judged(*arguments: str) -> tuple[int, list[str], list[str]]:
    done = advisor("check", *arguments, "--output-format", "json")
    document = json.loads(done.stdout)
    names = [each["configuration"] for each in (document, *document["further"])]
    return done.returncode, names, [each["configuration"] for each in document["not_judged"]]


def test_all_configurations_below_are_judged(repository: Path) -> None:
    assert judged(".") == (1, ["hosts/a", "hosts/b"], [])
    assert judged(".", "--fail-on", "never") == (0, ["hosts/a", "hosts/b"], [])
    assert judged("hosts") == judged(".")


def test_a_named_configuration_is_that_one_alone(repository: Path) -> None:
    put(repository / "hosts" / "a" / "below", POOR, INET)
    assert judged("hosts/a") == (0, ["hosts/a"], [])
    assert judged("hosts") == (1, ["hosts/a", "hosts/a/below", "hosts/b"], [])


def test_none_is_judged_twice(repository: Path) -> None:
    assert judged(".", "hosts/b", "hosts") == (1, ["hosts/a", "hosts/b"], [])


def test_templates_are_skipped_with_a_word(repository: Path) -> None:
    (repository / "hosts" / "b" / "main.cf").unlink()
    (repository / "hosts" / "b" / "main.cf.j2").write_text(POOR)
    put(repository / "hosts" / "c", "myhostname = {{ name }}\n")
    assert judged(".") == (0, ["hosts/a"], ["hosts/b/main.cf.j2", "hosts/c"])
    done = advisor("check", ".")
    assert (
        b"advisor: hosts/b/main.cf.j2: is a template by its name, and not what Postfix reads" in done.stderr
    )
    assert b"{{ name }} was not filled in" in done.stderr
    assert advisor("check", "hosts/c").returncode == 3


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("main.cf.erb", "relayhost = <%= @relay %>\n"),
        ("main.cf", "relayhost = {{ relay }}\n"),
        ("main.cf", 'include "types.cf"\ncluster vcs (\n  )\n'),
        ("master.cf", MASTER),
        ("readme", ""),
    ],
)
def test_where_nothing_can_be_checked_there_is_nothing_to_check(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / "x" / "y").mkdir(parents=True)
    (tmp_path / "x" / "y" / file).write_text(text)
    done = advisor("check", tmp_path)
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr.startswith(f"advisor: {tmp_path}: no main.cf in this folder, nor below it".encode())
    put(tmp_path / "sound")
    assert advisor("check", tmp_path).returncode == 0
    assert advisor("check", tmp_path / "x", tmp_path / "sound").returncode == 3


def test_one_that_postfix_refuses_is_told_beside_the_others(repository: Path) -> None:
    put(repository / "hosts" / "c", "relayhost\n")
    code, names, not_judged = judged(".")
    assert (code, names, not_judged) == (2, ["hosts/a", "hosts/b", "hosts/c"], [])


def test_one_that_cannot_be_read_is_told_beside_the_others(repository: Path) -> None:
    os.mkfifo(put(repository / "hosts" / "c") / "main.cf.new")
    (repository / "hosts" / "c" / "main.cf.new").rename(repository / "hosts" / "c" / "main.cf")
    assert judged(".") == (2, ["hosts/a", "hosts/b"], ["hosts/c/main.cf"])


def test_a_folder_that_cannot_be_read_is_told(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def refusing(folder: Path) -> object:
        if folder.name == "b":
            raise PermissionError(13, "Permission denied")
        return real(folder)

    monkeypatch.setattr(os, "scandir", refusing)
    assert judged(".") == (2, ["hosts/a"], ["hosts/b"])
    done = advisor("check", ".")
    assert (
        b"advisor: hosts/b: cannot be read: Permission denied; run it as a user who may read it"
        in done.stderr
    )


def test_the_patch_names_files_from_the_folder_that_was_named(repository: Path) -> None:
    for arguments in ([], ["hosts/a"]):
        put(repository / "hosts" / "b", POOR, INET)
        patch = advisor("check", ".", *arguments, "--diff").stdout
        assert b"--- a/hosts/b/main.cf\n" in patch
        subprocess.run(["patch", "-p1", "-s"], input=patch, check=True, timeout=60)
        assert advisor("check", ".").returncode == 0
    (repository / "hosts" / "a" / "main.cf").unlink()
    put(repository / "hosts" / "b", POOR, INET)
    assert b"--- a/hosts/b/main.cf\n" in advisor("check", ".", "--diff").stdout
    assert b"--- a/b/main.cf\n" in advisor("check", "hosts", "--diff").stdout
    assert b"--- a/main.cf\n" in advisor("check", "hosts/b", "--diff").stdout


def test_each_has_its_own_lines_of_the_log(repository: Path) -> None:
    for name in "ab":
        put(repository / "hosts" / name, f"{SOUND}syslog_name = postfix-{name}\n", INET)
    line = "Nov  3 10:00:00 mx postfix-{}/smtpd[1]: connect from a[192.0.2.1]\n"
    lines = [line.format(name) for name in "abbab"]
    (repository / "mail.log").write_text("".join(lines))
    done = advisor("check", ".", "--log", "mail.log", "--output-format", "json")
    document = json.loads(done.stdout)
    assert [each["log"]["postfix_lines"] for each in (document, *document["further"])] == [2, 3]


def test_no_instance_is_followed_out_of_the_tree(repository: Path) -> None:
    put(repository / "outside", POOR, INET)
    put(repository / "hosts" / "c", f"{SOUND}multi_instance_directories = /etc/out /etc/d\n")
    (repository / "hosts" / "out").symlink_to(repository / "outside")
    put(repository / "hosts" / "d")
    before = (repository / "outside" / "main.cf").read_bytes()
    code, names, not_judged = judged("hosts", "--fix", "--unsafe-fixes")
    assert (code, [Path(name).name for name in names]) == (2, ["a", "b", "c", "d"])
    assert not_judged == ["/etc/out"]
    assert (repository / "outside" / "main.cf").read_bytes() == before
    done = advisor("check", "hosts")
    assert b"/etc/out: is a link that leads out of what is searched, and " in done.stderr


def test_hostile_names_are_made_visible(repository: Path) -> None:
    put(repository / "hosts" / "\x1b[31m\nred", POOR, INET)
    (repository / "hosts" / "\x1b]0;x").mkdir()
    (repository / "hosts" / "\x1b]0;x" / "main.cf.j2").touch()
    done = advisor("check", ".")
    assert b"\x1b" not in done.stdout + done.stderr
    assert b"\\x1b]0;x/main.cf.j2: is a template" in done.stderr
