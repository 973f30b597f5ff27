"""Which kind of machine it is: what the SMTP servers show, and what the administrator says."""

import pytest

from advisor.errors import RuleError, UsageError
from advisor.facts.case import NO_LOG, Case
from advisor.facts.profile import kinds, profile, profile_is
from advisor.missing import Missing
from advisor.settings.host import Host
from advisor.settings.instance import Instance
from advisor.settings.profile import Profile, told_profiles
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

SMTP = "smtp inet n - n - - smtpd\n"
SUBMISSION = (
    "submission inet n - n - - smtpd\n -o smtpd_relay_restrictions=permit_sasl_authenticated,reject\n"
)
REINJECTION = "192.0.2.1:10025 inet n - n - - smtpd\n -o smtpd_relay_restrictions=permit_mynetworks,reject\n"
LEVEL = "compatibility_level = 3.6\nmyhostname = mail.example.com\n"
RELAY = LEVEL + "relayhost = [mail.example.net]\nmynetworks = 127.0.0.0/8 192.0.2.0/24\n"
CLOSED = "smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject\n"


def case(main: str, master: str | None, told: frozenset[Profile] = frozenset()) -> Case:
    text = None if master is None else SourceFile("master.cf", master)
    host = Host(profiles=told)
    return Case(
        Instance.of(SourceFile("main.cf", main), text, Release.parse("3.7.11"), "a test", host=host), NO_LOG
    )


@pytest.mark.parametrize(
    ("main", "master", "expected"),
    [
        (LEVEL, SMTP, ["mail-exchanger"]),
        (LEVEL + "mydestination = example.com\n", SMTP + SUBMISSION, ["mail-exchanger", "submission-host"]),
        (LEVEL, SUBMISSION, ["submission-host"]),
        (LEVEL + "inet_interfaces = loopback-only\n", SMTP, ["null-client"]),
        (LEVEL, "127.0.0.1:smtp inet n - n - - smtpd\n", ["null-client"]),
        (LEVEL, "pickup unix n - n 60 1 pickup\n", ["null-client"]),
        (RELAY, SMTP, ["internal-relay"]),
        (RELAY + "mydestination = $myhostname localhost.localdomain mail\n", SMTP, ["internal-relay"]),
        (RELAY + "relay_domains = example.org\n", SMTP, ["mail-exchanger"]),
        (RELAY + "mynetworks_style = host\n", SMTP, ["internal-relay"]),
        (LEVEL + CLOSED + "mynetworks_style = subnet\n", SMTP, ["internal-relay"]),
        (LEVEL + CLOSED + "smtpd_sasl_auth_enable = yes\n", SMTP, ["submission-host"]),
        (LEVEL + "smtpd_relay_restrictions = permit_auth_destination, reject\n", SMTP, ["mail-exchanger"]),
        # Where a content filter hands mail back, it says nothing of the machine.
        (LEVEL + "relay_domains = example.org\n", SMTP + REINJECTION, ["mail-exchanger"]),
        (LEVEL, REINJECTION, ["internal-relay"]),
        (LEVEL + "relay_domains = ${\n", SMTP, ["mail-exchanger"]),
        (RELAY + "mynetworks = ${\n", SMTP, ["mail-exchanger"]),
    ],
)
def test_what_the_servers_show(main: str, master: str, expected: list[str]) -> None:
    assert profile(case(main, master)) == tuple(expected)


def test_without_services_it_is_not_known() -> None:
    assert isinstance(kinds(case(LEVEL, None).instance), Missing)
    assert isinstance(profile_is(case(LEVEL, None), "null-client"), Missing)


def test_what_is_told_counts() -> None:
    told = case(LEVEL, SMTP, told_profiles(["null-client"]))
    assert profile_is(told, "null-client") is True
    assert profile_is(told, "mail-exchanger") is False


@pytest.mark.parametrize("names", [["mx"], ["null-client", "mail-exchanger"]])
def test_what_is_told_must_make_sense(names: list[str]) -> None:
    with pytest.raises(UsageError):
        told_profiles(names)


def test_a_rule_that_asks_for_another_kind_is_wrong() -> None:
    with pytest.raises(RuleError):
        profile_is(case(LEVEL, SMTP), "mx")
