"""SMTP sessions: what one client did between its connect and its disconnect."""

import re
from dataclasses import dataclass
from enum import StrEnum

from advisor.logs.streams import Event, Key

_COUNT = re.compile(r" ([a-z]+)=(\d+)(?:/(\d+))?")
_TRANSFER = ("data", "bdat")
_ENVELOPE = ("mail", "rcpt")
_FILTERED = ("proxy-accept", "proxy-reject")


class SessionClass(StrEnum):
    """What a session was good for, judged by the counts of its disconnect line (3.0 and newer)."""

    PRODUCTIVE = "productive"  # at least one message was taken
    TIMEOUT = "timeout"  # the server's timer ended it
    HANGUP = "hangup"  # the server ended it after too many errors
    AUTH_FAILED = "auth-failed"
    REJECTED = "rejected"  # sender or recipient refused, nothing taken
    TLS_FAILED = "tls-failed"
    SILENT = "silent"  # not one command
    JUNK = "junk"  # commands, but nothing towards a message


@dataclass(frozen=True, slots=True)
class Session:
    """One session; times are seconds since the epoch.

    `start` is None when it began before the log, `end` None when it was still open at its end. `ended_by` is
    `lost-connection`, `timeout`, `too-many-errors`, `cut` (another session of the same process began, or the
    process died) or empty (a normal end, or none). `client_at` is when its first sender was accepted,
    `filtered_at` when a filter in front of the queue first gave its answer. `longest_pause` is the longest
    time between two lines of the session, and an upper bound of how long its client was idle.
    """

    host: str
    tag: str
    pid: str
    client: str
    address: str
    start: float | None
    end: float | None
    kind: SessionClass
    ended_by: str
    stage: str
    client_at: float | None
    filtered_at: float | None
    longest_pause: float
    queue_ids: tuple[str, ...]
    sasl: bool

    @property
    def lost_at_connect(self) -> bool:
        """Whether the client left before its first command."""
        return self.ended_by == "lost-connection" and self.stage == "CONNECT"


def reduce_session(key: Key, events: list[Event], cut: float | None) -> Session:
    """The session behind the events of one process; `cut`: when something else ended it."""
    first = events[0]
    last_counts: str | None = None
    queue_ids: list[str] = []
    client_at: float | None = None
    filtered_at: float | None = None
    end: float | None = None
    ended_by = stage = ""
    names: set[str] = set()
    sasl = False
    pause, previous = 0.0, first.time
    for event in events:
        names.add(event.name)
        pause, previous = max(pause, event.time - previous), event.time
        if event.name == "client":
            client_at = event.time if client_at is None else client_at
            sasl = sasl or bool(event.fields["sasl"])
            if event.fields["queue_id"] not in (None, "NOQUEUE"):
                queue_ids.append(str(event.fields["queue_id"]))
        elif event.name in _FILTERED:
            filtered_at = event.time if filtered_at is None else filtered_at
        elif event.name in ("lost-connection", "timeout", "too-many-errors"):
            ended_by, stage = event.name, event.fields["stage"] or ""
        elif event.name == "disconnect":
            end, last_counts = event.time, event.fields["counts"]
    if end is None and cut is not None:
        end, ended_by = cut, "cut"
    named = next((event.fields for event in events if event.fields.get("address")), {})
    return Session(
        key.host,
        key.tag,
        key.id,
        named.get("client") or "unknown",
        named.get("address") or "unknown",
        first.time if first.name == "connect" else None,
        end,
        _classify(last_counts, names, ended_by, took_mail=bool(queue_ids) or "proxy-accept" in names),
        ended_by,
        stage,
        client_at,
        filtered_at,
        pause,
        tuple(queue_ids),
        sasl,
    )


def _classify(counts: str | None, names: set[str], ended_by: str, *, took_mail: bool) -> SessionClass:
    done: dict[str, int] = {}
    asked: dict[str, int] = {}
    for verb, good, total in _COUNT.findall(counts or ""):
        done[verb], asked[verb] = int(good), int(total or good)
    if any(done.get(verb) for verb in _TRANSFER) or (took_mail and not done):
        return SessionClass.PRODUCTIVE
    if ended_by == "timeout":
        return SessionClass.TIMEOUT
    if ended_by == "too-many-errors":
        return SessionClass.HANGUP
    if asked.get("auth", 0) > done.get("auth", 0) or (not done and "sasl-failure" in names):
        return SessionClass.AUTH_FAILED
    if any(asked.get(verb, 0) > done.get(verb, 0) for verb in _ENVELOPE) or "reject" in names:
        return SessionClass.REJECTED
    if asked.get("starttls", 0) > done.get("starttls", 0):
        return SessionClass.TLS_FAILED
    if not asked.get("commands") and names <= {"connect", "disconnect", "lost-connection"}:
        return SessionClass.SILENT
    return SessionClass.JUNK
