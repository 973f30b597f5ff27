"""Sessions and messages as rows of numbers."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from advisor.logs.sessions import Session
from advisor.logs.tables import CLASSES, ENDINGS, MESSAGE, SESSION, STAGES, Rows

_NAN = float("nan")
_OTHER_STAGE = len(STAGES) - 1
_MOST_MESSAGES = 0xFFFF
_MOST_PIDS = 1 << 32


class Client(NamedTuple):
    """The other side of a session, as smtpd names it."""

    name: str
    address: str


def client_key(client: Client) -> int:
    """The number by which rows name a client."""
    text = f"{client.name}[{client.address}]".encode("utf-8", "surrogateescape")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little")


def session_rows(sessions: Iterable[Session], names: Sequence[str]) -> Rows:
    """The sessions as rows of dtype SESSION; `names` holds their hosts and tags."""
    places = {name: place for place, name in enumerate(names)}
    rows = [
        (
            _time(each.start),
            _time(each.end),
            _time(each.client_at),
            _time(each.filtered_at),
            each.longest_pause,
            int(each.pid) % _MOST_PIDS,
            client_key(Client(each.client, each.address)),
            places[each.host],
            places[each.tag],
            min(len(each.queue_ids), _MOST_MESSAGES),
            CLASSES.index(each.kind),
            ENDINGS.index(each.ended_by),
            STAGES.index(each.stage) if each.stage in STAGES else _OTHER_STAGE,
            each.sasl,
        )
        for each in sessions
    ]
    return np.array(rows, SESSION)


def message_rows(phases: Iterable[tuple[str, float, float | None, float | None]], tag: int) -> Rows:
    """The messages as rows of dtype MESSAGE."""
    rows = [(start, _time(envelope), _time(content), tag) for _, start, envelope, content in phases]
    return np.array(rows, MESSAGE)


def _time(time: float | None) -> float:
    return _NAN if time is None else time
