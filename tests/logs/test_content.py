"""What a log says of header and body checks; content-checks.log was written by a real Postfix."""

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.logs.content import ContentLog, Hit, day, read_content_log
from advisor.logs.source import LogText

REAL = (Path(__file__).parent.parent / "data/log-lines/content-checks.log").read_bytes()
NOW = datetime(2026, 11, 30, tzinfo=UTC)
FROM = "from localhost[127.0.0.1]; from=<a@example.com> to=<b@example.com> proto=SMTP helo=<c>"


def read(*logs: bytes) -> ContentLog:
    return read_content_log([LogText(f"log {number}", data, NOW) for number, data in enumerate(logs)])


def line(text: str, program: str = "postfix/cleanup") -> bytes:
    return f"Nov 29 06:44:03 mx {program}[7872]: {text}\n".encode()


def only(*logs: bytes) -> Hit:
    hits = read(*logs).hits
    assert list(hits.values()) == [1]
    return next(iter(hits))


@pytest.mark.parametrize(
    "hit",
    [
        Hit("reject", "header", "X-A: reject", "message content rejected"),
        Hit("reject", "header", "X-A: reject text", "no such thing"),
        Hit("reject", "header", "X-A: 4xx", "later"),
        Hit("warning", "header", "X-A: warn", "look at this"),
        Hit("discard", "header", "X-A: discard", "gone"),
        Hit("hold", "header", "X-A: hold", "kept for now"),
        Hit("filter", "header", "X-A: filter", "smtp:[127.0.0.1]:10025"),
        Hit("prepend", "header", "X-A: prepend", "X-B: prepended"),
        Hit("redirect", "header", "X-A: redirect", "other@example.com"),
        Hit("replace", "header", "X-A: replace", "X-A: other"),
        Hit("strip", "header", "X-A: strip", "took it"),
        Hit("info", "header", "X-A: info", "seen"),
        Hit("bcc", "header", "X-A: bcc", "copy@example.com"),
        Hit("info", "header", "X-A: plain", ""),
        Hit("info", "header", "X-A: info local", "seen"),
        # What a sender writes to look like the rest of a log line.
        Hit(
            "info",
            "header",
            "X-A: info a from b[1.2.3.4]; from=<x@y> to=<z@y> proto=SMTP helo=<h>: look at this",
            "seen",
        ),
        Hit("info", "header", "X-A: info ; from=<>", "seen"),
        Hit("info", "header", "X-A: info : body x", "seen"),
        Hit("info", "header", "X-A: info re-header x: header y", "seen"),
        Hit("warning", "body", "body in", "body says in"),
        # At most 200 bytes of the content, and `?` for what cannot be printed.
        Hit("info", "header", "X-A: info " + 190 * "l", "seen"),
        Hit("info", "header", "X-A: info ?? caf? ? tab", "seen"),
        Hit("info", "header", "X-A: info first? second line", "seen"),
        # Headers of MIME parts and attached messages are called headers.
        Hit("info", "header", "Content-Disposition: inline", "mime"),
        Hit("info", "header", "Subject: inner", "nested"),
        # smtp(8) does not say where its own words begin.
        Hit("warning", "header", "X-S: warn: a: some words", "X-S: warn: a: some words"),
        Hit("info", "header", "X-S: info", "X-S: info"),
        Hit("info", "body", "body local: seen: it", "body local: seen: it"),
    ],
    ids=lambda hit: hit.content,
)
def test_lines_of_a_real_postfix(hit: Hit) -> None:
    assert read(REAL).hits[hit] == 1


def test_each_line_counts_once() -> None:
    assert sum(read(REAL).hits.values()) == REAL.count(b"\n")


def test_a_milter_header_check() -> None:
    logged = line(f"9CFC42121FE: milter-header-warning: header X-Spam: yes {FROM}: of a milter")
    assert only(logged) == Hit("warning", "header", "X-Spam: yes", "of a milter")


@pytest.mark.parametrize(
    "other",
    [
        line(f"NOQUEUE: reject: RCPT from x[192.0.2.1]: 554 header a {FROM}", "postfix/smtpd"),
        line(f"warning: cleanup[1]: 9CFC42121FE: reject: header a {FROM}: forged", "postfix/smtpd"),
        line(f"9CFC42121FE: to=<x>, status=bounced (cleanup[1]: 9CFC42121FE: reject: header a {FROM})"),
        line("9CFC42121FE: reject: header torn from localhost[127"),
        line(f"9CFC42121FE: frobnicate: header a {FROM}"),
        b"9CFC42121FE: reject: header without a beginning " + FROM.encode() + b"\n",
        b"\xff\xfe\x00: header \n: body \n",
    ],
)
def test_what_is_no_hit(other: bytes) -> None:
    assert read(other).hits == {}


def test_two_files_of_which_one_is_packed(tmp_path: Path) -> None:
    hit = "9CFC42121FE: hold: body viagra from local; from=<a@example.com>: held"
    first = b"Nov 28 05:00:00 mx postfix/cleanup[1]: 9CFC42121FE: message-id=<1@x>\n" + line(hit).replace(
        b"29 06:44:03", b"28 05:00:00"
    )
    second = b"Nov 29 06:00:00 mx postfix/cleanup[1]: 9CFC42121FE: message-id=<1@x>\n" * 3 + line(hit)
    packed = tmp_path / "mail.log.1.gz"
    packed.write_bytes(gzip.compress(first, mtime=0))
    os.utime(packed, (NOW.timestamp(), NOW.timestamp()))  # gives the stamps their year
    log = read_content_log([LogText("mail.log", second, NOW), str(packed)])
    ((found, count),) = log.hits.items()
    assert (found.text, count) == ("held", 2)
    assert day(log.last[found]) == "2026-11-29"
    assert (log.messages, log.busiest_hour) == (4, 3)
    assert log.begins is not None
    assert log.ends is not None
    assert log.begins < log.ends


def test_the_size_of_a_message() -> None:
    sizes = line("9CFC42121FE: from=<>, size=100, nrcpt=1 (queue active)", "postfix/qmgr")
    assert read(sizes, sizes.replace(b"100", b"300")).mean_size == 200
    assert read(b"").mean_size is None


@given(st.text(alphabet="ab: ;<>=[]\"'header body from to proto helo.?", max_size=150))
def test_any_content_comes_back(content: str) -> None:
    """Whatever a sender writes, as long as the words of the rule and the addresses are not its own."""
    logged = f"9CFC42121FE: warning: header Subject: {content}! {FROM}: words"
    assert only(line(logged)) == Hit("warning", "header", f"Subject: {content}!", "words")


@given(st.binary(max_size=200), st.integers(0, len(REAL)), st.integers(0, len(REAL)))
def test_any_bytes_are_read(data: bytes, start: int, end: int) -> None:
    torn = REAL[start:end]
    assert sum(read(torn + data).hits.values()) <= torn.count(b"\n") + data.count(b"\n") + 1
