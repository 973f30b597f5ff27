"""What Postfix's programs ask of their entry in master.cf."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.daemons import (
    EntryFault,
    every_service,
    is_never_woken,
    is_verbose,
    master_entries,
    must_be_unlimited,
    written_process_limit,
)
from advisor.facts.wanted import Column
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.service import Service
from advisor.syntax.source import SourceFile


def case_of(master: str, release: str = "3.7.11") -> Case:
    main = SourceFile("main.cf", "default_process_limit = 50\n")
    return Case(Instance.of(main, SourceFile("master.cf", master), Release.parse(release), ""), NO_LOG)


def one(master: str, release: str = "3.7.11") -> tuple[Case, Service]:
    case = case_of(master, release)
    (service,) = every_service(case)
    return case, service


def fault(master: str) -> EntryFault:
    (found,) = master_entries(case_of(master))
    return found


@pytest.mark.parametrize(
    ("release", "command", "wanted"),
    [
        ("3.3.0", "tlsproxy", False),
        ("3.4.0", "tlsproxy", True),
        ("2.6.0", "bounce", True),
        ("3.7.0", "smtp", False),
    ],
)  # fmt: skip
def test_no_limit_at_all(release: str, command: str, *, wanted: bool) -> None:
    assert must_be_unlimited(*one(f"a unix - - n - 1 {command}\n", release)) is wanted


@pytest.mark.parametrize(("limit", "words"), [("7", "7"), ("-", "-, which is default_process_limit, 50")])
def test_the_limit_as_it_is_written(limit: str, words: str) -> None:
    assert written_process_limit(*one(f"a unix - - n - {limit} qmgr\n")) == words


@pytest.mark.parametrize(
    ("entry", "sleeps"),
    [
        ("qmgr unix n - n - 1 qmgr", True),
        ("qmgr unix n - n 0? 1 qmgr", True),
        ("pickup unix n - n 60 1 pickup", False),
        ("smtp unix - - n - - smtp", False),
    ],
)
def test_a_service_that_is_never_woken(entry: str, *, sleeps: bool) -> None:
    assert is_never_woken(*one(f"{entry}\n")) is sleeps


@pytest.mark.parametrize(
    ("arguments", "verbose"),
    [
        ("smtpd -v", True),
        ("smtpd -vv", True),
        ("smtpd -o a=b -vo c=d", True),
        ("smtpd -o a=-v", False),
        ("pipe flags=R user=a argv=/bin/b -v", False),
        ("smtpd", False),
    ],
)
def test_a_service_with_v(arguments: str, *, verbose: bool) -> None:
    assert is_verbose(*one(f"a inet n n n - - {arguments}\n")) is verbose


@pytest.mark.parametrize(
    ("entry", "words", "cures"),
    [
        ("smtp inet - - n - - smtpd", "smtp/inet is private (-)", (Column("smtp/inet", "private", "n"),)),
        (
            "a unix - y n - - virtual",
            "virtual of a/unix needs the rights",
            (Column("a/unix", "unpriv", "n"),),
        ),
        ("a unix - n n - - pipe user=b", "pipe of a/unix has no argv=", ()),
        ("a unix - n n - - spawn argv=/bin/b user=c", "spawn of a/unix has no user=", ()),
        ("a unix - n n - - pipe user=root:mail argv=/bin/b", "pipe of a/unix has user=root", ()),
        ("a unix - n n - - pipe user=postfix argv=/bin/b", "pipe of a/unix has user=postfix, the owner", ()),
    ],
)
def test_what_is_refused(entry: str, words: str, cures: tuple[Column, ...]) -> None:
    found = fault(f"{entry}\n")
    assert found.problem.startswith(words)
    assert (found.is_fatal, found.cures) == (True, cures)


def test_of_two_entries_the_first_does_nothing() -> None:
    found = fault("a unix - - n - - smtp\na unix - - n - 5 smtp\n")
    assert "the entry of line 1 does nothing" in found.problem
    assert not found.is_fatal


@pytest.mark.parametrize("entry", ["smtp inet n - n - - smtpd", "a unix - n n - - pipe user=b:c argv=/bin/d"])
def test_what_is_well(entry: str) -> None:
    assert fault(f"{entry}\n").problem == ""
