"""The way to the relay host: lines of main.cf, and what is wrong with it."""

import pytest

from advisor.facts.case import Case
from advisor.facts.client_tls import level_for_everybody, sends_without_tls
from advisor.facts.nexthop import nexthop
from advisor.facts.relayhost import relay_way
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

MASTER = "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\n"
HOST = "relayhost = [mail.example.com]:587\n"
AUTH = "smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd\n"
PLAIN = "smtp_sasl_security_options = noanonymous\n"
MAY = "smtp_tls_security_level = may\n"


def case_of(main: str, keys: str = "") -> Case:
    instance = Instance.of(
        SourceFile("main.cf", main),
        SourceFile("master.cf", MASTER),
        Release.parse("3.7.11"),
        "",
        table=lambda path: SourceFile(path, keys) if keys else None,
    )
    return Case(instance, Missing("", ""))


@pytest.mark.parametrize(
    ("text", "host", "port", "looks_up_mx"),
    [
        ("", "", "smtp", True),
        ("example.com", "example.com", "smtp", True),
        ("example.com:587, [b.example]", "example.com", "587", True),
        ("[mail.example.com]", "mail.example.com", "smtp", False),
        ("[mail.example.com]:submission", "mail.example.com", "submission", False),
        ("[IPv6:2001:db8::1]:25", "2001:db8::1", "25", False),
        ("2001:db8::1", "2001:db8::1", "smtp", True),
    ],
)
def test_next_hops(text: str, host: str, port: str, *, looks_up_mx: bool) -> None:
    hop = nexthop(text)
    assert (hop.host, hop.port, hop.looks_up_mx) == (host, port, looks_up_mx)


@pytest.mark.parametrize(
    ("main", "keys", "troubles"),
    [
        ("", "", ""),
        ("relayhost = 192.0.2.1:587\n", "", ""),
        ("relayhost = [2001:db8::1]\n", "", ""),
        ("relayhost = [127.0.0.1]\n", "", "loop"),
        ("relayhost = [127.0.0.1]:2525\n" + AUTH + PLAIN, "", ""),
        ("relayhost = [a.example]:465\nsmtp_tls_wrappermode = yes\n" + MAY, "", "unwrapped"),
        (HOST + AUTH + PLAIN + MAY, "", "optional-tls"),
        (HOST + AUTH + PLAIN, "", "in-clear"),
        (HOST + AUTH + PLAIN + "smtp_tls_policy_maps = hash:/t\n", "", ""),
        (HOST + AUTH + MAY, "", "no-mechanism"),
        (AUTH + MAY, "", ""),  # by sender or by destination: another table decides
        (HOST + AUTH + PLAIN + "smtp_use_tls = yes\n", "", "optional-tls"),
        (
            HOST + AUTH + PLAIN + "smtp_tls_security_level = encrypt\n",
            "mail.example.com a:b\n",
            "",
        ),
        (
            HOST + AUTH + PLAIN + "smtp_tls_security_level = encrypt\n",
            "[mail.example.com] a:b\n",
            "other-key",
        ),
        (
            HOST + AUTH + PLAIN + "smtp_tls_security_level = encrypt\n",
            "other.example a:b\n",
            "",
        ),
        (
            HOST
            + AUTH
            + PLAIN
            + "smtp_tls_security_level = encrypt\nsmtp_sender_dependent_authentication = yes\n",
            "[mail.example.com] a:b\n",
            "",
        ),
    ],
)
def test_troubles(main: str, keys: str, troubles: str) -> None:
    assert " ".join(relay_way(case_of(main, keys)).troubles) == troubles


def test_old_names_are_left_to_a_person() -> None:
    assert relay_way(case_of(HOST + AUTH + PLAIN + "smtp_use_tls = yes\n")).changes == ()


@pytest.mark.parametrize(
    ("main", "without"),
    [
        ("", True),
        (HOST, True),
        (HOST + AUTH, False),
        ("default_transport = error:no\n", False),
        (MAY, False),
        ("smtp_tls_security_level = none\n", False),
    ],
)
def test_who_sends_without_tls(main: str, *, without: bool) -> None:
    assert sends_without_tls(case_of(main)) is without


def test_a_level_for_everybody() -> None:
    assert level_for_everybody(case_of("smtp_tls_security_level = secure\n")) == "secure"
    assert level_for_everybody(case_of("default_transport = error:no\n")) == ""
    assert level_for_everybody(case_of(MAY)) == ""
