"""The law of logs/: the metrics of a log are the sum of those of its parts, wherever it is split."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from advisor.logs.metrics import Metrics
from advisor.logs.scan import Part, Scanner, scan
from advisor.logs.time_window import Moment, TimeWindow

REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)

SENT = "delays=0.1/0.2/0.3/0.9, dsn=2.0.0, status=sent (ok)"
_PIDS = st.sampled_from(["11", "12", "13"])
_TAGS = st.sampled_from(["postfix/smtpd", "postfix/submission/smtpd"])
_QUEUE_IDS = st.sampled_from(["AAAAA1", "BBBBB2", "CCCCC3"])
_HOSTS = st.sampled_from(["mx1", "mx2"])
_ADDRESSES = st.sampled_from(["unknown[192.0.2.1]", "mx.example[198.51.100.7]", "unknown[unknown]"])


@st.composite
def log_lines(draw: st.DrawFn) -> str:
    host, tag, pid = draw(_HOSTS), draw(_TAGS), draw(_PIDS)
    client, queue_id = draw(_ADDRESSES), draw(_QUEUE_IDS)
    text = draw(
        st.sampled_from(
            [
                f"{tag}[{pid}]: connect from {client}",
                f"{tag}[{pid}]: disconnect from {client} ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5",
                f"{tag}[{pid}]: disconnect from {client} commands=0/0",
                f"{tag}[{pid}]: lost connection after CONNECT from {client}",
                f"{tag}[{pid}]: {queue_id}: client={client}",
                f"postfix/cleanup[20]: {queue_id}: message-id=<x@y>",
                f"postfix/qmgr[21]: {queue_id}: from=<a@b>, size=100, nrcpt=1 (queue active)",
                f"postfix/qmgr[21]: {queue_id}: removed",
                f"postfix/smtp[22]: {queue_id}: to=<a@b>, relay=none, delay=1.5, {SENT}",
                'postfix/master[1]: warning: service "smtp" (25) has reached its process limit "3": new',
                f"postfix/master[1]: warning: process /usr/lib/postfix/smtpd pid {pid} exit status 1",
                "postfix/master[1]: daemon started -- version 3.7.11, configuration /etc/postfix",
                "postfix/smtpd[30]: something new",
                "dovecot[7]: imap-login: Login",
                f"rsyslogd-2177: imuxsock lost 7 messages from pid {pid} due to rate-limiting",
                "systemd-journald[9]: Suppressed 12 messages from postfix@-.service",
            ]
        )
    )
    clock = f"{draw(st.integers(9, 10)):02d}:{draw(st.integers(0, 59)):02d}:{draw(st.integers(0, 59)):02d}"
    return f"Nov {draw(st.integers(1, 30)):2d} {clock} {host} {text}"


LOGS = st.lists(log_lines(), max_size=40).map(lambda lines: "".join(f"{x}\n" for x in lines).encode())


def shape(metrics: Metrics) -> dict[str, Any]:
    """Everything that must be equal; the order in which sessions were completed is none of it."""
    return {
        "window": (metrics.first, metrics.last),
        "counts": (metrics.lines, metrics.matched, metrics.unknown, metrics.foreign, metrics.unstamped),
        "outside": metrics.outside,
        "counters": metrics.counters,
        "samples": metrics.samples,
        "sessions": sorted(map(repr, metrics.sessions.closed)),
        "open": (metrics.sessions.open, metrics.sessions.heads),
        "messages": sorted(map(repr, metrics.messages.closed)),
        "open messages": (metrics.messages.open, metrics.messages.heads),
        "strays": (metrics.sessions.strays, metrics.messages.strays),
        "warnings": (metrics.limit_warnings, metrics.starts),
        "deliveries": (metrics.deliveries, metrics.delays),
        "coverage": (metrics.clocks, metrics.minutes, metrics.processes, metrics.losses),
    }


@given(LOGS, st.data())
def test_the_sum_of_two_parts_is_the_whole(log: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(log)))
    halves = scan(log[:cut], "log", REFERENCE) + scan(log[cut:], "log", REFERENCE)
    assert shape(halves.finish()) == shape(scan(log, "log", REFERENCE).finish())


@given(LOGS, st.data(), st.integers(1, 30), st.integers(1, 30))
def test_the_law_holds_within_a_time_window(log: bytes, data: st.DataObject, since: int, days: int) -> None:
    begin = datetime(2026, 11, since, 10, 0, 30, tzinfo=UTC)
    window = TimeWindow(
        Moment(begin.timestamp(), zoned=False), Moment((begin + timedelta(days=days)).timestamp(), zoned=True)
    )
    cut = data.draw(st.integers(0, len(log)))
    halves = scan(log[:cut], "log", REFERENCE, window) + scan(log[cut:], "log", REFERENCE, window)
    whole = scan(log, "log", REFERENCE, window).finish()
    assert shape(halves.finish()) == shape(whole)
    assert whole.outside + whole.postfix_lines + whole.foreign + whole.unstamped == whole.lines.total()


@given(LOGS, st.data())
def test_sums_are_associative(log: bytes, data: st.DataObject) -> None:
    first, second = sorted(data.draw(st.tuples(st.integers(0, len(log)), st.integers(0, len(log)))))
    a, b, c = (scan(x, "log", REFERENCE) for x in (log[:first], log[first:second], log[second:]))
    assert shape(((a + b) + c).finish()) == shape((a + (b + c)).finish())


@given(LOGS)
def test_nothing_is_neutral(log: bytes) -> None:
    whole = scan(log, "log", REFERENCE)
    nothing = Part(Scanner("log", REFERENCE))
    assert shape((nothing + whole).finish()) == shape(whole.finish()) == shape((whole + nothing).finish())


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    metrics = scan(data, "log", REFERENCE).finish()
    assert metrics.lines.total() == data.count(b"\n") + (not data.endswith(b"\n") and data != b"")
