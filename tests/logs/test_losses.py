# ruff: noqa: E501 - a log line is easier to read in one line
"""What is missing in a log: lines that a writer dropped, and a clock that went back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.logs.clock import LEAP
from advisor.logs.histogram import Histogram
from advisor.logs.losses import Loss, lost_lines
from advisor.logs.metrics import Metrics, Process
from advisor.logs.scan import Part, scan
from tests.logs.steps import steps

REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "loss", "count"),
    [
        # rsyslog 5.8
        ("rsyslogd-2177: imuxsock lost 145 messages from pid 12105 due to rate-limiting", "pid 12105", 145),
        ("rsyslogd-2177: imuxsock begins to drop messages from pid 4065 due to rate-limiting", "pid 4065", 1),
        # rsyslog 7.4
        ("rsyslogd-2177: imjournal: 236 messages lost due to rate-limiting", "", 236),
        ("rsyslogd-2177: imuxsock[pid 22830]: begin to drop messages due to rate-limiting", "pid 22830", 1),
        # rsyslog 8
        ("rsyslogd: imjournal: 84667 messages lost due to rate-limiting (20000 allowed within 600 seconds)", "", 84667),
        ("rsyslogd[1167]: imjournal from <mx:postfix/smtpd>: begin to drop messages due to rate-limiting", "", 1),
        (
            "rsyslogd: imuxsock[pid: 51, name: /usr/lib/postfix/sbin/qmgr] from <mx:postfix/qmgr>: begin to drop messages due to rate-limiting",
            "pid 51, name: /usr/lib/postfix/sbin/qmgr",
            1,
        ),
        ("systemd-journal[1864]: Suppressed 917 messages from /", "/", 917),
        ("systemd-journald[310]: Suppressed 1204 messages from postfix@-.service", "postfix@-.service", 1204),
    ],
)  # fmt: skip
def test_a_log_writer_says_what_it_dropped(text: str, loss: str, count: int) -> None:
    writer = "rsyslogd" if text.startswith("rsyslogd") else "systemd-journald"
    assert lost_lines(f"Nov  3 10:00:00 mx {text}", 16) == (Loss(writer, loss), count)
    metrics = scan(f"Nov  3 10:00:00 mx {text}\n".encode(), "log", REFERENCE).finish()
    assert (metrics.losses, metrics.foreign.total()) == ({Loss(writer, loss): count}, 1)


@pytest.mark.parametrize(
    "text",
    [
        "postfix/smtpd[7]: warning: rsyslogd: imjournal: 5 messages lost due to rate-limiting",
        "kernel: net_ratelimit: 9 callbacks suppressed",
        "myapp[3]: Suppressed 5 messages from postfix.service",
        "systemd-journald[3]: Suppressed many messages from postfix.service",
        "rsyslogd: action 'x' suspended, Suppressed due to rate-limiting",
        "rsyslogd: imuxsock lost 99999999999999999999 messages from pid 1 due to rate-limiting",
    ],
)
def test_other_lines_tell_of_no_loss(text: str) -> None:
    line = f"Nov  3 10:00:00 mx {text}"
    assert lost_lines(line, 16) is None
    assert scan(f"{line}\n".encode(), "log", REFERENCE).finish().losses == {}


@given(
    st.text(
        alphabet="rsyslogdimux[]<>:-0159 \0\udc80 Suppressed messages from pid rate-limiting", max_size=80
    )
)
def test_no_text_is_too_odd(text: str) -> None:
    found = lost_lines(f"mx rsyslogd: {text} rate-limiting", 0)
    assert found is None or found[1] >= 0


def test_a_line_that_is_no_loss_is_found_out_in_time_proportional_to_it() -> None:
    from advisor.logs import losses  # noqa: PLC0415 - the patterns are its own affair

    for pattern in (losses._WRITER, *losses._PATTERNS):
        for start in (
            "imuxsock",
            "imjournal[",
            "imjournal from <",
            "Suppressed 1 messages from ",
            "mx rsyslogd[",
        ):
            long, longer = (steps(pattern, start + "1" * size) for size in (500, 1000))
            assert longer <= 2 * long + 50


def clock_of(*times: str) -> Metrics:
    lines = "".join(f"Nov  3 {time} mx postfix/smtpd[7]: x\n" for time in times)
    return scan(lines.encode(), "log", REFERENCE).finish()


def test_a_clock_that_goes_back_is_seen() -> None:
    metrics = clock_of("02:59:59", "02:00:00", "02:00:00", "02:30:00", "02:29:58")
    back = metrics.clocks["log"].back
    assert (back.count, back.count_above(60), back.count_above(3600)) == (2, 1, 0)
    assert metrics.processes == {Process("mx", "7")}
    assert sum(metrics.minutes.values()) == 5


def test_a_clock_that_leaps_is_seen() -> None:
    def part(day: str) -> Part:
        return scan(f"Nov {day} 10:00:00 mx postfix/smtpd[7]: x\n".encode(), "log", REFERENCE)

    for whole in ((part("03") + part("03")) + part("05"), part("03") + (part("03") + part("05"))):
        clock = whole.finish().clocks["log"]
        assert (clock.ahead.count, clock.ahead.count_above(LEAP), clock.back.count) == (1, 1, 0)


def test_files_have_clocks_of_their_own() -> None:
    """Two files side by side, such as those of two hosts, are no step back."""
    one, other = clock_of("02:00:00", "03:00:00"), clock_of("02:00:01", "03:00:00")
    other.clocks = {"other": other.clocks["log"]}
    one.merge(other)
    assert {origin: clock.back.count for origin, clock in one.clocks.items()} == {"log": 0, "other": 0}


@given(st.lists(st.floats(0, 1e6), max_size=20), st.floats(1, 1e6))
def test_how_many_values_are_larger(values: list[float], bound: float) -> None:
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    larger = sum(value > bound for value in values)
    assert histogram.count_above(bound) <= larger
    assert histogram.count_above(bound / 1.1) >= sum(value > bound * 1.1 for value in values)
