"""`advisor check`: one line a finding, the part of the log that counts, memory, and how to get a log."""

import json
from pathlib import Path

import pytest

from advisor import app
from advisor.request import Request
from advisor.settings.host import Host
from tests.cli.running import advisor
from tests.conftest import Golden

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "examples" / "slow-clients"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "main.cf").write_text("compatibility_level = 3.11\n")
    (tmp_path / "master.cf").write_text("smtp inet n - n - 20 smtpd\n")
    return tmp_path


class TestConcise:
    def test_one_line_a_finding(self, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(EXAMPLE.parent)
        done = advisor(
            "check",
            EXAMPLE.name,
            "--log",
            "slow-clients/mail.log",
            "--postfix-version",
            "3.7.11",
            "--output-format",
            "concise",
        )
        golden("concise.txt", done.stdout.decode())
        assert done.returncode == 1

    def test_it_is_not_folded_and_has_no_colour_in_a_pipe(self) -> None:
        forms = [
            advisor(
                "check", EXAMPLE, "--log", EXAMPLE / "mail.log", "--output-format", "concise", columns=width
            )
            for width in (40, 200)
        ]
        assert forms[0].stdout == forms[1].stdout
        assert b"\x1b" not in forms[0].stdout

    def test_nothing_found_and_nothing_known(self, folder: Path) -> None:
        capacity = "smtpd-process-limit-reached,more-processes-would-not-help"
        done = advisor("check", folder, "--output-format", "concise", "--select", capacity)
        lines = done.stdout.decode().splitlines()
        assert lines[0] == "0 findings"
        assert lines[1].startswith("2 undecided, 2 for lack of a log: advisor check ")

    def test_what_the_log_does_not_tell(self, folder: Path, tmp_path: Path) -> None:
        log = tmp_path / "mail.log"
        log.write_text("Nov  3 10:00:00 mx postfix/smtpd[1]: connect from a[192.0.2.1]\n")
        done = advisor(
            "check", folder, "--log", log, "--select", "slow-clients-hold-slots", "--output-format", "concise"
        )
        assert done.stdout == b"0 findings\n1 undecided; --output-format full says why\n"

    def test_what_is_hidden_is_counted(self, folder: Path) -> None:
        (folder / "main.cf").write_text("favourite_colour = green\n")
        done = advisor(
            "check",
            folder,
            "--select",
            "unknown-parameter",
            "--min-severity",
            "high",
            "--output-format",
            "concise",
        )
        assert done.stdout.decode().splitlines() == [
            "0 findings",
            "1 finding is below --min-severity high and not shown; for --fail-on it counts",
        ]

    def test_hostile_text_stays_text(self, folder: Path) -> None:
        (folder / "main.cf").write_bytes(b"col\x1b[31mour = a\nfavourite_colour = \x1b]0;x\x07\n")
        done = advisor("check", folder, "--output-format", "concise", "--color", "never")
        assert b"\x1b" not in done.stdout
        assert b"\\x1b[31mour" in done.stdout

    def test_with_the_patch_on_stdout_the_lines_go_to_stderr(self) -> None:
        done = advisor(
            "check",
            EXAMPLE,
            "--log",
            EXAMPLE / "mail.log",
            "--postfix-version",
            "3.7.11",
            "--output-format",
            "concise",
            "--diff",
        )
        assert done.stdout == (EXAMPLE / "patch.diff").read_bytes()
        assert b"--diff prints it" in done.stderr


class TestTheTimeAskedFor:
    def test_lines_outside_are_counted_apart(self) -> None:
        done = advisor(
            "check",
            EXAMPLE,
            "--log",
            EXAMPLE / "mail.log",
            "--since",
            "2026-11-23 23:50:10",
            "--until",
            "2026-11-23T23:50:20Z",
            "--output-format",
            "json",
        )
        log = json.loads(done.stdout)["log"]
        assert 10 > log["last"] - log["first"] >= 0
        assert log["outside_lines"] > 0
        assert log["outside_lines"] + log["postfix_lines"] == log["lines"]

    @pytest.mark.parametrize(
        ("arguments", "code", "words"),
        [
            (["--log", "LOG", "--since", "soon"], 2, "--since: 'soon' is no time; write 2026-11-23, "),
            (["--log", "LOG", "--until", "2026-02-30"], 2, "--until: '2026-02-30' is no time: day "),
            (["--log", "LOG", "--since", "1h", "--until", "2h"], 2, "--since is not before --until"),
            (["--log", "-", "--since", "1h"], 2, "a pipe can be read once; give an absolute time"),
            (["--since", "1h"], 2, "--since and --until choose lines of a log; add --log FILE"),
            (["--log", "LOG", "--until", "2020-01-01"], 3, "1511 of them outside of what was asked for"),
            (["--log", "missing", "--since", "1h"], 2, "missing: the log cannot be read"),
            (["--memory", "lots"], 2, "--memory: 'lots' is no amount of memory; write it as 4G or 512M"),
            (["--rules-dir", "missing"], 2, "missing: no such directory"),
        ],
    )
    def test_bad_values_get_a_sentence(
        self, folder: Path, arguments: list[str], code: int, words: str
    ) -> None:
        log = str(EXAMPLE / "mail.log")
        done = advisor("check", folder, *(log if each == "LOG" else each for each in arguments))
        assert done.returncode == code
        assert words in done.stderr.decode()


def test_the_memory_reaches_the_rules(folder: Path) -> None:
    report = app.advise(Request(str(folder), memory=4 << 30))
    assert report.instance.host == Host(memory=4 << 30)
    assert advisor("check", folder, "--memory", "4G").returncode == 0


class TestHowToGetTheLog:
    @pytest.mark.parametrize(
        ("selected", "count"),
        [
            ("slow-clients-hold-slots", "1 rule needs"),
            ("slow-clients-hold-slots,harmless-lost-connections", "2 rules need"),
        ],
    )
    def test_one_line(self, folder: Path, selected: str, count: str) -> None:
        (folder / "main.cf").write_text("maillog_file = /var/log/postfix log\n")
        screen = advisor("check", folder, "--select", selected, columns=300).stdout.decode()
        line = f"{count} the mail log: advisor check {folder} --log '/var/log/postfix log'"
        assert line in [each.rstrip() for each in screen.splitlines()]

    def test_json_has_it_where_a_rule_needs_it(self, folder: Path) -> None:
        for selected, needs in (("slow-clients-hold-slots", True), ("misread-line", False)):
            done = advisor("check", folder, "--select", selected, "--output-format", "json")
            assert bool(json.loads(done.stdout)["log_hint"]) is needs


def test_the_kind_of_machine_is_inferred_or_told(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text("relay_domains = example.com\n")
    (tmp_path / "master.cf").write_text("smtp inet n - n - - smtpd\n")
    assert (
        b"taken for: mail-exchanger (smtp/inet takes mail for relay_domains)"
        in advisor("check", tmp_path).stdout
    )
    told = advisor("check", tmp_path, "--profile", "mail-exchanger,submission-host")
    assert b"told to be: mail-exchanger, submission-host" in told.stdout
    assert advisor("check", tmp_path, "--profile", "mx").returncode == 2
    document = json.loads(advisor("check", tmp_path, "--output-format", "json").stdout)
    assert [each["profile"] for each in document["profiles"]] == ["mail-exchanger"]


def test_a_template_is_not_judged(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text("myhostname = {{ hostname }}\n")
    done = advisor("check", tmp_path)
    assert done.returncode == 3
    assert b"main.cf:1:1: {{ hostname }} was not filled in" in done.stderr


def test_a_log_that_spans_a_reload_is_told(folder: Path) -> None:
    log = folder / "mail.log"
    log.write_text(
        "Nov  3 10:00:00 mx postfix/smtpd[1]: connect from a[192.0.2.1]\n"
        "Nov  3 10:05:07 mx postfix/master[2]: reload -- version 3.11.0, configuration /etc/postfix\n"
        "Nov  3 10:09:00 mx postfix/smtpd[1]: disconnect from a[192.0.2.1]\n"
    )
    arguments = ("check", folder, "--log", log, "--output-format", "json")
    (note,) = json.loads(advisor(*arguments).stdout)["notes"]
    assert "a reload or a start of Postfix, by Nov 03 10:06" in note
    since = note.partition("--since ")[2].split()[0]
    assert json.loads(advisor(*arguments, "--since", since).stdout)["notes"] == []
