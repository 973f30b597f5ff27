"""Address probes that strangers can cause."""

import pytest

from advisor.facts.address_probes import forgets_probes, probes_any_recipient, probes_every_sender
from advisor.facts.case import NO_LOG, Case
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

SMTP = "smtp inet n - n - - smtpd\n"


def case(main: str, release: str = "3.7.11") -> Case:
    of = Instance.of(SourceFile("main.cf", main), SourceFile("master.cf", SMTP), Release.parse(release), "")
    return Case(of, NO_LOG)


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        ("smtpd_sender_restrictions = reject_unverified_sender\n", "smtpd_sender_restrictions"),
        (
            "smtpd_sender_restrictions = warn_if_reject reject_unverified_sender\n",
            "smtpd_sender_restrictions",
        ),
        ("smtpd_sender_restrictions = check_sender_access hash:/etc/postfix/forged\n", ""),
        ("smtpd_sender_restrictions = reject_unverified_sender, reject\n", ""),
        # A class that only a table names.
        ("smtpd_restriction_classes = probe\nprobe = reject_unverified_sender\n", ""),
    ],
)
def test_senders_of_all_mail_are_probed(main: str, expected: str) -> None:
    of = case(main)
    assert probes_every_sender(of, of.instance.services[0]) == expected


UNVERIFIED = "smtpd_recipient_restrictions = permit_mynetworks, reject_unverified_recipient"


@pytest.mark.parametrize(
    ("main", "release", "expected"),
    [
        (UNVERIFIED + ", reject_unauth_destination\n", "3.7.11", True),
        (UNVERIFIED.replace("mynetworks,", "mynetworks, reject_unauth_destination,") + "\n", "3.7.11", False),
        # From compatibility level 3.6 on the list about relaying comes first.
        (UNVERIFIED + "\ncompatibility_level = 3.6\n", "3.7.11", False),
        (UNVERIFIED + "\ncompatibility_level = 2\n", "3.7.11", True),
        (UNVERIFIED + ", reject_unauth_destination\n", "2.9.0", True),
        (UNVERIFIED + ", reject\n", "3.7.11", False),
        ("biff = no\n", "3.7.11", False),
    ],
)
def test_recipients_anywhere_are_probed(main: str, release: str, *, expected: bool) -> None:
    of = case(main, release)
    assert probes_any_recipient(of, of.instance.services[0]) is expected


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        (UNVERIFIED + "\naddress_verify_map =\n", True),
        (UNVERIFIED + "\n", False),
        ("address_verify_map =\n", False),
    ],
)
def test_answers_are_kept(main: str, *, expected: bool) -> None:
    of = case(main)
    assert forgets_probes(of, of.instance.services[0]) is expected
