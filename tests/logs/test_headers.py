"""The header of a line in every form that somebody writes, and in text that is none."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.logs import headers, timestamps
from advisor.logs.headers import Header, HeaderReader
from advisor.logs.months import month_number
from tests.logs.steps import steps

REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)
TEN = datetime(2026, 11, 23, 10, tzinfo=UTC).timestamp()
TEXT = "connect from a.example[192.0.2.1]"
COLOUR, END = "\x1b[36m", "\x1b[0m"
PLAIN = "Nov 23 10:00:00 mx postfix/smtpd[12]: "

# (writer, header, seconds after ten o'clock UTC, host): the tag is postfix/smtpd and the pid 12.
FORMS = (
    ("syslogd(8), rsyslog's traditional format", PLAIN, 0, "mx"),
    (
        "FreeBSD's syslogd with -v -v, or the numbers of one -v",
        "Nov 23 10:00:00 <mail.info> mx TAG: ",
        0,
        "mx",
    ),
    ("FreeBSD's syslogd with -v", "Nov 23 10:00:00 <2.6> mx TAG: ", 0, "mx"),
    ("a syslogd with a year behind", "Nov 23 10:00:00 2026 mx TAG: ", 0, "mx"),
    ("Cisco's, with a year in the middle", "Nov 23 2026 10:00:00: mx TAG: ", 0, "mx"),
    ("OpenWrt's logread", "Mon Nov 23 10:00:00 2026 mail.info TAG: ", 0, ""),
    ("rsyslog's RSYSLOG_FileFormat", "2026-11-23T11:00:00.250000+01:00 mx TAG: ", 0.25, "mx"),
    ("syslog-ng's ts-format(iso)", "2026-11-23T10:00:00+00:00 mx TAG: ", 0, "mx"),
    ("with a space for the T, and a comma", "2026-11-23 10:00:00,250 mx TAG: ", 0.25, "mx"),
    ("RFC 3164 on the wire", "<22>Nov 23 10:00:00 mx TAG: ", 0, "mx"),
    ("RFC 5424", "<22>1 2026-11-23T10:00:00.25Z mx postfix/smtpd 12 - - ", 0.25, "mx"),
    ("RFC 5424 with data", '<22>1 2026-11-23T10:00:00Z mx postfix/smtpd 12 x [a b="]\\""][c] ', 0, "mx"),
    ("RFC 5424 without its priority", "1 2026-11-23T10:00:00Z - postfix/smtpd 12 - - \ufeff", 0, ""),
    ("journalctl -o short-precise", "Nov 23 10:00:00.250000 mx TAG: ", 0.25, "mx"),
    ("journalctl -o short-iso", "2026-11-23T11:00:00+0100 mx TAG: ", 0, "mx"),
    ("journalctl -o short-iso-precise", "2026-11-23T05:00:00.250000-0500 mx TAG: ", 0.25, "mx"),
    ("journalctl -o short-full", "Mon 2026-11-23 10:00:00 CET mx TAG: ", 0, "mx"),
    ("journalctl -o short-unix", f"{TEN + 0.25:.6f} mx TAG: ", 0.25, "mx"),
    ("Loghub's Thunderbird", f"- {TEN:.0f} 2026.11.23 mx Nov 23 02:00:00 local@mx TAG: ", 0, "local@mx"),
    ("Loghub's Spirit", f"R_HDA_NR {TEN:.0f} 2026.11.23 mx Nov 23 02:00:00 mx/mx TAG: ", 0, "mx/mx"),
    ("a template of facility and level", "mail.warning: TAG: ", None, ""),
    ("journalctl in a Russian locale", "ноя 23 10:00:00 mx TAG: ", 0, "mx"),
    ("journalctl in a French locale", "nov. 23 10:00:00 mx TAG: ", 0, "mx"),
    ("journalctl in a Japanese locale", "11月 23 10:00:00 mx TAG: ", 0, "mx"),
    ("Solaris, of a real log", "Nov 23 10:00:00 mailrouter TAG: [ID 197553 mail.info] ", 0, "mailrouter"),
    ("busybox syslogd", "Nov 23 10:00:00 backup mail.info TAG: ", 0, "backup"),
    ("busybox syslogd with a small buffer", "Nov 23 10:00:00 mail.info TAG: ", 0, ""),
    (
        "macOS's log show --style syslog",
        "2026-11-23 05:00:00.250000-0500  localhost TAG: ",
        0.25,
        "localhost",
    ),
    ("docker compose logs", f"mail-1  | {PLAIN}", 0, "mx"),
    ("docker compose logs, coloured", f"{COLOUR}mail-1  | {END}{PLAIN}", 0, "mx"),
    ("docker compose logs of old, coloured", f"{COLOUR}mail_1        |{END} {PLAIN}", 0, "mx"),
    ("docker compose logs --timestamps", f"mail-1  | 2026-11-23T10:00:00.25Z {PLAIN}", 0.25, "mx"),
    ("docker logs --timestamps", "2026-11-23T10:00:00.25Z Nov 23 12:00:00 mx TAG: ", 0.25, "mx"),
    ("docker logs --timestamps, Mailu's rsyslog (its #128)", "2026-11-23T10:00:00Z TAG: ", 0, ""),
    ("boky/postfix (its #52)", "2026-11-23T11:00:00.25+01:00 INFO    TAG: ", 0.25, ""),
    ("the same, coloured", f"{COLOUR}2026-11-23T10:00:00Z{END} INFO    TAG: ", 0, ""),
    ("a kubelet's files (CRI)", f"2026-11-23T10:00:00.25Z stdout F {PLAIN}", 0.25, "mx"),
    ("kubectl logs --prefix", f"[pod/mail-0/postfix] {PLAIN}", 0, "mx"),
    ("grep", f"/var/log/mail.log:{PLAIN}", 0, "mx"),
    ("grep -n", "mail.log:7:2026-11-23T10:00:00Z mx TAG: ", 0, "mx"),
    ("a Windows editor", f"\ufeff{PLAIN}", 0, "mx"),
    ("a mail that quotes a log", f"> {PLAIN}", 0, "mx"),
    ("a page that indents it", f"\t  {PLAIN}", 0, "mx"),
    ("an address for a host", "Nov 23 10:00:00 2001:db8::1 TAG: ", 0, "2001:db8::1"),
    ("rsyslog without a stamp, Mailu (its #128)", " TAG: ", None, ""),
    ("postlogd's stdout in a foreground container", "TAG: ", None, ""),
    ("a stamp that was cut away", "mx TAG: ", None, "mx"),
)


def read(line: str) -> Header | None:
    return HeaderReader(REFERENCE).read(line)


@pytest.mark.parametrize(("form", "seconds", "host"), [case[1:] for case in FORMS], ids=[c[0] for c in FORMS])
def test_forms(form: str, seconds: float | None, host: str) -> None:
    line = form.replace("TAG", "postfix/smtpd[12]") + TEXT
    header = read(line)
    assert header is not None
    assert header.time == (None if seconds is None else pytest.approx(TEN + seconds, abs=1e-6))
    assert (header.host, header.tag, header.pid) == (host, "postfix/smtpd", "12")
    assert line[header.text :] == TEXT


@pytest.mark.parametrize(
    ("line", "tag", "pid"),
    [
        (
            "Nov 23 10:00:00 mx postfix/postfix-script: starting the Postfix mail system",
            "postfix/postfix-script",
            "",
        ),
        ("postfix/postlog: starting the Postfix mail system", "postfix/postlog", ""),
        ("Nov 23 10:00:00 mx postfix/127.0.0.1:10025/smtpd[1]: x", "postfix/127.0.0.1:10025/smtpd", "1"),
        ("Nov 23 10:00:00 mx postfix/[::1]:10025/smtpd[1]: x", "postfix/[::1]:10025/smtpd", "1"),
        ("Nov 23 10:00:00 mx postfix-out/submission/smtpd[1]: x", "postfix-out/submission/smtpd", "1"),
        ("Mon 2026-11-23 10:00:00 UTC mx postfix@-.service[12]: x", "postfix@-.service", "12"),
        ("Nov 23 10:00:00 mx dovecot: imap-login: Login: user=<a>", "dovecot", ""),
        ("Nov 23 10:00:00 mx rsyslogd-2177: imuxsock lost 7 messages", "rsyslogd-2177", ""),
        ("Nov 23 10:00:00 mx kernel: postfix/smtpd[7]: connect from", "kernel", ""),
        ("Nov 23 10:00:00 mx last message repeated 3 times", "", ""),
        ("Nov 23 10:00:00 mx postfix/smtpd[x]: connect from", "", ""),
        ("Nov 23 10:00:00 ", "", ""),
    ],
)
def test_whose_line_it_is(line: str, tag: str, pid: str) -> None:
    header = read(line)
    assert header is not None
    assert (header.tag, header.pid) == (tag, pid)


@pytest.mark.parametrize(
    ("name", "number"),
    [("Nov", 11), ("févr.", 2), ("Mär", 3), ("дек", 12), ("12月", 12), ("mx", None), ("13月", None)],
)
def test_months(name: str, number: int | None) -> None:
    assert month_number(name) == number


@pytest.mark.parametrize(
    "line", ["", "\0" * 40, "hello world: foo", "Traceback:", "warning: x", "Nov 23: x", "\x1b[0m"]
)
def test_text_that_is_none(line: str) -> None:
    assert read(line) is None


def test_what_was_read_before_changes_nothing() -> None:
    lines = [
        PLAIN,
        "Nov 23 10:00:00 2025 mx postfix/smtpd[12]: ",
        PLAIN,
        "2026-11-23T11:00:00+01:00 mx a[1]: ",
        PLAIN,
    ]
    reader = HeaderReader(REFERENCE)
    assert [reader.read(line) for line in lines] == [read(line) for line in lines]


@given(st.text(max_size=200) | st.lists(st.sampled_from([form for _, form, _, _ in FORMS])).map("".join))
def test_any_text_is_read(line: str) -> None:
    header = read(line)
    assert header is None or 0 <= header.text <= len(line)


PATTERNS = {
    name: value
    for module in (headers, timestamps)
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern)
}


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize(
    "fill", ["a", " ", "a ", "1", "[", "]", ":", "/", "x=", '"', '\\"', "\x1b[0m", " mail.info", "<22>"]
)
def test_a_hostile_header_costs_no_more_than_its_length(name: str, fill: str) -> None:
    for _, form, _, _ in FORMS:
        start = form.replace("TAG", "postfix/smtpd[12]")[:60]
        for cut in range(0, len(start) + 1, 6):
            short, long = (start[:cut] + (fill * size)[:size] for size in (50, 100))
            assert steps(PATTERNS[name], long) <= 2.5 * steps(PATTERNS[name], short) + 100, (
                start[:cut],
                fill,
            )
