"""Metrics as tuples of names and words: what two readings of the same log must have in common.

Places in Metrics.names, hashes of clients and the order of what began at once say nothing about a log.
"""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from advisor.logs.classes import CLASSES, ENDINGS, STAGES
from advisor.logs.events import CLOSED
from advisor.logs.flow import Flow
from advisor.logs.metrics import Metrics
from advisor.logs.scan import Part, Stream, scan_parts
from advisor.logs.tables import Rows
from advisor.logs.tally import Tally


class Session(NamedTuple):
    """A row of tables.SESSION; what the log does not have is None."""

    host: str
    tag: str
    pid: int
    client: str
    address: str
    start: float | None
    end: float | None
    kind: str
    ended_by: str
    stage: str
    client_at: float | None
    filtered_at: float | None
    longest_pause: float
    messages: int
    sasl: bool


class Message(NamedTuple):
    """A row of tables.MESSAGE."""

    tag: str
    start: float | None
    envelope: float | None
    content: float | None


# What takes part in `shape` in another form.
_ROWS = {"names", "clients", "sessions", "messages", "session_flow", "message_flow"}


def sessions(metrics: Metrics, tag: str = "postfix/smtpd") -> list[Session]:
    """The sessions of a tag by start, those that began before the log first."""
    return [_session(metrics, row) for row in metrics.session_rows(tag)]


def messages(metrics: Metrics, tag: str = "postfix/smtpd") -> list[Message]:
    """The messages that came by the program of a tag."""
    return [
        Message(
            metrics.names[int(row["tag"])], *(_known(row[name]) for name in ("start", "envelope", "content"))
        )
        for row in metrics.message_rows(tag)
    ]


def shape(metrics: Metrics) -> dict[str, Any]:
    """Everything that must be equal."""
    plain = {each.name: getattr(metrics, each.name) for each in fields(metrics) if each.name not in _ROWS}
    tags = sorted(metrics.session_tags())
    return plain | {
        "closings": metrics.closings,
        "tags": tags,
        "sessions": {tag: sorted(map(repr, sessions(metrics, tag))) for tag in tags},
        "messages": sorted(repr(each) for tag in set(metrics.names) for each in messages(metrics, tag)),
        "messages in the queue": _waiting(metrics, metrics.message_flow),
    }


def differences(one: Metrics, other: Metrics) -> dict[str, tuple[Any, Any]]:
    """The parts of `shape` that are not equal: empty where all are."""
    left, right = shape(one), shape(other)
    return {name: (left[name], right[name]) for name in left if left[name] != right[name]}


def _session(metrics: Metrics, row: Rows) -> Session:
    client = metrics.client(int(row["client"]))
    return Session(
        host=metrics.names[int(row["host"])],
        tag=metrics.names[int(row["tag"])],
        pid=int(row["pid"]),
        client=client.name,
        address=client.address,
        start=_known(row["start"]),
        end=_known(row["end"]),
        kind=CLASSES[int(row["kind"])],
        ended_by=ENDINGS[int(row["ended_by"])],
        stage=STAGES[int(row["stage"])] if row["ended_by"] else "",
        client_at=_known(row["client_at"]),
        filtered_at=_known(row["filtered_at"]),
        longest_pause=float(row["longest_pause"]),
        messages=int(row["messages"]),
        sasl=bool(row["sasl"]),
    )


def _waiting(metrics: Metrics, flow: Flow) -> list[list[tuple[int, float, int, str]]]:
    """The events of pieces that have not begun or not ended, in the order of the log for each key."""
    found = []
    for rows in (flow.heads, flow.opens):
        ordered = rows[np.lexsort((rows["seq"], rows["key"]))]
        found.append(
            [
                (int(row["key"]), float(row["time"]), int(row["kind"]), metrics.names[int(row["tag"])])
                for row in ordered
                if row["kind"] != CLOSED
            ]
        )
    return found


def _known(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)


def joined(parts: Iterable[Part]) -> Part:
    """The sum of parts that follow each other, one at least."""
    return reduce(Part.__add__, parts)


def scan_file(blocks: Iterable[bytes], origin: str, reference: datetime) -> Metrics:
    """The metrics of a whole log that comes in blocks."""
    return joined(scan_parts(Stream(iter(blocks)), Tally(origin, reference))).finish()
