"""SMTP sessions: what one client did between its connect and its disconnect.

Events of sessions, and of messages, are reduced to rows of tables.SESSION and tables.MESSAGE.
"""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.logs import events, pieces
from advisor.logs.classes import CLASSES, ENDINGS, SessionClass
from advisor.logs.columns import IS_COMPILED
from advisor.logs.events import KINDS
from advisor.logs.numbers import whole
from advisor.logs.tables import MESSAGE, SESSION, Rows

_COUNT = re.compile(r" ([a-z]+)=(\d+)(?:/(\d+))?")
_TRANSFER = ("data", "bdat")
_ENVELOPE = ("mail", "rcpt")
_LOST, _TIMEOUT, _TOO_MANY = KINDS["lost-connection"], KINDS["timeout"], KINDS["too-many-errors"]
_ACCEPTED, _FILTERED = KINDS["proxy-accept"], KINDS["proxy-reject"]

Starts = NDArray[np.int64]
Times = NDArray[np.float64]


def counts_flags(counts: str) -> int:
    """What the counts of a disconnect line tell (3.0 and newer), as flags of events."""
    done: dict[str, int] = {}
    asked: dict[str, int] = {}
    for verb, good, total in _COUNT.findall(counts):
        done[verb], asked[verb] = whole(good), whole(total or good)
    flags = {
        events.COUNTED: bool(done),
        events.TAKEN: any(done.get(verb) for verb in _TRANSFER),
        events.NO_AUTH: asked.get("auth", 0) > done.get("auth", 0),
        events.REFUSED: any(asked.get(verb, 0) > done.get(verb, 0) for verb in _ENVELOPE),
        events.NO_TLS: asked.get("starttls", 0) > done.get("starttls", 0),
        events.SPOKEN: bool(asked.get("commands")),
    }
    return sum(flag for flag, is_set in flags.items() if is_set)


def reduce_sessions(rows: Rows, starts: Starts, cut: Times) -> Rows:
    """The sessions behind the events of processes, each from one of `starts` on; `cut`: when something else
    ended it, NaN where nothing did.
    """
    return pieces.sessions(rows, starts, cut) if IS_COMPILED else sessions_plain(rows, starts, cut)


def sessions_plain(rows: Rows, starts: Starts, cut: Times) -> Rows:
    """The same without the compiled form."""
    found = np.zeros(len(starts), SESSION)
    if not len(starts):
        return found
    kind, time, flags = rows["kind"], rows["time"], rows["flags"]
    piece = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(rows))))
    key = rows["key"][starts]
    found["host"] = key >> np.uint64(48)
    found["tag"] = (key >> np.uint64(32)) & np.uint64(0xFFFF)
    found["pid"] = key & np.uint64(0xFFFFFFFF)
    found["start"] = np.where(kind[starts] == events.CONNECT, time[starts], np.nan)
    found["client"] = _first(rows["client"], rows["client"] != 0, piece, len(starts), 0)
    found["client_at"] = _first(time, kind == events.CLIENT, piece, len(starts), np.nan)
    filtered = (kind == _ACCEPTED) | (kind == _FILTERED)
    found["filtered_at"] = _first(time, filtered, piece, len(starts), np.nan)
    found["longest_pause"] = _pauses(time, starts)
    client = kind == events.CLIENT
    queued = np.bincount(piece[client & (flags & events.QUEUED != 0)], minlength=len(starts))
    found["messages"] = np.minimum(queued, 0xFFFF)
    found["sasl"] = _any(client & (flags & events.SASL != 0), piece, len(starts))
    left = kind == events.DISCONNECT
    end = _last(time, left, piece, len(starts), np.nan)
    is_cut = np.isnan(end) & ~np.isnan(cut)
    found["end"] = np.where(is_cut, cut, end)
    ending = (kind == _LOST) | (kind == _TIMEOUT) | (kind == _TOO_MANY)
    by = _last(kind, ending, piece, len(starts), 0)
    codes = np.zeros(256, np.uint8)
    for event, name in ((_LOST, "lost-connection"), (_TIMEOUT, "timeout"), (_TOO_MANY, "too-many-errors")):
        codes[event] = ENDINGS.index(name)
    found["ended_by"] = np.where(is_cut, ENDINGS.index("cut"), codes[by])
    found["stage"] = _last(rows["stage"], ending, piece, len(starts), 0)
    told = _last(flags, left, piece, len(starts), 0)
    found["kind"] = _classes(kind, piece, told, codes[by], queued)
    return found


def reduce_messages(rows: Rows, starts: Starts) -> Rows:
    """The messages behind the events of queue ids, each from one of `starts` on."""
    return pieces.messages(rows, starts) if IS_COMPILED else messages_plain(rows, starts)


def messages_plain(rows: Rows, starts: Starts) -> Rows:
    """The same without the compiled form."""
    found = np.zeros(len(starts), MESSAGE)
    if not len(starts):
        return found
    piece = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(rows))))
    client, header, active = (
        _first(rows["time"], rows["kind"] == KINDS[name], piece, len(starts), np.nan)
        for name in ("client", "message-id", "queue-active")
    )
    found["tag"], found["start"] = rows["tag"][starts], rows["time"][starts]
    found["envelope"], found["content"] = header - client, active - header
    return found


def _classes(
    kind: NDArray[np.uint8],
    piece: Starts,
    told: NDArray[np.uint8],
    ending: NDArray[np.uint8],
    queued: NDArray[np.int64],
) -> NDArray[np.uint8]:
    count = len(told)
    counted = told & events.COUNTED != 0
    taken = (queued > 0) | _any(kind == _ACCEPTED, piece, count)
    quiet = (kind == events.CONNECT) | (kind == events.DISCONNECT) | (kind == _LOST)
    quiet |= (kind == events.CLOSED) | (kind == events.BEGUN)
    rules = (
        (SessionClass.PRODUCTIVE, (told & events.TAKEN != 0) | (taken & ~counted)),
        (SessionClass.TIMEOUT, ending == ENDINGS.index("timeout")),
        (SessionClass.HANGUP, ending == ENDINGS.index("too-many-errors")),
        (
            SessionClass.AUTH_FAILED,
            (told & events.NO_AUTH != 0) | (~counted & _any(kind == KINDS["sasl-failure"], piece, count)),
        ),
        (SessionClass.REJECTED, (told & events.REFUSED != 0) | _any(kind == KINDS["reject"], piece, count)),
        (SessionClass.TLS_FAILED, told & events.NO_TLS != 0),
        (SessionClass.SILENT, (told & events.SPOKEN == 0) & ~_any(~quiet, piece, count)),
    )
    return np.select(
        [which for _, which in rules],
        [CLASSES.index(name) for name, _ in rules],
        CLASSES.index(SessionClass.JUNK),
    ).astype(np.uint8)


def _pauses(time: Times, starts: Starts) -> Times:
    pause = np.zeros(len(time))
    pause[1:] = np.diff(time)
    pause[starts] = 0.0
    return np.maximum.reduceat(pause, starts)


def _any(which: NDArray[np.bool_], piece: Starts, count: int) -> NDArray[np.bool_]:
    found = np.zeros(count, np.bool_)
    found[piece[which]] = True
    return found


def _first(
    values: NDArray[Any], which: NDArray[np.bool_], piece: Starts, count: int, none: Any
) -> NDArray[Any]:
    """The value of each piece's first row of those chosen."""
    found = np.full(count, none, values.dtype)
    place = np.flatnonzero(which)[::-1]
    found[piece[place]] = values[place]
    return found


def _last(
    values: NDArray[Any], which: NDArray[np.bool_], piece: Starts, count: int, none: Any
) -> NDArray[Any]:
    """The value of each piece's last row of those chosen."""
    found = np.full(count, none, values.dtype)
    place = np.flatnonzero(which)
    found[piece[place]] = values[place]
    return found
