"""Whether an address that stands for many clients may relay."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.trusted_gateway import lets_relay
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

MASTER = "smtp inet n - n - - smtpd\n"


def relays(main: str, address: str = "172.17.0.1", master: str = MASTER) -> bool | Missing:
    texts = SourceFile("main.cf", main), SourceFile("master.cf", master)
    instance = Instance.of(*texts, Release.parse("3.7.11"), "")
    return lets_relay(Case(instance, NO_LOG), instance.services[0], address)


@pytest.mark.parametrize(
    ("mynetworks", "expected"),
    [
        ("127.0.0.0/8 172.16.0.0/12", True),
        ("127.0.0.0/8", False),
        ("!172.17.0.1 172.16.0.0/12", False),
        ("172.16.0.0/12 !172.17.0.1", True),
        ("[fd00::]/8", False),
        ("", False),
    ],
)
def test_the_first_network_that_holds_it_decides(mynetworks: str, *, expected: bool) -> None:
    assert relays(f"compatibility_level = 3.6\nmynetworks = {mynetworks}\n") is expected


def test_an_ipv6_gateway() -> None:
    assert relays("compatibility_level = 3.6\nmynetworks = [fd00::]/8\n", "fd00::1") is True


def test_nobody_relays_where_mynetworks_is_not_asked() -> None:
    main = "mynetworks = 172.16.0.0/12\nsmtpd_relay_restrictions = reject_unauth_destination\n"
    assert relays(main) is False


def test_an_option_of_the_service_wins() -> None:
    master = MASTER + "  -o mynetworks=127.0.0.0/8\n"
    assert relays("compatibility_level = 3.6\nmynetworks = 172.16.0.0/12\n", master=master) is False


def test_the_networks_of_the_host_are_not_known() -> None:
    assert isinstance(relays("compatibility_level = 3.6\nmynetworks_style = subnet\n"), Missing)
    assert relays("compatibility_level = 3.6\n") is False
    assert relays("compatibility_level = 3.6\n", "no address") is False
