"""What rsyslog writes in place of equal lines counts as often as it says."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from advisor.logs.metrics import Metrics
from advisor.logs.scan import scan

STAMP = "Nov  3 09:00:00 mx postfix/"
FAILURE = "warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: UGFzc3dvcmQ6"


def read(*texts: str) -> Metrics:
    log = "".join(f"{STAMP}{text}\n" for text in texts)
    return scan(log.encode(), "log", datetime(2026, 12, 1, tzinfo=UTC)).finish()


@given(st.integers(2, 10_000))
def test_it_counts_as_the_lines_that_it_stands_for(times: int) -> None:
    said = read(f"smtpd[1]: {FAILURE}", f"smtpd[1]: message repeated {times} times: [ {FAILURE}]")
    key = ("postfix/smtpd", "sasl-failure")
    assert said.counters[key] == 1 + times
    assert said.details[key].counts == {("LOGIN",): 1 + times}
    assert said.series.get(key) == read(*(1 + times) * [f"smtpd[1]: {FAILURE}"]).series.get(key)
    assert said.counters["postfix/smtpd", "repeated"] == 1
    assert said.matched["postfix/smtpd"] == 2


def test_a_line_that_is_counted_by_minute_is_so_when_it_is_repeated() -> None:
    lost = "connect to mx.example.net[192.0.2.9]:25: Connection timed out"
    said = read(f"smtp[1]: {lost}", f"smtp[1]: message repeated 3 times: [ {lost}]")
    assert said.details["postfix/smtp", "connect-to-failure"].counts == {("connection-timed-out",): 4}
    assert said.series["postfix/smtp", "connect-to-failure"].total() == 4


def test_the_same_with_every_line_read_alone() -> None:
    log = f"{STAMP}smtpd[1]: message repeated 3 times: [ {FAILURE}]\n".encode()
    said = scan(log, "log", datetime(2026, 12, 1, tzinfo=UTC), usual=False).finish()
    assert said.counters["postfix/smtpd", "sasl-failure"] == 3


def test_what_makes_a_session_or_a_delivery_is_never_repeated() -> None:
    """Equal lines of them would be one event, or none: a process has one session at a time."""
    said = read("smtpd[1]: message repeated 3 times: [ connect from a.example[192.0.2.1]]")
    assert said.counters == {("postfix/smtpd", "repeated"): 1}
    assert not said.session_tags()


def test_a_line_that_does_not_say_what_was_repeated_counts_once() -> None:
    said = read("smtpd[1]: last message repeated 3 times", "smtpd[1]: message repeated 3 times: [ nonsense]")
    assert said.counters == {("postfix/smtpd", "repeated"): 2}
    assert not said.unknown.counts
