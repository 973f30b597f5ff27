"""Time stamps: three writers, no year in two of them, and text that is none."""

from datetime import UTC, datetime

import pytest

from advisor.logs.timestamps import StampReader

REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)


def at(*parts: int) -> float:
    return datetime(*parts, tzinfo=UTC).timestamp()  # type: ignore[misc,arg-type]


def read(line: str, reference: datetime = REFERENCE) -> float | None:
    found = StampReader(reference).read(line)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("Nov  3 04:05:06 mx postfix", at(2026, 11, 3, 4, 5, 6)),
        ("Nov 03 04:05:06 mx postfix", at(2026, 11, 3, 4, 5, 6)),
        ("Nov 30 23:59:59 mx postfix", at(2026, 11, 30, 23, 59, 59)),
        ("2026-11-03T04:05:06Z mx postfix", at(2026, 11, 3, 4, 5, 6)),
        ("2026-11-03 04:05:06 mx postfix", at(2026, 11, 3, 4, 5, 6)),
        ("2026-11-03T04:05:06.25Z mx postfix", at(2026, 11, 3, 4, 5, 6) + 0.25),
        ("2026-11-03T04:05:06,250 mx postfix", at(2026, 11, 3, 4, 5, 6) + 0.25),
        ("2026-11-03T04:05:06.123456+01:00 mx postfix", at(2026, 11, 3, 3, 5, 6) + 0.123456),
        ("2026-11-03T04:05:06-0330 mx postfix", at(2026, 11, 3, 7, 35, 6)),
        ("1999-11-03T04:05:06Z mx postfix", at(1999, 11, 3, 4, 5, 6)),
    ],
)
def test_stamps(line: str, time: float) -> None:
    assert read(line) == pytest.approx(time, abs=1e-6)


@pytest.mark.parametrize("stamp", ["Nov  3 04:05:06 ", "2026-11-03T04:05:06.123456+01:00 "])
def test_the_text_begins_behind_the_stamp(stamp: str) -> None:
    reader = StampReader(REFERENCE)
    for _ in range(2):  # the second time from what is remembered
        found = reader.read(f"{stamp}mx postfix")
        assert found is not None
        assert found[1] == len(stamp)


@pytest.mark.parametrize(
    ("line", "reference", "year"),
    [
        ("Dec 31 23:59:59 mx", datetime(2027, 1, 1, 0, 10, tzinfo=UTC), 2026),
        ("Jan  1 00:00:01 mx", datetime(2027, 1, 1, 0, 10, tzinfo=UTC), 2027),
        ("Dec  2 00:00:00 mx", REFERENCE, 2026),  # a clock that is a day ahead
        ("Dec  4 00:00:00 mx", REFERENCE, 2025),
        ("Jan  1 12:00:00 mx", datetime(2026, 12, 31, 23, 0, tzinfo=UTC), 2027),
        ("Feb 29 12:00:00 mx", REFERENCE, 2024),
        ("Feb 29 12:00:00 mx", datetime(2028, 3, 1, tzinfo=UTC), 2028),
        ("Feb 29 12:00:00 mx", datetime(1904, 1, 5, tzinfo=UTC), 1896),
    ],
)
def test_the_year_is_the_last_that_is_not_in_the_future(line: str, reference: datetime, year: int) -> None:
    time = read(line, reference)
    assert time is not None
    assert datetime.fromtimestamp(time, UTC).year == year


def test_a_log_that_runs_across_new_year_goes_forward() -> None:
    reader = StampReader(datetime(2027, 1, 2, tzinfo=UTC))
    times = [reader.read(f"{day} 00:00:00 mx") for day in ("Dec 30", "Dec 31", "Jan  1", "Jan  2")]
    assert [time[0] for time in times if time] == [
        at(2026, 12, 30),
        at(2026, 12, 31),
        at(2027, 1, 1),
        at(2027, 1, 2),
    ]


def test_a_leap_second_is_the_last_second_of_its_minute() -> None:
    assert read("Jun 30 23:59:60 mx") == at(2026, 6, 30, 23, 59, 59)
    assert read("2016-12-31T23:59:60Z mx") == at(2016, 12, 31, 23, 59, 59)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\0" * 40,
        "nonsense",
        "Nov",
        "Nov  3 04:05:06",
        "Nov  3 24:00:00 mx",
        "Nov  3 04:60:00 mx",
        "Nov  3 04:05:61 mx",
        "Nov  0 04:05:06 mx",
        "Nov 31 04:05:06 mx",
        "Feb 30 04:05:06 mx",
        "Foo  3 04:05:06 mx",
        "nox  3 04:05:06 mx",
        " Nov  3 04:05:06 mx",
        "mail-1  | Nov  3 04:05:06 mx",
        "2026-13-03T04:05:06Z mx",
        "2026-02-29T04:05:06Z mx",
        "0000-01-01T00:00:00Z mx",
        "2026-11-03T24:00:00Z mx",
        "2026-11-03T04:05:99Z mx",
        "2026-11-03T04:05:06Zmx",
        "2026-11-03T04:05Z mx",
        "1793678706 mx",
    ],
)
def test_what_is_no_stamp(line: str) -> None:
    assert read(line) is None


def test_a_line_without_a_stamp_is_not_given_that_of_its_neighbour() -> None:
    reader = StampReader(REFERENCE)
    assert reader.read("") is None
    assert reader.read("Nov  3 04:05:06 mx")
    assert reader.read("") is None
    assert reader.read("Nov  3 04:05:0x mx") is None
