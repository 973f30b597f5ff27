"""--anonymize: who somebody is occurs in nothing that is printed, and all else stays."""

import re
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from advisor.capacity.log_summary import summarize
from advisor.inputs.metrics_file import read_metrics_file
from advisor.report.metrics_json import metrics_as_json
from advisor.report.metrics_text import write_metrics
from advisor.report.pseudonyms import Pseudonyms, host_names
from tests.report.drawn_logs import SECRETS, logs, scanned

KEY = Pseudonyms(b"key", ("mx1",))


@given(logs())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_is_told(tmp_path: Path, log: bytes) -> None:
    metrics = scanned(log)
    hidden = Pseudonyms(b"secret", host_names(metrics))
    screen = Console(file=StringIO(), width=500)
    with screen.capture() as capture:
        write_metrics(summarize(metrics), screen, details=True, hidden=hidden)
    document = metrics_as_json(metrics, hidden=hidden)
    for secret in SECRETS:
        assert secret not in capture.get()
        assert secret not in document
    (tmp_path / "metrics.json").write_text(document)
    again = read_metrics_file(str(tmp_path / "metrics.json"))
    assert (again.counters, again.durations) == (metrics.counters, metrics.durations)


@pytest.mark.parametrize(
    "text",
    [
        "postfix/submission/smtpd[12]: lost connection after DATA (0 bytes)",
        "main.cf:28:1: smtpd_timeout = 300s, Postfix 3.7.11, dsn=4.7.1, 12:30:45",
        "Anonymous TLS connection established: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)",
        "connect from unknown[unknown], localhost[127.0.0.1]:25, ::1",
        "mail.log.1.gz 2026-02-21T08:00:00.123456+01:00",
        "warning: hash:/etc/aliases is unavailable. open database /etc/aliases.db: No such file",
        "NOQUEUE: reject: RCPT from: 554 5.7.1 Service refused; <>: delays=0.1/0.2/0.3/0.9, size=12345678",
    ],
)
def test_what_tells_nobody_stays(text: str) -> None:
    assert KEY.text(text) == text


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (
            "client=mx.test[192.0.2.1]:2525",
            r"client=host[0-9a-f]{8}\.example\[24\d\.\d+\.\d+\.\d+\]:2525|.*\[25",
        ),
        ("[2001:db8::1]", r"\[2001:db8:[0-9a-f:]+\]"),
        ("from=<joe@isp.test>", r"from=<user[0-9a-f]{8}@host[0-9a-f]{8}\.example>"),
        ("to=<joe>, orig_to=<root>", r"to=<user[0-9a-f]{8}>, orig_to=<user[0-9a-f]{8}>"),
        ("mx1 postfix/qmgr[3]: A1B2C: removed", r"host[0-9a-f]{8}\.example postfix/qmgr\[3\]: [0-9A-F]{5}: "),
        ("959E7701854: removed", r"[0-9A-F]{11}: removed"),
        ("queued as 4Z7bcH1z9XzQk2)", r"queued as \w{14}\)"),
    ],
)
def test_the_forms_stay(text: str, form: str) -> None:

    hidden = KEY.text(text)
    assert hidden != text
    assert re.match(form, hidden), hidden


@given(st.text(max_size=200))
def test_a_key_decides(text: str) -> None:
    assert KEY.text(text) == Pseudonyms(b"key", ("mx1",)).text(text)


def test_another_key_gives_others() -> None:
    assert KEY.text("192.0.2.1") != Pseudonyms(b"other").text("192.0.2.1")
