"""Every metric of a generated log is what the simulation behind it wrote."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from advisor.logs.metrics import Metrics
from advisor.logs.scan import scan
from benchmarks.generate_log import generate
from benchmarks.maillog.occupancy import levels_by_minute
from benchmarks.maillog.plan import Plan
from tests.logs.readable import Session
from tests.logs.readable import sessions as sessions_of

REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)
# A quantile is its bucket's middle: off by this share at most (histogram.py).
QUANTILE_ERROR = 0.022
PLANS = {
    "plain": Plan(4000),
    "overload": Plan(6000, seed=2, per_second=4.0, limit=8, skip=4000),
    "fractions": Plan(4000, seed=3, form="rfc3339", skip=500),
    "postlogd": Plan(3000, seed=4, form="postlogd", long_queue_ids=True, queue_id_first=True),
    "solaris": Plan(3000, seed=5, form="solaris", postscreen=True),
    "journal": Plan(3000, seed=6, form="journal-iso", noise=0.1),
    "hosts": Plan(5000, seed=7, hosts=3, instances=("postfix", "postfix-out"), limit=10, skip=1000),
}


@pytest.fixture(scope="module", params=PLANS, ids=str)
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Metrics, Any]:
    log: Path = tmp_path_factory.mktemp("truth") / "mail.log"
    truth = generate(PLANS[request.param], log).document()
    return scan(log.read_bytes(), "mail.log", REFERENCE).finish(), truth


def by_tag(counts: Counter[tuple[str, str]]) -> dict[str, int]:
    return {f"{tag} {name}": count for (tag, name), count in counts.items()}


def sessions(metrics: Metrics) -> list[Session]:
    return [session for tag in metrics.session_tags() for session in sessions_of(metrics, tag)]


def count(names: list[str]) -> dict[str, int]:
    return dict(Counter(names))


def test_the_lines(found: tuple[Metrics, Any]) -> None:
    metrics, truth = found
    assert (metrics.first, metrics.last) == (truth["first"], truth["last"])
    assert metrics.lines.total() == truth["lines"]
    assert metrics.matched == truth["matched"]
    assert metrics.unknown.total() == sum(truth.get("unknown", {}).values())
    assert (metrics.unstamped, metrics.outside) == (0, 0)
    assert {str(minute): number for minute, number in metrics.minutes.items()} == truth["minutes"]


def test_other_programs(found: tuple[Metrics, Any]) -> None:
    metrics, truth = found
    assert metrics.foreign.total() == sum(truth.get("foreign", {}).values())


def test_the_messages(found: tuple[Metrics, Any]) -> None:
    metrics, truth = found
    assert by_tag(metrics.counters) == truth["counters"]


def test_the_sessions_by_class(found: tuple[Metrics, Any]) -> None:
    metrics, truth = found
    whole = [x for x in sessions(metrics) if x.start is not None and x.end is not None]
    assert count([f"{x.tag} {x.kind}" for x in whole]) == truth["sessions"]


def test_the_sessions_at_both_ends(found: tuple[Metrics, Any]) -> None:
    metrics, truth = found
    assert count([x.tag for x in sessions(metrics) if x.end is None]) == truth["open"]
    assert count([x.tag for x in sessions(metrics) if x.start is None]) == truth["begun_before"]


def test_how_long_processes_were_held(found: tuple[Metrics, Any]) -> None:
    metrics, truth = found
    held: Counter[str] = Counter()
    for session in sessions(metrics):
        held[session.tag] += 0
        if session.start is not None and session.end is not None:
            held[session.tag] += session.end - session.start  # type: ignore[assignment]  # seconds
    assert dict(held) == pytest.approx(truth["session_seconds"], abs=1e-3)


def test_how_many_were_busy_and_when(found: tuple[Metrics, Any]) -> None:
    metrics, truth = found
    first, last = truth["first"], truth["last"]
    for tag, levels in truth["levels"].items():
        spans = [
            (first if x.start is None else x.start, last if x.end is None else x.end, str(x.kind))
            for x in sessions_of(metrics, tag)
        ]
        busy = levels_by_minute(spans)
        assert busy.keys() == levels.keys()
        for minute, seconds in levels.items():
            assert busy[minute] == pytest.approx(seconds, abs=1e-3)


@pytest.mark.parametrize("ending", ["lost-connection", "timeout", "too-many-errors"])
def test_who_ended_sessions_and_where(found: tuple[Metrics, Any], ending: str) -> None:
    metrics, truth = found
    stages = [f"{x.tag} {x.stage}" for x in sessions(metrics) if x.ended_by == ending]
    assert count(stages) == truth.get(ending, {})


def test_deliveries(found: tuple[Metrics, Any]) -> None:
    metrics, truth = found
    assert {f"{x.tag} {x.status}": number for x, number in metrics.deliveries.items()} == truth["deliveries"]


def test_delays(found: tuple[Metrics, Any]) -> None:
    metrics, truth = found
    assert {f"{tag} {part}" for tag, part in metrics.delays} == set(truth["delays"])
    for (tag, part), histogram in metrics.delays.items():
        exact = truth["delays"][f"{tag} {part}"]
        assert histogram.count == exact["count"]
        for share in (0.5, 0.9, 0.99):
            found_value, value = histogram.quantile(share), exact[str(share)]
            assert found_value is not None
            assert found_value == pytest.approx(value, rel=QUANTILE_ERROR, abs=0.001)


def test_what_master_said(found: tuple[Metrics, Any]) -> None:
    metrics, truth = found
    assert [(x.time, x.host, x.limit) for x in metrics.limit_warnings] == truth["limit_warnings"]
    assert [(x.time, x.host, x.version) for x in metrics.starts] == truth["starts"]


def test_the_same_plan_writes_the_same_bytes(tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in "abc")
    generate(PLANS["plain"], first)
    generate(PLANS["plain"], second)
    generate(PLANS["overload"], other)
    assert first.read_bytes() == second.read_bytes() != other.read_bytes()
