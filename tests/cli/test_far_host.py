"""A configuration from another host, as an administrator gives it to the command."""

import json
from pathlib import Path

import pytest

from tests.cli.running import advisor
from tests.cli.test_check import EXAMPLE, ROOT

FAR = ROOT / "examples" / "far-host"
OPEN_RELAY = b"smtpd_relay_restrictions = check_client_access static:OK, reject_unauth_destination\n"


def rules_of(*arguments: str | Path, stdin: bytes = b"") -> set[str]:
    report = json.loads(advisor("check", *arguments, "--output-format", "json", stdin=stdin).stdout)
    return {finding["rule"] for finding in report["findings"]}


def test_main_cf_alone_is_enough_for_what_it_decides() -> None:
    done = advisor("check", "-", "--postfix-version", "3.7.11", stdin=OPEN_RELAY)
    assert done.returncode == 1
    assert b"master.cf not given: Postfix's stock services assumed; give --master" in done.stdout
    assert b"open-relay  postconf -n:1:1" in done.stdout
    assert b"smtp-smuggling" in done.stdout
    assert b"--- a/postconf-n\n" in done.stdout


@pytest.mark.parametrize("scenario", ["slow-clients", "too-few-processes", "probes"])
def test_the_folder_and_its_text_have_the_same_findings(scenario: str) -> None:
    folder = ROOT / "examples" / scenario
    log = ("--log", folder / "mail.log", "--postfix-version", "3.7.11")
    pasted = rules_of("-", "--master", folder / "master.cf", *log, stdin=(folder / "main.cf").read_bytes())
    assert pasted == rules_of(folder, *log)


def test_what_printed_text_cannot_show_has_not_passed() -> None:
    report = json.loads(advisor("check", "-", "--output-format", "json", stdin=b"biff = no\n").stdout)
    unknown = {each["rule"]: each for each in report["unknown"]}
    assert {"misread-line", "unknown-parameter"} <= set(unknown)
    assert "advisor collect --script" in unknown["misread-line"]["how_to_get_it"][0]


def test_what_postconf_printed_it_knows() -> None:
    pasted = b"policy-spf_time_limit = 1h\nmua_restrictions = permit_sasl_authenticated, reject\n"
    assert "unknown-parameter" not in rules_of("-", stdin=pasted)


def test_a_parameter_that_the_release_to_come_has_not_is_found() -> None:
    pasted = b"tls_fast_shutdown = no\n"
    assert "unknown-parameter" in rules_of("-", "--postfix-version", "3.11.6", stdin=pasted)


def test_what_postconf_warned_of_is_a_finding() -> None:
    pasted = b"postconf: warning: /etc/postfix/main.cf: unused parameter: mydistination=x\nbiff = no\n"
    pasted += b"smtpd_tls_security_level = none\n"
    report = json.loads(advisor("check", "-", "--output-format", "json", stdin=pasted).stdout)
    (finding,) = (each for each in report["findings"] if each["rule"] == "unknown-parameter")
    assert finding["location"]["line"] == 1
    assert {"postconf -X mydistination", "postconf -e 'mydestination = x'"} <= set(report["commands"])


def test_no_change_is_made_in_a_master_cf_that_nobody_gave() -> None:
    few = ROOT / "examples" / "too-few-processes"
    pasted = (few / "main.cf").read_bytes()
    arguments = ("check", "-", "--log", few / "mail.log", "--output-format", "json")
    report = json.loads(advisor(*arguments, stdin=pasted).stdout)
    assert "master.cf" not in report["patch"]
    assert not any("-F" in command for command in report["commands"])
    assert any("stock services" in line for line in report["proof"])


def test_diff_prints_the_diff_of_the_text_alone() -> None:
    done = advisor("check", "-", "--diff", stdin=OPEN_RELAY)
    assert done.stdout.startswith(b"--- a/postconf-n\n+++ b/postconf-n\n@@ -1 +1")
    assert b"postconf -e" not in done.stdout
    assert b"postconf -e 'smtpd_relay_restrictions = " in done.stderr


@pytest.mark.parametrize(
    ("arguments", "release", "source"),
    [
        ((), "3.11.6", "not given: the newest known"),
        (("--log", EXAMPLE / "mail.log"), "3.7.11", "the log"),
        (("--defaults", "d.txt"), "3.5.6", "--defaults"),
        (("--defaults", "d.txt", "--log", EXAMPLE / "mail.log"), "3.5.6", "--defaults"),
        (("--defaults", "d.txt", "--postfix-version", "3.8.0"), "3.8.0", "--postfix-version"),
    ],
)
def test_the_report_says_which_release_and_why(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str | Path, ...],
    release: str,
    source: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("d.txt").write_text("mail_version = 3.5.6\nbiff = yes\n")
    done = advisor("check", "-", "--output-format", "json", *arguments, stdin=b"biff = no\n")
    assert json.loads(done.stdout)["postfix"] == {"version": release, "source": source}


def test_a_release_that_stands_among_the_lines() -> None:
    done = advisor("check", "-", "--output-format", "json", stdin=b"mail_version = 3.4.1\nbiff = no\n")
    found = json.loads(done.stdout)["postfix"]
    assert found == {"version": "3.4.1", "source": "mail_version in the text"}


def test_a_folder_may_have_the_defaults_of_its_host(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text("compatibility_level = 3.6\n")
    (tmp_path / "master.cf").write_text("smtp inet n - n - - smtpd\n")
    (tmp_path / "d.txt").write_text(
        "mail_version = 3.7.5\nsmtpd_forbid_bare_newline = no\ninet_interfaces = all\n"
        "smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination\n"
    )
    assert rules_of(tmp_path, "--defaults", tmp_path / "d.txt") == {
        "missing-security-release",
        "smtp-smuggling",
    }


def test_table_types_are_read(tmp_path: Path) -> None:
    types = tmp_path / "m.txt"
    types.write_text("btree\nhash\n")
    assert advisor("check", "-", "--table-types", types, stdin=b"biff = no\n").returncode in (0, 1)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["-"], 3, "postconf -n: not a line"),
        (["-", "--log", "-"], 2, "standard input can be one thing only"),
        (["-", "--master", "-"], 2, "standard input can be one thing only"),
        (["--postconf-n", "n.txt", "--master", "-", "--defaults", "-"], 2, "one thing only"),
        ([".", "--postconf-n", "n.txt"], 2, "--postconf-n stands in place of the folder"),
        (["-", "--postconf-n", "n.txt"], 2, "name two configurations"),
        ([".", "--master", "M.txt"], 2, "--master goes with --postconf-n"),
        (["--postconf-n", "missing"], 2, "missing: cannot be read"),
        (["--postconf-n", "n.txt", "--master", "n.txt"], 3, "n.txt: not a line of what 'postconf -M' prints"),
        (["--postconf-n", "n.txt", "--defaults", "n.txt"], 2, "n.txt: has no mail_version"),
        (["broken.tar"], 2, "broken.tar: is no archive"),
    ],
)
def test_bad_input_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("n.txt").write_text("biff = no\n")
    Path("broken.tar").write_bytes(b"\x1f\x8b junk")
    done = advisor("check", *arguments)
    assert (done.returncode, words in done.stderr.decode()) == (code, True), done.stderr


@pytest.mark.parametrize("noise", [bytes(range(256)), b"\xff\xfe\x00", b"a = \x1b[31mred\x1b[0m\n", b"=\n"])
def test_any_bytes_are_survived(noise: bytes) -> None:
    done = advisor("check", "-", "--color", "always", stdin=noise)
    assert done.returncode in (0, 1, 2, 3)
    assert b"fault of advisor" not in done.stderr
    assert b"\x1b[31mred" not in done.stdout + done.stderr


def test_collect_says_how_it_is_used() -> None:
    done = advisor("collect")
    assert done.returncode == 2
    assert b"advisor collect --script | ssh mx1 sudo sh >mx1.tar" in done.stderr
