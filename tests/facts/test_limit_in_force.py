"""The process limit that was in force when the log was written, where Postfix was reloaded meanwhile."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from advisor.facts.limit_in_force import limit_in_force, settings_read
from advisor.facts.load import Load
from advisor.facts.observe import observe
from advisor.facts.observed import Observation
from advisor.facts.thresholds import default_thresholds
from advisor.logs.metrics import Metrics
from advisor.logs.scan import scan
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

BEGIN = datetime(2026, 11, 3, 8, 0, 0, tzinfo=UTC)
REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)
Line = tuple[float, str]
RELOAD = "postfix/master[1]: reload -- version 3.7.11, configuration /etc/postfix"
START = "postfix/master[1]: daemon started -- version 3.7.11, configuration /etc/postfix"


def warning(limit: int) -> str:
    return (
        'postfix/master[1]: warning: service "smtp" (25) has reached its process limit '
        f'"{limit}": new clients may experience noticeable delays'
    )


def sessions(first: int, last: int, number: int) -> Iterable[Line]:
    """So many clients at a time, each of which says nothing until it leaves."""
    for pid in range(number):
        smtpd = f"postfix/smtpd[{100 + pid}]:"
        yield first, f"{smtpd} connect from a{pid}.example[192.0.2.{pid}]"
        yield last, f"{smtpd} disconnect from a{pid}.example[192.0.2.{pid}]"


def metrics_of(lines: Iterable[Line]) -> Metrics:
    text = "".join(
        f"{BEGIN + timedelta(seconds=second):%b %e %H:%M:%S} mx {words}\n"
        for second, words in sorted(lines, key=lambda each: each[0])
    )
    return scan(text.encode(), "log", REFERENCE).finish()


def instance(limit: str = "100") -> Instance:
    master = SourceFile("master.cf", f"smtp inet n - n - {limit} smtpd\n")
    return Instance.of(SourceFile("main.cf", ""), master, Release.parse("3.7.11"), "")


def load(of: Instance, metrics: Metrics) -> Load:
    found = observe(of, metrics, default_thresholds()).services["smtp/inet"]
    assert isinstance(found, Observation)
    return found.load


RAISED = [
    *sessions(0, 900, 20),
    (300, warning(20)),
    (1000, RELOAD),
    *sessions(1100, 1900, 30),
    (3000, "postfix/qmgr[9]: ABCDEF0123: removed"),
]


def test_the_limit_that_was_raised_by_a_reload_holds_from_then_on() -> None:
    found = load(instance(), metrics_of(RAISED))
    assert found.limit == 100
    assert found.limit_source == "master.cf, since Nov 03 08:17; 20 before"
    assert found.sessions == 30
    assert found.limit_warnings == 0
    assert found.full_seconds == 0
    assert found.window == 3000 - 1020


def test_a_limit_that_both_warnings_name_holds_all_the_time() -> None:
    found = load(instance("20"), metrics_of(RAISED))
    assert (found.limit, found.limit_source) == (20, "master's warning in the log")
    assert found.sessions == 50


def test_warnings_before_and_behind_name_two_limits() -> None:
    found = load(instance("50"), metrics_of([*RAISED, (1500, warning(30))]))
    assert (found.limit, found.limit_warnings, found.sessions) == (30, 1, 30)
    assert found.limit_source == "master's warning in the log, since Nov 03 08:17; 20 before"
    assert found.full_seconds >= 700


def test_a_start_reads_the_settings_as_a_reload_does() -> None:
    lines = [(second, START if text == RELOAD else text) for second, text in RAISED]
    found = load(instance(), metrics_of(lines))
    assert (found.limit, found.window) == (100, 3000 - 1000)


def test_text_that_was_changed_behind_the_log_was_not_in_force() -> None:
    lines = [each for each in RAISED if each[1] != RELOAD]
    found = load(instance(), metrics_of(lines))
    assert (found.limit, found.limit_source) == (20, "master's warning in the log")


def test_a_session_across_the_reload_counts_from_then_on() -> None:
    found = load(
        instance(), metrics_of([*RAISED, *((t, x.replace("[1", "[7")) for t, x in sessions(950, 1200, 1))])
    )
    assert found.sessions == 31


@pytest.mark.parametrize(
    ("lines", "times"),
    [
        ([], 0),
        ([(5, RELOAD)], 0),
        ([(2999, RELOAD)], 0),
        ([(500, RELOAD), (700, RELOAD), (1500, START)], 3),
        ([(500, RELOAD), (501, RELOAD)], 1),
    ],
)
def test_when_the_settings_were_read(lines: list[Line], times: int) -> None:
    whole = [(0, START), *sessions(0, 3000, 2), *lines]
    assert len(settings_read(metrics_of(whole))) == times


def test_metrics_of_two_parts_tell_the_same() -> None:
    parts = [metrics_of([each for each in RAISED if (each[0] < 990) is early]) for early in (True, False)]
    parts[0].merge(parts[1])
    service = instance().services[0]
    assert limit_in_force(service, parts[0]) == limit_in_force(service, metrics_of(RAISED))
