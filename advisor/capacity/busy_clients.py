"""The clients with the most sessions, and how many at a time each had: bounded, however many there are."""

import msgspec
import numpy as np

from advisor.capacity.clients import peaks_by
from advisor.capacity.occupancy import Integers, Places
from advisor.capacity.spans import spans
from advisor.logs.clients import address_of
from advisor.logs.columns import order_of
from advisor.logs.metrics import Metrics, by_tag
from advisor.logs.tables import Rows

# Enough to see who comes most.
SHOWN = 50
# So many clients of a tag are counted one by one; where there are twice as many, the rarest are forgotten.
_KEPT = 1 << 17
_COUNT = np.dtype([("client", "u8"), ("sessions", "i8"), ("first", "f8")])


class ClientPeak(msgspec.Struct, frozen=True):
    """A client: how many sessions it had, and the most of them at a time."""

    address: str
    sessions: int
    peak: int


class BusyClients(msgspec.Struct):
    """Some clients, which may each have several numbers: `known`, in order; `code` has the client of each.

    `peaks` grows as sessions are looked at.
    """

    addresses: list[str]
    sessions: list[int]
    known: Rows
    code: Places
    peaks: Integers

    def take(self, rows: Rows) -> None:
        """Looks at the sessions (dtype SPAN) of a stretch of time."""
        place = np.minimum(np.searchsorted(self.known, rows["client"]), len(self.known) - 1)
        own = rows[self.known[place] == rows["client"]]
        code = self.code[np.searchsorted(self.known, own["client"])]
        peaks = peaks_by(code, own["start"], own["end"], len(self.addresses))
        self.peaks = np.maximum(self.peaks, peaks)

    def found(self) -> list[ClientPeak]:
        """The clients, those with the most sessions first."""
        peaks = np.maximum(1, self.peaks).tolist()
        return [ClientPeak(*each) for each in zip(self.addresses, self.sessions, peaks, strict=True)]


def busy_clients(metrics: Metrics, shown: int = SHOWN) -> dict[int, BusyClients]:
    """By log tag (its place in Metrics.names) the clients with the most sessions."""
    first, last = metrics.first or 0.0, metrics.last or 0.0
    counts: dict[int, _Counts] = {}
    for rows in (*metrics.sessions.blocks(), metrics.unended_sessions()):
        for tag, own in by_tag(rows):
            counts.setdefault(tag, _Counts()).take(own["client"], spans(own, first, last)[0])
    return {tag: _most(each.total(), metrics, shown) for tag, each in counts.items()}


class _Counts(msgspec.Struct):
    """How many sessions each client had, and when its first one began."""

    parts: list[Rows] = msgspec.field(default_factory=list)
    held: int = 0

    def take(self, clients: Rows, starts: Rows) -> None:
        rows = np.empty(len(clients), _COUNT)
        rows["client"], rows["sessions"], rows["first"] = clients, 1, starts
        self.parts.append(_added(rows))
        self.held += len(self.parts[-1])
        if self.held > 2 * _KEPT:
            rows = self.total()
            if len(rows) > _KEPT:
                rows = rows[np.argsort(-rows["sessions"], kind="stable")[:_KEPT]]
            self.parts, self.held = [rows], len(rows)

    def total(self) -> Rows:
        return _added(np.concatenate(self.parts))


def _added(rows: Rows) -> Rows:
    """One row for each client."""
    rows = rows.take(order_of(rows["client"]))
    begins = np.flatnonzero(np.append(True, rows["client"][1:] != rows["client"][:-1]))
    found = rows.take(begins)
    found["sessions"] = np.add.reduceat(rows["sessions"], begins)
    found["first"] = np.minimum.reduceat(rows["first"], begins)
    return found


def _most(counts: Rows, metrics: Metrics, shown: int) -> BusyClients:
    """Numbers of one address are one client; one without an address is a client of its own."""
    places: dict[str | int, int] = {}
    numbers, named = counts["client"].tolist(), metrics.clients
    code = np.array(
        [places.setdefault(address_of(named.get(each, "")) or each, len(places)) for each in numbers],
        np.int64,
    )
    sessions = np.bincount(code, counts["sessions"], len(places)).astype(np.int64)
    first = np.full(len(places), np.inf)
    np.minimum.at(first, code, counts["first"])
    order = np.lexsort((first, -sessions))[:shown]
    names = list(places)
    new = np.full(len(places), -1, np.int64)
    new[order] = np.arange(len(order))
    some = new[code] >= 0
    return BusyClients(
        [name if isinstance(name := names[each], str) else "" for each in order.tolist()],
        sessions[order].tolist(),
        counts["client"][some],
        new[code[some]].astype(np.int32),
        np.zeros(len(order), np.int64),
    )
