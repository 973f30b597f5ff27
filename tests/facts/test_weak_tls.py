"""Protocols and ciphers worse than the defaults: what a value lets through, and which lines count."""

import pytest

from advisor.facts.case import Case
from advisor.facts.weak_tls import permitted_protocols, weak_tls_lines
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

MASTER = "smtp inet n - n - - smtpd\nsubmission inet n - n - - smtpd\nsmtp unix - - n - - smtp\n"


@pytest.mark.parametrize(
    ("value", "permitted"),
    [
        ("", "SSLv2 SSLv3 TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"),
        ("!SSLv2, !SSLv3", "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"),
        ("SSLv3 : tlsv1", "SSLv3 TLSv1"),
        (">=TLSv1.2", "TLSv1.2 TLSv1.3"),
        (">=TLSv1, <=TLSv1.2, !TLSv1.1", "TLSv1 TLSv1.2"),
    ],
)
def test_protocols(value: str, permitted: str) -> None:
    assert " ".join(permitted_protocols(value)) == permitted


@pytest.mark.parametrize(
    ("main", "names", "changes"),
    [
        ("smtpd_tls_ciphers = export\n", "", ""),  # there is no TLS
        ("smtp_tls_security_level = may\nsmtpd_tls_ciphers = export\n", "", ""),
        (
            "smtpd_tls_security_level = may\nsmtpd_tls_ciphers = export\n",
            "smtpd_tls_ciphers",
            "delete smtpd_tls_ciphers",
        ),
        ("smtpd_tls_security_level = may\nsmtpd_tls_mandatory_ciphers = low\n", "", ""),
        (
            "smtp_tls_policy_maps = hash:/t\nsmtp_tls_mandatory_ciphers = low\n",
            "smtp_tls_mandatory_ciphers",
            "delete smtp_tls_mandatory_ciphers",
        ),
        ("smtp_tls_security_level = encrypt\nsmtp_tls_ciphers = high\n", "", ""),
        ("smtp_tls_security_level = may\nsmtp_tls_protocols = TLS1\n", "", ""),  # wrong-word says it
        (
            "smtp_tls_security_level = may\nmine = !SSLv2\nsmtp_tls_protocols = $mine\n",
            "smtp_tls_protocols",
            "delete smtp_tls_protocols",
        ),
        ("smtp_tls_security_level = may\nsmtp_tls_protocols = $undefined\n", "", ""),
        ("smtp_tls_security_level = may\nsmtp_tls_protocols = >=0x0301\n", "", ""),
        ("smtp_tls_security_level = may\nsmtp_tls_protocols = $smtp_tls_mandatory_protocols\n", "", ""),
        ("smtp_tls_security_level = may\ntls_high_cipherlist = aNULL:-aNULL:HIGH:@STRENGTH\n", "", ""),
    ],
)
def test_lines(main: str, names: str, changes: str) -> None:
    sources = (SourceFile("main.cf", main), SourceFile("master.cf", MASTER))
    (weak,) = weak_tls_lines(Case(Instance.of(*sources, Release.parse("3.7.11"), ""), Missing("", "")))
    assert " ".join(weak.names) == names
    assert ", ".join(map(str, weak.changes)) == changes


def test_an_old_default_is_no_way_out() -> None:
    main = "smtp_tls_security_level = may\nsmtp_tls_protocols = SSLv2, SSLv3\n"
    sources = (SourceFile("main.cf", main), SourceFile("master.cf", MASTER))
    (weak,) = weak_tls_lines(Case(Instance.of(*sources, Release.parse("2.11.0"), ""), Missing("", "")))
    assert weak.broken == ("smtp_tls_protocols = SSLv2, SSLv3 lets SSLv2 and SSLv3 through",)
    assert [str(each) for each in weak.changes] == ["smtp_tls_protocols = !SSLv2, !SSLv3"]
