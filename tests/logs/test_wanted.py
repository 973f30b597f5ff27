"""--host and --instance: whose lines count."""

import pytest

from advisor.logs.wanted import EVERYTHING, Wanted


@pytest.mark.parametrize(
    ("hosts", "host", "holds"),
    [
        ((), "mx", True),
        (("mx",), "mx", True),
        (("MX",), "mx.Example.com", True),
        (("mx.example.com",), "mx.example.com", True),
        (("mx.example.com",), "mx", False),
        (("mx",), "mx2.example.com", False),
        (("mx", "mx2"), "mx2", True),
        (("mx",), "", False),
    ],
)
def test_hosts(hosts: tuple[str, ...], host: str, *, holds: bool) -> None:
    assert Wanted.of(hosts).holds(host, "postfix/smtpd") is holds


@pytest.mark.parametrize(
    ("instances", "tag", "holds"),
    [
        (("postfix",), "postfix/smtpd", True),
        (("postfix",), "postfix/submission/smtpd", True),
        (("postfix",), "postfix-out/smtpd", False),
        (("postfix-out",), "postfix-out/submission/smtpd", True),
        (("postfix/submission",), "postfix/submission/smtpd", True),
        (("postfix/submission",), "postfix/smtpd", False),
        (("postfix", "postfix-out"), "postfix-out/smtpd", True),
        (("postfix",), "rsyslogd-2177", True),
        (("postfix",), "", True),
    ],
)
def test_instances(instances: tuple[str, ...], tag: str, *, holds: bool) -> None:
    assert Wanted.of((), instances).holds("mx", tag) is holds
    assert EVERYTHING.holds("mx", tag)
