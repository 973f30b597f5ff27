# ruff: noqa: E501 - a row of a table is easier to read in one line
"""Whether a service relays for strangers: lists of restrictions, and what becomes of a stranger."""

import pytest

from advisor.facts.relay import open_path
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

SUBMISSION = """submission inet n - n - - smtpd
  -o smtpd_relay_restrictions=
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
"""
RELAY = "smtpd_relay_restrictions"
RECIPIENT = "smtpd_recipient_restrictions"


def is_open(main: str, master: str = "smtp inet n - n - - smtpd\n", release: str = "3.7.11") -> bool:
    of = Instance.of(SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse(release), "")
    return any(open_path(of, service) is not None for service in of.services)


@pytest.mark.parametrize(
    "main",
    [
        "compatibility_level = 3.6\n",
        f"{RELAY} = permit_mynetworks, reject_unauth_destination\n",
        f"{RELAY} = permit_mynetworks permit_sasl_authenticated defer_unauth_destination\n",
        f"{RELAY} =\n{RECIPIENT} = permit_mynetworks, reject_unauth_destination\n",
        f"{RELAY} = permit\n{RECIPIENT} = permit_mynetworks, reject\n",
        f"{RELAY} =\n{RECIPIENT} =\n",  # smtpd(8) refuses to run: another rule's business
        # It refuses to run here too: has_required() looks no further than the first permit.
        f"{RELAY} = permit_mynetworks, permit, reject_unauth_destination\n",
        f"{RELAY} = permit, reject\n{RECIPIENT} = permit, reject_unauth_destination\n",
        f"{RELAY} = warn_if_reject reject_unauth_destination, permit, reject_unauth_destination\n",
        f"smtpd_restriction_classes = strict\nstrict = reject_unauth_destination\n{RELAY} = strict\n",
        f"{RELAY} = permit\n{RECIPIENT} = permit_mynetworks, reject_rbl_client a.example, reject_unauth_destination\n",
        f"{RELAY} = permit\n{RECIPIENT} = check_policy_service {{ inet:h:1, timeout=3s }}, reject_unauth_destination\n",
        f"{RELAY} = permit\nsmtpd_client_restrictions = permit_mynetworks, reject\n{RECIPIENT} = reject_unauth_destination\n",
        f"{RELAY} = check_client_access static:REJECT, permit, reject_unauth_destination\n",
        f"{RELAY} = check_client_access static:{{554 no}}, permit, reject_unauth_destination\n",
        f"{RELAY} = check_client_access static:{{reject_unauth_destination, permit}}, permit\n",
        f"smtpd_helo_required = yes\nsmtpd_helo_restrictions = reject\n{RELAY} = permit, reject_unauth_destination\n",
    ],
)
def test_closed(main: str) -> None:
    assert not is_open(main)


@pytest.mark.parametrize(
    "main",
    [
        f"{RELAY} = permit, reject\n{RECIPIENT} = check_client_access static:OK, reject_unauth_destination\n",
        f"mynetworks = 0.0.0.0/0\n{RELAY} = permit_mynetworks, reject_unauth_destination\n",
        f"{RELAY} = check_client_access static:OK, reject_unauth_destination\n",
        f"{RELAY} = check_client_access static:200, reject_unauth_destination\n",
        f"{RELAY} = check_client_access static:{{permit}}, reject_unauth_destination\n",
        f"smtpd_restriction_classes = all\nall = warn_if_reject reject_unauth_destination, permit\n{RELAY} = all, reject_unauth_destination\n",
        f"mynetworks = static:all\n{RELAY} = permit_mynetworks, reject_unauth_destination\n",
        f"mynetworks = 0.0.0.0/1 128.0.0.0/1\n{RELAY} = permit_mynetworks, reject_unauth_destination\n",
        f"mynetworks = [::]/0\n{RELAY} = permit_mynetworks, reject_unauth_destination\n",
    ],
)
def test_open(main: str) -> None:
    assert is_open(main)


def test_the_stock_submission_service_is_closed() -> None:
    assert not is_open("compatibility_level = 3.6\n", SUBMISSION)


def test_before_2_10_the_recipient_list_stands_alone() -> None:
    assert not is_open(f"{RECIPIENT} = permit_mynetworks, reject_unauth_destination\n", release="2.9.0")
    static_ok = f"{RECIPIENT} = check_client_access static:OK, reject_unauth_destination\n"
    assert is_open(static_ok, release="2.9.0")
