"""What the sessions and messages of one log tag come to, as far as a summary needs it; two such sums add."""

from collections import Counter
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from advisor.logs.classes import CLASSES, ENDINGS, STAGES, SessionClass
from advisor.logs.columns import word_hash
from advisor.logs.histogram import Histogram
from advisor.logs.tables import Rows

# The client of a peer that was gone before smtpd(8) asked for its address.
_NOBODY = np.uint64(word_hash(b"unknown[unknown]"))
_PRODUCTIVE = CLASSES.index(SessionClass.PRODUCTIVE)
_LOST, _CONNECT = ENDINGS.index("lost-connection"), STAGES.index("CONNECT")


class Sums(msgspec.Struct):
    """`endings` counts sessions by what ended them and at which stage, places in ENDINGS and STAGES; of those
    lost after CONNECT, `unseen` had a client without an address.

    Seconds: `connect`, from connect to the first accepted sender of sessions that delivered mail; of each
    message `envelope`, from there to its message-id, and `content`, from there into the active queue.
    """

    endings: Counter[tuple[int, int]] = msgspec.field(default_factory=Counter)
    unseen: int = 0
    authenticated: int = 0
    messages: int = 0
    connect: Histogram = msgspec.field(default_factory=Histogram)
    envelope: Histogram = msgspec.field(default_factory=Histogram)
    content: Histogram = msgspec.field(default_factory=Histogram)

    def take_sessions(self, rows: Rows) -> None:
        """Adds sessions (dtype SESSION)."""
        ending = rows["ended_by"].astype(np.int64) * len(STAGES) + rows["stage"]
        for each, count in enumerate(np.bincount(ending[rows["ended_by"] != 0]).tolist()):
            if count:
                self.endings[divmod(each, len(STAGES))] += count
        lost = (rows["ended_by"] == _LOST) & (rows["stage"] == _CONNECT)
        self.unseen += int(np.count_nonzero(lost & (rows["client"] == _NOBODY)))
        self.authenticated += int(np.count_nonzero(rows["sasl"]))
        self.messages += int(rows["messages"].sum(dtype=np.int64))
        good = rows["kind"] == _PRODUCTIVE
        _add(self.connect, rows["client_at"][good] - rows["start"][good])

    def take_messages(self, rows: Rows) -> None:
        """Adds messages (dtype MESSAGE)."""
        _add(self.envelope, rows["envelope"])
        _add(self.content, rows["content"])

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.endings + other.endings,
            self.unseen + other.unseen,
            self.authenticated + other.authenticated,
            self.messages + other.messages,
            self.connect + other.connect,
            self.envelope + other.envelope,
            self.content + other.content,
        )

    @property
    def lost_at_connect(self) -> int:
        """How many clients left before their first command."""
        return self.endings[_LOST, _CONNECT]


def _add(histogram: Histogram, seconds: NDArray[Any]) -> None:
    """Of the times that are known; a clock that went back makes none shorter than nothing."""
    histogram.add_all(np.maximum(0.0, seconds[~np.isnan(seconds)]))
