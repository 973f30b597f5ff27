"""`advisor check` of several instances in one run: those that are named, and those that a main.cf names."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import advisor

LOG = """\
Nov  3 10:00:00 mx postfix/smtpd[1]: connect from a[192.0.2.1]
Nov  3 10:00:01 mx postfix/submission/smtpd[3]: connect from a[192.0.2.1]
Nov  3 10:00:02 mx postfix-out/smtpd[2]: connect from a[192.0.2.1]
Nov  3 10:00:05 mx postfix-out/smtpd[2]: disconnect from a[192.0.2.1]
Nov  3 10:00:06 mx postfix-out/smtpd[2]: connect from a[192.0.2.1]
"""


def instance(folder: Path, text: str = "", master: str = "smtp inet n - n - - smtpd\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.cf").write_text(f"compatibility_level = 3.6\nsmtp_tls_security_level = may\n{text}")
    (folder / "master.cf").write_text(master)
    return folder


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    """A primary instance that names a further one, itself, and one that is not there."""
    named = "/etc/postfix-out,/etc/postfix\n  /etc/postfix-gone"
    instance(tmp_path / "postfix", f"multi_instance_directories = {named}\n")
    instance(
        tmp_path / "postfix-out",
        "multi_instance_name = postfix-out\nmulti_instance_directories = /etc/postfix\nsmtpd_timeout = 1s\n",
    )
    (tmp_path / "mail.log").write_text(LOG)
    return tmp_path


def documents(*arguments: str | Path, code: int) -> list[dict[str, object]]:
    done = advisor("check", *arguments, "--output-format", "json")
    assert done.returncode == code
    document = json.loads(done.stdout)
    assert all(each["further"] == [] for each in document["further"])
    return [document, *document["further"]]


def test_all_are_checked_each_with_its_own_lines(etc: Path) -> None:
    own, out = documents(etc / "postfix", "--log", etc / "mail.log", code=1)
    assert own["configuration"] == str(etc / "postfix")
    assert out["configuration"] == str(etc / "postfix-out")
    lines = [each["log"] for each in (own, out)]
    assert [log["postfix_lines"] for log in lines if isinstance(log, dict)] == [2, 3]
    assert own["findings"] == []
    assert [each["rule"] for each in out["findings"]] == ["smtpd-timeout-too-short"]  # type: ignore[attr-defined]


def test_what_a_copy_lacks_is_named_and_the_rest_is_judged(etc: Path) -> None:
    done = advisor("check", etc / "postfix")
    assert b"/etc/postfix-gone: does not exist, and " in done.stderr
    assert b"main.cf:3:1 names it as an instance; give it too: advisor check " in done.stderr
    assert done.returncode == 1


def test_each_has_its_section(etc: Path) -> None:
    text = advisor("check", etc / "postfix", columns=300).stdout.decode()
    assert text.index(str(etc / "postfix")) < text.index(f"{etc / 'postfix-out'}  Postfix")
    assert "multi_instance_enable = no: 'postmulti -p start' only checks it" in text


def test_one_patch_for_the_files_of_all(etc: Path) -> None:
    instance(etc / "postfix", "multi_instance_directories = /etc/postfix-out\nsmtpd_timeout = 1s\n")
    patch = advisor("check", etc / "postfix", "--diff").stdout
    subprocess.run(["patch", "-p1", "-s", "-d", etc], input=patch, check=True, timeout=60)
    assert advisor("check", etc / "postfix").returncode == 0


def test_folders_may_be_named_and_none_is_judged_twice(etc: Path) -> None:
    link = etc / "link"
    link.symlink_to(etc / "postfix-out")
    found = documents(etc / "postfix", etc / "postfix-out", link, code=1)
    assert len(found) == 2


def test_the_others_are_judged_where_one_cannot_be(etc: Path) -> None:
    template = instance(etc / "template", "myhostname = {{ name }}\n")
    done = advisor("check", template, etc / "postfix-out", etc / "nothing", "--output-format", "json")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    document = json.loads(done.stdout)
    assert document["configuration"] == str(etc / "postfix-out")
    assert [each["configuration"] for each in document["not_judged"]] == [
        str(template),
        str(etc / "nothing"),
        "/etc/postfix",
    ][:2] + ["/etc/postfix"][: len(document["not_judged"]) - 2]
    assert advisor("check", template, etc / "postfix-out").returncode == 3


def test_an_instance_without_a_line_in_the_log_is_judged_without_it(etc: Path) -> None:
    (etc / "mail.log").write_text("".join(LOG.splitlines(keepends=True)[:2]))
    done = advisor("check", etc / "postfix", "--log", etc / "mail.log", columns=300)
    assert b"the log that was given has no line of this instance" in done.stdout
    (etc / "mail.log").write_text("Nov  3 10:00:00 mx sshd[1]: hello\n")
    assert advisor("check", etc / "postfix", "--log", etc / "mail.log").returncode == 3


def test_a_log_in_a_pipe_is_read_once_and_counts_for_all(etc: Path) -> None:
    done = advisor("check", etc / "postfix", "--log", "-", "--output-format", "json", stdin=LOG.encode())
    document = json.loads(done.stdout)
    logs = [each["log"]["postfix_lines"] for each in (document, *document["further"])]
    assert logs == [2, 3]


def test_instances_that_log_under_one_name_are_told(etc: Path) -> None:
    (etc / "postfix-out" / "main.cf").write_text("compatibility_level = 3.6\n")
    done = advisor("check", etc / "postfix", "--log", etc / "mail.log", columns=300)
    assert b"syslog_name = postfix is that of " in done.stdout
    assert b"its lines in the log are not told from theirs" in done.stdout


def test_what_postmulti_refuses_is_told(etc: Path) -> None:
    own, out = documents(etc / "postfix", code=1)
    assert (
        f"data_directory = /var/lib/postfix is that of {etc / 'postfix'} too: postmulti refuses it"
        in (
            out["notes"]  # type: ignore[operator]
        )
    )
    assert len(own["notes"]) == 2  # type: ignore[arg-type]
    with (etc / "postfix-out" / "main.cf").open("a") as file:
        file.write("queue_directory = /var/spool/postfix-out\ndata_directory = /var/lib/postfix-out\n")
    own, _ = documents(etc / "postfix", code=1)
    assert own["notes"] == []


def test_folders_of_two_machines_share_nothing(etc: Path) -> None:
    instance(etc / "one")
    instance(etc / "two")
    assert all(each["notes"] == [] for each in documents(etc / "one", etc / "two", code=0))


def test_pseudonyms_are_the_same_in_all_sections(etc: Path) -> None:
    for folder in ("postfix", "postfix-out"):
        with (etc / folder / "main.cf").open("a") as file:
            file.write("smtpd_tls_security_level = encrypt\nrelay_domains = secret.example.com\n")
    done = advisor("check", etc / "postfix", "--log", etc / "mail.log", "--anonymize")
    assert b"secret" not in done.stdout


def test_a_name_that_leads_out_of_the_copy_is_not_followed(etc: Path) -> None:
    shutil.copytree(etc / "postfix", etc / "a" / "b")
    instance(etc / "a" / "b", "multi_instance_directories = ../.. / ..\n")
    found = documents(etc / "a" / "b", code=2)
    assert len(found) == 1


def test_printed_text_names_the_others(etc: Path) -> None:
    text = b"multi_instance_directories = /etc/postfix-out /etc/postfix-in\n"
    done = advisor("check", "-", stdin=text, columns=300)
    assert b"to be brought one by one: /etc/postfix-out, /etc/postfix-in" in done.stdout


def test_a_folder_that_may_not_be_read_is_told(etc: Path) -> None:
    (etc / "postfix-out" / "main.cf").unlink()
    (etc / "postfix-out" / "main.cf").mkdir()
    done = advisor("check", etc / "postfix")
    assert b"cannot be read: Is a directory" in done.stderr
    assert done.returncode == 2


class TestOnTheirOwnMachine:
    """Where the primary instance is that of the Postfix that is installed."""

    @pytest.fixture(autouse=True)
    def installed(self, etc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program = etc / "postconf"
        program.write_bytes(b"\0mail_version=3.7.11\0")
        monkeypatch.setattr("advisor.installed._INSTALLATIONS", ((etc / "postfix", program),))

    def test_a_further_instance_has_the_programs_of_the_primary(self, etc: Path) -> None:
        instance(etc / "postfix", f"multi_instance_directories = {etc}/postfix-out\n")
        own, out = documents(etc / "postfix", code=1)
        assert own["postfix"] == out["postfix"] == {"version": "3.7.11", "source": "the installed programs"}

    def test_its_tables_are_its_own(self, etc: Path) -> None:
        instance(etc / "postfix", f"multi_instance_directories = {etc}/postfix-out\n")
        cleanup = "cleanup unix n - y - 0 cleanup\n"
        aliases = "virtual_alias_maps = mysql:$config_directory/aliases.cf\n"
        instance(etc / "postfix-out", f"multi_instance_name = postfix-out\n{aliases}", cleanup)
        (etc / "postfix-out" / "aliases.cf").write_text("hosts = localhost\n")
        found = documents(etc / "postfix", "--select", "chroot-conflict", code=1)[1]
        assert [each["rule"] for each in found["findings"]] == ["chroot-conflict"]  # type: ignore[attr-defined]

    def test_one_that_is_missing_is_an_error(self, etc: Path) -> None:
        instance(etc / "postfix", f"multi_instance_directories = {etc}/postfix-gone\n")
        done = advisor("check", etc / "postfix")
        assert done.returncode == 2
        where = f"{etc}/postfix/main.cf:3:1 names it as an instance"
        assert done.stderr.decode().startswith(f"advisor: {etc}/postfix-gone: does not exist, and {where}")

    def test_a_relative_name_is_an_error(self, etc: Path) -> None:
        instance(etc / "postfix", "multi_instance_directories = postfix-out\n")
        done = advisor("check", etc / "postfix")
        assert done.returncode == 2
        assert b"advisor: postfix-out: is no whole path, and " in done.stderr


def test_two_that_listen_at_one_place_are_told(etc: Path) -> None:
    def write(more: str, services: str = "smtp inet n - n - - smtpd\n") -> list[object]:
        own = "multi_instance_enable = yes\nmulti_instance_directories = /etc/postfix-out\n"
        instance(etc / "postfix", f"{own}inet_interfaces = 192.0.2.1, localhost\n")
        apart = "queue_directory = /q\ndata_directory = /d\nmulti_instance_name = postfix-out\n"
        instance(etc / "postfix-out", f"{apart}multi_instance_enable = yes\n{more}", services)
        done = advisor("check", etc / "postfix", "--output-format", "json")
        return json.loads(done.stdout)["notes"]  # type: ignore[no-any-return]

    (note,) = write("inet_interfaces = 192.0.2.1\n", "25 inet n - n - - smtpd\n")
    assert note == (
        f"smtp/inet listens at 192.0.2.1:25, and 25/inet of {etc / 'postfix-out'} does too: "
        "each client comes to the one or to the other, by chance (before 3.6, the second does not start)"
    )
    assert write("inet_interfaces = 192.0.2.2\n") == []
    assert write("") == []  # an address of its own goes before all addresses
    assert write("inet_interfaces = 192.0.2.1\nmaster_service_disable = inet\n") == []
    assert write("inet_interfaces = 192.0.2.1\nmulti_instance_enable = no\n") == []
    assert write("inet_interfaces = 192.0.2.1\n", "587 inet n - n - - smtpd\n") == []
