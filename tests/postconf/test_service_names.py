"""What is said of the names in master.cf, and what becomes of macros in its options."""

from pathlib import Path

import pytest

from advisor.postconf.run import Outcome, run
from advisor.settings.host import Host
from advisor.settings.release import Release

FIELDS = "unix - - n - -"


def answer(folder: Path, *arguments: str, master: str, main: str = "", release: str = "3.7.11") -> Outcome:
    (folder / "main.cf").write_text(main)
    (folder / "master.cf").write_text(master)
    return run(["-c", str(folder), *arguments], release=Release.parse(release), host=Host())


def said(
    folder: Path, *, master: str, main: str = "", release: str = "3.7.11", option: str = "-M"
) -> list[str]:
    """What stderr says of master.cf, without the folder."""
    outcome = answer(folder, option, master=master, main=main, release=release)
    lines = (line.decode().replace(f"{folder}/", "") for line in outcome.warnings)
    return sorted(line.removeprefix("postconf: ") for line in lines)


def test_each_use_of_an_undefined_name_is_reported(tmp_path: Path) -> None:
    master = f"a {FIELDS} smtp -o relayhost=$x$x -o syslog_name=$b -o b=1\nc {FIELDS} smtp -o relayhost=$b\n"
    assert said(tmp_path, master=master) == [
        "warning: master.cf: undefined parameter: b",
        "warning: master.cf: undefined parameter: x",
        "warning: master.cf: undefined parameter: x",
    ]


def test_an_entry_that_stands_twice_is_reported_twice(tmp_path: Path) -> None:
    master = f"a {FIELDS} smtp -o spare=1\na {FIELDS} smtp -o relayhost=$x -o service_name=y\n"
    assert said(tmp_path, master=master) == [
        "warning: master.cf: read-only parameter assignment: service_name=y",
        "warning: master.cf: undefined parameter: x",
        "warning: master.cf: undefined parameter: x",
        "warning: master.cf: unused parameter: spare=1",
        "warning: master.cf: unused parameter: spare=1",
    ]


def test_what_main_cf_or_a_table_or_a_class_uses_is_not_unused(tmp_path: Path) -> None:
    master = f"a {FIELDS} smtp -o p=1 -o t_dbname=2 -o relay_domains=mysql:t -o strict=3 -o alone=4\n"
    assert said(tmp_path, master=master, main="smtpd_restriction_classes = strict\nrelayhost = $p\n") == [
        "warning: master.cf: unused parameter: alone=4"
    ]


def test_a_parameter_that_is_read_only_is_not_set(tmp_path: Path) -> None:
    outcome = answer(
        tmp_path, "-Px", master=f"a {FIELDS} x/smtp -o process_name=y -o relayhost=$process_name\n"
    )
    assert outcome.stdout == b"a/unix/relayhost = smtp\n"


def test_a_service_expands_with_its_own_options_then_main_cf_then_the_default(tmp_path: Path) -> None:
    master = (
        f"slow {FIELDS} smtp -o relayhost=$service_name.$own.$p.$mail_name$nobody -o own=o\n"
        f"b {FIELDS} smtp -o syslog_name=${{own}}$slow_destination_rate_delay$b_time_limit\n"
    )
    outcome = answer(tmp_path, "-Px", "*/*/relayhost", "b", master=master, main="p = q\n")
    assert outcome.stdout == b"slow/unix/relayhost = slow.o.q.Postfix\nb/unix/syslog_name = 0s\n"


def test_braces_where_a_table_may_stand(tmp_path: Path) -> None:
    assert said(tmp_path, master=f"a {FIELDS} smtp -o relay_domains=x,{{y\n") == [
        "warning: master.cf:a/unix: missing '}' in \"{y\"",
    ]


@pytest.mark.parametrize(
    ("option", "lines"),
    [
        (
            "smtpd_restriction_classes=${x",
            ['warning: truncated macro reference: "${x"', "fatal: dictionary a/unix: macro processing error"],
        ),
        (
            "relayhost=${x",
            ['warning: truncated macro reference: "${x"'] * 2 + ["fatal: macro processing error"],
        ),
    ],
)
def test_a_broken_macro_ends_it(tmp_path: Path, option: str, lines: list[str]) -> None:
    outcome = answer(tmp_path, "-M", master=f"a {FIELDS} smtp -o {option}\n")
    assert (outcome.stdout, outcome.status) == (b"", 1)
    assert [line.decode().removeprefix("postconf: ") for line in outcome.warnings] == lines


def test_a_broken_macro_that_no_program_reads_is_a_warning_until_it_is_expanded(tmp_path: Path) -> None:
    master = f"a {FIELDS} smtp -o mine=$\n"
    assert said(tmp_path, master=master) == [
        'warning: empty macro name: "$"',
        "warning: master.cf: unused parameter: mine=$",
    ]
    assert said(tmp_path, master=master, option="-Mx")[0] == "fatal: macro processing error"


def test_an_old_name_is_deprecated_from_3_9_on(tmp_path: Path) -> None:
    master = f"a {FIELDS} smtp -o smtp_use_tls=yes\n"
    assert said(tmp_path, master=master) == []
    (line,) = said(tmp_path, master=master, release="3.9.0")
    assert line.startswith("warning: master.cf: support for parameter")
    assert "will be removed; instead, specify" in line


def test_a_master_cf_that_is_not_there_is_fatal(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text("")
    outcome = run(["-c", str(tmp_path), "-M"], release=Release(3, 7, 11), host=Host())
    assert outcome.warnings == (
        f"postconf: fatal: open {tmp_path}/master.cf: No such file or directory".encode(),
    )
    assert outcome.status == 1
