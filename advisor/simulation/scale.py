"""The same demand with more of some clients, or with fewer."""

from math import ceil

import msgspec
import numpy as np

from advisor.capacity.occupancy import Mask
from advisor.capacity.replay import Demand

# A client more comes when one of its kind came, give or take a twentieth of the time.
_SHIFT = 1 / 20
_SEED = 8


def scaled(demand: Demand, which: Mask, times: float, first: float, last: float) -> Demand:
    """The demand with `times` as many sessions of those in `which`, between two times. Those that are more
    are of clients of their own. The same sessions each time, so that who is in it for one number is in it for
    each larger one; the demand itself for 1.
    """
    random = np.random.default_rng(_SEED)
    rank = np.zeros(len(demand))
    rank[which] = (random.permutation(int(which.sum())) + 0.5) / max(1, int(which.sum()))
    parts = [demand.where(~which | (rank < times))]
    clients = int(demand.client.max(initial=0)) + 1
    shift = _SHIFT * (last - first)
    for copy in range(1, ceil(times)):
        moved = demand.arrival + (2 * random.random(len(demand)) - 1) * shift
        moved = first + np.abs(moved - first)
        moved = np.maximum(first, last - np.abs(last - moved))
        client = np.where(demand.client < 0, demand.client, demand.client + copy * clients)
        more = msgspec.structs.replace(demand, arrival=moved, client=client)
        parts.append(more.where(which & (copy + rank < times)))
    if len(parts) == 1:
        return parts[0]
    return Demand.joined(*parts).in_order()
