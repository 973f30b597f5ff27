"""The document of `advisor metrics`: what is written is read, it adds like the log, lies are refused."""

import json
import zlib
from base64 import b64decode, b64encode
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.capacity.log_summary import summarize
from advisor.errors import InputError
from advisor.inputs.metrics import is_metrics_file, read_metrics
from advisor.inputs.metrics_file import read_metrics_file
from advisor.logs.level_rows import LEVEL
from advisor.logs.metrics import Metrics
from advisor.logs.packed import MOST_ROWS, packed, unpacked
from advisor.logs.tables import MESSAGE, SESSION
from advisor.report.metrics_json import MetricsDocument, metrics_as_json
from advisor.report.metrics_writing import state_of
from tests.report.drawn_logs import logs, scanned

ROOT = Path(__file__).parent.parent.parent
LOG = ROOT / "examples" / "slow-clients" / "mail.log"
WITH_FILES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(metrics: Metrics, folder: Path, *, sessions: bool = True) -> Path:
    file = folder / "metrics.json"
    file.write_text(metrics_as_json(metrics, sessions=sessions))
    return file


def reread(metrics: Metrics, folder: Path) -> Metrics:
    return read_metrics_file(str(written(metrics, folder)))


def shape(metrics: Metrics) -> dict[str, Any]:
    """Everything; the order in which sessions came to an end is none of it."""
    state: dict[str, Any] = msgspec.to_builtins(state_of(metrics, {}))
    for packets in ("sessions", "messages"):
        del state[packets]
    for flow in ("session_flow", "message_flow"):
        for packets in ("heads", "opens", "begun"):
            del state[flow][packets]
    rows = np.concatenate([np.empty(0, SESSION), *metrics.sessions.blocks()])
    messages = np.concatenate([np.empty(0, MESSAGE), *metrics.messages.blocks()])
    flows = (metrics.session_flow, metrics.message_flow)
    return state | {
        "rows": sorted(map(repr, rows.tolist())),
        "message rows": sorted(map(repr, messages.tolist())),
        "seam": [sorted(map(repr, rows.tolist())) for flow in flows for rows in (flow.heads, flow.opens)],
        "begun": sorted(map(repr, metrics.session_flow.begun.tolist())),
    }


@given(logs())
@WITH_FILES
def test_what_is_written_is_read(tmp_path: Path, log: bytes) -> None:
    text = written(scanned(log), tmp_path).read_text()
    assert metrics_as_json(read_metrics_file(str(tmp_path / "metrics.json"))) == text


@given(logs())
def test_the_types_are_the_schema(log: bytes) -> None:
    assert msgspec.json.decode(metrics_as_json(scanned(log)), type=MetricsDocument).version == 1


@given(logs(), st.data())
@WITH_FILES
def test_documents_add_like_the_logs_that_they_are_of(
    tmp_path: Path, log: bytes, data: st.DataObject
) -> None:
    lines = log.splitlines(keepends=True)
    cut = data.draw(st.integers(0, len(lines)))
    parts = b"".join(lines[:cut]), b"".join(lines[cut:])
    told, of_logs = (Metrics(), Metrics())
    for part in parts:
        told.merge(reread(scanned(part), tmp_path))
        of_logs.merge(scanned(part))
    assert shape(told) == shape(of_logs)


def test_bytes_that_are_no_text_come_back(tmp_path: Path) -> None:
    log = b"Nov  3 10:00:00 m\xffx postfix\\x80/smtpd[1]: connect from a[192.0.2.1]\n"
    assert shape(reread(scanned(log), tmp_path)) == shape(scanned(log))


def test_a_log_and_a_document_together(tmp_path: Path) -> None:
    lines = LOG.read_bytes().splitlines(keepends=True)
    (tmp_path / "late.log").write_bytes(b"".join(lines[700:]))
    (tmp_path / "early.log").write_bytes(b"".join(lines[:700]))
    early = written(read_metrics([str(tmp_path / "early.log")]), tmp_path)
    both = read_metrics([str(tmp_path / "late.log"), str(early)])
    assert len(both.session_rows("postfix/smtpd")) == 287
    assert both.postfix_lines == len(lines)


def test_a_document_without_sessions_is_small(tmp_path: Path) -> None:
    whole = read_metrics([str(LOG)])
    large = len(metrics_as_json(whole))
    short = written(whole, tmp_path, sessions=False)
    assert short.stat().st_size < large
    found = read_metrics_file(str(short))
    assert (found.counters, found.durations, len(found.sessions)) == (whole.counters, whole.durations, 0)


SEAM = [
    "10:00:00 mx postfix/smtpd[1]: connect from a[192.0.2.1]",
    "10:00:10 mx postfix/smtpd[2]: connect from b[192.0.2.2]",
    "10:00:20 mx postfix/smtpd[2]: disconnect from b[192.0.2.2] commands=0/0",
    "10:02:00 mx postfix/smtpd[3]: connect from c[192.0.2.3]",
    "10:05:00 mx postfix/smtpd[3]: disconnect from c[192.0.2.3] commands=0/0",
    "10:05:30 mx postfix/smtpd[1]: disconnect from a[192.0.2.1] commands=0/0",
]


@pytest.mark.parametrize("cut", range(1, len(SEAM)))
@pytest.mark.parametrize("sessions", [(False, False), (False, True), (True, False)])
def test_the_levels_of_documents_without_sessions_add(
    tmp_path: Path, cut: int, sessions: tuple[bool, bool]
) -> None:
    lines = [f"Nov  3 {line}\n".encode() for line in SEAM]
    total = Metrics()
    for part, with_sessions in zip((lines[:cut], lines[cut:]), sessions, strict=True):
        file = written(scanned(b"".join(part)), tmp_path, sessions=with_sessions)
        total.merge(read_metrics_file(str(file)))
    told, whole = (summarize(each).sessions for each in (total, scanned(b"".join(lines))))
    assert told[0].levels == whole[0].levels
    assert (told[0].sessions, told[0].by_class) == (whole[0].sessions, whole[0].by_class)
    # And once more, all of it without sessions.
    file = written(total, tmp_path, sessions=False)
    assert summarize(read_metrics_file(str(file))).sessions[0].levels == whole[0].levels


@given(logs(), st.data())
@WITH_FILES
def test_the_sums_of_documents_without_sessions_add(tmp_path: Path, log: bytes, data: st.DataObject) -> None:
    lines = log.splitlines(keepends=True)
    cut = data.draw(st.integers(0, len(lines)))
    total, whole = Metrics(), scanned(log)
    for part in (lines[:cut], lines[cut:]):
        file = written(scanned(b"".join(part)), tmp_path, sessions=False)
        total.merge(read_metrics_file(str(file)))
    assert total.sums == whole.sums
    assert total.durations == whole.durations


def test_a_log_is_no_document(tmp_path: Path) -> None:
    journal = tmp_path / "journal.json"
    journal.write_text('{"__CURSOR":"x","MESSAGE":"connect from a[192.0.2.1]"}\n')
    assert [is_metrics_file(str(file)) for file in (journal, LOG, tmp_path / "missing")] == [False] * 3


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(metrics_as_json(read_metrics([str(LOG)])))
    return found


def _other_rows(found: dict[str, Any], **values: int) -> None:
    packet = found["metrics"]["sessions"][0]
    rows = unpacked(b64decode(packet["data"]), SESSION, packet["rows"]).copy()
    for column, value in values.items():
        rows[column] = value
    packet["data"] = b64encode(packed(rows)).decode()


def _newer(found: dict[str, Any]) -> None:
    found["version"] = 2


def _unknown_field(found: dict[str, Any]) -> None:
    found["metrics"]["surprise"] = 1


def _negative(found: dict[str, Any]) -> None:
    found["metrics"]["unstamped"] = -1


def _bomb(found: dict[str, Any]) -> None:
    found["metrics"]["sessions"][0]["data"] = b64encode(zlib.compress(bytes(50_000_000))).decode()


def _too_many(found: dict[str, Any]) -> None:
    found["metrics"]["sessions"][0]["rows"] = MOST_ROWS + 1


def _other_columns(found: dict[str, Any]) -> None:
    found["metrics"]["sessions"][0]["columns"][0] = ["start", "<f4"]


def _no_base64(found: dict[str, Any]) -> None:
    found["metrics"]["messages"][0]["data"] = "%%"


def _no_such_name(found: dict[str, Any]) -> None:
    _other_rows(found, tag=60_000)


def _no_such_class(found: dict[str, Any]) -> None:
    _other_rows(found, kind=200)


def _for_ever(found: dict[str, Any]) -> None:
    _other_rows(found, end=9_000_000_000)


def _no_year(found: dict[str, Any]) -> None:
    found["metrics"]["last"] = 1e300


def _decades(found: dict[str, Any]) -> None:
    found["metrics"]["first"] = 0.0


def _no_such_bucket(found: dict[str, Any]) -> None:
    found["metrics"]["sizes"] = [[5_000, 1]]


def _levels_for_ever(found: dict[str, Any]) -> None:
    short = json.loads(metrics_as_json(read_metrics([str(LOG)]), sessions=False))
    found["metrics"]["levels"] = short["metrics"]["levels"]
    packet = found["metrics"]["levels"][0]["rows"][0]
    rows = unpacked(b64decode(packet["data"]), LEVEL, packet["rows"]).copy()
    rows["minute"] += 1000
    packet["data"] = b64encode(packed(rows)).decode()


def _levels_of_nobody(found: dict[str, Any]) -> None:
    found["metrics"]["levels"] = [{"tag": 60_000, "rows": []}]


def _summed_for_ever(found: dict[str, Any]) -> None:
    found["metrics"]["summed"] = [[0.0, 9_000_000_000.0]]


def _no_such_ending(found: dict[str, Any]) -> None:
    found["metrics"]["sums"][0]["endings"] = [["asleep", "AUTH", 1]]


def _no_such_duration(found: dict[str, Any]) -> None:
    found["metrics"]["durations"][0]["part"] = "asleep"


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        (_newer, "version 2 of the document, 1 is known"),
        (_unknown_field, "unknown field `surprise`"),
        (_negative, ">= 0"),
        (_bomb, "not the 287 that are said to be there"),
        (_too_many, "are the most"),
        (_other_columns, "other columns"),
        (_no_base64, "no base64"),
        (_no_such_name, "a tag that is not known"),
        (_no_such_class, "a kind that is not known"),
        (_no_such_duration, "asleep"),
        (_no_such_ending, "not in"),
        (_levels_for_ever, "levels of a time outside of the log"),
        (_levels_of_nobody, "levels of a tag that has no name"),
        (_summed_for_ever, "levels of a time outside of the log"),
        (_for_ever, "a time (end) outside of the log"),
        (_no_year, "32503680000"),
        (_decades, "lasts for decades"),
        (_no_such_bucket, "a bucket that is not known"),
    ],
)
def test_a_document_that_lies(tmp_path: Path, lie: Any, words: str) -> None:
    found = document()
    lie(found)
    file = tmp_path / "metrics.json"
    file.write_text(json.dumps(found))
    with pytest.raises(InputError) as caught:
        read_metrics([str(file)])
    assert words in str(caught.value)
    assert str(file) in str(caught.value)
    assert caught.value.cure


@given(st.data())
@WITH_FILES
def test_a_document_that_is_damaged(tmp_path: Path, data: st.DataObject) -> None:
    """It is refused, or nothing that matters was hit."""
    text = bytearray(TEXT)
    if data.draw(st.booleans()):
        del text[data.draw(st.integers(0, len(text) - 2)) :]
    else:
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    file = tmp_path / "metrics.json"
    file.write_bytes(text)
    with suppress(InputError):
        assert read_metrics_file(str(file)).postfix_lines >= 0


TEXT = metrics_as_json(read_metrics([str(LOG)])).encode()


def test_a_missing_document(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_metrics([], [str(tmp_path / "missing.json")])


@given(st.integers(0, 400), st.randoms(use_true_random=False))
def test_packed_rows_come_back(count: int, random: Any) -> None:
    rows = np.frombuffer(random.randbytes(count * MESSAGE.itemsize), MESSAGE)
    assert unpacked(packed(rows), MESSAGE, count).tobytes() == rows.tobytes()
