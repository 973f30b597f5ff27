"""Bytes to metrics: torn lines, binary, lines of others, and lines of Postfix that nobody knows."""

from datetime import UTC, datetime

import pytest

from advisor.logs.columns import LONGEST_LINE
from advisor.logs.metrics import Metrics
from advisor.logs.scan import scan
from tests.logs.readable import differences, scan_file, sessions

REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)
STAMP = b"Nov  3 09:00:00 mx "
CONNECT = STAMP + b"postfix/smtpd[1]: connect from a[192.0.2.1]"


def read(data: bytes) -> Metrics:
    return scan(data, "log", REFERENCE).finish()


def counts(metrics: Metrics) -> tuple[int, int, int, int, int]:
    return (
        metrics.lines.total(),
        metrics.matched.total(),
        metrics.unknown.total(),
        metrics.foreign.total(),
        metrics.unstamped,
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", (0, 0, 0, 0, 0)),
        (b"\n", (1, 0, 0, 0, 1)),
        (CONNECT, (1, 1, 0, 0, 0)),
        (CONNECT + b"\n", (1, 1, 0, 0, 0)),
        (CONNECT + b"\r\n" + CONNECT + b"\r\n", (2, 2, 0, 0, 0)),
        (bytes(range(256)), (2, 0, 0, 0, 2)),
        (b"\0" * 5000 + CONNECT + b"\n" + CONNECT, (2, 1, 0, 0, 1)),
        (CONNECT + b"\n\n\n" + CONNECT + b"\n", (4, 2, 0, 0, 2)),
        (STAMP + b"dovecot[7]: imap-login: Login\n", (1, 0, 0, 1, 0)),
        (STAMP + b"smtpd[7]: connect from a[192.0.2.1]\n", (1, 0, 0, 1, 0)),
        (STAMP + b"postfix/notours[7]: connect from a[192.0.2.1]\n", (1, 0, 0, 1, 0)),
        (STAMP + b"kernel: postfix/smtpd[7]: connect from a[192.0.2.1]\n", (1, 0, 0, 1, 0)),
        (STAMP + b"\n", (1, 0, 0, 1, 0)),
        (STAMP + b"postfix/smtpd[x]: connect from a[192.0.2.1]\n", (1, 0, 0, 1, 0)),
        (STAMP + b"postfix/smtpd[1]: something new\n", (1, 0, 1, 0, 0)),
        (STAMP + b"postfix/smtpd[1]: connect from \xff\xfe[192.0.2.1]\n", (1, 1, 0, 0, 0)),
        (STAMP + b"postfix/smtpd[1]: [ID 197553 mail.info] connect from a[192.0.2.1]\n", (1, 1, 0, 0, 0)),
        (STAMP + b"postfix-out/submission/smtpd[1]: connect from a[192.0.2.1]\n", (1, 1, 0, 0, 0)),
        (b"2026-11-03T09:00:00.1+01:00 mx postfix/smtpd[1]: connect from a[192.0.2.1]\n", (1, 1, 0, 0, 0)),
    ],
)
def test_what_a_line_counts_as(data: bytes, expected: tuple[int, int, int, int, int]) -> None:
    assert counts(read(data)) == expected


def test_every_line_counts_once() -> None:
    metrics = read(
        b"\n".join([CONNECT, b"junk", STAMP + b"cron: x", STAMP + b"postfix/smtp[1]: new", b"\xff"])
    )
    lines, *others = counts(metrics)
    assert lines == sum(others) == 5


def test_a_line_that_is_too_long_is_counted_and_not_looked_at() -> None:
    fits = CONNECT.replace(b"a[", b"a" * (LONGEST_LINE - len(CONNECT) + 1) + b"[")
    assert len(fits) == LONGEST_LINE
    assert counts(read(fits)) == (1, 1, 0, 0, 0)
    assert counts(read(fits.replace(b"a[", b"aa["))) == (1, 0, 0, 0, 1)


def test_lines_that_nobody_knows_are_shown() -> None:
    metrics = read(STAMP + b"postfix/submission/smtpd[1]: something new\n" + STAMP + b"postfix/lmtp[2]: odd")
    assert metrics.unknown.counts == {("smtpd", "something new"): 1, ("lmtp", "odd"): 1}
    assert [sample.text for sample in metrics.samples["postfix/submission/smtpd", "unknown"]] == [
        "Nov  3 09:00:00 mx postfix/submission/smtpd[1]: something new"
    ]
    assert metrics.postfix_lines == 2


def test_a_client_cannot_fake_a_line() -> None:
    """What stands inside a line of another program, or of Postfix itself, is text."""
    fake = b"Nov  3 09:00:00 mx postfix/smtpd[1]: connect from b[192.0.2.2]"
    metrics = read(STAMP + b"dovecot: " + fake + b"\n" + CONNECT + b" " + fake + b"\n")
    assert sessions(metrics) == []


@pytest.mark.parametrize("size", [1, 2, 7, 64, 10_000])
def test_the_size_of_a_block_does_not_matter(size: int) -> None:
    data = b"".join(
        STAMP + f"postfix/smtpd[{pid}]: connect from a[192.0.2.1]".encode() + b"\r\n" for pid in range(40)
    )
    blocks = (data[begin : begin + size] for begin in range(0, len(data), size))
    metrics = scan_file(blocks, "log", REFERENCE)
    assert metrics.lines == {"log": 40}
    assert differences(metrics, read(data)) == {}


def test_more_writers_than_are_remembered() -> None:
    """Whoever may write to syslog chooses its tags."""

    def block(program: str) -> bytes:
        return "".join(
            f"Nov  3 09:00:00 mx{host} {program}[1]: connect from a[192.0.2.1]\n" for host in range(50_010)
        ).encode()

    metrics = scan_file([block("cron"), block("postfix/smtpd")], "log", REFERENCE)
    assert metrics.matched == {"postfix/smtpd": 50_010}
    assert metrics.foreign.counts == {"cron": 50_010}
