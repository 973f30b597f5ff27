"""How many sessions of each log tag were open at a time, and when: from one look at a log in stretches."""

import msgspec

from advisor.capacity.busy_clients import SHOWN, ClientPeak, busy_clients
from advisor.capacity.levels import levels
from advisor.capacity.occupancy import Occupancy
from advisor.capacity.stretches import stretches
from advisor.capacity.strip import strip, strip_of_levels
from advisor.logs.levels import Levels
from advisor.logs.metrics import Metrics, by_tag


class Concurrency(msgspec.Struct, frozen=True):
    """`busy` has the most that were open at a time in each of equal stretches of the log; `clients` are those
    with the most sessions.
    """

    levels: Levels
    busy: tuple[int, ...]
    clients: tuple[ClientPeak, ...]


def concurrency(metrics: Metrics, parts: int, shown: int = SHOWN) -> dict[str, Concurrency]:
    """By log tag, `busy` in so many parts, and so many clients. Of what a document left out there is what its
    levels say.
    """
    first, last = metrics.first or 0.0, metrics.last or 0.0
    clients = {metrics.names[tag]: each for tag, each in busy_clients(metrics, shown).items()}
    held = {tag: [told] for tag, told in metrics.levels.items()}
    busy = {tag: strip_of_levels(told, first, last, parts) for tag, told in metrics.levels.items()}
    for stretch in stretches(metrics):
        for place, rows in by_tag(stretch.rows):
            tag = metrics.names[place]
            held.setdefault(tag, []).append(levels(rows["start"], rows["end"], rows["kind"]))
            own = strip(Occupancy.of(rows["start"], rows["end"]), first, last, parts)
            busy[tag] = tuple(map(max, own, busy.get(tag, own)))
            clients[tag].take(rows)
    return {
        tag: Concurrency(
            Levels.total(held.get(tag, [])),
            busy.get(tag, (0,) * parts),
            tuple(clients[tag].found()) if tag in clients else (),
        )
        for tag in {*clients, *metrics.levels}
    }


def all_levels(metrics: Metrics) -> dict[str, Levels]:
    """The levels of each log tag: what a document has that leaves the sessions out."""
    return {tag: each.levels for tag, each in concurrency(metrics, 1).items() if len(each.levels.minute)}
