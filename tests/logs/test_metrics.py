"""The sums: counters, deliveries, delays, phases of a message, warnings of master(8)."""

from datetime import UTC, datetime

import pytest

from advisor.logs.metrics import Delivery, LimitWarning, Metrics, Start
from advisor.logs.scan import scan
from tests.logs.readable import Message, messages, sessions

REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)
NINE = datetime(2026, 11, 3, 9, tzinfo=UTC).timestamp()
WARNING = 'warning: service "smtp" (25) has reached its process limit "15": new clients may experience'


def read(*texts: str, origin: str = "log") -> Metrics:
    lines = (f"Nov  3 09:00:{second:02d} mx {text}\n" for second, text in enumerate(texts))
    return scan("".join(lines).encode(), origin, REFERENCE).finish()


def test_counters_are_by_tag_and_message() -> None:
    seen = read(
        "postfix/smtpd[1]: connect from a[192.0.2.1]",
        "postfix/submission/smtpd[2]: connect from a[192.0.2.1]",
        "postfix/smtpd[3]: connect from a[192.0.2.1]",
    )
    assert seen.counters["postfix/smtpd", "connect"] == 2
    assert seen.counters["postfix/submission/smtpd", "connect"] == 1
    assert seen.matched == {"postfix/smtpd": 2, "postfix/submission/smtpd": 1}
    assert seen.session_tags() == {"postfix/smtpd", "postfix/submission/smtpd"}


def test_the_window_is_that_of_all_lines() -> None:
    seen = read("dovecot: x", "postfix/smtpd[1]: connect from a[192.0.2.1]", "cron[1]: y")
    assert (seen.first, seen.last) == (NINE, NINE + 2)


def test_the_phases_of_a_message() -> None:
    seen = read(
        "postfix/smtpd[1]: 67BA52422F9: client=a[192.0.2.1]",
        "postfix/smtpd[1]: something between",
        "postfix/cleanup[2]: 67BA52422F9: message-id=<x@y>",
        "postfix/smtpd[1]: something between",
        "postfix/smtpd[1]: something between",
        "postfix/qmgr[3]: 67BA52422F9: from=<a@b>, size=10, nrcpt=1 (queue active)",
        "postfix/qmgr[3]: 67BA52422F9: removed",
    )
    assert messages(seen) == [Message("postfix/smtpd", NINE, 2, 3)]


def test_mail_of_this_host_has_no_client() -> None:
    seen = read(
        "postfix/pickup[1]: 67BA52422F9: uid=0 from=<root>",
        "postfix/cleanup[2]: 67BA52422F9: message-id=<x@y>",
        "postfix/qmgr[3]: 67BA52422F9: from=<a@b>, size=10, nrcpt=1 (queue active)",
        "postfix/qmgr[3]: 67BA52422F9: removed",
    )
    assert messages(seen, "postfix/pickup") == [Message("postfix/pickup", NINE, None, 1)]


def test_a_message_that_was_tried_again_keeps_its_first_times() -> None:
    active = "postfix/qmgr[3]: 67BA52422F9: from=<a@b>, size=10, nrcpt=1 (queue active)"
    seen = read(
        "postfix/smtpd[1]: 67BA52422F9: client=a[192.0.2.1]",
        "postfix/cleanup[2]: 67BA52422F9: message-id=<x@y>",
        active,
        "postfix/qmgr[3]: something between",
        active,
        "postfix/qmgr[3]: 67BA52422F9: removed",
    )
    (message,) = messages(seen)
    assert message.content == 1


def test_deliveries_and_their_delays() -> None:
    line = (
        "postfix/smtp[1]: 67BA52422F9: to=<a@b>, relay=c, delay=9, delays=0.1/0/2/6.9, dsn=2.0.0, status=sent"
    )
    seen = read(line, line, line.replace("sent", "deferred"))
    assert seen.deliveries == {Delivery("postfix/smtp", "sent"): 2, Delivery("postfix/smtp", "deferred"): 1}
    assert seen.delays["postfix/smtp", "d"].count == 3
    assert seen.delays["postfix/smtp", "d"].quantile(0.5) == pytest.approx(6.9, rel=0.09)
    assert seen.delays["postfix/smtp", "b"].quantile(0.5) == 0


def test_a_delay_that_is_no_number_is_nought() -> None:
    seen = read(
        "postfix/smtp[1]: 67BA52422F9: to=<a@b>, relay=c, delay=9, delays=1.2.3/0/2/6, dsn=2.0.0, status=sent"
    )
    assert seen.delays["postfix/smtp", "a"].quantile(1) == 0


def test_what_master_says() -> None:
    seen = read(
        "postfix/master[1]: daemon started -- version 3.7.11, configuration /etc/postfix",
        f"postfix/master[1]: {WARNING}",
        "postfix/master[1]: terminating on signal 15",
    )
    assert seen.starts == [Start(NINE, "mx", "3.7.11")]
    assert seen.limit_warnings == [LimitWarning(NINE + 1, "mx", "smtp", 15)]


def test_the_first_three_lines_of_a_kind_are_kept() -> None:
    seen = read(
        *(f"postfix/smtpd[{pid}]: connect from a[192.0.2.{pid}]" for pid in range(1, 6)), origin="mail.log"
    )
    kept = seen.samples["postfix/smtpd", "connect"]
    assert [(sample.origin, sample.line) for sample in kept] == [
        ("mail.log", 1),
        ("mail.log", 2),
        ("mail.log", 3),
    ]
    assert kept[2].text.endswith("connect from a[192.0.2.3]")


def test_samples_of_what_follows_are_numbered_through() -> None:
    first = read("dovecot: x", "dovecot: x", origin="mail.log")
    first.merge(read("postfix/smtpd[1]: connect from a[192.0.2.1]", origin="mail.log"))
    assert first.samples["postfix/smtpd", "connect"][0].line == 3


def test_sessions_are_in_the_order_of_their_begin() -> None:
    seen = read(
        "postfix/smtpd[1]: connect from a[192.0.2.1]",
        "postfix/smtpd[2]: connect from b[192.0.2.1]",
        "postfix/smtpd[2]: disconnect from b[192.0.2.1]",
        "postfix/smtpd[3]: disconnect from c[192.0.2.1]",
    )
    assert [session.client for session in sessions(seen)] == ["c", "a", "b"]
