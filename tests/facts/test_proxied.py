# ruff: noqa: E501 - a row of a table is easier to read in one line
"""Tables behind proxymap, those in front of it, and types that this Postfix does not have."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.proxied import approving_change, direct_databases, is_approved, proxied_tables
from advisor.facts.table_types import used_table_types
from advisor.facts.wanted import Assign, Element
from advisor.settings.host import Host
from advisor.settings.instance import Instance
from advisor.settings.release import NEWEST, Release
from advisor.syntax.source import SourceFile


def case_of(
    main: str, master: str = "", release: str = "3.7.11", types: frozenset[str] | None = None
) -> Case:
    files = SourceFile("main.cf", main), SourceFile("master.cf", master)
    return Case(Instance.of(*files, Release.parse(release), "", host=Host(table_types=types)), NO_LOG)


def unapproved(case: Case) -> list[str]:
    return [each.table for each in proxied_tables(case) if not is_approved(case, each)]


@pytest.mark.parametrize("release", ["2.11.0", "3.7.11", str(NEWEST)])
def test_what_the_default_approves(release: str) -> None:
    case = case_of(
        "virtual_alias_maps = hash:/a, proxy:mysql:/b\nlocal_recipient_maps = $x\nx = proxy:ldap:/c\n",
        release=release,
    )
    assert [each.table for each in proxied_tables(case)] == ["mysql:/b", "ldap:/c"]
    assert unapproved(case) == []


@pytest.mark.parametrize(
    ("main", "master", "tables"),
    [
        ("smtpd_end_of_data_restrictions = check_client_access proxy:mysql:/a\n", "", ["mysql:/a"]),
        ("smtpd_restriction_classes = a\na = check_client_access proxy:mysql:/a\n", "", ["mysql:/a"]),
        ("own = proxy:mysql:/a\n", "", []),
        ("", "a inet n - n - - smtpd -o smtpd_sender_login_maps=proxy:proxy:mysql:/a\n", ["mysql:/a"]),
        ("proxy_read_maps = proxy:mysql:/a\nvirtual_alias_maps = proxy:mysql:/a, proxy:mysql:/b\n", "", ["mysql:/b"]),
        ("virtual_alias_maps = proxy:mysql:/a\n", "proxymap unix - - n - - proxymap -o proxy_read_maps=\n", ["mysql:/a"]),
        ("proxy_read_maps = $virtual_alias_maps\n", "a inet n - n - - smtpd\n", ["unix:passwd.byname"]),
        ("proxy_read_maps = $local_recipient_maps\n", "a inet n - n - - smtpd\n", []),
        ("postscreen_cache_map = proxy:btree:/a\n", "", []),
        ("proxy_write_maps =\naddress_verify_map = proxy:btree:/a\n", "", ["btree:/a"]),
        ("smtpd_tls_session_cache_database = proxy:btree:/a\n", "", []),
    ],
)  # fmt: skip
def test_what_is_not_approved(main: str, master: str, tables: list[str]) -> None:
    assert unapproved(case_of(main, master)) == tables


@pytest.mark.parametrize(
    ("main", "change"),
    [
        ("proxy_read_maps = $a, $b\n", Element("proxy_read_maps", "$b", ("$b", "proxy:mysql:/a"))),
        ("proxy_read_maps =\n", Assign("proxy_read_maps", "proxy:mysql:/a")),
    ],
)
def test_how_it_is_approved(main: str, change: Assign | Element) -> None:
    case = case_of(f"{main}virtual_alias_maps = proxy:mysql:/a\n")
    assert approving_change(case, proxied_tables(case)[0]) == (change,)


def test_the_default_is_written_out_where_it_has_to_grow() -> None:
    case = case_of("smtpd_end_of_data_restrictions = check_client_access proxy:mysql:/a\n")
    (change,) = approving_change(case, *proxied_tables(case))
    assert isinstance(change, Assign)
    assert change.value.startswith("$local_recipient_maps $mydestination")
    assert change.value.endswith(" proxy:mysql:/a")


def test_how_many_connections() -> None:
    main = "virtual_alias_maps = mysql:/a, hash:/b, mysql:/c\nrelay_domains = pgsql:/d\nvirtual_uid_maps = mysql:/e\n"
    master = "a inet n - n - 10 smtpd\nb inet n - n - 5 smtpd -o virtual_alias_maps=\nvirtual unix - n n - - virtual\n"
    (found,) = direct_databases(case_of(main, master))
    assert (found.parameters, found.connections) == (("virtual_alias_maps", "relay_domains"), 10 * 2 + 15)
    assert found.programs == ("smtpd",)
    assert found.unlisted == ()
    assert found.changes[0] == Element("virtual_alias_maps", "mysql:/a", ("proxy:mysql:/a",))


def test_a_parameter_that_the_list_does_not_name() -> None:
    case = case_of(
        "smtpd_end_of_data_restrictions = check_client_access ldap:a\n", "a inet n - n - - smtpd\n"
    )
    assert direct_databases(case)[0].unlisted == ("smtpd_end_of_data_restrictions",)


def test_the_types_that_are_used() -> None:
    main = "alias_maps = hash:/a, unionmap:{pcre:/b,static:c}\nsmtpd_milters = unix:d\n"
    master = "a inet n - n - - smtpd -o header_checks=pcre:/e -o mynetworks=hash:/f\n"
    found = used_table_types(case_of(main, master, types=frozenset({"hash"})))
    assert [(each.name, each.parameters, each.is_there) for each in found] == [
        ("hash", ("alias_maps", "mynetworks of a/inet"), True),
        ("pcre", ("alias_maps", "header_checks of a/inet"), False),
    ]


def test_types_are_not_judged_where_nobody_told_them() -> None:
    assert used_table_types(case_of("alias_maps = hash:/a\n")) == ()
