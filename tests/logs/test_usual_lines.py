"""Lines that are read as columns, and the same lines read one by one: the metrics are the same."""

import gzip
from pathlib import Path

import pytest
from hypothesis import example, given

from advisor.logs.scan import scan
from tests.logs.drawn import REFERENCE, alike, logs, mutated
from tests.logs.readable import differences

LAB = Path(__file__).parents[1] / "data" / "lab"
RUNS = sorted(path.parent.name for path in LAB.glob("*/mail.log.gz"))

# What is known of a writer came from a line whose stamp is another: none, one with a year, one with a zone.
LEARNT_ELSEWHERE = [
    f"{stamp} postfix/qmgr[1]: A1B2C3: removed\n{usual} postfix/qmgr[1]: A1B2C3: removed\n".encode()
    for stamp, usual in (
        ("2026-11-03T10:60:36 ", "Nov 03 10:00:19 "),
        ("2026-11-03T10:00:56+1 ", "Nov  3 10:00:53 "),
        ("2026-11-03T10:00:56Z 2001 mx", "Nov  3 10:00:53 2001 mx"),
        ("Nov  3 10:00:53 2026 mx", "Dec 31 10:00:53 2026 mx"),
        ("2026-11-03 10:00:56 +0100 mx", "2026-11-03 10:00:56 mx"),
    )
]


# What docker's drivers make of a container's log; a line of Postfix that quotes one stays what it is.
_HEADER, _INNER = (
    "Nov  3 10:00:00 host",
    "Nov  3 11:00:00 mx postfix/smtpd[7]: connect from a.example[192.0.2.1]",
)
WRAPPED = "\n".join(
    (
        f"{_HEADER} mail/1f2e3d4c5b6a[985]: started",
        f"{_HEADER} mail/1f2e3d4c5b6a[985]: {_INNER}",
        f"{_HEADER} 1f2e3d4c5b6a[985]: 2026-11-03T11:00:00.1+01:00 INFO    postfix/qmgr[8]: A1B2C3: removed",
        f"{_HEADER} postfix/smtp[9]: {_INNER}",
        f"{_HEADER} kernel: postfix/smtpd[7]: connect from a.example[192.0.2.1]",
        f"{_HEADER} cron[1]: Nov  3 11:00:00 mx cron[7]: x",
    )
).encode()


def test_a_line_in_a_line_is_unwrapped() -> None:
    metrics = scan(WRAPPED, "log", REFERENCE).finish()
    assert metrics.matched == {"postfix/smtpd": 1, "postfix/qmgr": 1}
    assert metrics.unknown.total() == 1
    assert metrics.foreign.counts == {"mail": 1, "kernel": 1, "cron": 1}
    assert metrics.first == metrics.last, "the first stamp counts"
    assert two_ways(WRAPPED) == {}


# Names that are no single words: what stands in them counts, or changes what stands behind.
_REJECT = "Nov  3 10:00:00 mx1 postfix/smtpd[11]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 554 5.7.1"
_SENT = (
    "Nov  3 10:00:00 mx1 postfix/smtp[11]: A1B2C3: "
    "to=<{}>, relay=a, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (x)"
)
UNUSUAL_NAMES = [
    "".join(frame.format(name) + "\n" for name in names).encode()
    for frame, names in (
        (f"{_REJECT} <{{}}>: quux; from=<x>", ("jo; client=a", "jo")),
        (f'{_REJECT} "no <{{}}> quux" banned"', ("jo", 'a"jo')),
        (f"{_REJECT} no<x>{{}}", ("192.0.2.1", "5.7.1.9")),
        (_SENT, ("jo", "a, relay=b, status=sent ")),
    )
]


def two_ways(log: bytes) -> dict[str, object]:
    """In what reading as columns differs from reading one by one: nothing."""
    one, other = (scan(log, "log", REFERENCE, usual=usual).finish() for usual in (True, False))
    return dict(differences(one, other))


@given(logs())
@example(LEARNT_ELSEWHERE[0])
@example(LEARNT_ELSEWHERE[1])
@example(LEARNT_ELSEWHERE[2])
@example(LEARNT_ELSEWHERE[3])
@example(LEARNT_ELSEWHERE[4])
@example(WRAPPED)
def test_columns_tell_what_the_grammar_tells(log: bytes) -> None:
    assert two_ways(log) == {}


@given(alike())
@example(UNUSUAL_NAMES[0])
@example(UNUSUAL_NAMES[1])
@example(UNUSUAL_NAMES[2])
@example(UNUSUAL_NAMES[3])
def test_so_they_do_where_lines_differ_in_names_alone(log: bytes) -> None:
    """A template is learnt from one line, and holds for all."""
    assert two_ways(log) == {}


@given(mutated())
def test_so_they_do_when_the_log_is_damaged(log: bytes) -> None:
    assert two_ways(log) == {}


@pytest.mark.parametrize("name", RUNS)
def test_so_they_do_for_a_real_postfix(name: str) -> None:
    log = gzip.decompress((LAB / name / "mail.log.gz").read_bytes())
    assert two_ways(log) == {}
