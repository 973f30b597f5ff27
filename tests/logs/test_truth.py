"""Every metric of a generated log is what the simulation behind it wrote."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from advisor.capacity.concurrency import all_levels, concurrency
from advisor.logs.capped import Capped
from advisor.logs.classes import CLASSES, ENDINGS, STAGES
from advisor.logs.histogram import Histogram
from advisor.logs.levels import Levels
from advisor.logs.messages import MESSAGES
from advisor.logs.metrics import Metrics
from advisor.logs.sources import LogText, read_logs
from advisor.logs.sums import Sums
from benchmarks.generate_log import generate
from benchmarks.maillog.plan import Plan
from tests.logs.generated import REFERENCE

# A quantile is the middle of its bucket (histogram.py), and times are looked at to the millisecond.
QUANTILE_ERROR, SMALLEST = 0.02, 0.001
PLANS = {
    "plain": Plan(4000),
    "overload": Plan(9000, seed=2, per_second=4.0, skip=1500, overload=90.0, overload_after=30.0, limit=8),
    "fractions": Plan(4000, seed=3, form="rfc3339", skip=500),
    "postlogd": Plan(3000, seed=4, form="postlogd", long_queue_ids=True, queue_id_first=True),
    "solaris": Plan(3000, seed=5, form="solaris", postscreen=True),
    "journal": Plan(3000, seed=6, form="journal-iso", noise=0.1, skip=1000),
    "hosts": Plan(5000, seed=7, hosts=3, instances=("postfix", "postfix-out"), limit=10, skip=1000),
    "docker": Plan(3000, seed=8, form="docker", torn=0.1),
    "journal-json": Plan(3000, seed=9, form="journal-json", skip=700, noise=0.1),
    "retries": Plan(30_000, seed=10, form="rfc3339", long_queue_ids=True, torn=0.01, limit=20),
}
# How the generator calls what advisor counts under another name.
CLASS_OF = {"sender-domain": "dns-failure"}
SERIES = {message.name for message in MESSAGES if message.series}
Found = tuple[Metrics, Any]


@pytest.fixture(scope="module", params=PLANS, ids=str)
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Found:
    log: Path = tmp_path_factory.mktemp("truth") / "mail.log"
    truth = generate(PLANS[request.param], log).document()
    return read_logs([LogText("mail.log", log.read_bytes(), REFERENCE)]), truth


def keyed(counts: Any) -> dict[str, Any]:
    """Counts by (tag, name) as the truth has them."""
    return {" ".join(key): count for key, count in counts.items()}


def by_tag(tables: dict[str, Capped[tuple[str, str]]]) -> dict[str, int]:
    return {
        f"{tag} {' '.join(key)}": number
        for tag, table in tables.items()
        for key, number in table.counts.items()
    }


def smtp(found: Found) -> list[tuple[str, Any, Any]]:
    """Each log tag of sessions with its rows and the truth; the tags are the same."""
    metrics, truth = found
    assert metrics.session_tags() == truth["smtp"].keys()
    return [(tag, metrics.session_rows(tag), true) for tag, true in truth["smtp"].items()]


def held(found: Found) -> list[tuple[Levels, Any]]:
    levels = all_levels(found[0])
    return [(levels.get(tag, Levels.nothing()), true) for tag, _, true in smtp(found)]


def check_quantiles(histogram: Histogram, exact: dict[str, float]) -> None:
    assert histogram.count == exact["count"]
    for share in (0.5, 0.9, 0.99):
        value = histogram.quantile(share)
        assert value == pytest.approx(exact[str(share)], rel=QUANTILE_ERROR, abs=SMALLEST)


def check_times(histogram: Histogram, values: list[float]) -> None:
    exact = Histogram()
    exact.add_all(np.maximum(np.array(values, np.float32), 0.0))
    assert histogram == exact


def test_the_lines(found: Found) -> None:
    metrics, truth = found
    assert (metrics.first, metrics.last) == (truth["first"], truth["last"])
    assert metrics.lines.total() == truth["lines"]
    assert metrics.matched == truth["matched"]
    assert (metrics.unstamped, metrics.outside) == (truth["unstamped"], 0)
    assert {str(minute): number for minute, number in metrics.minutes.items()} == truth["minutes"]


def test_lines_that_say_nothing_known(found: Found) -> None:
    metrics, truth = found
    assert keyed(metrics.unknown.counts) == truth.get("unknown", {})
    assert metrics.foreign.counts == truth.get("foreign", {})


def test_the_messages(found: Found) -> None:
    metrics, truth = found
    assert keyed(metrics.counters) == truth["counters"]


def test_the_messages_by_minute(found: Found) -> None:
    metrics, truth = found
    expected = {key: minutes for key, minutes in truth["series"].items() if key.split()[1] in SERIES}
    assert keyed(metrics.series) == expected


def test_what_messages_say(found: Found) -> None:
    metrics, truth = found
    expected = {
        key: {tuple(CLASS_OF.get(word, word) for word in words): count for words, count in pairs}
        for key, pairs in truth["details"].items()
    }
    assert {key: table.counts for key, table in keyed(metrics.details).items()} == expected
    assert all(table.other == 0 for table in metrics.details.values())


def test_the_highest_numbers(found: Found) -> None:
    metrics, truth = found
    assert keyed(metrics.peaks) == truth["peaks"]


def test_the_sessions_by_class(found: Found) -> None:
    for _, rows, truth in smtp(found):
        whole = rows[~np.isnan(rows["start"]) & ~np.isnan(rows["end"])]
        assert Counter(CLASSES[kind] for kind in whole["kind"]) == truth["whole"]


def test_the_sessions_at_both_ends(found: Found) -> None:
    for _, rows, truth in smtp(found):
        assert np.isnan(rows["end"]).sum() == truth["open"]
        assert np.isnan(rows["start"]).sum() == truth["begun_before"]


def test_how_long_sessions_lasted(found: Found) -> None:
    metrics, _ = found
    for tag, rows, truth in smtp(found):
        assert np.nansum(rows["end"] - rows["start"]) == pytest.approx(truth["seconds"], abs=1e-3)
        own = {kind: each for (name, kind), each in metrics.durations.items() if name == tag}
        assert own.keys() == truth["lasted"].keys()
        for kind, histogram in own.items():
            check_quantiles(histogram, truth["lasted"][kind])


def test_how_many_were_busy_and_when(found: Found) -> None:
    for busy, truth in held(found):
        seen: dict[int, dict[int, float]] = defaultdict(dict)
        for minute, level, seconds in zip(busy.minute, busy.level, busy.seconds, strict=True):
            seen[int(minute)][int(level)] = float(seconds)
        expected = {
            minute: {level: seconds for level, seconds in times.items() if level and seconds > SMALLEST}
            for minute, times in truth["levels"].items()
        }
        for minute, times in expected.items():
            own = {level: seconds for level, seconds in seen[minute].items() if seconds > SMALLEST}
            assert own == pytest.approx(times, abs=1e-4)
        assert busy.seconds.sum() == pytest.approx(
            sum(sum(each.values()) for each in expected.values()), rel=1e-3
        )


def test_which_classes_held_processes(found: Found) -> None:
    for busy, truth in held(found):
        seen: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for minute, slots in zip(busy.minute, busy.slots, strict=True):
            for kind, seconds in zip(CLASSES, slots, strict=True):
                seen[int(minute)][kind] += float(seconds)
        for minute, times in truth["held"].items():
            own = {kind: seconds for kind, seconds in seen[minute].items() if seconds}
            assert own == pytest.approx({k: seconds for k, seconds in times.items() if seconds}, abs=1e-3)


def test_the_clients(found: Found) -> None:
    all_clients = concurrency(found[0], 1, shown=10_000)
    for tag, _, true in smtp(found):
        clients = all_clients[tag].clients
        assert {each.address: [each.sessions, each.peak] for each in clients} == true["clients"]


def test_who_ended_sessions_and_where(found: Found) -> None:
    for _, rows, truth in smtp(found):
        ended = rows[rows["ended_by"] != 0]
        endings = [f"{ENDINGS[x['ended_by']]} {STAGES[x['stage']]}" for x in ended]
        assert dict(Counter(endings)) == truth["endings"]


def test_what_sessions_brought(found: Found) -> None:
    for _, rows, truth in smtp(found):
        assert (rows["messages"].sum(), rows["sasl"].sum()) == (truth["messages"], truth["sasl"])


def test_the_phases_of_messages(found: Found) -> None:
    metrics, truth = found
    for tag, rows, true in smtp(found):
        messages, expected = metrics.message_rows(tag), truth["phases"].get(tag, [])
        assert len(messages) == len(expected)
        sums = metrics.sums.get(tag, Sums())
        check_times(sums.envelope, [x for x, _ in expected if x is not None])
        check_times(sums.content, [x for _, x in expected if x is not None])
        ended = rows[~np.isnan(rows["end"]) & ~np.isnan(rows["start"])]
        assert sums.connect.count <= len(true["until_client"]) <= sums.connect.count + len(rows) - len(ended)


def test_deliveries(found: Found) -> None:
    metrics, truth = found
    assert keyed(metrics.deliveries) == truth["deliveries"]
    assert by_tag(metrics.destinations) == truth["destinations"]
    assert by_tag(metrics.relays) == truth["relays"]


def test_delays(found: Found) -> None:
    metrics, truth = found
    delays = keyed(metrics.delays)
    assert delays.keys() == truth["delays"].keys()
    for key, histogram in delays.items():
        check_quantiles(histogram, truth["delays"][key])


def test_sizes(found: Found) -> None:
    metrics, truth = found
    check_quantiles(metrics.sizes, truth["sizes"])


def test_what_master_said(found: Found) -> None:
    metrics, truth = found
    assert metrics.limit_warnings == truth["limit_warnings"]
    assert metrics.starts == truth["starts"]


def test_the_processes(found: Found) -> None:
    metrics, truth = found
    assert sorted(metrics.processes) == truth["processes"]


def test_the_same_plan_writes_the_same_bytes(tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in "abc")
    generate(PLANS["plain"], first)
    generate(PLANS["plain"], second)
    generate(PLANS["overload"], other)
    assert first.read_bytes() == second.read_bytes() != other.read_bytes()
