"""The sessions of one service, how many of its processes they kept busy, and when that was all of them."""

from collections.abc import Mapping

import msgspec
import numpy as np

from advisor.capacity.clients import Addresses
from advisor.capacity.occupancy import Floats, Mask, Occupancy, Places, Windows
from advisor.capacity.spans import spans
from advisor.facts.thresholds import Thresholds
from advisor.logs.classes import CLASSES, SessionClass
from advisor.logs.tables import Rows

_PRODUCTIVE = CLASSES.index(SessionClass.PRODUCTIVE)
_TIMEOUT = CLASSES.index(SessionClass.TIMEOUT)
_JUNK = CLASSES.index(SessionClass.JUNK)
_NOT_SLOW = tuple(
    CLASSES.index(kind)
    for kind in (
        SessionClass.PRODUCTIVE,
        SessionClass.HANGUP,
        SessionClass.REJECTED,
        SessionClass.AUTH_FAILED,
    )
)

# All but one in twenty.
_LONG = 0.95


class Busy(msgspec.Struct, frozen=True):
    """Some of the sessions in `rows` (dtype SESSION), by their places there, and the times for which each
    kept a process busy, as far as the log shows them; `client` is a place in Pool.addresses.
    """

    rows: Rows
    place: Places
    start: Floats
    end: Floats
    client: Places

    def __len__(self) -> int:
        return len(self.place)

    @property
    def seconds(self) -> Floats:
        """How long each lasted."""
        return self.end - self.start

    def column(self, name: str) -> Rows:
        """One field of each."""
        column: Rows = self.rows[name][self.place]
        return column

    def where(self, chosen: Mask) -> "Busy":
        """Those that are chosen."""
        return Busy(self.rows, self.place[chosen], self.start[chosen], self.end[chosen], self.client[chosen])


class Pool(msgspec.Struct, frozen=True):
    """All sessions by begin, and those that delivered mail (`good`), that hold a process and give nothing
    back (`slow`), and that are not slow (`others`). `slow_threshold` is in seconds.

    `full` is when its processes were all busy. `during`: the time that is looked at for who held them: the
    full windows, or all of it when there is none.
    """

    busy: Busy
    good: Busy
    slow: Busy
    others: Busy
    addresses: tuple[str, ...]
    slow_threshold: float
    occupancy: Occupancy
    full: Windows
    during: Windows

    @classmethod
    def of(
        cls,
        rows: Rows,
        clients: Mapping[int, str],
        first: float,
        last: float,
        limit: int,
        thresholds: Thresholds,
    ) -> "Pool":
        """The pool of `limit` processes (0: no limit) that had these sessions between two times."""
        who = Addresses.of(rows, clients)
        busy = Busy(rows, np.arange(len(rows), dtype=np.int32), *spans(rows, first, last), who.code)
        good = busy.where(rows["kind"] == _PRODUCTIVE)
        threshold = max(thresholds.slow_seconds, thresholds.slow_factor * _way_to_the_sender(good))
        slow = _is_slow(busy, threshold)
        occupancy = Occupancy.of(busy.start, busy.end)
        level = thresholds.full_share * limit if limit else np.inf
        full = occupancy.full_windows(level, thresholds.full_gap_seconds)
        return cls(
            busy=busy,
            good=good,
            slow=busy.where(slow),
            others=busy.where(~slow),
            addresses=who.names,
            slow_threshold=threshold,
            occupancy=occupancy,
            full=full,
            during=full if len(full) else Windows.whole(first, last),
        )

    def held(self, sessions: Busy) -> float:
        """The slot seconds of the sessions, while the pool was full."""
        return float(np.sum(self.during.overlaps(sessions.start, sessions.end)))


def _way_to_the_sender(good: Busy) -> float:
    """The seconds from connect to the first accepted sender: longer for one good session in twenty."""
    way = good.column("client_at") - good.start
    return quantile(way[~np.isnan(way)], _LONG)


def _is_slow(busy: Busy, threshold: float) -> Mask:
    kind = busy.column("kind")
    # A message that was begun and not taken was refused at its end: the server may have kept it waiting.
    begun = (kind == _JUNK) & ~np.isnan(busy.column("client_at"))
    slow: Mask = (kind == _TIMEOUT) | ((busy.seconds >= threshold) & ~np.isin(kind, _NOT_SLOW) & ~begun)
    return slow


def quantile(values: Rows, share: float) -> float:
    """The value below which `share` of them lie; 0 for none."""
    if not len(values):
        return 0.0
    rank = min(len(values) - 1, int(share * len(values)))
    return float(np.partition(values, rank)[rank])


def mean(values: Rows) -> float:
    """Their arithmetic mean; 0 for none."""
    return float(np.mean(values, dtype=np.float64)) if len(values) else 0.0
