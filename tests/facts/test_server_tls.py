"""How a server offers TLS, and whether that fits its port: lines of configuration, and what they make."""

import pytest

from advisor.facts.case import Case
from advisor.facts.server_tls import (
    PortTrouble,
    is_mail_exchanger,
    placeholder_certificates,
    server_tls,
    tls_fitted_to_port,
    tls_port_trouble,
    users_see_placeholder,
)
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

CERTIFICATE = "smtpd_tls_cert_file = /etc/ssl/mail.pem\n"
MAY = CERTIFICATE + "smtpd_tls_security_level = may\n"
AUTH = "smtpd_sasl_auth_enable = yes\n"


def case_of(main: str, name: str = "smtp", *options: str) -> Case:
    master = f"{name} {'pass' if name == 'smtpd' else 'inet'} n - n - - smtpd\n"
    master += "".join(f"  -o {each}\n" for each in options)
    sources = (SourceFile("main.cf", main), SourceFile("master.cf", master))
    return Case(Instance.of(*sources, Release.parse("3.7.11"), ""), Missing("", ""))


@pytest.mark.parametrize(
    ("main", "offered", "enforced", "in_clear"),
    [
        ("", False, False, False),
        (AUTH, False, False, True),
        (MAY + AUTH, True, False, True),
        (MAY + AUTH + "smtpd_tls_auth_only = yes\n", True, False, False),
        (MAY + AUTH + "smtpd_sasl_security_options = noanonymous, noplaintext\n", True, False, False),
        (MAY + AUTH + "smtpd_client_restrictions = permit_mynetworks, reject\n", True, False, False),
        (MAY + AUTH + "smtpd_client_restrictions = permit_sasl_authenticated, reject\n", True, False, True),
        (CERTIFICATE + AUTH + "smtpd_use_tls = yes\n", True, False, True),
        (CERTIFICATE + AUTH + "smtpd_tls_security_level = encrypt\n", True, True, False),
        (CERTIFICATE + AUTH + "smtpd_tls_wrappermode = yes\n", True, True, False),
        ("smtpd_tls_security_level = may\n", False, False, False),
        ("smtpd_tls_security_level = may\nsmtpd_tls_cert_file = none\n", True, False, False),
        ("smtpd_tls_security_level = may\nsmtpd_tls_chain_files = /etc/ssl/chain.pem\n", True, False, False),
    ],
)
def test_what_is_offered(main: str, *, offered: bool, enforced: bool, in_clear: bool) -> None:
    case = case_of(main)
    tls = server_tls(case, case.instance.services[0])
    assert (tls.offered, tls.enforced, tls.in_clear) == (offered, enforced, in_clear)


MX = MAY + "mydestination = example.com\n"


@pytest.mark.parametrize(
    ("main", "name", "options", "trouble", "changes"),
    [
        (MX, "smtp", (), "fits", ()),
        (
            MX,
            "25",
            ("smtpd_tls_security_level=encrypt",),
            "enforced-on-mx",
            ("smtpd_tls_security_level = may for 25/inet",),
        ),
        (MX, "10.0.0.1:25", ("smtpd_tls_security_level=encrypt",), "fits", ()),
        (MAY, "smtp", ("smtpd_tls_security_level=encrypt",), "fits", ()),
        (
            MX,
            "smtpd",
            ("smtpd_tls_security_level=encrypt",),
            "enforced-on-mx",
            ("smtpd_tls_security_level = may for smtpd/pass",),
        ),
        (
            MX,
            "submission",
            ("smtpd_tls_wrappermode=yes",),
            "wrapper-on-starttls",
            (
                "smtpd_tls_wrappermode = no for submission/inet",
                "smtpd_tls_security_level = encrypt for submission/inet",
            ),
        ),
        (MX, "465", (), "no-wrapper", ("smtpd_tls_wrappermode = yes for 465/inet",)),
        ("", "465", (), "no-wrapper", ()),
        (MX, "465", ("smtpd_upstream_proxy_protocol=haproxy",), "fits", ()),
        (MX, "2525", ("smtpd_tls_wrappermode=yes",), "fits", ()),
        (MX, "587", (), "fits", ()),
        (
            MX + AUTH + "smtpd_tls_auth_only = yes\n",
            "587",
            (),
            "optional",
            ("smtpd_tls_security_level = encrypt for 587/inet",),
        ),
        (AUTH + "smtpd_tls_auth_only = yes\n", "587", (), "no-login", ()),
    ],
)
def test_what_fits_the_port(
    main: str, name: str, options: tuple[str, ...], trouble: str, changes: tuple[str, ...]
) -> None:
    case = case_of(main, name, *options)
    service = case.instance.services[0]
    assert tls_port_trouble(case, service) == PortTrouble(trouble)
    assert tuple(map(str, tls_fitted_to_port(case, service))) == changes


def test_what_other_servers_reach() -> None:
    case = case_of(
        "relay_domains = a.example\nsmtpd_recipient_restrictions = permit_sasl_authenticated, reject\n"
    )
    assert not is_mail_exchanger(case, case.instance.services[0])
    case = case_of("mydestination = example.com\n")
    assert is_mail_exchanger(case, case.instance.services[0])


def test_a_placeholder() -> None:
    snakeoil = "/etc/ssl/certs/ssl-cert-snakeoil.pem"
    main = f"smtpd_tls_security_level = may\nsmtpd_tls_cert_file = {snakeoil}\n{AUTH}"
    assert placeholder_certificates(case_of(main)) == (snakeoil,)
    assert not users_see_placeholder(case_of(main))
    assert users_see_placeholder(case_of(main, "submission"))
    assert placeholder_certificates(case_of(MAY)) == ()
