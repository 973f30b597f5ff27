"""A generated log says the same whichever way it is read, and a part of it says what was written there."""

import gzip
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from advisor.inputs.metrics import read_metrics
from advisor.logs import reading
from advisor.logs.metrics import Metrics
from advisor.logs.sources import read_logs
from advisor.logs.time_window import AskedTime, Moment
from advisor.logs.wanted import Wanted
from advisor.report.metrics_json import metrics_as_json
from benchmarks.generate_log import all_lines, generate
from benchmarks.maillog.events import Line
from benchmarks.maillog.plan import Plan
from benchmarks.maillog.truth import Truth
from tests.logs.generated import REFERENCE
from tests.logs.readable import differences

PLANS = {
    "one host": Plan(20_000, seed=21, per_second=4.0, skip=1500, overload=90.0, overload_after=30.0, limit=8),
    "hosts": Plan(20_000, seed=22, hosts=3, instances=("postfix", "postfix-out"), skip=500, torn=0.01),
    "fractions": Plan(20_000, seed=23, form="rfc3339", long_queue_ids=True, postscreen=True, noise=0.05),
}
# A document has no message that came into the queue before its log's first line.
_CROSSING = frozenset({"messages", "messages in the queue"})
SINCE, UNTIL = Plan(0).begin + 60.0, Plan(0).begin + 240.0


class Log(NamedTuple):
    """A generated log, and its metrics as one process reads them."""

    path: Path
    whole: Metrics

    def write(self, name: str, data: bytes) -> Path:
        """Another file beside it that was written at the same time."""
        path = self.path.parent / name
        path.write_bytes(data)
        os.utime(path, (REFERENCE.timestamp(), REFERENCE.timestamp()))
        return path

    def same(self, found: Metrics, but_for: frozenset[str] = frozenset()) -> None:
        """Nothing differs, but for the names of files and what is named."""
        found.lines, found.clocks = self.whole.lines, self.whole.clocks
        found.samples = self.whole.samples
        assert differences(found, self.whole).keys() <= but_for


def written(plan: Plan, folder: Path, asked: Callable[[Line, float], bool] = all_lines) -> tuple[Path, Truth]:
    path = folder / "mail.log"
    truth = generate(plan, path, asked)
    os.utime(path, (REFERENCE.timestamp(), REFERENCE.timestamp()))
    return path, truth


@pytest.fixture(scope="module", params=PLANS, ids=str)
def log(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Log:
    path, _ = written(PLANS[request.param], tmp_path_factory.mktemp("ways"))
    return Log(path, read_logs([str(path)]))


@pytest.mark.parametrize("size", [60_000, 300_000])
def test_several_processes_read_ranges(log: Log, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_SMALLEST_RANGE", size)
    monkeypatch.setattr(reading, "_LARGEST_RANGE", size)
    assert log.path.stat().st_size > 2 * size
    assert differences(read_logs([str(log.path)], jobs=2), log.whole) == {}


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_archive(log: Log, jobs: int) -> None:
    archive = log.write("mail.log.gz", gzip.compress(log.path.read_bytes(), compresslevel=1))
    log.same(read_logs([str(archive)], jobs=jobs))


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_pipe(log: Log, jobs: int) -> None:
    pipe = log.path.parent / f"pipe{jobs}"
    os.mkfifo(pipe)
    # A process of its own: who reads must not hold the pipe's other end.
    with subprocess.Popen(["/bin/sh", "-c", 'exec cat "$0" >"$1"', log.path, pipe]):
        log.same(read_logs([str(pipe)], jobs=jobs))


@pytest.mark.parametrize("jobs", [1, 2])
def test_files_of_a_log_that_was_turned_over(log: Log, jobs: int) -> None:
    data = log.path.read_bytes()
    first, second = (data.index(b"\n", len(data) * part // 3) + 1 for part in (1, 2))
    files = [
        log.write("new.log", data[second:]),
        log.write("old.log.gz", gzip.compress(data[:first])),
        log.write("middle.log", data[first:second]),
    ]
    log.same(read_logs([str(file) for file in files], jobs=jobs))


def test_documents_of_a_log_that_was_turned_over(log: Log) -> None:
    data = log.path.read_bytes()
    cut = data.index(b"\n", len(data) // 2) + 1
    names = []
    for name, part in (("a", data[:cut]), ("b", data[cut:])):
        metrics = read_logs([str(log.write(f"{name}.log", part))])
        names.append(str(log.write(f"{name}.json", metrics_as_json(metrics).encode())))
    found = read_metrics(names[::-1])
    log.same(found, but_for=_CROSSING)
    assert len(found.messages) >= 0.95 * len(log.whole.messages)


class Asked(NamedTuple):
    """A part of the log in words of the options and of the generator."""

    time: AskedTime = AskedTime()
    wanted: Wanted = Wanted()
    holds: Callable[[Line, float], bool] = all_lines


PARTS = {
    "since": Asked(
        time=AskedTime(since=Moment(SINCE, zoned=True)),
        holds=lambda _, time: time >= SINCE,
    ),
    "until": Asked(
        time=AskedTime(until=Moment(UNTIL, zoned=False)),
        holds=lambda _, time: time < UNTIL,
    ),
    "both": Asked(
        time=AskedTime(Moment(SINCE, zoned=False), Moment(UNTIL, zoned=True)),
        holds=lambda _, time: SINCE <= time < UNTIL,
    ),
    "a host": Asked(wanted=Wanted.of(hosts=["MX2"]), holds=lambda line, _: line.host == "mx2"),
    "an instance": Asked(
        wanted=Wanted.of(instances=["postfix-out"]),
        holds=lambda line, _: line.name == "foreign" or line.tag.startswith("postfix-out/"),
    ),
    "all at once": Asked(
        AskedTime(Moment(SINCE, zoned=True), Moment(UNTIL, zoned=True)),
        Wanted.of(["mx1", "mx3"], ["postfix"]),
        lambda line, time: (
            SINCE <= time < UNTIL
            and line.host in ("mx1", "mx3")
            and (line.name == "foreign" or line.tag.startswith("postfix/"))
        ),
    ),
}


@pytest.mark.parametrize("form", ["rfc3164", "rfc3339", "journal-json"])
@pytest.mark.parametrize("asked", PARTS.values(), ids=PARTS)
def test_a_part_of_a_log(asked: Asked, form: str, tmp_path: Path) -> None:
    torn = 0.0 if form == "journal-json" else 0.02
    plan = Plan(
        12_000, seed=31, form=form, hosts=3, instances=("postfix", "postfix-out"), torn=torn, noise=0.05
    )
    path, truth = written(plan, tmp_path, asked.holds)
    metrics, true = read_logs([str(path)], asked=asked.time, wanted=asked.wanted), truth.document()
    assert 0 < true["outside"] < true["lines"]
    assert (metrics.lines.total(), metrics.outside, metrics.unstamped) == (
        true["lines"],
        true["outside"],
        true["unstamped"],
    )
    assert (metrics.first, metrics.last) == (true["first"], true["last"])
    assert metrics.matched == true["matched"]
    assert metrics.foreign.counts == true["foreign"]
    assert {" ".join(key): count for key, count in metrics.counters.items()} == true["counters"]
    for tag, smtp in true["smtp"].items():
        rows = metrics.session_rows(tag)
        assert len(rows) == sum(smtp["whole"].values()) + smtp["open"] + smtp["begun_before"]
