"""The facts about transports and the queue: what rules are told of a log, and of none."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.facts import delivery_facts as facts
from advisor.facts.case import NO_LOG, Case
from advisor.facts.delivery_causes import DeliveryCause
from advisor.facts.observe import observe
from advisor.facts.thresholds import default_thresholds
from advisor.facts.wanted import Remove
from advisor.logs.scan import scan
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.service import Service
from advisor.syntax.source import SourceFile

_QMGR = "Mar  2 09:00:00 mx postfix/qmgr[8]"
_MASTER = "smtp unix - - n - 10 smtp\nlmtp unix - - n - - lmtp\nqmgr unix n - n 300 1 qmgr\n"


def instance(main_cf: str = "", master_cf: str = _MASTER, release: str = "3.7.11") -> Instance:
    texts = SourceFile("main.cf", main_cf), SourceFile("master.cf", master_cf)
    return Instance.of(*texts, Release.parse(release), "the test")


def case(main_cf: str = "", log: str | None = None, master_cf: str = _MASTER) -> Case:
    own = instance(main_cf, master_cf)
    if log is None:
        return Case(own, NO_LOG)
    metrics = scan(log.encode(), "mail.log", datetime(2026, 12, 1, tzinfo=UTC)).finish()
    return Case(own, observe(own, metrics, default_thresholds()))


def waiting(attempts: int = 100, seconds: float = 30) -> str:
    """A minute's log of a transport whose processes are all busy, and whose mail waits."""
    return "".join(
        f"Mar  2 09:00:{59 * place // attempts:02d} mx postfix/smtp[9]: 4F{place:06d}: "
        f"to=<a@b{place % 9}.example>, relay=mx.b{place % 9}.example[192.0.2.1]:25, delay=40, "
        f"delays=1/{seconds}/1/9, dsn=2.0.0, status=sent (ok)\n"
        for place in range(attempts)
    )


def transport(of: Case, key: str = "smtp/unix") -> Service:
    found = of.instance.service(key)
    assert isinstance(found, Service)
    return found


def test_transports_are_those_that_deliver_and_with_a_log_those_that_it_shows() -> None:
    assert [each.name for each in facts.transports(case())] == ["smtp", "lmtp"]
    assert [each.name for each in facts.transports(case(log=waiting()))] == ["smtp"]
    assert facts.transports(case(log="")) == ()


@pytest.mark.parametrize(
    "fact",
    [
        facts.delivery_causes,
        facts.delivery_attempts,
        facts.delivery_processes_busy,
        facts.delivery_processes_wanted,
        facts.queue_wait,
        facts.ipv6_unreachable,
    ],
)
def test_without_a_log_nothing_is_known_of_a_transport(fact: Callable[[Case, Service], object]) -> None:
    assert fact(case(), transport(case())) == NO_LOG


def test_a_transport_that_the_log_does_not_show_is_missing() -> None:
    found = case(log=waiting())
    assert isinstance(facts.delivery_causes(found, transport(found, "lmtp/unix")), Missing)


def test_what_the_log_shows_of_a_transport() -> None:
    found = case(log=waiting())
    smtp = transport(found)
    assert facts.delivery_causes(found, smtp) == (DeliveryCause.TOO_FEW_PROCESSES,)
    assert facts.delivery_attempts(found, smtp) == 100
    assert facts.queue_wait(found, smtp) == pytest.approx(30, rel=0.05)
    assert facts.delivery_processes_busy(found, smtp) == pytest.approx(100 * 10 / 60, rel=0.05)
    assert facts.deferrals_for(found, smtp, "greylisted") == 0
    reason = facts.delivery_reason(found, smtp, "too-few-delivery-processes")
    assert isinstance(reason, str)
    assert "of 10 were busy" in reason
    assert facts.delivery_reason(found, smtp, "slow-connections") == ""


def test_the_queue_as_a_whole() -> None:
    quiet = case(log=waiting())
    assert (facts.queue_causes(quiet), facts.queue_reason(quiet, "active-queue-full")) == ((), "")
    assert facts.clogging_entries(quiet) == 0
    warned = f"{_QMGR}: warning: mail for {{}} is using up {{}} of 5000 active queue entries\n"
    full = case(log=warned.format("a.example", 1001) + warned.format("b.example", 4001))
    assert facts.clogging_destinations(full) == ("b.example", "a.example")
    assert facts.clogging_entries(full) == 4001
    assert facts.queue_causes(full) == (DeliveryCause.CLOGGED,)


def test_what_waits_to_be_deferred_is_no_destination() -> None:
    said = (
        f"{_QMGR}: warning: mail for 4.4.2 delivery temporarily suspended: lost "
        "connection with a.example[192.0.2.1] is using up 41 of 200 active queue entries\n"
        f"{_QMGR}: warning: you may need to increase the master.cf retry process limit\n"
    )
    found = case(log=said)
    assert facts.clogging_destinations(found) == ()
    assert facts.clogging_advice(found) == ""


@pytest.mark.parametrize(
    ("main_cf", "wanted"),
    [
        ("", ()),
        ("qmgr_message_active_limit = 9\n", (Remove("qmgr_message_active_limit"),)),
        (
            "qmgr_message_recipient_limit = 9\nqmgr_message_active_limit = 9\n",
            (Remove("qmgr_message_active_limit"), Remove("qmgr_message_recipient_limit")),
        ),
    ],
)
def test_room_in_the_active_queue_takes_both_limits(main_cf: str, wanted: tuple[Remove, ...]) -> None:
    assert facts.room_in_active_queue(case(main_cf)) == wanted


def test_a_limit_that_is_no_number_is_missing() -> None:
    assert isinstance(facts.active_queue_limit(case("qmgr_message_active_limit = many\n")), Missing)
    bad = case("smtp_destination_concurrency_limit = few\n")
    assert isinstance(facts.destination_limit(bad, transport(bad)), Missing)


@given(st.integers(1, 200), st.integers(0, 200), st.integers(1, 100))
def test_a_wanted_limit_stays_below_the_most_and_the_processes(limit: int, processes: int, most: int) -> None:
    master = f"smtp unix - - n - {processes} smtp\n"
    found = case(f"smtp_destination_concurrency_limit = {limit}\n", waiting(50), master)
    wanted = facts.destination_limit_wanted(found, transport(found), most)
    assert isinstance(wanted, int)
    assert wanted <= most
    assert wanted <= processes or not processes
    assert wanted > limit or wanted in (most, processes)


@given(st.integers(1, 200))
def test_more_processes_are_wanted_than_there_are(processes: int) -> None:
    found = case(log=waiting(50), master_cf=f"smtp unix - - n - {processes} smtp\n")
    wanted = facts.delivery_processes_wanted(found, transport(found))
    assert isinstance(wanted, int)
    assert wanted > processes


def test_whether_tls_connections_are_reused() -> None:
    of = case("smtp_tls_connection_reuse = yes\n")
    assert facts.reuses_tls_connections(of, transport(of)) is True
    assert facts.reuses_tls_connections(case(), transport(case())) is False
    old = Case(instance(release="3.3.0"), NO_LOG)
    assert isinstance(facts.reuses_tls_connections(old, transport(old)), Missing)
    assert facts.has_tlsproxy(case()) is False
    assert facts.has_tlsproxy(case(master_cf="tlsproxy unix - - n - 0 tlsproxy\n")) is True


@pytest.mark.parametrize(
    ("main_cf", "first"),
    [
        ("inet_protocols = all\n", True),
        ("inet_protocols = ipv4\n", False),
        ("inet_protocols = all\nsmtp_address_preference = ipv4\n", False),
    ],
)
def test_whether_ipv6_is_tried_first(main_cf: str, *, first: bool) -> None:
    of = case(main_cf)
    assert facts.tries_ipv6_first(of, transport(of)) is first


@pytest.mark.parametrize(
    ("entry", "on_purpose"),
    [
        ("big unix - - n - 3 smtp", True),
        ("big unix - - n - - smtp", False),
        ("big unix - - n - 0 smtp", False),
        ("big unix - - n - 100 smtp", False),
        ("smtp unix - - n - 3 smtp", False),
        ("relay unix - - n - 3 smtp", False),
        ("filter unix - n n - 3 pipe", False),
    ],
)
def test_a_transport_that_somebody_made_narrow(entry: str, *, on_purpose: bool) -> None:
    of = case(master_cf=f"{entry}\n")
    (own,) = facts.transports(of)
    assert facts.is_narrow_on_purpose(of, own) is on_purpose
