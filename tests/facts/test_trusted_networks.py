"""Whom mynetworks trusts, and what the value becomes without everybody."""

import pytest

from advisor.errors import RuleError
from advisor.facts.case import NO_LOG, Case
from advisor.facts.trusted_networks import TrustedNetworks, public_ranges, trust, trusted_networks
from advisor.facts.wanted import Assign
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

SMTP = "smtp inet n - n - - smtpd\n"


def case(main: str, master: str = SMTP) -> Case:
    files = {"/etc/postfix/mynetworks": "0.0.0.0/0\n"}

    def table(path: str) -> SourceFile | None:
        return SourceFile(path, files[path]) if path in files else None

    instance = Instance.of(
        SourceFile("main.cf", main),
        SourceFile("master.cf", master),
        Release.parse("3.7.11"),
        "",
        table=table,
    )
    return Case(instance, NO_LOG)


def networks(value: str) -> TrustedNetworks:
    (found,) = trusted_networks(case(f"mynetworks = {value}\n"))
    return found


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("0.0.0.0/0", "127.0.0.0/8"),
        ("0.0.0.0/0, [::]/0", "127.0.0.0/8, [::1]/128"),
        ("127.0.0.0/8 0.0.0.0/0", "127.0.0.0/8"),
        ("0.0.0.0/0 127.0.0.1", "127.0.0.1"),
        ("192.0.2.0/24,\t0.0.0.0/1 128.0.0.0/1, 198.51.100.1", "192.0.2.0/24,\t127.0.0.0/8 , 198.51.100.1"),
        ("static:all", "127.0.0.0/8 [::1]/128"),
        ("!192.0.2.1 0.0.0.0/0", "!192.0.2.1 127.0.0.0/8"),
    ],
)
def test_this_host_stands_in_for_everybody(value: str, wanted: str) -> None:
    assert networks(value).narrowed == (Assign("mynetworks", wanted),)


@pytest.mark.parametrize("value", ["127.0.0.0/8", "/etc/postfix/mynetworks", "$ours"])
def test_what_does_not_stand_in_the_value_is_left_alone(value: str) -> None:
    (found,) = trusted_networks(case(f"ours = 0.0.0.0/0\nmynetworks = {value}\n"))
    assert found.narrowed == ()


def test_a_service_with_its_own_value_is_a_finding_of_its_own() -> None:
    master = SMTP + "2525 inet n - n - - smtpd\n  -o mynetworks=0.0.0.0/0\n"
    of = case("mynetworks = 127.0.0.0/8\n", master)
    assert [(each.service, each.everybody) for each in trusted_networks(of)] == [
        (None, ()),
        ("2525/inet", ("0.0.0.0/0",)),
    ]
    assert trusted_networks(of)[1].narrowed == (Assign("mynetworks", "127.0.0.0/8", "2525/inet"),)


def test_many_services_with_one_value_are_one_finding() -> None:
    assert len(trusted_networks(case("", SMTP + "submission inet n - n - - smtpd\n"))) == 1


@pytest.mark.parametrize(
    ("value", "ranges"),
    [
        ("11.0.0.0/8 128.66.0.0/15 128.66.0.0/16", ("11.0.0.0/8", "128.66.0.0/15")),
        ("[2a00::]/16 [2a00::]/32 [fe80::]/10 [fd00::]/8", ("[2a00::]/16",)),
        ("127.0.0.0/8 10.0.0.0/8 0.0.0.0/8 224.0.0.0/4", ()),
        ("192.0.2.0/15", ()),  # Postfix refuses it
        ("!11.0.0.0/8 11.0.0.0/8", ()),
        ("25.0.0.0/8", ()),
    ],
)
def test_public_ranges(value: str, ranges: tuple[str, ...]) -> None:
    assert public_ranges(case(""), networks(value), 16, 29, "25.0.0.0/8, 26.0.0.0/8") == ranges


def test_an_owned_network_must_be_one() -> None:
    with pytest.raises(RuleError):
        public_ranges(case(""), networks("11.0.0.0/8"), 16, 29, "mine")


@pytest.mark.parametrize(
    ("main", "worst"),
    [
        ("mynetworks = 10.0.0.0/8 11.0.0.0/8 127.0.0.1/8 0.0.0.0/0\n", "everybody"),
        ("mynetworks = 10.0.0.0/8 11.0.0.0/8 127.0.0.1/8\n", "public-range"),
        ("mynetworks = 10.0.0.0/8 127.0.0.1/8\n", "nobody"),
        ("mynetworks = 192.168.0.0/16\n", "private-block"),
        ("mynetworks = 192.168.0.0/17 172.16.0.0/16 100.64.0.0/11\n", "own"),
        ("mynetworks_style = Class\n", "class"),
        ("compatibility_level = 1\n", "subnet"),
        ("compatibility_level = 2\n", "own"),
        ("mynetworks_style = host\nmynetworks = ${x\n", "own"),
    ],
)
def test_the_worst(main: str, worst: str) -> None:
    of = case(main)
    (found,) = trusted_networks(of)
    assert trust(of, found, 16, 29, "") == worst
