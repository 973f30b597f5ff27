"""Sessions: what belongs together, what ends it, and what it was good for."""

from datetime import UTC, datetime

import pytest

from advisor.logs.classes import SessionClass
from advisor.logs.metrics import Metrics
from advisor.logs.scan import scan
from tests.logs.readable import Session, sessions

REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)
NINE = datetime(2026, 11, 3, 9, tzinfo=UTC).timestamp()
CLIENT = "mx.example[192.0.2.1]"


def metrics(*lines: str) -> Metrics:
    """Lines of `second host tag[pid]: text`; a missing host is mx."""
    text = ""
    for line in lines:
        second, _, rest = line.partition(" ")
        host = "" if rest.startswith("mx") else "mx "
        text += f"Nov  3 09:{int(second) // 60:02d}:{int(second) % 60:02d} {host}{rest}\n"
    return scan(text.encode(), "log", REFERENCE).finish()


def smtpd(second: int, text: str, pid: int = 1, tag: str = "postfix/smtpd", host: str = "mx") -> str:
    return f"{second} {host} {tag}[{pid}]: {text}"


def only(*lines: str) -> Session:
    (session,) = sessions(metrics(*lines))
    return session


def test_a_session() -> None:
    session = only(
        smtpd(0, f"connect from {CLIENT}"),
        smtpd(2, f"67BA52422F9: client={CLIENT}, sasl_method=PLAIN, sasl_username=jo"),
        smtpd(12, f"disconnect from {CLIENT} ehlo=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=6"),
    )
    assert session == Session(
        host="mx",
        tag="postfix/smtpd",
        pid=1,
        client="mx.example",
        address="192.0.2.1",
        start=NINE,
        end=NINE + 12,
        kind=SessionClass.PRODUCTIVE,
        ended_by="",
        stage="",
        client_at=NINE + 2,
        filtered_at=None,
        longest_pause=10,
        messages=1,
        sasl=True,
    )


def test_a_process_serves_one_client_behind_the_other() -> None:
    found = sessions(
        metrics(
            smtpd(0, "connect from a[192.0.2.1]"),
            smtpd(1, "disconnect from a[192.0.2.1] quit=1 commands=1"),
            smtpd(1, "connect from b[192.0.2.2]"),
            smtpd(5, "disconnect from b[192.0.2.2] quit=1 commands=1"),
        )
    )
    assert [(each.client, each.start, each.end) for each in found] == [
        ("a", NINE, NINE + 1),
        ("b", NINE + 1, NINE + 5),
    ]


@pytest.mark.parametrize(
    "other",
    [{"host": "mx2"}, {"tag": "postfix/submission/smtpd"}, {"pid": 2}],
    ids=["host", "tag", "pid"],
)
def test_another_host_tag_or_process_is_another_session(other: dict[str, str]) -> None:
    seen = metrics(
        smtpd(0, "connect from a[192.0.2.1]"),
        smtpd(1, "disconnect from a[192.0.2.1] quit=1 commands=1", **other),  # type: ignore[arg-type]
    )
    (session,) = [each for each in sessions(seen) if each.start is not None]
    assert session.end is None


def test_a_connect_without_disconnect_stays_open() -> None:
    session = only(smtpd(0, "connect from unknown[192.0.2.1]"))
    assert (session.start, session.end, session.ended_by) == (NINE, None, "")
    assert session.kind == SessionClass.SILENT


def test_an_end_without_a_begin_began_before_the_log() -> None:
    session = only(smtpd(3, "disconnect from a[192.0.2.1] quit=1 commands=1"))
    assert (session.start, session.end, session.client) == (None, NINE + 3, "a")


def test_the_next_connect_of_the_process_ends_a_session_whose_end_was_lost() -> None:
    lost, after = sessions(
        metrics(smtpd(0, "connect from a[192.0.2.1]"), smtpd(9, "connect from b[192.0.2.2]"))
    )
    assert (lost.end, lost.ended_by) == (NINE + 9, "cut")
    assert after.end is None


@pytest.mark.parametrize(
    "line",
    [
        "7 mx postfix/master[9]: warning: process /usr/lib/postfix/smtpd pid 1 killed by signal 9",
        "7 mx postfix/master[9]: terminating on signal 15",
        "7 mx postfix/master[9]: daemon started -- version 3.7.11, configuration /etc/postfix",
    ],
)
def test_a_session_ends_with_its_process(line: str) -> None:
    session = only(smtpd(0, "connect from a[192.0.2.1]"), line)
    assert (session.end, session.ended_by) == (NINE + 7, "cut")


@pytest.mark.parametrize(
    "line",
    [
        "7 mx postfix/master[9]: warning: process /usr/lib/postfix/smtpd pid 11 killed by signal 9",
        "7 mx2 postfix/master[9]: terminating on signal 15",
        "7 mx postfix/master[9]: reload -- version 3.7.11, configuration /etc/postfix",
    ],
)
def test_a_session_does_not_end_with_another_process_or_a_reload(line: str) -> None:
    assert only(smtpd(0, "connect from a[192.0.2.1]"), line).end is None


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["disconnect from C ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5"], SessionClass.PRODUCTIVE),
        (["disconnect from C ehlo=1 mail=1 rcpt=1 bdat=2 quit=1 commands=6"], SessionClass.PRODUCTIVE),
        (["disconnect from C ehlo=1 mail=2 rcpt=2/3 data=1/2 quit=1 commands=7/9"], SessionClass.PRODUCTIVE),
        (["disconnect from C ehlo=1 mail=1 rcpt=1 data=0/1 commands=3/4"], SessionClass.JUNK),
        (["timeout after CONNECT from C", "disconnect from C commands=0/0"], SessionClass.TIMEOUT),
        (
            ["timeout after RCPT from C", "disconnect from C ehlo=1 mail=1 rcpt=0/1 commands=2/3"],
            SessionClass.TIMEOUT,
        ),
        (
            ["too many errors after RCPT from C", "disconnect from C rcpt=0/20 commands=0/20"],
            SessionClass.HANGUP,
        ),
        (["disconnect from C ehlo=1 auth=0/1 rcpt=0/1 commands=1/3"], SessionClass.AUTH_FAILED),
        (["disconnect from C ehlo=1 auth=1 mail=1 rcpt=0/1 quit=1 commands=4/5"], SessionClass.REJECTED),
        (["disconnect from C ehlo=1 mail=0/1 quit=1 commands=2/3"], SessionClass.REJECTED),
        (["disconnect from C ehlo=1 starttls=0/1 commands=1/2"], SessionClass.TLS_FAILED),
        (["disconnect from C commands=0/0"], SessionClass.SILENT),
        (["lost connection after CONNECT from C", "disconnect from C commands=0/0"], SessionClass.SILENT),
        (["disconnect from C ehlo=1 quit=1 commands=2"], SessionClass.JUNK),
        (["disconnect from C unknown=0/3 commands=0/3"], SessionClass.JUNK),
        # Before 3.0 the counts are not there, and what happened in between tells.
        (["67BA52422F9: client=C", "disconnect from C"], SessionClass.PRODUCTIVE),
        (
            ["NOQUEUE: client=C", "proxy-accept: END-OF-MESSAGE: 250 ok;", "disconnect from C"],
            SessionClass.PRODUCTIVE,
        ),
        (["NOQUEUE: reject: RCPT from C: 554 5.7.1 no;", "disconnect from C"], SessionClass.REJECTED),
        (["warning: C: SASL LOGIN authentication failed: x", "disconnect from C"], SessionClass.AUTH_FAILED),
        (["timeout after DATA (12 bytes) from C", "disconnect from C"], SessionClass.TIMEOUT),
        (["lost connection after CONNECT from C", "disconnect from C"], SessionClass.SILENT),
    ],
)
def test_what_a_session_was_good_for(lines: list[str], kind: SessionClass) -> None:
    texts = [
        f"connect from {CLIENT}",
        *(line.replace(" C", f" {CLIENT}").replace("=C", f"={CLIENT}") for line in lines),
    ]
    assert only(*(smtpd(second, text) for second, text in enumerate(texts))).kind == kind


def test_a_reset_before_the_address_was_read() -> None:
    session = only(
        smtpd(0, "connect from unknown[unknown]"),
        smtpd(0, "lost connection after CONNECT from unknown[unknown]"),
        smtpd(0, "disconnect from unknown[unknown] commands=0/0"),
    )
    assert (session.address, session.ended_by, session.stage) == ("unknown", "lost-connection", "CONNECT")


def test_a_loss_behind_the_first_command_is_another_thing() -> None:
    session = only(
        smtpd(0, "connect from a[192.0.2.1]"),
        smtpd(0, "lost connection after EHLO from a[192.0.2.1]"),
        smtpd(0, "disconnect from a[192.0.2.1] ehlo=1 commands=1"),
    )
    assert (session.ended_by, session.stage) == ("lost-connection", "EHLO")


def test_the_longest_pause_is_between_any_two_lines() -> None:
    session = only(
        smtpd(0, "connect from a[192.0.2.1]"),
        smtpd(3, "67BA52422F9: client=a[192.0.2.1]"),
        smtpd(10, "82DE42422FF: client=a[192.0.2.1]"),
        smtpd(11, "disconnect from a[192.0.2.1] mail=2 rcpt=2 data=2 commands=6"),
    )
    assert (session.longest_pause, session.client_at) == (7, NINE + 3)
    assert session.messages == 2


def test_events_of_a_process_outside_any_session_belong_to_none() -> None:
    seen = metrics(
        smtpd(0, "connect from a[192.0.2.1]"),
        smtpd(1, "disconnect from a[192.0.2.1] quit=1 commands=1"),
        smtpd(2, "lost connection after CONNECT from a[192.0.2.1]"),
    )
    (session,) = sessions(seen)
    assert session.ended_by == ""
    assert seen.counters["postfix/smtpd", "lost-connection"] == 1


def test_a_stage_that_nobody_has_named_is_any_other() -> None:
    session = only(
        smtpd(0, "connect from a[192.0.2.1]"),
        smtpd(0, "timeout after NEWVERB from a[192.0.2.1]"),
        smtpd(0, "disconnect from a[192.0.2.1] commands=0/1"),
    )
    assert (session.ended_by, session.stage) == ("timeout", "")


def test_as_many_messages_as_a_column_holds() -> None:
    texts = ["connect from a[192.0.2.1]", *["67BA52422F9: client=a[192.0.2.1]"] * 70_000]
    assert only(*(smtpd(0, text) for text in texts)).messages == 65_535


def test_a_process_id_that_no_column_holds() -> None:
    """It is none of Linux's, and breaks nothing."""
    (session,) = sessions(metrics(smtpd(0, "connect from a[192.0.2.1]", pid=9_999_999_999)))
    assert session.start == NINE
