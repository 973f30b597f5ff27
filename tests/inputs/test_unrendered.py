"""Templates that were not filled in, and Postfix's own braces, which are none."""

import pytest

from advisor.errors import NothingToCheck
from advisor.inputs.unrendered import must_be_rendered, unrendered
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

SMTP = "smtp inet n - n - - smtpd\n"


def instance(main: str, master: str = SMTP) -> Instance:
    files = SourceFile("main.cf", main), SourceFile("master.cf", master)
    return Instance.of(*files, Release.parse("3.7.11"), "a test")


@pytest.mark.parametrize(
    ("main", "text"),
    [
        ("biff = no\nmyhostname = {{ postfix_hostname }}\n", "{{ postfix_hostname }}"),
        ("mydestination = {{ domains | join(', ') }}\n", "{{ domains | join(', ') }}"),
        ("{% if relay %}\nrelayhost = [mx.example.com]\n{% endif %}\n", "{% if relay %}"),
        ("myhostname = <%= @fqdn %>\n", "<%= @fqdn %>"),
        ("myhostname = %%HOSTNAME%%\n", "%%HOSTNAME%%"),
        ("relayhost = %RELAYHOST%\n", "%RELAYHOST%"),
        ("myhostname = ##HOSTNAME##\n", "##HOSTNAME##"),
        ("transport_maps = hash:{MTA_TRANSPORT_HASH}\n", "{MTA_TRANSPORT_HASH}"),
        ("myhostname = @FQDN@\n", "@FQDN@"),
        ("myhostname = ${MAIL_HOST}\n", "${MAIL_HOST}"),
        ("myhostname = mail.@DOMAIN@\n", "@DOMAIN@"),
        ("relayhost = [__RELAY_HOST__]:25\n", "__RELAY_HOST__"),
    ],
)
def test_a_template_is_known(main: str, text: str) -> None:
    found = unrendered(instance(main))
    assert found is not None
    assert found.text == text
    with pytest.raises(NothingToCheck, match="was not filled in"):
        must_be_rendered(instance(main))


def test_master_cf_may_be_a_template_too() -> None:
    assert unrendered(instance("", SMTP + "  -o smtpd_tls_security_level={{ level }}\n")) is not None


@pytest.mark.parametrize(
    ("master", "text"),
    [
        ("${PORT} inet n - n - - smtpd\n", "${PORT}"),
        ("smtp inet n - n - $SMTPD_LIMIT smtpd\n", "$SMTPD_LIMIT"),
        ("smtp inet n - n - {{ limit }} smtpd\n", "{{ limit }}"),
        ("spf unix - n n - 0 spawn user=nobody argv={{ policyd }}\n", "{{ policyd }}"),
        ("{% for port in ports %}\nsmtp inet n - n - - smtpd\n{% endfor %}\n", "{% for port in ports %}"),
        ("smtp inet n - n - - smtpd\n  -o myhostname=%%NAME%%\n", "%%NAME%%"),
    ],
)
def test_it_is_known_wherever_it_stands_in_master_cf(master: str, text: str) -> None:
    found = unrendered(instance("", master))
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize(
    "master",
    [
        "filter unix - n n - - pipe user=x argv=/bin/x -f ${sender} -- ${recipient} $NEXTHOP\n",
        "smtp inet n - n - - smtpd\n# {{ ansible_managed }}\n  -o smtpd_timeout=1s\n",
        "smtp inet n - n - - smtpd -o { smtpd_milters = { inet:127.0.0.1:8891, connect_timeout=10s } }\n",
    ],
)
def test_what_master_cf_itself_may_have_is_none(master: str) -> None:
    assert unrendered(instance("", master)) is None


@pytest.mark.parametrize(
    "main",
    [
        "# {{ ansible_managed }}\nbiff = no\n",
        "smtpd_timeout = ${stress?{10}:{300}}s\n",
        "x = ${{$compatibility_level} <level {3.6} ? {a} : {b}}\nmyhostname = $x\n",
        "transport_maps = inline:{{example.com = smtp:[mx.example.com]}, {b = c}}\n",
        "smtpd_milters = {inet:127.0.0.1:8891, connect_timeout = 10s}\n",
        "DOMAIN = example.com\nmyhostname = mail.$DOMAIN\n",
        "myhostname = $mydomian\n",
        "relayhost = user@EXAMPLE@x\nmyorigin = a__B__c\n",
    ],
)
def test_what_postfix_itself_has_is_none(main: str) -> None:
    assert unrendered(instance(main)) is None
