"""A log says the same in every form: the sessions of an example, printed as each writer would."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from advisor.logs.blocks import log_in_memory
from advisor.logs.metrics import Metrics
from advisor.logs.sources import LogText, read_logs
from tests.logs.readable import sessions

ROOT = Path(__file__).parent.parent.parent
LINES = (ROOT / "examples" / "slow-clients" / "mail.log").read_text().splitlines()
REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)
_LINE = re.compile(r"Nov (\d\d) (\S+) (\S+) (\S+?)\[(\d+)\]: (.*)")


def entries() -> Iterator[tuple[datetime, str, str, str, str]]:
    for line in LINES:
        day, clock, host, tag, pid, text = (_LINE.fullmatch(line) or pytest.fail(line)).groups()
        yield datetime.fromisoformat(f"2026-11-{day}T{clock}+00:00"), host, tag, pid, text


def each(form: str) -> Callable[[], bytes]:
    """The log in a form for `str.format`; the stamp's letters are those of strftime(3)."""

    def write() -> bytes:
        return "".join(
            f"{time.strftime(form).format(host=host, tag=f'{tag}[{pid}]', name=tag, pid=pid)}{text}\n"
            for time, host, tag, pid, text in entries()
        ).encode()

    return write


def as_json() -> bytes:
    return b"".join(
        json.dumps(
            {
                "__REALTIME_TIMESTAMP": str(int(time.timestamp()) * 1_000_000),
                "_HOSTNAME": host,
                "SYSLOG_IDENTIFIER": tag,
                "SYSLOG_PID": pid,
                "_PID": "1",
                "MESSAGE": [*text.encode()] if number % 3 == 0 else text,
            }
        ).encode()
        + b"\n"
        for number, (time, host, tag, pid, text) in enumerate(entries())
    )


def as_export() -> bytes:
    def field(name: bytes, value: bytes, *, is_binary: bool) -> bytes:
        if is_binary:
            return name + b"\n" + len(value).to_bytes(8, "little") + value + b"\n"
        return name + b"=" + value + b"\n"

    return b"".join(
        b"__CURSOR=s=1;i=%x\n__REALTIME_TIMESTAMP=%d\n_HOSTNAME=%s\nSYSLOG_IDENTIFIER=%s\n_PID=%s\n"
        % (number, int(time.timestamp()) * 1_000_000, host.encode(), tag.encode(), pid.encode())
        + field(b"MESSAGE", text.encode(), is_binary=number % 3 == 0)
        + field(b"SYSLOG_RAW", b"a\n\nb=c\n", is_binary=True)
        + b"\n"
        for number, (time, host, tag, pid, text) in enumerate(entries())
    )


def as_docker_json() -> bytes:
    return b"".join(
        json.dumps(
            {
                "log": f"{time:%b %d %H:%M:%S} {host} {tag}[{pid}]: {text}\n",
                "stream": "stdout",
                "time": f"{time:%Y-%m-%dT%H:%M:%S}.000000000Z",
            }
        ).encode()
        + b"\n"
        for time, host, tag, pid, text in entries()
    )


def changing() -> bytes:
    """Three writers, one after the other."""
    forms = [
        "%b %e %H:%M:%S {host} {tag}: ",
        "%Y-%m-%dT%H:%M:%S+00:00 {host} {tag}: ",
        "mail-1  | %Y-%m-%dT%H:%M:%SZ stdout F %b %d %H:%M:%S {host} {tag}: [ID 197553 mail.info] ",
    ]
    logs = [each(form)().splitlines(keepends=True) for form in forms]
    return b"".join(logs[number * 3 // len(LINES)][number] for number in range(len(LINES)))


WRITERS: dict[str, Callable[[], bytes]] = {
    "RFC 3339": each("%Y-%m-%dT%H:%M:%S.000000+00:00 {host} {tag}: "),
    "RFC 5424": each("<22>1 %Y-%m-%dT%H:%M:%SZ {host} {name} {pid} - - "),
    "short-full": each("%a %Y-%m-%d %H:%M:%S UTC {host} {tag}: "),
    "Solaris": each("%b %e %H:%M:%S {host} {tag}: [ID 197553 mail.info] "),
    "busybox": each("%b %e %H:%M:%S {host} mail.info {tag}: "),
    "compose": each("mail-1  | %b %e %H:%M:%S {host} {tag}: "),
    "CRI": each("%Y-%m-%dT%H:%M:%S.000000000Z stdout F %b %d %H:%M:%S {host} {tag}: "),
    "journal, json": as_json,
    "journal, export": as_export,
    "docker, json-file": as_docker_json,
    "one after the other": changing,
}


def read(data: bytes) -> Metrics:
    return read_logs([LogText("log", data, REFERENCE)])


@pytest.fixture(scope="module")
def usual() -> Metrics:
    return read("".join(f"{line}\n" for line in LINES).encode())


@pytest.mark.parametrize("writer", WRITERS)
def test_the_same_log(usual: Metrics, writer: str) -> None:
    found = read(WRITERS[writer]())
    for name in (
        "first",
        "last",
        "lines",
        "matched",
        "counters",
        "deliveries",
        "delays",
        "minutes",
        "processes",
    ):
        assert getattr(found, name) == getattr(usual, name), name
    assert sessions(found) == sessions(usual)
    assert found.unstamped == found.foreign.total() == found.unknown.total() == 0


@pytest.mark.parametrize("write", [as_json, as_export, as_docker_json])
@pytest.mark.parametrize("left", range(60, 1500, 61))
def test_what_was_torn_off_is_missing_alone(write: Callable[[], bytes], left: int) -> None:
    whole = b"".join(log_in_memory("log", write(), REFERENCE).blocks())
    torn = b"".join(log_in_memory("log", write()[:left], REFERENCE).blocks())
    *lines, _ = torn.splitlines(keepends=True) or [b""]
    assert whole.startswith(b"".join(lines))
