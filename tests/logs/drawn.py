# ruff: noqa: E501 - a log line is easier to read in one line
"""Logs that are drawn: what Postfix writes, what stands between its lines, and what became of both on the way.

A line is one of some thousand that are made up once, the same on every machine: many logs are drawn quickly.
"""

import re
from datetime import UTC, datetime
from random import Random

from hypothesis import strategies as st

REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)

_LINES = 4_000
# What may stand in the holes of a text.
_PARTS = {
    "client": (
        "unknown[192.0.2.1]",
        "mx.example[198.51.100.7]",
        "mx.example[2001:db8::7]",
        "mx.example[198.51.100.7]:40125",
        *("unknown[unknown]", "[192.0.2.1]", "m\u00fc.example[192.0.2.5]", "a=b[192.0.2.6]", "localhost[]"),
        *("odd[192.0.2.7", "x[[192.0.2.8]", "x[192.0.2.9]:", "x[192.0.2.9]:25x"),
    ),
    "id": (
        *("67BA52422F9", "4gXkYz1Bv3zKpQ", "ABCDEF", "bcdfghjk", "12345", "A1B2", "NOQUEUE", "9F\u0663A12"),
        *("A1B2C3D4E5F6G7H8J9K0", "A1B2C3D4E5F6G7H8J9K0L"),
    ),
    "pid": ("11", "11", "12", "12", "13", "0", "4294967296", "99999999", "123456789"),
    "to": (
        *(
            "jo@example.org",
            "jo@example.net",
            "",
            "root",
            '"a>b"@example.net',
            "a@b@c",
            "jo@ex\u00e4mple.org",
        ),
        *("x" * 70 + "@example.org", "<jo@example.org", "a@b>, relay=x, ", "@", "a, relay=b, status=sent @c"),
    ),
    "relay": (
        *("none", "local", "mail.example[192.0.2.25]:25", "mail.example[2001:db8::25]:25", "a,b", "[]", ""),
        "private/dovecot-lmtp",
    ),
    "number": (*("0", "1", "2357", "99999999", "123456789", "1" * 30, "007", "1.5", "."), ""),
    "delays": (
        *("0.1/0.2/0.3/0.9", "0/0/0/0", "1234567/0/0/1", "12345678.9/1/1/1", "1.2.3/0/0/1", "./0/0/1"),
        *("1./.5/0/1", "86400/0.01/0/0", "1/2/3", "0.1/0.2/0.3/0.9/1"),
    ),
    "status": (
        *"sent sent sent deferred bounced expired deliverable undeliverable SENT filtered".split(),
        "sent(",
    ),
    "behind": (
        "",
        " (250 2.0.0 Ok)",
        " (host x[192.0.2.1] said: 450 <x> no)",
        "x",
        " ",
        " (ok) delays=9/9/9/9, ",
    ),
    "counts": (
        "",
        " ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5",
        " ehlo=1 mail=2 rcpt=2 bdat=2 quit=1 commands=8",
        " ehlo=1 auth=0/1 commands=1/2",
        " ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4",
        *(" starttls=0/1 commands=0/1", " commands=0/0", " ehlo=1 commands=1 notes=x", " commands=x"),
        " mail=" + "9" * 40 + "/1 commands=1",
    ),
    "stage": (
        "CONNECT",
        "EHLO",
        "DATA (12 bytes)",
        "RCPT",
        "END-OF-MESSAGE",
        "NEWVERB",
        "<x>",
        "[y]",
        "DATA",
    ),
    "sasl": ("", "", ", sasl_method=PLAIN, sasl_username=jo", ", sasl_"),
    "code": ("554", "450", "5x4"),
    "more": ("", " conn_use=2,", " conn_use=,"),
    "tls": ("", "", " tls=yes,", " tls=,"),
    "dsn": ("2.0.0", "4.4.1", "2", ""),
    "re": ("", "", "resent-", "x"),
    "how": ("exit status 1", "killed by signal 9"),
    "entry": ("smtp", "[::1]:25", "submission"),
    "why": ("UGFzc3dvcmQ6", "authentication failure", "<x>", "[x]"),
    "day": tuple(f"{day:2d}" for day in range(1, 31)),
    "minute": ("00", "00", "01", "59", "60"),
    "second": (*(f"{second:02d}" for second in range(60)), "60", "5", "7x"),
    "fraction": ("", ".5", ".123456", ",25", ".123456789", ".", ".1234567890"),
    "zone": ("", "Z", "+01:00", "-0330", "+00:00", "+1", "+99:99"),
    "year": ("2001", "2025", "2026", "1899"),
    "space": (" +0100", " UTC", " -0330", " +0000"),
    "host": ("mx1", "mx1", "mx2", "mx-3.example", "192.0.2.9", "2001:db8::9", ""),
}
_SESSION = (
    "connect from {client}",
    "connect from {client}",
    "disconnect from {client}{counts}",
    "disconnect from {client}{counts}",
    "{id}: client={client}{sasl}",
    "lost connection after {stage} from {client}",
    "{id}: timeout after {stage} from {client}",
    "too many errors after {stage} from {client}",
    "{id}: reject: {stage} from {client}: {code} 5.7.1 <{to}>: Relay access denied; from=<{to}> to=<{to}> proto=ESMTP helo=<x>",
    "{id}: reject: RCPT from {client}: 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.example; from=<{to}>",
    "{id}: reject: RCPT from {client}: 450 4.1.8 <{to}>: Sender address rejected: Domain not found; from=<{to}>",
    "NOQUEUE: proxy-accept: END-OF-MESSAGE: 250 2.0.0 Ok; from=<{to}>",
    "proxy-reject: END-OF-MESSAGE: 550 no; from=<{to}>",
    "{id}: milter-reject: END-OF-MESSAGE from {client}: 5.7.1 no",
    "warning: {client}: SASL LOGIN authentication failed: {why}",
    "warning: Connection concurrency limit exceeded: {number} from {client} for service smtp",
    "warning: hostname a{number}.example does not resolve to address 192.0.2.1: x",
    "improper command pipelining after {stage} from {client}: {why}",
    "something new, {id} and {client}",
)
_DELIVERY = (
    "{id}: to=<{to}>, relay={relay}, delay={number}, delays={delays}, dsn={dsn}, status={status}{behind}",
    "{id}: to=<{to}>, relay={relay}, delay=1.5, delays={delays}, dsn=2.0.0, status=sent{behind}",
    "{id}: to=<{to}>, orig_to=<{to}>, relay={relay},{more} delay=1, delays=0.1/0/0.2/0.7,{tls} dsn=2.0.0, status={status} (x)",
    "connect to {relay}: Connection timed out",
    "{id}: host {relay} said: 450 4.2.0 <{to}>: Greylisted",
)
_QUEUE = (
    "{id}: from=<{to}>, size={number}, nrcpt={number} (queue active)",
    "{id}: from=<{to}>, size=2357, nrcpt=1 (queue active)",
    "{id}: removed",
    "{id}: from=<{to}>, status=expired, returned to sender",
)
_HEADER = (
    "{id}: {re}message-id=<{to}>",
    "{id}: milter-reject: END-OF-MESSAGE from {client}: 5.7.1 no",
    "{id}: {re}message-id={to}",
)
_MASTER = (
    'warning: service "{entry}" (25) has reached its process limit "{number}": new clients may',
    "warning: process /usr/lib/postfix/smtpd pid {pid} {how}",
    "daemon started -- version 3.7.11, configuration /etc/postfix",
    "terminating on signal 15",
    "reload -- version 3.7.11, configuration /etc/postfix",
    "warning: /usr/lib/postfix/smtpd: bad command startup -- throttling",
)
_WRITERS = (
    *(("postfix/smtpd[{pid}]: ", _SESSION), ("postfix/smtpd[{pid}]: ", _SESSION)),
    *(("postfix/10.0.0.1:25/smtpd[{pid}]: ", _SESSION), ("postfix/[::1]:25/smtpd[11]: ", _SESSION)),
    *(("postfix-in/submission/smtpd[{pid}]: ", _SESSION), ("postfix/smtpd[11]: [ID 197553 mail.info] ", _SESSION)),
    *(("postfix/smtp[{pid}]: ", _DELIVERY), ("postfix/lmtp[{pid}]: ", _DELIVERY), ("postfix-out/relay/smtp[2]: ", _DELIVERY)),
    *(("postfix/qmgr[{pid}]: ", _QUEUE), ("postfix/nqmgr[21]: ", _QUEUE), ("postfix/cleanup[{pid}]: ", _HEADER)),
    *(("postfix/pickup[9]: ", ("{id}: uid=0 from=<{to}>",)), ("postfix/master[1]: ", _MASTER)),
    ("postfix/postfix-script: ", ("starting the Postfix mail system", "x")),
    (
        "",
        (
            "dovecot: imap-login: Login: user=<{to}>",
            "kernel: postfix/smtpd[7]: connect from {client}",
            "smtpd[7]: connect from {client}",
            "rsyslogd-2177: imuxsock lost 7 messages from pid {pid} due to rate-limiting",
            "rsyslogd: imjournal: 12 messages lost due to rate-limiting",
            "systemd-journald[9]: Suppressed 12 messages from postfix@-.service",
            "postfix/smtpd: connect from {client}",
            "postfix/smtpd[x]: connect from {client}",
            "postfix/smtpd[12]:connect from {client}",
            "postfix/smtpd[]: connect from {client}",
            "postfix/smtpd[12]: ",
            "postfix/smtpd[12]",
            "",
        ),
    ),
)  # fmt: skip
_STAMPS = (
    *("Nov {day} 09:{minute}:{second} {host} ", "Nov 03 10:00:{second} {host} "),
    *("2026-11-03T10:{minute}:{second}{fraction}{zone} {host} ", "2026-11-03 10:{minute}:{second}{zone} {host} "),
    *("", "Feb 30 10:00:00 mx ", "Feb 29 23:59:59 mx ", "2026-02-30T10:00:00Z mx ", "Nov  3 10:00 mx ", "Dec 31 23:59:59 mx "),
    *("0001-01-01T00:00:00+23:59 mx ", "9999-12-31T23:59:59-23:59 mx ", "Nov  3 10:00:{second}  ", "Xyz  3 10:00:{second} mx ", "Nov  3 10:00:{second} {year} mx1 ", "Nov  3 10:00:{second} {year}: mx1 ", "Nov  3 {year} 10:00:{second} mx1 ", "2026-11-03 10:00:{second}{space} mx1 ", "Tue Nov  3 10:00:{second} 2026 mx1 "),
)  # fmt: skip
_USUAL_STAMPS = (
    "Nov  3 10:00:{second} mx1 ",
    "Nov  3 10:00:{second} mx1 ",
    "2026-11-03T10:00:{second}.5+01:00 mx1 ",
)
_ODD_LINES = (
    *(
        b"",
        b"\0",
        b"\0" * 70,
        b"\x1b[2J",
        b"Nov",
        b"Nov  3 10:00:00 ",
        b"Nov  3 10:00:00 mx1 ",
        b"\r",
        b"\xff\xfe",
    ),
    *(
        b"Nov  3 10:00:00 mx1 postfix/smtpd[11]: connect from " + b"a" * size + b"[192.0.2.1]"
        for size in (250, 8_000, 16_321, 16_322, 20_000)
    ),
)
_HOLE = re.compile(r"\{(\w+)\}")


def _made_up(random: Random, stamps: tuple[str, ...]) -> bytes:
    head, texts = random.choice(_WRITERS)
    pattern = random.choice(stamps) + head + random.choice(texts)
    line = _HOLE.sub(lambda hole: random.choice(_PARTS[hole[1]]), pattern).encode()
    return line + random.choice((b"\n", b"\n", b"\n", b"\n", b"\n", b"\r\n", b"\r\r\n", b"\n\n"))


def _pool(random: Random) -> list[bytes]:
    usual = [_made_up(random, _USUAL_STAMPS) for _ in range(_LINES)]
    return usual + [_made_up(random, _STAMPS) for _ in range(_LINES)] + [line + b"\n" for line in _ODD_LINES]


POOL = _pool(Random(2))  # noqa: S311 - the same on every machine


@st.composite
def logs(draw: st.DrawFn) -> bytes:
    """Lines of all kinds; the last may be torn."""
    log = b"".join(draw(st.lists(st.sampled_from(POOL), max_size=60)))
    return log[: len(log) - draw(st.sampled_from([0, 0, 0, 1, 15]))]


# Of one template, as long as what is chosen is a word; {0} is what may differ.
_FRAMES = (
    "postfix/smtpd[11]: warning: hostname {0} does not resolve to address 192.0.2.1: Name or service not known",
    "postfix/smtpd[11]: warning: hostname a.example does not resolve to address {0}",
    "postfix/smtpd[11]: warning: a.example[192.0.2.1]: SASL LOGIN authentication failed: x, sasl_username={0}",
    "postfix/smtpd[11]: {0}: client=a.example[192.0.2.1], sasl_method=PLAIN, sasl_username=jo",
    "postfix/smtpd[11]: A1B2C3: client=a.example[192.0.2.1], sasl_method=PLAIN, sasl_username={0}",
    "postfix/smtpd[11]: A1B2C3: client=a.example[192.0.2.1], sasl_method={0}",
    "postfix/smtpd[11]: improper command pipelining after DATA from a[192.0.2.1]: Host: {0}",
    "postfix/smtpd[11]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 554 5.7.1 <{0}>: no; from=<x> to=<{0}>",
    "postfix/smtpd[11]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 554 5.7.1 no http://x.example/{0}; from=<x>",
    "postfix/smtpd[11]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 554 5.7.1 no sasl_username={0}; from=<x>",
    "postfix/smtpd[11]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 554 5.7.1 host [{0}] x {0} y; from=<x>",
    'postfix/smtpd[11]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 554 5.7.1 "<{0}> y" [<{0}>] {0}<x>{0}',
    "postfix/smtpd[11]: warning: connect to {0}: x {0}",
    "postfix/dnsblog[11]: addr {0} listed by domain zen.example as 127.0.0.2",
    "postfix/dnsblog[11]: addr 192.0.2.1 listed by domain zen.example as {0}",
    "postfix/dnsblog[11]: warning: dnsblog_query: lookup error for DNS query {0}.zen.example: x {0}: y",
    "postfix/bounce[11]: A1B2C3: sender non-delivery notification: {0}",
    "postfix/bounce[11]: {0}: sender delay notification: A1B2C3",
    "postfix/smtpd[11]: disconnect from a[192.0.2.1] ehlo={0} mail={0} rcpt=0/1 data={0} commands={0}",
    "postfix/smtpd[11]: disconnect from a[192.0.2.1] ehlo=1 auth={0} starttls=1 commands=1/2",
    "postfix/smtpd[11]: lost connection after DATA ({0} bytes) from a[192.0.2.1]",
    "postfix/smtpd[11]: timeout after {0} (1 bytes) from a[192.0.2.1]",
    "postfix/smtp[11]: A1B2C3: to=<x@y>, relay=a, delay=1, delays=1/0/0/0, dsn=4.0.0, status=deferred (x name={0} y)",
    "postfix/pickup[11]: A1B2C3: uid={0} from=<x>",
    "postfix/smtpd[11]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 554 5.7.1 <x>: size={0} y={0}; from=<x>",
    "postfix/smtp[11]: A1B2C3: to=<x@y>, relay=a, delay=1, delays=1/0/0/0, dsn=5.0.0, status=bounced (id={0} rfc ={0})",
    "postfix/smtp[11]: connect to a.example[{0}]:25: Connection refused",
    "postfix/smtp[11]: {0}: host a.example[192.0.2.1] said: 450 x",
    "postfix/smtp[11]: A1B2C3: to=<{0}>, relay=a, delay=1, delays=1/0/0/0, dsn=5.0.0, status=bounced (x)",
    "postfix/smtp[11]: A1B2C3: to=<x>, orig_to=<{0}>, relay=a, delay=1, delays=1/0/0/0, dsn=5.0.0, status=sent (x)",
    "postfix/smtp[11]: A1B2C3: to=<x@y>, relay={0}, delay=1, delays=1/0/0/0, dsn=4.0.0, status=deferred (x)",
    "postfix/smtp[11]: A1B2C3: to=<x@y>, relay=a, delay=1, delays=1/0/0/0, tls={0}, dsn=4.0.0, status=deferred (x)",
    "postfix/smtp[11]: A1B2C3: to=<x@y>, relay=a, delay=1, delays=1/0/0/0, dsn={0}, status=deferred (x)",
    "postfix/smtp[11]: A1B2C3: to=<x@y>, relay=a, delay=1, delays=1/0/0/0, dsn=4.0.0, status={0}",
    "postfix/smtp[11]: A1B2C3: to=<x@y>, relay=a, delay=1, delays=1/0/0/0, dsn=4.0.0, status=deferred ({0})",
    "postfix/smtp[11]: A1B2C3: to=<x@y>, relay=a, delay=1, delays=1/0/0/0, dsn=4.0.0, status=deferred{0}",
    "postfix/smtp[11]: A1B2C3: to=<x@y>, relay=a, delay=1, delays=1/0/0/0, dsn=5.0.0, status=bounced (host {0}[192.0.2.1] said: x)",
    "postfix/smtp[11]: A1B2C3: to=<x@y>, relay=a, delay=1, delays=1/0/0/0, dsn=5.0.0, status=bounced (<{0}>: x {0})",
    "postfix/smtp[11]: A1B2C3: to=<x@y>, relay=a, delay=1, delays=1/0/0/0, dsn=5.0.0, status=bounced (x{0}<{0}>{0}[::1]y)",
)  # fmt: skip
# Words, and what is none.
_CHOICES = (
    *("a.example", "192.0.2.1", "2001:db8::9", "127.0.0.2", "127.0.0.3", "5.7.1.9", "1.2.3.4.5", "::", "A1B2C3"),
    *("FACADE", "NOQUEUE", "jo@example.org", "jo", "", "a b", "a; client=b", 'a"b', "a' b", "x(y", "x)y", "<", ">"),
    *("2001:db8::bad command", "spamhaus.example", "over quota", "greylisted", "10:00:00", "1:2", "a,b", "a[b", "a]b"),
    *("a, relay=b, status=sent (x)", "a, dsn=5.0.0, status=sent (x)", "sent", " (x)", "sent (x)", "5.1.1", "yes"),
    *("0", "1", "2", "12345", "1/2", "2/2", "0/2", "0/0", "2/1", "00", "1" * 9, "1/" + "1" * 9, "1/", "1/2/3"),
    *("[192.0.2.9]", "a[192.0.2.9]", "bad[2001:db8::9]", "; from=<", "x" * 700, "1.2.3.4 over quota", "'", '"'),
)  # fmt: skip


@st.composite
def alike(draw: st.DrawFn) -> bytes:
    """Lines that differ in what was chosen by somebody else alone."""
    frame = draw(st.sampled_from(_FRAMES))
    word = st.sampled_from(_CHOICES) | st.text("ab.:@[]<>\"'; 127", max_size=9)
    words = draw(st.lists(st.lists(word, min_size=1, max_size=3).map("".join), min_size=2, max_size=6))
    return "".join(f"Nov  3 10:00:00 mx1 {frame.format(word)}\n" for word in words).encode()


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A log of which bytes were changed, cut away, or copied to another place."""
    log = b"".join(draw(st.lists(st.sampled_from(POOL[:_LINES]), min_size=1, max_size=30)))
    for _ in range(draw(st.integers(1, 8))):
        if not log:
            break
        at, end = sorted(draw(st.integers(0, len(log))) for _ in range(2))
        match draw(st.sampled_from(["change", "change", "cut", "splice"])):
            case "change":
                log = log[:at] + draw(st.binary(min_size=1, max_size=2)) + log[at + 1 :]
            case "cut":
                log = log[:at] + log[min(end, at + 30) :]
            case _:
                to = draw(st.integers(0, len(log)))
                log = log[:to] + log[at : min(end, at + 200)] + log[to:]
    return log


@st.composite
def split_logs(draw: st.DrawFn, parts: int, kinds: str = "any") -> list[bytes]:
    """A log in so many parts, torn anywhere."""
    log = draw(mutated() if kinds == "mutated" else logs())
    cuts = sorted(draw(st.integers(0, len(log))) for _ in range(parts - 1))
    return [log[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(log)], strict=True)]
