"""A log's sums: what was there, at most at a time, and how long it took."""

from datetime import UTC, datetime

import pytest

from advisor.capacity.log_summary import LimitSummary, LogSummary, summarize
from advisor.logs.classes import SessionClass
from advisor.logs.scan import scan

REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)
MAIL = "ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5"


def summary(*lines: str) -> LogSummary:
    text = "".join(f"Nov  3 10:00:{line}\n" for line in lines)
    return summarize(scan(text.encode(), "mail.log", REFERENCE).finish())


def test_sessions() -> None:
    (tag,) = summary(
        "00 mx postfix/smtpd[1]: disconnect from z[192.0.2.9] commands=0/0",
        "00 mx postfix/smtpd[1]: connect from a[192.0.2.1]",
        "00 mx postfix/smtpd[2]: connect from unknown[unknown]",
        "00 mx postfix/smtpd[2]: lost connection after CONNECT from unknown[unknown]",
        "00 mx postfix/smtpd[2]: disconnect from unknown[unknown] commands=0/0",
        "02 mx postfix/smtpd[2]: connect from b[192.0.2.2]",
        "04 mx postfix/smtpd[2]: lost connection after CONNECT from b[192.0.2.2]",
        "04 mx postfix/smtpd[2]: disconnect from b[192.0.2.2] commands=0/0",
        f"10 mx postfix/smtpd[1]: disconnect from a[192.0.2.1] {MAIL}",
        "11 mx postfix/smtpd[3]: connect from c[192.0.2.3]",
        "20 mx postfix/anvil[9]: statistics: max cache size 2 at Nov  3 10:00:00",
    ).sessions
    assert (tag.tag, tag.sessions, tag.peak) == ("postfix/smtpd", 5, 2)
    assert tag.by_class[SessionClass.PRODUCTIVE] == 1
    assert (tag.began_before, tag.open_at_end) == (1, 1)
    assert (tag.lost_unseen, tag.lost_named) == (1, 1)
    # Half of 0, 0, 2, 9, 10 seconds last no longer than 2.
    assert tag.lasted is not None
    assert tag.lasted.count == 5
    assert (tag.lasted.p50, tag.lasted.p95) == pytest.approx((2, 10), rel=0.02)
    assert (tag.lost, tag.timed_out) == ({"CONNECT": 2}, {})
    # Two from 10:00:02 to :04, one or two else up to :10; the last from :11 on.
    assert sum(each.seconds for each in tag.levels if each.busy == tag.peak) == 2


def test_limits_deliveries_and_what_is_not_known() -> None:
    sent = "to=<a@b>, relay=none, delay=1.5, delays=0.1/0.2/0.3/0.9, dsn=2.0.0, status=sent (ok)"
    warning = 'mx postfix/master[1]: warning: service "smtp" (25) has reached its process limit "3": new'
    found = summary(
        "00 mx postfix/master[1]: daemon started -- version 3.7.11, configuration /etc/postfix",
        f"01 {warning}",
        f"02 mx postfix/smtp[22]: AAAAA1: {sent}",
        f"03 mx postfix/smtp[22]: AAAAA2: {sent.replace('sent (ok)', 'deferred (no)')}",
        f"04 mx postfix/smtp[22]: AAAAA3: {sent}",
        "05 mx postfix/smtpd[30]: something new",
        "06 mx dovecot[7]: imap-login: Login",
        f"20 {warning}",
    )
    assert found.last - found.first == 20
    told = found.coverage
    assert (told.lines, told.postfix, told.understood) == (8, 7, 6)
    assert (told.unknown.most, told.foreign.most) == (
        ((("smtpd", "something new"), 1),),
        ((("dovecot",), 1),),
    )
    assert found.versions == ("3.7.11",)
    assert found.limits == (LimitSummary("smtp", 3, 2),)
    (delivery,) = found.deliveries
    assert (delivery.tag, delivery.by_status) == ("postfix/smtp", {"sent": 2, "deferred": 1})
    assert list(delivery.delays) == list("abcd")
    assert delivery.delays["d"].p50 == delivery.delays["d"].p99 == pytest.approx(0.9, rel=0.02)
    # The two statuses of one domain, and the next hop that there was none.
    assert delivery.destinations.most == ((("b", "sent"), 2), (("b", "deferred"), 1))


def test_gaps() -> None:
    at = "Nov  3 {}:00 mx postfix/smtpd[1]: connect from a[192.0.2.1]\n"
    text = "".join(map(at.format, ("10:00", "10:05", "10:16", "11:30")))
    found = summarize(scan(text.encode(), "mail.log", REFERENCE).finish()).coverage.gaps
    assert [each.end - each.start for each in found] == [73 * 60, 10 * 60]


@pytest.mark.parametrize(
    ("entry", "tags"),
    [
        ("smtp", {"postfix/smtpd"}),
        ("192.0.2.1:2525", {"postfix/smtpd"}),
        ("submission", {"postfix/submission/smtpd"}),
        ("[::1]:submission", {"postfix/submission/smtpd"}),
        ("qmgr", set()),
    ],
)
def test_whose_limit_it_is(entry: str, tags: set[str]) -> None:
    warning = f'warning: service "{entry}" (25) has reached its process limit "1": new'
    found = summary(
        "00 mx postfix/smtpd[1]: connect from a[192.0.2.1]",
        "00 mx postfix/submission/smtpd[2]: connect from a[192.0.2.1]",
        f"01 mx postfix/master[3]: {warning}",
    )
    assert {each.tag for each in found.sessions if each.saturated} == tags
