"""Header and body checks: which tables, how large, and what speaks against another type."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.check_tables import (
    CheckList,
    body_patterns,
    check_lists,
    only_posix,
    pcre_is_missing,
    regexp_branches,
    regexp_patterns,
)
from advisor.missing import Missing
from advisor.settings.host import Host
from advisor.settings.instance import Instance
from advisor.settings.release import NEWEST
from advisor.syntax.source import SourceFile

TABLES = {
    "/etc/postfix/a": "/one/ REJECT\n/two|three/ REJECT\n",
    "/etc/postfix/b": "/four/ REJECT\n",
}


def case(main: str, master: str = "", host: Host | None = None) -> Case:
    of = Instance.of(
        SourceFile("main.cf", main),
        SourceFile("master.cf", master),
        NEWEST,
        "",
        host=host or Host(),
        table=lambda path: SourceFile(path, TABLES[path]) if path in TABLES else None,
    )
    return Case(of, NO_LOG)


def only(of: Case) -> CheckList:
    (found,) = check_lists(of)
    return found


def test_all_tables_of_one_parameter_are_counted_together() -> None:
    of = case("body_checks = regexp:/etc/postfix/a, pcre:/etc/postfix/b regexp:/etc/postfix/b\n")
    assert only(of).regexp_tables == ("regexp:/etc/postfix/a", "regexp:/etc/postfix/b")
    assert only(of).as_pcre == "pcre:/etc/postfix/a, pcre:/etc/postfix/b pcre:/etc/postfix/b"
    assert (regexp_patterns(of, only(of)), regexp_branches(of, only(of))) == (3, 2)


def test_a_table_that_was_not_given_is_not_known() -> None:
    of = case("header_checks = regexp:/elsewhere\n")
    for fact in (regexp_patterns, regexp_branches, only_posix):
        assert isinstance(fact(of, only(of)), Missing)


def test_checks_of_other_types_or_by_default_are_no_business_of_this() -> None:
    assert check_lists(case("body_checks = hash:/etc/postfix/a\n")) == ()
    assert [each.parameter for each in check_lists(case("header_checks = pcre:/etc/postfix/a\n"))] == [
        "header_checks"
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/x/ REJECT\n", ""),
        ("/x/i REJECT\n", ""),
        (r"/\<cheap\>/ REJECT", r"/etc/postfix/t:1: \< is read in another way"),
        ("/x/ REJECT\n/[[:<:]]y/ REJECT\n", "/etc/postfix/t:2: it is not understood (the class <)"),
        ("/x/m REJECT\n", "/etc/postfix/t:1: the flags m mean something else to pcre:"),
    ],
)
def test_what_pcre_reads_in_another_way(text: str, found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLES, "/etc/postfix/t", text)
    of = case("body_checks = regexp:/etc/postfix/t\n")
    assert only_posix(of, only(of)) == found


def test_whether_there_are_pcre_tables_is_known_only_when_told() -> None:
    assert isinstance(pcre_is_missing(case("")), Missing)
    assert pcre_is_missing(case("", host=Host(table_types=frozenset({"hash"})))) is True
    assert pcre_is_missing(case("", host=Host(table_types=frozenset({"pcre"})))) is False


def test_the_patterns_of_a_service_are_those_of_its_own_cleanup() -> None:
    main = "body_checks = regexp:/etc/postfix/a\n"
    master = (
        "smtp inet n - n - - smtpd\n"
        "25025 inet n - n - - smtpd -o cleanup_service_name=quiet\n"
        "cleanup unix n - n - 0 cleanup\n"
        "quiet unix n - n - 0 cleanup -o body_checks=\n"
    )
    of = case(main, master)
    smtp, other = of.instance.services[:2]
    assert (body_patterns(of, smtp), body_patterns(of, other)) == (2, 0)
