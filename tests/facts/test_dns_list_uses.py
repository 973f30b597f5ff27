"""What is wrong with the DNS lists of a configuration, entry by entry."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.dns_list_uses import AskedLists, asked_dns_lists
from advisor.facts.dns_lists import closed, dns_lists
from advisor.facts.wanted import Element
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile


def lists(
    main: str, master: str = "smtp inet n - n - - smtpd\n", release: str = "3.7.11"
) -> list[AskedLists]:
    of = Instance.of(SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse(release), "")
    return list(asked_dns_lists(Case(of, NO_LOG)))


@pytest.mark.parametrize(
    ("element", "zone"),
    [
        ("reject_rbl_client DUL.dnsbl.sorbs.net.", "dul.dnsbl.sorbs.net"),
        ("warn_if_reject reject_rbl_client dnsbl.sorbs.net=127.0.0.2", "dnsbl.sorbs.net"),
        ("reject_rhsbl_sender dsn.rfc-ignorant.org", "dsn.rfc-ignorant.org"),
    ],
)
def test_a_closed_list_goes_with_its_restriction(element: str, zone: str) -> None:
    (found,) = lists(f"smtpd_client_restrictions = permit_mynetworks, {element}, permit\n")
    assert found.closed[0].startswith(f"{zone} (closed in ")
    assert found.closed_changes == (Element("smtpd_client_restrictions", element, ()),)


def test_a_name_that_only_ends_alike_is_another_list() -> None:
    assert closed("notsorbs.net") is None


def test_an_entry_without_a_source_is_unsure() -> None:
    (found,) = lists("smtpd_client_restrictions = reject_rbl_client opm.blitzed.org\n")
    assert found.unsure


def test_what_nobody_reads_is_left_alone() -> None:
    main = (
        "smtpd_client_restrictions = reject_rbl_client dnsbl.sorbs.net\npostscreen_dnsbl_sites = njabl.org\n"
    )
    assert not lists(main, "smtp inet n - n - - smtpd\n  -o smtpd_client_restrictions=\n")


def test_a_weight_stays_behind_the_filter() -> None:
    main = "postscreen_dnsbl_sites = list.dnswl.org*-2\n"
    (found,) = lists(main, "smtp inet n - n - 1 postscreen\n")
    assert found.admits
    assert found.filter_changes[0].new == ("list.dnswl.org=127.0.[0..255].[1..3]*-2",)


def test_a_release_without_ranges_gets_no_change() -> None:
    (found,) = lists("smtpd_client_restrictions = reject_rbl_client zen.spamhaus.org\n", release="2.7.0")
    assert found.unfiltered
    assert not found.filter_changes


def test_each_entry_but_those_of_the_first_years_has_a_source() -> None:
    assert all(of.source.startswith("https://") for of in dns_lists().closed if of.year)
