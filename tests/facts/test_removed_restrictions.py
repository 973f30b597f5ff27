# ruff: noqa: E501 - a row of a table is easier to read in one line
"""Restrictions that 3.9 removed: where they are found, and what stands in their place."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.removed_restrictions import RestrictionList, restriction_lists
from advisor.facts.wanted import Element, Remove
from advisor.settings.instance import Instance
from advisor.settings.release import ASSUMED, NEWEST, Release
from advisor.syntax.source import SourceFile

R = "smtpd_recipient_restrictions"
RBL = "maps_rbl_domains = a.example, b.example\n"


def found(main: str, master: str = "", release: str = "3.7.11") -> list[RestrictionList]:
    of = Instance.of(SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse(release), "")
    return [each for each in restriction_lists(Case(of, NO_LOG)) if each.names]


CHECK = ("check_relay_domains", ("permit_mynetworks", "reject_unauth_destination"))
CHECK_ONLY = ("check_relay_domains", ("reject_unauth_destination",))
LISTED = ("reject_rbl_client a.example", "reject_rbl_client b.example")


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("check_relay_domains", [CHECK]),
        ("permit_mynetworks, check_relay_domains", [CHECK_ONLY]),
        ("check_relay_domains, permit, check_relay_domains", [CHECK]),
        ("permit_mynetworks reject_maps_rbl  reject", [("reject_maps_rbl", LISTED)]),
        ("permit_mynetworks,Reject_Maps_RBL", [("Reject_Maps_RBL", LISTED)]),
        ("permit_naked_ip_address,\tpermit_mynetworks, permit_sasl_authenticated", [("permit_naked_ip_address", ())]),
        ("reject, permit_naked_ip_address", [("permit_naked_ip_address", ("permit_mynetworks", "permit_sasl_authenticated"))]),
        ("permit_naked_ip_address, check_relay_domains", [("permit_naked_ip_address", ("permit_mynetworks", "permit_sasl_authenticated")), CHECK_ONLY]),
    ],
)  # fmt: skip
def test_what_stands_in_their_place(value: str, wanted: list[tuple[str, tuple[str, ...]]]) -> None:
    (use,) = found(f"{R} = {value}\nmaps_rbl_domains = a.example b.example\n")
    changes = [each for each in use.changes if isinstance(each, Element)]
    assert changes == [Element(R, element, new) for element, new in wanted]


def test_without_domains_the_old_list_blocked_nobody() -> None:
    (use,) = found(f"{R} = permit_mynetworks, reject_maps_rbl, reject\n")
    assert use.changes == (Element(R, "reject_maps_rbl", ()),)
    assert str(use.changes[0]) == f"{R}: drop reject_maps_rbl"
    assert use.instead == ()


def test_the_domains_go_with_the_restriction_unless_somebody_refers_to_them() -> None:
    (use,) = found(f"{RBL}{R} = reject_maps_rbl\n")
    assert use.changes[1:] == (Remove("maps_rbl_domains"),)
    (use,) = found(f"{RBL}{R} = reject_maps_rbl\nours = $maps_rbl_domains\n")
    assert len(use.changes) == 1


def test_classes_variables_and_options_are_lists_too() -> None:
    master = "smtp inet n - n - - smtpd\n  -o smtpd_helo_restrictions=check_relay_domains -o biff=reject_maps_rbl\n"
    main = (
        "smtpd_restriction_classes = strict\nstrict = check_relay_domains\n"
        "ours = check_relay_domains\nsmtpd_client_restrictions = $ours\n"
        "others = check_relay_domains\nrelay_domains = check_relay_domains\n"
    )
    uses = found(main, master)
    assert [(use.parameter, use.service) for use in uses] == [
        ("strict", ""),
        ("ours", ""),
        ("smtpd_helo_restrictions", "smtp/inet"),
    ]
    assert uses[2].changes == (Element("smtpd_helo_restrictions", *CHECK, "smtp/inet"),)


@pytest.mark.parametrize(
    ("value", "release", "names", "is_refused"),
    [
        ("permit_mx_backup", "3.9.0", ("permit_mx_backup",), False),
        ("permit_mx_backup, check_relay_domains", "3.9.0", ("permit_mx_backup", "check_relay_domains"), True),
        ("check_relay_domains", "3.8.9", ("check_relay_domains",), False),
    ],
)
def test_what_a_release_makes_of_them(
    value: str,
    release: str,
    names: tuple[str, ...],
    is_refused: bool,  # noqa: FBT001 - a table
) -> None:
    (use,) = found(f"{R} = {value}\n", release=release)
    assert (use.names, use.is_refused) == (names, is_refused)


def test_what_still_works_without_a_warning_is_left_alone() -> None:
    assert found(f"{R} = permit_mx_backup, reject_unauth_destination\n") == []


def test_an_assumed_release_may_still_know_them() -> None:
    main = SourceFile("main.cf", f"{R} = check_relay_domains\n")
    (use,) = restriction_lists(Case(Instance.of(main, None, NEWEST, ASSUMED), NO_LOG))
    assert use.names
    assert not use.is_refused


def test_of_two_lines_the_last_counts() -> None:
    assert found(f"{R} = check_relay_domains\n{R} = reject\n") == []
