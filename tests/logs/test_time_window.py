"""--since and --until: what the texts mean, and which lines they leave."""

import gzip
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import InputError, NothingToCheck, UsageError
from advisor.logs.scan import scan
from advisor.logs.sources import read_logs
from advisor.logs.time_window import Ago, AskedTime, DayStart, LogEnd, Moment, TimeWindow, parse_bound
from tests.logs.readable import sessions

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("", None),
        ("2026-11-23", Moment(NOON - 43_200, zoned=False)),
        ("2026-11-23 12:00", Moment(NOON, zoned=False)),
        ("2026-11-23T12:00:01.5", Moment(NOON + 1.5, zoned=False)),
        ("2026-11-23T12:00:00Z", Moment(NOON, zoned=True)),
        ("2026-11-23T14:00:00+02:00", Moment(NOON, zoned=True)),
        ("2026-11-23 14:00+0200", Moment(NOON, zoned=True)),
        ("2h", Ago(7_200)),
        ("-2h", Ago(7_200)),
        (" 3 days ago ", Ago(259_200)),
        ("45s", Ago(45)),
        ("90min", Ago(5_400)),
        ("1w", Ago(604_800)),
        ("today", DayStart(0)),
        ("yesterday", DayStart(1)),
    ],
)
def test_what_a_text_means(text: str, bound: object) -> None:
    assert parse_bound(text, "--since") == bound


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2026-13-01",
        "2026-02-30",
        "2026-11-23 25:00",
        "23.11.2026",
        "2x",
        "h",
        "2026-11-23T12",
        "9" * 30 + "d",
        "2026-11-23 12:00+99:99",
        "\u0662h",
    ],
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(UsageError, match=r"--since: .* is no time"):
        parse_bound(text, "--since")


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_an_error(text: str) -> None:
    with suppress(UsageError):
        assert isinstance(parse_bound(text, "--until"), Moment | Ago | DayStart | None)


class TestWindow:
    def test_since_is_in_and_until_is_out(self) -> None:
        window = TimeWindow(Moment(10, zoned=True), Moment(20, zoned=True))
        assert [window.holds(time, 0) for time in (9, 10, 19, 20)] == [False, True, True, False]
        assert TimeWindow().holds(0, 0)

    def test_without_a_zone_the_log_s_own_clock_counts(self) -> None:
        clock, instant = TimeWindow(Moment(NOON, zoned=False)), TimeWindow(Moment(NOON, zoned=True))
        # 12:30 in Berlin is 11:30 UTC.
        assert clock.holds(NOON - 1_800, 3_600)
        assert not instant.holds(NOON - 1_800, 3_600)

    def test_back_from_the_last_line(self) -> None:
        # 00:30 on 24 November in Berlin.
        end = LogEnd(NOON + 41_400, 3_600)
        assert AskedTime(Ago(60)).window(end).since == Moment(NOON + 41_340, zoned=True)
        midnight = datetime(2026, 11, 24, tzinfo=UTC)
        for days in (0, 1):
            since = AskedTime(DayStart(days)).window(end).since
            assert since == Moment((midnight - timedelta(days=days)).timestamp(), zoned=False)

    def test_upside_down(self) -> None:
        with pytest.raises(UsageError, match="--since is not before --until"):
            AskedTime(Moment(20, zoned=True), Moment(20, zoned=True)).window(None)


LINES = [
    "2026-11-23T10:00:00+01:00 mx postfix/smtpd[1]: connect from a[192.0.2.1]",
    "2026-11-23T10:00:20+01:00 mx postfix/smtpd[1]: disconnect from a[192.0.2.1] commands=0/0",
    "2026-11-23T10:00:21+01:00 mx postfix/smtpd[1]: connect from b[192.0.2.2]",
]


def test_a_session_that_began_before_is_a_head() -> None:
    window = TimeWindow(parse_bound("2026-11-23 10:00:10", ""))  # type: ignore[arg-type]
    metrics = scan("\n".join(LINES).encode(), "log", REFERENCE, window).finish()
    begun_before, session = sessions(metrics)
    assert (begun_before.address, begun_before.start) == ("192.0.2.1", None)
    assert session.address == "192.0.2.2"
    assert (metrics.outside, metrics.postfix_lines, metrics.lines.total()) == (1, 2, 3)
    assert metrics.last is not None
    assert metrics.first is not None
    assert metrics.last - metrics.first == 1


class TestReading:
    @pytest.fixture
    def log(self, tmp_path: Path) -> Path:
        return self.write(tmp_path / "mail.log", "\n".join(LINES).encode())

    @staticmethod
    def write(path: Path, data: bytes) -> Path:
        path.write_bytes(data)
        os.utime(path, (REFERENCE.timestamp(),) * 2)
        return path

    def test_the_end_of_a_file(self, log: Path) -> None:
        assert read_logs([str(log)], asked=AskedTime(Ago(5))).postfix_lines == 2
        assert read_logs([str(log)], asked=AskedTime(Ago(60), Ago(1))).postfix_lines == 1

    def test_the_end_of_an_archive_and_of_several(self, tmp_path: Path, log: Path) -> None:
        old = LINES[0].replace("11-23", "11-22")
        archive = self.write(tmp_path / "mail.log.1.gz", gzip.compress(old.encode()))
        paths = [str(archive), str(log)]
        assert read_logs(paths, asked=AskedTime(DayStart(0))).postfix_lines == 3
        assert read_logs(paths, asked=AskedTime(DayStart(1))).postfix_lines == 4
        assert read_logs(paths[:1], asked=AskedTime(Ago(5))).postfix_lines == 1

    def test_a_line_behind_the_last_stamp(self, log: Path) -> None:
        self.write(log, log.read_bytes() + b"\nno stamp\n")
        assert read_logs([str(log)], asked=AskedTime(Ago(5))).postfix_lines == 2

    def test_no_stamp_at_all(self, log: Path) -> None:
        self.write(log, b"no stamp\n")
        with pytest.raises(InputError, match="the last lines have no time stamp"):
            read_logs([str(log)], asked=AskedTime(Ago(5)))

    def test_a_pipe_has_no_end_to_look_at(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        for path in ("-", str(tmp_path / "pipe")):
            with pytest.raises(UsageError, match="a pipe can be read once"):
                read_logs([path], asked=AskedTime(Ago(5)))

    def test_nothing_in_that_time(self, log: Path) -> None:
        with pytest.raises(
            NothingToCheck, match="3 of them outside of what was asked for; ask for another time"
        ):
            read_logs([str(log)], asked=AskedTime(None, Moment(0, zoned=True)))


TIMES = st.lists(st.tuples(st.integers(-5, 30), st.integers(-10, 10)), max_size=20)
BOUNDS = st.none() | st.builds(Moment, st.integers(0, 20), zoned=st.booleans())


@given(TIMES, BOUNDS, BOUNDS)
def test_many_lines_are_held_as_one_by_one(
    times: list[tuple[int, int]], since: Moment | None, until: Moment | None
) -> None:
    window = TimeWindow(since, until)
    columns = np.array(times, np.float64).reshape(-1, 2).T
    assert window.holds_all(*columns).tolist() == [window.holds(*each) for each in times]


def test_a_line_without_a_time_is_in_no_window() -> None:
    assert TimeWindow().holds_all(np.array([np.nan]), np.zeros(1)).tolist() == [False]
