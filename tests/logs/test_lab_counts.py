"""On the fourteen runs of a real Postfix, each count is that of `grep -c`, one expression a message."""

import gzip
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from advisor.logs.metrics import Metrics
from advisor.logs.scan import scan

LAB = Path(__file__).parent.parent / "data" / "lab"
RUNS = sorted(path.parent.name for path in LAB.glob("*/truth.toml"))
REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)
GREP = {
    "connect": r"/smtpd\[[0-9]+\]: connect from ",
    "disconnect": r"/smtpd\[[0-9]+\]: disconnect from ",
    "client": r"/smtpd\[[0-9]+\]: [0-9A-Z]+: client=",
    "lost-connection": r"/smtpd\[[0-9]+\]: lost connection after ",
    "timeout": r"/smtpd\[[0-9]+\]: timeout after ",
    "too-many-errors": r"/smtpd\[[0-9]+\]: too many errors after ",
    "reject": r"/smtpd\[[0-9]+\]: [0-9A-Z]+: reject: ",
    "message-id": r"/cleanup\[[0-9]+\]: [0-9A-F]+: message-id=",
    "queue-active": r"/qmgr\[[0-9]+\]: [0-9A-F]+: from=.*\(queue active\)$",
    "removed": r"/qmgr\[[0-9]+\]: [0-9A-F]+: removed$",
    "delivery": r"\]: [0-9A-F]+: to=<.*status=",
    "process-limit": r"/master\[[0-9]+\]: warning: service .* has reached its process limit ",
    "start": r"/master\[[0-9]+\]: daemon started ",
}


def log(run: str) -> bytes:
    return gzip.decompress((LAB / run / "mail.log.gz").read_bytes())


def grep(expression: str, data: bytes) -> int:
    """What `grep -c` says."""
    return len(re.findall(rf"^.*{expression.rstrip('$')}.*{'$' if expression.endswith('$') else ''}",
                          data.decode(), re.MULTILINE))  # fmt: skip


@pytest.fixture(scope="module", params=RUNS)
def run(request: pytest.FixtureRequest) -> tuple[bytes, Metrics]:
    data = log(request.param)
    return data, scan(data, "mail.log", REFERENCE).finish()


def counted(metrics: Metrics, name: str) -> int:
    return sum(count for (_, message), count in metrics.counters.items() if message == name)


@pytest.mark.parametrize("name", GREP)
def test_a_message_is_counted_as_grep_counts_it(run: tuple[bytes, Metrics], name: str) -> None:
    data, metrics = run
    assert counted(metrics, name) == grep(GREP[name], data)


def test_the_lines_too(run: tuple[bytes, Metrics]) -> None:
    data, metrics = run
    assert metrics.lines.total() == data.count(b"\n")
    assert metrics.postfix_lines == grep(r" postfix/[a-z/-]+\[[0-9]+\]: ", data)


@pytest.mark.parametrize("status", ["sent", "deferred", "bounced"])
def test_deliveries_by_status(run: tuple[bytes, Metrics], status: str) -> None:
    data, metrics = run
    found = sum(count for delivery, count in metrics.deliveries.items() if delivery.status == status)
    assert found == grep(rf"\]: [0-9A-F]+: to=<.*, status={status} ", data)


def test_each_expression_is_found_somewhere() -> None:
    everything = b"".join(log(run) for run in RUNS)
    assert {name for name, expression in GREP.items() if not grep(expression, everything)} <= {
        "too-many-errors",
        "reject",
    }
