"""Which transport a log's deliveries belong to, and what is measured of them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.facts.delivery_causes import DeliveryCause
from advisor.facts.delivery_observed import Deliveries
from advisor.facts.measure_deliveries import messages_in_active_queue
from advisor.facts.observe_deliveries import observe_deliveries
from advisor.facts.observe_queue import queue_reasons
from advisor.facts.thresholds import default_thresholds
from advisor.logs.metrics import Metrics
from advisor.logs.scan import scan
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

_RELAY = "relay unix - - n - - smtp\n"
_NAMED = "relay unix - - n - - smtp\n  -o syslog_name=postfix/relay\n"


def observed(main_cf: str, master_cf: str, *lines: str) -> Deliveries:
    instance = Instance.of(
        SourceFile("main.cf", main_cf),
        SourceFile("master.cf", master_cf),
        Release.parse("3.7.11"),
        "the test",
    )
    log = "".join(f"Mar  2 09:{place % 60:02d}:00 mx {line}\n" for place, line in enumerate(lines))
    metrics = scan(log.encode(), "mail.log", datetime(2026, 12, 1, tzinfo=UTC)).finish()
    return observe_deliveries(instance, metrics, default_thresholds().delivery)


def delivery(
    program: str = "smtp", relay: str = "mx.example[192.0.2.1]:25", status: str = "sent (ok)"
) -> str:
    return (
        f"postfix/{program}[9]: 4F00000001: to=<a@b.example>, relay={relay}, delay=9, delays=1/2/3/3, "
        f"dsn=2.0.0, status={status}"
    )


@pytest.mark.parametrize(
    ("main_cf", "master_cf", "line", "found"),
    [
        ("", "smtp unix - - n - 7 smtp\n", delivery(), {"smtp/unix": ((), 7)}),
        ("", "smtp unix - - n - 7 smtp\n" + _RELAY, delivery(), {"smtp/unix": ((), 7)}),
        (
            "relay_domains = b.example\n",
            "smtp unix - - n - 7 smtp\n" + _RELAY,
            delivery(),
            {"smtp/unix": (("relay/unix",), None)},
        ),
        (
            "relay_domains = b.example\n",
            "smtp unix - - n - 7 smtp\n" + _NAMED,
            delivery("relay/smtp"),
            {"relay/unix": ((), 100)},
        ),
        (
            "",
            "one unix - n n - 3 pipe\ntwo unix - n n - 4 pipe\n",
            delivery("pipe", "two"),
            {"two/unix": ((), 4)},
        ),
        ("", "smtp inet n - n - - smtpd\n", delivery(), {}),
    ],
)
def test_whose_deliveries_they_are(
    main_cf: str, master_cf: str, line: str, found: dict[str, tuple[tuple[str, ...], int | None]]
) -> None:
    transports = observed(main_cf, master_cf, line).transports
    assert {key: (each.others, each.limits.processes) for key, each in transports.items()} == found


@pytest.mark.parametrize(
    ("main_cf", "master_cf", "one"),
    [
        ("relayhost = [a.example]\n", "smtp unix - - n - - smtp\n", True),
        ("", "smtp unix - - n - - smtp\n", False),
        ("virtual_transport = lmtp:inet:a.example:24\n", "lmtp unix - - n - - lmtp\n", True),
        (
            "virtual_transport = lmtp:inet:a.example:24\nlmtp_destination_recipient_limit = 1\n",
            "lmtp unix - - n - - lmtp\n",
            False,
        ),
    ],
)
def test_transports_with_one_next_hop(main_cf: str, master_cf: str, *, one: bool) -> None:
    program = "lmtp" if "lmtp" in master_cf else "smtp"
    (transport,) = observed(main_cf, master_cf, delivery(program)).transports.values()
    assert transport.limits.has_one_destination is one


def test_a_message_of_many_recipients_counts_once() -> None:
    active = "postfix/qmgr[8]: 4F00000001: from=<a@b.example>, size=9, nrcpt=4 (queue active)"
    lines = [active, *4 * [delivery()], *8 * ["postfix/qmgr[8]: 4F00000001: removed"]]
    (transport,) = observed("", "smtp unix - - n - - smtp\n", *lines).transports.values()
    assert transport.load.attempts == 4
    assert transport.load.busy == pytest.approx(6 / 600, rel=0.05)


def test_what_the_queue_manager_says() -> None:
    found = observed(
        "",
        "",
        "postfix/qmgr[8]: warning: mail for a.example is using up 4001 of 5000 active queue entries",
        "postfix/qmgr[8]: warning: mail for b.example is using up 9001 of 9800 active queue entries",
        "postfix/qmgr[8]: warning: mail for a.example is using up 6001 of 7000 active queue entries",
        "postfix/qmgr[8]: warning: you may need a separate master.cf transport for a.example",
        delivery("error", "none", "deferred (delivery temporarily suspended: connect to a: timed out)"),
    )
    assert [(each.destination, each.entries) for each in found.clogs] == [
        ("b.example", 9001),
        ("a.example", 6001),
    ]
    assert found.advice == ("a separate master.cf transport",)
    assert found.suspended == 1


def test_a_storm_of_attempts_that_were_not_made() -> None:
    lines = 60 * [
        delivery("error", "none", "deferred (delivery temporarily suspended: connect to a: timed out)")
    ]
    (reason,) = observed("", "", *lines).reasons
    assert reason.cause is DeliveryCause.GIVEN_UP
    assert reason.summary.endswith("most of them: b.example 60")
    assert not observed("", "", *lines[:49]).reasons


def test_a_connection_that_is_used_again_is_no_new_one() -> None:
    lines = [
        f"postfix/smtp[9]: Untrusted TLS connection {word} to mx.example[192.0.2.1]:25: TLSv1.3 with cipher X"
        for word in ("established", "reused", "reused")
    ]
    found = observed("", "smtp unix - - n - - smtp\n", *lines, *3 * [delivery()])
    (transport,) = found.transports.values()
    assert (transport.load.tls_connections, transport.load.tls_reused) == (1, 2)


def _sent(count: int, seconds: float) -> list[str]:
    return count * [delivery().replace("1/2/3/3", f"1/{seconds}/0/0")]


def _metrics(lines: list[str]) -> Metrics:
    log = "".join(f"Mar  2 09:00:00 mx {line}\n" for line in lines)
    return scan(log.encode(), "mail.log", datetime(2026, 12, 1, tzinfo=UTC)).finish()


@given(st.integers(1, 100), st.integers(0, 500), st.integers(1, 4))
def test_what_is_in_the_active_queue_follows_littles_law(count: int, seconds: int, recipients: int) -> None:
    active = f"postfix/qmgr[8]: 4F00000001: from=<a@b.example>, size=9, nrcpt={recipients} (queue active)"
    metrics = _metrics([*count * [active], *_sent(count * recipients, seconds)])
    inside = messages_in_active_queue(metrics, 600)
    assert inside == pytest.approx(count * seconds / 60, rel=0.05)


def test_an_active_queue_is_full_only_where_new_mail_waits_as_well() -> None:
    numbers = default_thresholds().delivery
    arrivals = [
        line
        for place in range(40)
        for line in (
            f"postfix/smtpd[{place}]: 4F0000{place:04d}: client=a.example[192.0.2.1]",
            f"postfix/cleanup[1]: 4F0000{place:04d}: message-id=<{place}@a.example>",
        )
    ]
    into = [
        f"postfix/qmgr[8]: 4F0000{place:04d}: from=<a@b.example>, size=9, nrcpt=1 (queue active)"
        for place in range(40)
    ]
    gone = [f"postfix/qmgr[8]: 4F0000{place:04d}: removed" for place in range(40)]

    def causes(wait: int, limit: int) -> list[DeliveryCause]:
        log = "".join(
            f"Mar  2 09:00:{second:02d} mx {line}\n"
            for second, lines in ((0, arrivals), (wait, into), (wait, _sent(40, 30)), (wait, gone))
            for line in lines
        )
        metrics = scan(log.encode(), "mail.log", datetime(2026, 12, 1, tzinfo=UTC)).finish()
        return [reason.cause for reason in queue_reasons(metrics, limit, numbers)]

    assert causes(20, 36) == [DeliveryCause.ACTIVE_QUEUE_FULL]
    assert causes(2, 36) == []
    assert causes(20, 50) == []
    assert causes(20, 0) == []
