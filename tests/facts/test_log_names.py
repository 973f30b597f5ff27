"""SMTP servers that log under one name, and queue ids."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.log_names import has_long_queue_ids, smtp_log_names, uses_long_queue_ids
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

SMTP = "smtp inet n - n - - smtpd\n"
SUBMISSION = "submission inet n - n - - smtpd\n"


def case(main: str, master: str, release: str = "3.7.11") -> Case:
    of = Instance.of(SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse(release), "")
    return Case(of, NO_LOG)


@pytest.mark.parametrize(
    ("main", "master", "expected"),
    [
        ("", SMTP, []),
        ("", SMTP + SUBMISSION, [("smtp/inet", ("postfix/submission",))]),
        ("syslog_name = out\n", SMTP + SUBMISSION, [("smtp/inet", ("out/submission",))]),
        ("", SMTP + SUBMISSION + "  -o syslog_name=postfix/submission\n", []),
        ("", SMTP + "127.0.0.1:10025 inet n - n - - smtpd\n", []),
        ("", "smtpd pass - - n - - smtpd\n" + SUBMISSION, [("smtpd/pass", ("postfix/submission",))]),
        # Without postscreen the pass service sleeps, and may be called as it is.
        ("", SMTP + "smtpd pass - - n - - smtpd\n", []),
        (
            "",
            "192.0.2.1:587 inet n - n - - smtpd\n465 inet n - n - - smtpd\n",
            [("192.0.2.1:587/inet", ("postfix/465",))],
        ),
    ],
)
def test_each_server_has_a_name(main: str, master: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    found = [each for each in smtp_log_names(case(main, master)) if each.others]
    assert [(each.keeper, tuple(change.value for change in each.changes)) for each in found] == expected
    assert all(change.service for each in found for change in each.changes)


def test_long_queue_ids() -> None:
    assert not has_long_queue_ids(case("", SMTP, "2.8.0"))
    assert has_long_queue_ids(case("", SMTP))
    assert not uses_long_queue_ids(case("", SMTP))
    assert uses_long_queue_ids(case("enable_long_queue_ids = yes\n", SMTP))
