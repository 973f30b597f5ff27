# ruff: noqa: E501 - a row of a table is easier to read in one line
"""What the log shows of programs and tables beyond the number of lines."""

from datetime import UTC, datetime

import pytest

from advisor.facts import programs
from advisor.facts.case import NO_LOG, Case
from advisor.facts.observe import observe
from advisor.facts.observed import Observed
from advisor.facts.thresholds import default_thresholds
from advisor.logs.scan import scan
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

MASTER = "smtp inet n - n - - smtpd\n587 inet n - n - - smtpd\nlocal unix - n n - - local\n"


def case_of(*texts: str, log: bool = True) -> Case:
    files = SourceFile("main.cf", ""), SourceFile("master.cf", MASTER)
    instance = Instance.of(*files, Release.parse("3.7.11"), "")
    if not log:
        return Case(instance, NO_LOG)
    lines = "".join(f"Nov 23 10:00:00 mx postfix/{text}\n" for text in texts)
    metrics = scan(lines.encode(), "mail.log", datetime(2026, 12, 1, tzinfo=UTC)).finish()
    return Case(instance, observe(instance, metrics, default_thresholds()))


ENDS = (
    "master[1]: warning: process /usr/libexec/postfix/smtpd pid 2 exit status 1",
    "master[1]: warning: process /usr/libexec/postfix/smtpd pid 3 killed by signal 11",
    "smtpd[2]: fatal: first\x1b",
    "smtpd[3]: fatal: second",
)


def test_the_programs_and_their_services() -> None:
    found = [(each.name, each.services) for each in programs.daemon_programs(case_of())]
    assert found == [("smtpd", ("smtp/inet", "587/inet")), ("local", ("local/unix",))]


def test_which_program_fails_and_why() -> None:
    case = case_of(*ENDS)
    smtpd, local = programs.daemon_programs(case)
    assert [programs.failed_processes(case, each) for each in (smtpd, local)] == [2, 0]
    assert [programs.last_words(case, each) for each in (smtpd, local)] == ["fatal: first?", ""]


def test_what_is_said_of_tables() -> None:
    case = case_of(
        "local[2]: warning: hash:/etc/aliases is unavailable. open database /etc/aliases.db: No such file",
        "local[2]: warning: database /etc/b.db is older than source file /etc/b",
        "cleanup[3]: warning: database /etc/a.db is older than source file /etc/a",
    )
    assert programs.table_complaints(case) == (
        "local: warning: hash:/etc/aliases is unavailable. open database /etc/aliases.db: No such file",
    )
    assert programs.stale_tables(case) == ("/etc/a.db", "/etc/b.db")


@pytest.mark.parametrize(
    ("text", "is_full"),
    [
        ("cleanup[2]: warning: connect to mysql server db: Too many connections", True),
        ("cleanup[2]: warning: connect to pgsql server db: FATAL: remaining connection slots are reserved", True),
        ("cleanup[2]: warning: connect to mysql server db: Connection refused", False),
    ],
)  # fmt: skip
def test_a_database_with_too_many_connections(text: str, *, is_full: bool) -> None:
    assert programs.database_is_full(case_of(text)) is is_full


def test_the_highest_number_and_the_sessions() -> None:
    case = case_of("postscreen[2]: entering STRESS mode with 90 connections")
    assert isinstance(case.observed, Observed)
    assert case.observed.details.peaks["postscreen-stress"] == 90


def test_nothing_is_known_without_a_log() -> None:
    case = case_of(log=False)
    assert isinstance(programs.stale_tables(case), Missing)
