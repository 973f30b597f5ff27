"""The value of any parameter, for rules of one's own."""

from advisor.facts.case import NO_LOG, Case
from advisor.facts.services import elements_of, value_of
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import NEWEST
from advisor.syntax.source import SourceFile

MAIN = (
    "smtpd_tls_ciphers = high\nours = a\nmynetworks = 127.0.0.1, $ours\nmydestination = $myhostname, $ours\n"
)
MASTER = "smtp inet n - y - - smtpd\n465 inet n - y - - smtpd -o smtpd_tls_ciphers=low -o mynetworks=\n"
INSTANCE = Instance.of(SourceFile("main.cf", MAIN), SourceFile("master.cf", MASTER), NEWEST, "the test")
CASE = Case(INSTANCE, NO_LOG)
PORT_25, PORT_465 = INSTANCE.services


def test_a_service_has_its_own() -> None:
    assert value_of(CASE, "smtpd_tls_ciphers", PORT_465) == "low"
    assert value_of(CASE, "smtpd_tls_ciphers", PORT_25) == "high"
    assert value_of(CASE, "smtpd_tls_ciphers") == "high"


def test_the_default_counts() -> None:
    assert value_of(CASE, "smtpd_banner", PORT_25) != ""
    assert value_of(CASE, "relayhost") == ""


def test_names_are_replaced() -> None:
    assert elements_of(CASE, "mynetworks", PORT_25) == ("127.0.0.1", "a")
    assert elements_of(CASE, "mynetworks", PORT_465) == ()


def test_what_the_host_alone_knows_is_missing_and_stays_in_a_list() -> None:
    assert isinstance(value_of(CASE, "mydestination"), Missing)
    assert elements_of(CASE, "mydestination") == ("$myhostname", "a")


def test_what_is_no_parameter_is_missing() -> None:
    found = value_of(CASE, "smtpd_tls_cipher", PORT_25)
    assert isinstance(found, Missing)
    assert "smtpd_tls_cipher of smtp/inet" in found.what
