"""What is missing in a log, and what only looks so."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.facts import coverage_facts as facts
from advisor.facts.case import NO_LOG, Case
from advisor.facts.coverage import Coverage, Silence, unusual
from advisor.facts.observe import observe
from advisor.facts.thresholds import default_thresholds
from advisor.logs.histogram import Histogram
from advisor.logs.scan import scan
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

BEGIN = datetime(2026, 11, 3, 8, 0, 0, tzinfo=UTC)
REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)
HOUR = 3600


def line(second: float, text: str, host: str = "mx") -> str:
    return f"{BEGIN + timedelta(seconds=second):%b %e %H:%M:%S} {host} {text}\n"


def traffic(first: int, last: int, every: int = 5, pid: int = 7) -> list[tuple[int, str]]:
    """A session every so many seconds, of one process: two lines each."""
    smtpd = f"postfix/smtpd[{pid}]:"
    return [
        (second, f"{smtpd} {text} from a.example[192.0.2.1]")
        for second in range(first, last, every)
        for text in ("connect", "disconnect")
    ]


def case(lines: Iterable[tuple[float, str]], processes: str = "5") -> Case:
    of = Instance.of(
        SourceFile("main.cf", ""),
        SourceFile("master.cf", f"smtp inet n - n - {processes} smtpd\n"),
        Release.parse("3.7.11"),
        "",
    )
    text = "".join(line(*each) for each in sorted(lines, key=lambda each: each[0]))
    return Case(of, observe(of, scan(text.encode(), "log", REFERENCE).finish(), default_thresholds()))


def gap(of: Case) -> object:
    return facts.gap_minutes(of, 5, 200)


def test_without_a_log_nothing_is_known() -> None:
    of = Case(Instance.of(SourceFile("main.cf", ""), None, Release.parse("3.7.11"), ""), NO_LOG)
    for fact in (facts.lost_lines, facts.unpaired, facts.unpaired_share, facts.hosts, facts.dialogue_share):
        assert isinstance(fact(of), Missing)


def test_a_hole_in_a_busy_log_is_a_gap() -> None:
    of = case([*traffic(0, 2 * HOUR), *traffic(3 * HOUR, 5 * HOUR)])
    assert gap(of) == 60
    gaps = facts.gaps(of, 5, 200)
    assert isinstance(gaps, tuple)
    (found,) = gaps
    assert facts.longest_gap_start(of, 5, 200) == "2026-11-03 10:00"
    assert facts.longest_gap_start(of, 500, 200) == ""
    assert (found.start, found.minutes) == ((BEGIN + timedelta(hours=2)).timestamp(), 60)
    assert found.expected == pytest.approx(60 * 24, rel=0.05)
    assert facts.covered(of) == pytest.approx(5 * HOUR, abs=60)


def test_a_quiet_server_has_no_gap() -> None:
    assert gap(case(traffic(0, 20 * HOUR, every=700))) == 0


def test_a_night_in_which_the_traffic_dies_down_has_no_gap() -> None:
    evening = [
        each for hour in range(4) for each in traffic(hour * HOUR, (hour + 1) * HOUR, every=10 * 5**hour)
    ]
    assert gap(case([*evening, *traffic(9 * HOUR, 12 * HOUR)])) == 0


def test_a_server_that_works_by_the_hour_has_no_gap() -> None:
    bursts = [each for hour in range(10) for each in traffic(hour * HOUR, hour * HOUR + 900, every=1)]
    assert gap(case(bursts)) == 0


def test_a_postfix_that_was_stopped_is_no_gap() -> None:
    busy = [*traffic(0, 2 * HOUR), *traffic(3 * HOUR, 5 * HOUR)]
    stop = (2 * HOUR - 1, "postfix/master[1]: terminating on signal 15")
    start = (3 * HOUR, "postfix/master[1]: daemon started -- version 3.7.11, configuration /etc/postfix")
    assert gap(case([*busy, stop])) == gap(case([*busy, start])) == 0


@pytest.mark.parametrize(("held", "minutes"), [(5, 0), (4, 60)])
def test_a_server_that_is_full_has_nothing_to_log(held: int, minutes: int) -> None:
    busy = [*traffic(0, 2 * HOUR - 20), *traffic(3 * HOUR, 5 * HOUR)]
    for pid in range(100, 100 + held):
        busy.append((2 * HOUR - 10, f"postfix/smtpd[{pid}]: connect from b.example[192.0.2.2]"))
        busy.append((3 * HOUR, f"postfix/smtpd[{pid}]: disconnect from b.example[192.0.2.2]"))
    assert gap(case(busy)) == minutes


def test_a_service_without_a_limit_is_never_full() -> None:
    assert gap(case([*traffic(0, 2 * HOUR), *traffic(3 * HOUR, 5 * HOUR)], processes="0")) == 60


def test_sessions_whose_end_is_missing() -> None:
    connect = "postfix/smtpd[9]: connect from a.example[192.0.2.1]"
    died = (15, "postfix/master[1]: warning: process /usr/lib/postfix/smtpd pid 9 exit status 1")
    of = case([*traffic(100, 190), (0, connect), (5, connect), (10, connect), died, (20, connect)])
    # One ends with its process and the last is still open; of two, the next client is all that is known.
    assert facts.unpaired(of) == 2
    assert facts.unpaired_share(of) == pytest.approx(2 / 22)


def test_lines_of_others_that_were_dropped_are_no_loss() -> None:
    loss = "rsyslogd-2177: imuxsock lost {} messages from pid {} due to rate-limiting"
    journal = "systemd-journald[1]: Suppressed 5 messages from {}"
    of = case([*traffic(0, 60), (61, loss.format(100, 9999)), (62, journal.format("nginx.service"))])
    assert (facts.lost_lines(of), facts.losing_writers(of)) == (0, ())
    of = case([*traffic(0, 60), (61, loss.format(100, 7)), (62, journal.format("/"))])
    assert (facts.lost_lines(of), facts.losing_writers(of)) == (105, ("rsyslogd", "systemd-journald"))


def test_the_clock() -> None:
    of = Case(case([]).instance, NO_LOG)
    lines = line(HOUR, "postfix/smtpd[7]: x") + line(0, "postfix/smtpd[7]: x") + line(HOUR, "other: x")
    observed = observe(of.instance, scan(lines.encode(), "log", REFERENCE).finish(), default_thresholds())
    of = Case(of.instance, observed)
    assert (facts.clock_steps_back(of, 60), facts.clock_steps_back(of, 2 * HOUR)) == (1, 0)
    assert facts.unpaired_share(of) == 0.0
    assert facts.dialogue_share(of) == 0.0


def test_an_empty_log_covers_nothing() -> None:
    assert facts.dialogue_share(case([])) == 0.0
    assert gap(case([])) == 0


def test_the_hosts() -> None:
    names = ["mx", "MX.example.org", "mx2", "192.0.2.1", "192.0.2.2"]
    lines = "".join(line(0, "postfix/smtpd[7]: x", name) for name in names) + line(0, "cron: x", "web")
    of = case([]).instance
    observed = observe(of, scan(lines.encode(), "log", REFERENCE).finish(), default_thresholds())
    assert facts.hosts(Case(of, observed)) == ("192.0.2.1", "192.0.2.2", "MX.example.org", "mx2")


def test_what_only_v_writes() -> None:
    of = case(
        [*traffic(0, 30), *((each, "postfix/smtpd[7]: > a.example[192.0.2.1]: 250 ok") for each in range(4))]
    )
    assert facts.dialogue_share(of) == pytest.approx(0.25)


@given(
    st.lists(st.tuples(st.integers(1, 3000), st.floats(0, 1e6)), max_size=30),
    st.integers(1, 60),
    st.floats(0, 1000),
)
def test_a_gap_is_long_and_rare(found: list[tuple[int, float]], minutes: int, lines: float) -> None:
    silences = tuple(Silence(0.0, *each) for each in sorted(found, reverse=True))
    coverage = Coverage(86_400.0, 0, {}, silences, 0, 0, Histogram(), (), 0)
    gaps = unusual(coverage, minutes, lines)
    assert all(each.minutes >= minutes and each.expected >= lines for each in gaps)
    assert len(gaps) <= 2
