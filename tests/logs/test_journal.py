"""The journal: entries as journalctl prints them, and entries that nobody would print."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import InputError
from advisor.logs.journal import ExportReader, JsonReader, translator_of
from advisor.logs.journalctl import journal
from advisor.logs.sources import Journal, read_logs
from advisor.logs.time_window import AskedTime, Moment

# Of systemd 252: journalctl -o export, with a message of two lines and one with a byte that is no text.
EXPORT = (
    b"__CURSOR=s=7a;i=1;b=9;m=1;t=1;x=1\n__REALTIME_TIMESTAMP=1795428000250000\n__MONOTONIC_TIMESTAMP=1\n"
    b"_BOOT_ID=9\nPRIORITY=6\nSYSLOG_FACILITY=2\nSYSLOG_IDENTIFIER=postfix/smtpd\nSYSLOG_PID=12\n_PID=12\n"
    b"_HOSTNAME=mx\n_SOURCE_REALTIME_TIMESTAMP=1795428000123456\nMESSAGE=connect from a=b[192.0.2.1]\n\n"
    b"__CURSOR=s=7a;i=2;b=9;m=1;t=1;x=2\n__REALTIME_TIMESTAMP=1795428001000000\n_HOSTNAME=mx\n_COMM=master\n"
    b"MESSAGE\n\x0a\0\0\0\0\0\0\0one\ntwo\xff.x\n_PID=7\n\n"
)
LINES = (
    b"2026-11-23T10:00:00.123456+00:00 mx postfix/smtpd[12]: connect from a=b[192.0.2.1]\n"
    b"2026-11-23T10:00:01.000000+00:00 mx master[7]: one\n"
    b"2026-11-23T10:00:01.000000+00:00 mx master[7]: two\xff.x\n"
)


def exported(blocks: Iterable[bytes]) -> bytes:
    return b"".join(ExportReader().translate(iter(blocks)))


def from_json(*entries: object) -> bytes:
    return b"".join(JsonReader().translate(iter([b"".join(json.dumps(x).encode() + b"\n" for x in entries)])))


@given(st.lists(st.integers(0, len(EXPORT)), max_size=8))
def test_an_export_in_any_blocks(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(EXPORT)]
    blocks = [EXPORT[a:b] for a, b in pairwise(places)]
    assert exported(block for block in blocks if block) == LINES


def test_a_field_that_is_too_long_is_passed_over() -> None:
    core = b"COREDUMP\n" + (5_000_000).to_bytes(8, "little") + b"\n" * 5_000_000 + b"\n"
    entry, rest = EXPORT.split(b"PRIORITY", 1)
    whole = entry + core + b"PRIORITY" + rest
    assert exported(whole[at : at + 4096] for at in range(0, len(whole), 4096)) == LINES
    assert exported([whole]) == LINES


STAMP = {"__REALTIME_TIMESTAMP": "1795428000000000", "_HOSTNAME": "mx", "SYSLOG_IDENTIFIER": "postfix/smtpd"}
HEAD = b"2026-11-23T10:00:00.000000+00:00 mx postfix/smtpd"


@pytest.mark.parametrize(
    ("entry", "lines"),
    [
        ({**STAMP, "MESSAGE": "x", "_PID": "1", "SYSLOG_PID": "2"}, HEAD + b"[2]: x\n"),
        ({**STAMP, "MESSAGE": "x"}, HEAD + b": x\n"),
        ({**STAMP, "MESSAGE": [120, 255, 10, 121]}, HEAD + b": x\xff\n" + HEAD + b": y\n"),
        ({**STAMP, "MESSAGE": ["x", "y"], "_PID": ["7", "8"]}, HEAD + b"[7]: x\n"),
        ({**STAMP, "MESSAGE": "a\n\u00e9"}, HEAD + b": a\n" + HEAD + b": \xc3\xa9\n"),
        ({**STAMP, "_HOSTNAME": "a b\n", "MESSAGE": "x"}, HEAD.replace(b"mx", b"a_b") + b": x\n"),
        ({"log": "x\n", "stream": "stdout"}, b"x\n"),
        ({"log": "x", "time": "2026-11-23T10:00:00Z"}, b"2026-11-23T10:00:00Z x\n"),
        ({**STAMP, "MESSAGE": None}, HEAD + b": \n"),
        ({**STAMP}, json.dumps(STAMP).encode() + b"\n"),
        ({"__REALTIME_TIMESTAMP": "soon", "MESSAGE": "x"}, None),
        (["no", "object"], None),
    ],
)
def test_json(entry: object, lines: bytes | None) -> None:
    assert from_json(entry) == (json.dumps(entry).encode() + b"\n" if lines is None else lines)


@given(
    st.lists(st.binary(max_size=60) | st.sampled_from([EXPORT[:200], b"\n", b"MESSAGE\n\xff"]), max_size=6)
)
def test_any_bytes_are_read(blocks: list[bytes]) -> None:
    for reader in (ExportReader(), JsonReader()):
        list(reader.translate(iter(blocks)))


NAMES = st.sampled_from(["MESSAGE", "log", "time", "_PID", "__REALTIME_TIMESTAMP"])
VALUES = st.none() | st.booleans() | st.floats() | st.text()


@given(st.recursive(VALUES, lambda value: st.lists(value) | st.dictionaries(NAMES, value)))
def test_any_json_is_read(value: object) -> None:
    from_json(value)


def test_what_is_no_journal() -> None:
    assert translator_of(b"Nov 23 10:00:00 mx postfix/smtpd[1]: {") is None
    assert translator_of(b"") is None


class TestJournalctl:
    def test_where_there_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shutil, "which", lambda _: None)
        with pytest.raises(InputError, match="this machine has no journalctl") as error:
            read_logs([Journal()])
        assert error.value.cure == "name the log's file"

    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
        """The arguments with which a program was started that gives an export."""
        arguments: list[str] = []
        popen = subprocess.Popen

        def start(command: list[str], **kwargs: object) -> "subprocess.Popen[bytes]":
            arguments.extend(command)
            export = tmp_path / "export"
            script = f"cat {export}; echo no such luck >&2; test -s {export}"
            return popen(["sh", "-c", script], **kwargs)  # type: ignore[call-overload,no-any-return]

        monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
        monkeypatch.setattr(subprocess, "Popen", start)
        return arguments

    def test_what_is_asked_of_it(self, asked: list[str], tmp_path: Path) -> None:
        (tmp_path / "export").write_bytes(EXPORT)
        since = datetime(2026, 11, 23, tzinfo=UTC).timestamp()
        metrics = read_logs([Journal()], asked=AskedTime(Moment(since, zoned=True)))
        assert metrics.lines == {"the journal": 3}
        assert asked == [
            "/usr/bin/journalctl",
            f"--since=@{since:.6f}",
            "--output=export",
            "--quiet",
            "--no-pager",
            "SYSLOG_FACILITY=2",
            "+",
            "_COMM=systemd-journal",
        ]

    def test_what_it_complains_of(self, asked: list[str], tmp_path: Path) -> None:
        (tmp_path / "export").touch()
        with pytest.raises(InputError, match="journalctl failed: no such luck"):
            read_logs([Journal()])
        assert "--since" not in " ".join(asked)

    @pytest.mark.skipif(shutil.which("journalctl") is None, reason="this machine has no journalctl")
    def test_the_real_one_takes_the_arguments(self) -> None:
        for line in b"".join(journal(0.0).blocks()).splitlines():
            assert line[4:5] == b"-"
