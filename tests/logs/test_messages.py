"""The grammar: a real line for every row, and lines that are meant to break it."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from advisor.logs.columns import LONGEST_LINE
from advisor.logs.grammar.row import fixed_prefix
from advisor.logs.messages import MESSAGES, PROGRAMS, Message, details, program_of, recognise
from advisor.logs.reasons import CLASSES
from advisor.logs.scan import scan
from tests.logs.steps import steps

# (row, program, text). The wording is that of the Postfix sources; addresses are of the documentation nets.
SAMPLES = (
    ("connect", "smtpd", "connect from mx.example.net[192.0.2.1]"),
    ("connect", "smtpd", "connect from unknown[unknown]"),
    ("connect", "smtpd", "connect from unknown[2001:db8::1]"),
    ("connect", "smtpd", "connect from mx.example.net[192.0.2.1]:40312"),
    ("disconnect", "smtpd", "disconnect from unknown[192.0.2.1]"),
    ("disconnect", "smtpd", "disconnect from unknown[unknown] commands=0/0"),
    ("disconnect", "smtpd", "disconnect from a.b[2001:db8::1] ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4"),
    ("disconnect", "smtpd", "disconnect from a.b[192.0.2.1] helo=1 data=1 commands=2 notes=bare_lf"),
    ("client", "smtpd", "4QwX1z0Yz9z1: client=mx.example.net[192.0.2.1]"),
    ("client", "smtpd", "67BA52422F9: client=a[192.0.2.1], sasl_method=PLAIN, sasl_username=jo@example.org"),
    ("client", "smtpd", "NOQUEUE: client=unknown[192.0.2.1]"),
    ("lost-connection", "smtpd", "lost connection after CONNECT from unknown[unknown]"),
    ("lost-connection", "smtpd", "lost connection after DATA (1406 bytes) from a.b[192.0.2.1]"),
    ("lost-connection", "smtpd", "lost connection after DATA (approximately 1406 bytes) from a.b[192.0.2.1]"),
    ("lost-connection", "smtpd", "NOQUEUE: lost connection after EHLO from unknown[2001:db8::1]"),
    ("lost-connection", "smtpd", "67BA52422F9: lost connection after RCPT from unknown[192.0.2.1]:2525"),
    ("timeout", "smtpd", "timeout after END-OF-MESSAGE from a.b[192.0.2.1]"),
    ("timeout", "smtpd", "NOQUEUE: timeout after CONNECT from unknown[192.0.2.1]"),
    ("too-many-errors", "smtpd", "too many errors after RCPT from unknown[192.0.2.1]"),
    ("too-many-errors", "smtpd", "NOQUEUE: too many errors after AUTH from unknown[192.0.2.1]"),
    (
        "reject",
        "smtpd",
        (
            "NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 <x@y.example>: Relay access denied; "
            "from=<a@b.example> to=<x@y.example> proto=ESMTP helo=<z>"
        ),
    ),
    (
        "reject",
        "smtpd",
        "67BA52422F9: reject: DATA from a[2001:db8::1]: 550 5.5.3 <DATA>: Data command rejected",
    ),
    (
        "proxy-accept",
        "smtpd",
        "proxy-accept: END-OF-MESSAGE: 250 2.0.0 ok; from=<a@b.example> to=<c@d.example>",
    ),
    ("proxy-reject", "smtpd", "proxy-reject: END-OF-MESSAGE: 554 5.7.0 Reject; from=<a@b.example>"),
    (
        "milter-reject",
        "smtpd",
        "NOQUEUE: milter-reject: CONNECT from a[192.0.2.1]: 451 4.7.1 Try later; proto=SMTP",
    ),
    ("sasl-failure", "smtpd", "warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: UGFzc3dvcmQ6"),
    (
        "sasl-failure",
        "smtpd",
        "warning: a.b[192.0.2.1]: SASL PLAIN authentication failed: (reason unavailable), sasl_username=jo",
    ),
    (
        "client-limit",
        "smtpd",
        "warning: Connection concurrency limit exceeded: 51 from unknown[192.0.2.1] for service smtp",
    ),
    (
        "client-limit",
        "smtpd",
        "warning: AUTH command rate limit exceeded: 9 from a[192.0.2.1] for service smtp",
    ),
    ("policy-trouble", "smtpd", "warning: problem talking to server private/policy: Connection timed out"),
    ("policy-trouble", "smtpd", "warning: timeout on private/policy while reading input attribute name"),
    ("milter-trouble", "smtpd", "warning: connect to Milter service inet:127.0.0.1:8891: Connection refused"),
    (
        "milter-trouble",
        "cleanup",
        "warning: milter inet:127.0.0.1:8891: can't read SMFIC_BODYEOB reply packet header",
    ),
    ("proxy-trouble", "smtpd", "warning: connect to proxy filter 127.0.0.1:10024: Connection refused"),
    (
        "proxy-trouble",
        "smtpd",
        'warning: proxy 127.0.0.1:10024 rejected "MAIL FROM:<a@b.example>": "451 busy"',
    ),
    ("connect-failure", "smtpd", "warning: connect to private/policy: Connection refused"),
    (
        "name-does-not-resolve",
        "smtpd",
        "warning: hostname a.example does not resolve to address 192.0.2.1: Name or service not known",
    ),
    (
        "name-does-not-resolve",
        "smtpd",
        "warning: 192.0.2.1: hostname a.example verification failed: Host not found",
    ),
    ("tls-error", "smtpd", "SSL_accept error from unknown[192.0.2.1]: -1"),
    (
        "tls-error",
        "smtpd",
        "warning: TLS library problem: error:0A000102:SSL routines::unsupported protocol:s.c:1:",
    ),
    (
        "tls-connection",
        "smtpd",
        "Anonymous TLS connection established from a[192.0.2.1]: TLSv1.3 with cipher X (256/256 bits)",
    ),
    (
        "tls-connection-reused",
        "smtp",
        "Untrusted TLS connection reused to mx.example[192.0.2.1]:25: TLSv1.2 with cipher X",
    ),
    (
        "pipelining",
        "smtpd",
        "improper command pipelining after CONNECT from unknown[192.0.2.1]: GET / HTTP/1.1",
    ),
    ("non-smtp-command", "smtpd", "warning: non-SMTP command from unknown[192.0.2.1]: GET / HTTP/1.1"),
    ("dialogue", "smtpd", "< mx.example.net[192.0.2.1]: EHLO mx.example.net"),
    ("dialogue", "smtpd", "> unknown[2001:db8::1]:40312: 250-PIPELINING"),
    ("dialogue", "smtp", "< mx.example.net[192.0.2.1]:25: 220 mx.example.net ESMTP"),
    ("reject-warning", "smtpd", "NOQUEUE: reject_warning: RCPT from a[192.0.2.1]: 554 5.7.1 blocked"),
    (
        "reject-warning",
        "smtpd",
        "67BA52422F9: hold: RCPT from a[192.0.2.1]: <a>: Client host triggers HOLD action",
    ),
    (
        "dns-list-error",
        "smtpd",
        "warning: 1.2.0.192.zen.example: RBL lookup error: Host or domain name not found",
    ),
    (
        "dns-list-error",
        "smtpd",
        "warning: Unable to look up MX host for a.example: Host not found, try again",
    ),
    ("haproxy-trouble", "smtpd", "warning: haproxy read: timeout error"),
    ("haproxy-trouble", "postscreen", "warning: haproxy read: time limit exceeded"),
    ("restriction-warning", "smtpd", "warning: restriction `reject' after `permit' is ignored"),
    ("restriction-warning", "smtpd", 'warning: unknown smtpd restriction: "permit_mynetwoks"'),
    ("queue-space", "smtpd", "warning: 67BA52422F9: queue file size limit exceeded"),
    (
        "queue-space",
        "smtpd",
        "warning: not enough free space in mail queue: 1000 bytes < 1.5*message size limit",
    ),
    ("postscreen-connect", "postscreen", "CONNECT from [192.0.2.1]:40312 to [192.0.2.25]:25"),
    ("postscreen-connect", "postscreen", "CONNECT from [2001:db8::1]:40312 to [2001:db8::25]:25"),
    ("postscreen-connect", "tlsproxy", "CONNECT from [192.0.2.1]:40312"),
    ("postscreen-pass", "postscreen", "PASS NEW [192.0.2.1]:40312"),
    ("postscreen-disconnect", "postscreen", "DISCONNECT [2001:db8::1]:40312"),
    (
        "postscreen-hangup",
        "postscreen",
        "HANGUP after 0.4 from [192.0.2.1]:2046 in tests after SMTP handshake",
    ),
    ("postscreen-violation", "postscreen", r"PREGREET 11 after 0.82 from [192.0.2.1]:53078: EHLO User\r\n"),
    ("postscreen-violation", "postscreen", "COMMAND COUNT LIMIT from [192.0.2.1]:53078 after NOOP"),
    ("postscreen-violation", "postscreen", "BARE NEWLINE from [192.0.2.1]:53078 after EHLO"),
    ("postscreen-dns-rank", "postscreen", "DNSBL rank 3 for [192.0.2.1]:22932"),
    ("postscreen-list", "postscreen", "ALLOWLISTED [192.0.2.1]:22932"),
    ("postscreen-list", "postscreen", "BLACKLISTED [192.0.2.1]:22932"),
    ("postscreen-list", "postscreen", "WHITELIST VETO [192.0.2.1]:22932"),
    (
        "postscreen-full",
        "postscreen",
        "NOQUEUE: reject: CONNECT from [192.0.2.1]:53027: all server ports busy",
    ),
    (
        "postscreen-full",
        "postscreen",
        "NOQUEUE: reject: CONNECT from [2001:db8::1]:53027: too many connections",
    ),
    ("postscreen-full", "postscreen", "reject: connect from [192.0.2.1]:53027: all screening ports busy"),
    ("postscreen-reject", "postscreen", "NOQUEUE: reject: RCPT from [192.0.2.1]:53078: 550 5.7.1 blocked"),
    ("postscreen-stress", "postscreen", "entering STRESS mode with 90 connections"),
    (
        "postscreen-trouble",
        "postscreen",
        "warning: cannot connect to service private/smtpd: Connection refused",
    ),
    ("dns-list-timeout", "postscreen", "warning: dnsblog reply timeout 10s for zen.example"),
    ("dns-list-hit", "dnsblog", "addr 192.0.2.1 listed by domain zen.example as 127.0.0.11"),
    (
        "dns-list-failure",
        "dnsblog",
        "warning: dnsblog_query: lookup error for DNS query 1.2.0.192.zen.example: Host not found, try again",
    ),
    (
        "cache-cleanup",
        "postscreen",
        "cache btree:/var/lib/postfix/postscreen_cache full cleanup: retained=9 dropped=1 entries",
    ),
    ("message-id", "cleanup", "67BA52422F9: message-id=<20261123234953.67BA52422F9@lab.invalid>"),
    ("message-id", "cleanup", "67BA52422F9: resent-message-id=<x@y.example>"),
    (
        "content-reject",
        "cleanup",
        "67BA52422F9: reject: body some words from a[192.0.2.1]; from=<a@b.example>: no",
    ),
    (
        "content-reject",
        "cleanup",
        "67BA52422F9: milter-reject: END-OF-MESSAGE from a[192.0.2.1]: 5.7.1 no; from=<a>",
    ),
    (
        "content-action",
        "cleanup",
        "67BA52422F9: warning: header Subject: x from a[192.0.2.1]; from=<a@b.example>",
    ),
    ("canceled", "cleanup", "67BA52422F9: removed (canceled)"),
    ("queue-active", "qmgr", "67BA52422F9: from=<a@lab.test>, size=1323, nrcpt=1 (queue active)"),
    ("queue-active", "qmgr", "67BA52422F9: from=<>, size=1323, nrcpt=12 (queue active)"),
    ("removed", "qmgr", "67BA52422F9: removed"),
    ("expired", "qmgr", "67BA52422F9: from=<a@b.example>, status=expired, returned to sender"),
    ("expired", "qmgr", "67BA52422F9: from=<a@b.example>, status=force-expired, returned to sender"),
    (
        "active-queue-share",
        "qmgr",
        "warning: mail for [127.0.0.1]:10024 is using up 4001 of 5000 active queue entries",
    ),
    (
        "transport-failure",
        "qmgr",
        "warning: transport smtp failure -- see a previous warning/fatal/panic logfile record",
    ),
    (
        "delivery",
        "discard",
        "67BA52422F9: to=<b@lab.test>, relay=none, delay=0.05, delays=0.05/0/0/0, dsn=2.0.0, status=sent",
    ),
    (
        "delivery",
        "smtp",
        (
            "67BA52422F9: to=<b@c.example>, orig_to=<b>, relay=mx.example[192.0.2.1]:25, conn_use=3, "
            "delay=1.5, delays=0.1/0.2/0.3/0.9, dsn=4.7.28, status=deferred (host mx[192.0.2.1] said: 421)"
        ),
    ),
    (
        "delivery",
        "smtp",
        (
            "67BA52422F9: to=<b@c.example>, relay=mx.example[2001:db8::1]:25, delay=1.5, "
            "delays=0.1/0.2/0.3/0.9, tls=verified/dane, dsn=2.0.0, status=sent (250 ok)"
        ),
    ),
    ("connect-to-failure", "smtp", "connect to mx.example[192.0.2.1]:25: Connection timed out"),
    (
        "remote-reply",
        "smtp",
        "67BA52422F9: host mx.example[192.0.2.1] said: 450 4.2.0 Greylisted (in reply to RCPT)",
    ),
    (
        "remote-reply",
        "smtp",
        "67BA52422F9: lost connection with mx.example[192.0.2.1] while receiving the greeting",
    ),
    ("bounce", "bounce", "67BA52422F9: sender non-delivery notification: 82DE42422FF"),
    ("bounce", "bounce", "67BA52422F9: sender notification failed to a@b.example"),
    ("pickup", "pickup", "67BA52422F9: uid=0 from=<root>"),
    (
        "process-limit",
        "master",
        'warning: service "smtp" (25) has reached its process limit "100": new clients may',
    ),
    (
        "process-limit",
        "master",
        'warning: service "192.0.2.25:21001" (192.0.2.25:21001) has reached its process limit "15": new',
    ),
    (
        "process-limit-advice",
        "master",
        "warning: to avoid this condition, increase the process count in master.cf or reduce",
    ),
    (
        "process-limit-advice",
        "master",
        "warning: see https://www.postfix.org/STRESS_README.html for examples of",
    ),
    ("process-end", "master", "warning: process /usr/lib/postfix/sbin/smtpd pid 8017 exit status 1"),
    ("process-end", "master", "warning: process /usr/lib/postfix/sbin/smtpd pid 8017 killed by signal 9"),
    ("throttling", "master", "warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling"),
    ("throttling", "master", "warning: master_spawn: fork: Cannot allocate memory -- throttling"),
    ("start", "master", "daemon started -- version 3.7.11, configuration /etc/postfix"),
    ("reload", "master", "reload -- version 3.7.11, configuration /etc/postfix"),
    ("stop", "master", "terminating on signal 15"),
    ("script", "postfix-script", "starting the Postfix mail system"),
    (
        "anvil-maximum",
        "anvil",
        "statistics: max connection rate 5/60s for (smtp:192.0.2.1) at Nov 23 23:49:53",
    ),
    ("anvil-maximum", "anvil", "statistics: max auth rate 1/60s for (smtp:192.0.2.1) at Nov 23 23:49:53"),
    ("connection-cache", "scache", "statistics: domain lookup hits=86 miss=335 success=20%"),
    ("unapproved-table", "proxymap", 'warning: request for unapproved table: "unix:passwd.byname"'),
    (
        "domain-in-two-classes",
        "trivial-rewrite",
        "warning: do not list domain example.org in BOTH mydestination and virtual_mailbox_domains",
    ),
    ("table-trouble", "cleanup", "error: unsupported dictionary type: hash"),
    (
        "table-trouble",
        "local",
        "error: lmdb:/etc/aliases is unavailable. open database /etc/aliases.lmdb: No such file",
    ),
    ("table-trouble", "trivial-rewrite", "warning: virtual_alias_domains: table lookup problem"),
    ("table-trouble", "proxymap", "warning: connect to mysql server 192.0.2.9: Too many connections"),
    ("settings-warning", "smtpd", "warning: /etc/postfix/main.cf, line 12: overriding earlier entry: a=b"),
    ("stale-table", "local", "warning: database /etc/aliases.db is older than source file /etc/aliases"),
    (
        "fatal",
        "smtpd",
        "fatal: in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify",
    ),
    (
        "fatal",
        "local",
        "fatal: main.cf configuration error: mailbox_size_limit is smaller than message_size_limit",
    ),
    ("backwards-compatible", "smtpd", "using backwards-compatible default setting chroot=y"),
)


# What logs in the field hold, with names and addresses of examples: row, program and text, a tab between.
FIELD = tuple(
    tuple(line.split("\t"))
    for line in (Path(__file__).parent.parent / "data/log-lines/messages.tsv").read_text().splitlines()
)


@pytest.mark.parametrize(("name", "program", "text"), [*SAMPLES, *FIELD])
def test_a_real_line_is_recognised(name: str, program: str, text: str) -> None:
    found = recognise(program, text)
    assert found is not None
    assert found[0].name == name


def test_every_row_has_a_sample() -> None:
    assert {row.name for row in MESSAGES} == {name for name, _, _ in (*SAMPLES, *FIELD)}


def test_names_are_unique() -> None:
    assert len({row.name for row in MESSAGES}) == len(MESSAGES)


def test_every_row_is_of_programs_that_are_read() -> None:
    assert {daemon for row in MESSAGES for daemon in row.daemons} <= PROGRAMS | {"*"}


def test_every_row_says_where_it_comes_from() -> None:
    assert all(row.source and re.match(r"\d\.[\dx]+", row.since) for row in MESSAGES)


@pytest.mark.parametrize(("name", "program", "text"), [*SAMPLES, *FIELD])
def test_a_text_begins_with_the_literal_of_its_row(name: str, program: str, text: str) -> None:
    assert text.startswith(next(fixed_prefix(row.form) for row in MESSAGES if row.name == name)), program


@pytest.mark.parametrize(("name", "program", "text"), [*SAMPLES, *FIELD])
def test_the_index_finds_what_the_whole_table_finds(name: str, program: str, text: str) -> None:
    rows = [row for row in MESSAGES if program in row.daemons or "*" in row.daemons]
    assert next(row.name for row in rows if row.pattern.match(text)) == name


def test_keys_and_peaks_are_groups_of_their_pattern() -> None:
    for row in MESSAGES:
        groups = row.pattern.groupindex
        assert set(row.keys) <= set(groups), row.name
        assert not row.peak or row.peak in groups, row.name


@pytest.mark.parametrize(("name", "program", "text"), [*SAMPLES, *FIELD])
def test_what_is_counted_of_a_line(name: str, program: str, text: str) -> None:
    found = recognise(program, text)
    assert found is not None
    row, match = found
    counted = details(row, match)
    if counted is None:
        assert not row.keys or match["status"] == "sent", name
    else:
        assert len(counted) == len(row.keys)
        assert "reason" not in row.keys or counted[row.keys.index("reason")] in CLASSES


@pytest.mark.parametrize(
    ("program", "text", "counted"),
    [
        (
            "smtpd",
            "NOQUEUE: reject: RCPT from a[192.0.2.1]: 554 5.7.1 <x@y.example>: Relay access denied; from=<a>",
            ("RCPT", "554", "5.7.1", "relay-denied"),
        ),
        (
            "smtp",
            (
                "67BA52422F9: to=<b@c.example>, relay=none, delay=30, delays=0/0/30/0, dsn=4.4.1, "
                "status=deferred (connect to mx.example[192.0.2.1]:25: Connection timed out)"
            ),
            ("deferred", "4.4.1", "connection-timed-out"),
        ),
        (
            "smtpd",
            "Anonymous TLS connection established from a[2001:db8::1]: TLSv1.3 with cipher X (256/256 bits)",
            ("Anonymous", "from", "TLSv1.3", "X"),
        ),
        (
            "anvil",
            "statistics: max auth rate 3/60s for ([::]:smtp:2001:db8::1) at x",
            ("auth rate", "[::]:smtp"),
        ),
        (
            "dnsblog",
            "warning: dnsblog_query: lookup error for DNS query 1.2.0.192.zen.example: Host not found",
            ("zen.example", "dns-failure"),
        ),
        ("smtpd", "disconnect from a[192.0.2.1]", None),
    ],
)
def test_values_that_are_counted(program: str, text: str, counted: tuple[str, ...] | None) -> None:
    found = recognise(program, text)
    assert found is not None
    assert details(*found) == counted


@pytest.mark.parametrize(
    ("tag", "program"),
    [
        ("postfix/smtpd", "smtpd"),
        ("postfix/submission/smtpd", "smtpd"),
        ("postfix-out/smtpd", "smtpd"),
        ("mx1/smtp", "smtp"),
        ("postfix-mx/content-filter/smtp", "smtp"),
        ("postfix", "postfix"),
        ("postfix-script", "postfix-script"),
        ("postfix/postfix-script", "postfix-script"),
        ("postmulti", "postmulti"),
        ("postgrey", None),
        ("smtpd", None),
        ("master", None),
        ("dovecot/lmtp", None),
        ("amavis/smtpd", None),
        ("postfix/policyd-spf", None),
        ("spamd", None),
        ("", None),
        ("/", None),
    ],
)
def test_whose_tag_it_is(tag: str, program: str | None) -> None:
    assert program_of(tag) == program


def fields(program: str, text: str) -> dict[str, str | None]:
    found = recognise(program, text)
    assert found is not None
    return found[1].groupdict()


@pytest.mark.parametrize(
    ("namaddr", "client", "address"),
    [
        ("unknown[unknown]", "unknown", "unknown"),
        ("mx.example.net[192.0.2.1]", "mx.example.net", "192.0.2.1"),
        ("unknown[2001:db8::1]:2525", "unknown", "2001:db8::1"),
        ("unknown[]", "unknown", ""),
    ],
)
def test_name_and_address_of_a_client(namaddr: str, client: str, address: str) -> None:
    found = fields("smtpd", f"connect from {namaddr}")
    assert (found["client"], found["address"]) == (client, address)


@pytest.mark.parametrize("prefix", ["", "NOQUEUE: ", "67BA52422F9: ", "4QwX1z0Yz9z1: "])
def test_the_prefix_of_3_10_changes_nothing_else(prefix: str) -> None:
    found = fields("smtpd", f"{prefix}lost connection after DATA (12 bytes) from a.b[192.0.2.1]")
    assert (found["stage"], found["client"], found["address"]) == ("DATA", "a.b", "192.0.2.1")


def test_a_login_is_seen() -> None:
    assert fields("smtpd", "67BA52422F9: client=a[192.0.2.1], sasl_method=PLAIN")["sasl"]
    assert not fields("smtpd", "67BA52422F9: client=a[192.0.2.1]")["sasl"]


def test_the_parts_of_a_delivery() -> None:
    found = fields(
        "smtp",
        '67BA52422F9: to=<"a>, b"@c.example>, orig_to=<d@e.example>, relay=mx[192.0.2.1]:25, '
        "conn_use=2, delay=4.2, delays=0.1/2/1.1/1, dsn=2.0.0, status=sent (<x>, "
        "relay=evil, delay=9, delays=9/9/9/9, dsn=5)",
    )
    assert [found[part] for part in ("a", "b", "c", "d")] == ["0.1", "2", "1.1", "1"]
    assert (found["relay"], found["dsn"], found["status"]) == ("mx[192.0.2.1]:25", "2.0.0", "sent")


def test_what_the_grammar_does_not_know() -> None:
    assert recognise("smtpd", "something new") is None
    assert recognise("tlsmgr", "something new") is None
    assert recognise("smtp", "connect from a[192.0.2.1]") is None, "smtp(8) has no such line"


# How hostile lines are made: what a row begins with, then what a client would repeat, 50 and 100 times.
FILLS = (
    ">,",
    "=",
    "a",
    "[",
    "]",
    "a[",
    " (",
    " x=1",
    "=0",
    '"',
    "> ",
    ": ",
    " -- ",
    ">, orig_to=<",
    ">, relay=a,",
    "/",
)
HEADERS = ("mx ", "mx postfix/", "mx postfix/smtpd[1", "")


@pytest.mark.parametrize("row", MESSAGES, ids=lambda row: row.name)
def test_hostile_text_costs_no_more_than_its_length(row: Message) -> None:
    texts = [text for name, _, text in (*SAMPLES, *FIELD) if name == row.name][:3]
    assert_linear(row.pattern, sorted({text[:cut] for text in texts for cut in range(0, len(text) + 8, 8)}))


def assert_linear(pattern: re.Pattern[str], starts: Sequence[str]) -> None:
    for start in starts:
        for fill in FILLS:
            short, long = (start + (fill * size)[:size] for size in (50, 100))
            assert steps(pattern, long) <= 2.5 * steps(pattern, short) + 100, (start, fill)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [(r"a (\S+?)\[([^\]]*)\]$", "a " + "[" * 1000), (r"to=<.*>, (?:x=<.*>, )?y", "to=<" + ">, x=<" * 200)],
)
def test_the_count_finds_patterns_that_are_quadratic(pattern: str, text: str) -> None:
    compiled = re.compile(pattern)
    assert steps(compiled, text[:100]) > 2.5 * steps(compiled, text[:50]) + 100


@pytest.mark.parametrize("start", HEADERS)
@pytest.mark.parametrize("fill", FILLS)
def test_the_longest_line_is_read(start: str, fill: str) -> None:
    line = f"Nov  3 10:00:00 mx postfix/smtpd[1]: {start}"
    raw = (line + fill * LONGEST_LINE)[:LONGEST_LINE].encode()
    metrics = scan(raw, "log", datetime(2026, 12, 1, tzinfo=UTC)).finish()
    assert metrics.lines["log"] == 1


def test_the_parts_of_a_pattern_are_counted() -> None:
    assert steps(re.compile("abc"), "abd") == 3
    assert steps(re.compile(r"\d+x"), "11") == 7
