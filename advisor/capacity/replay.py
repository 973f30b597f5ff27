"""Replays sessions against a pool of processes: who waits for how long, and how many are busy meanwhile.

A discrete-event simulation of what master(8) and the kernel do for one service of type inet (src/master/
master_avail.c, src/master/single_server.c): a client takes an idle process; else master starts one, up to the
process limit; else the client waits in the order of arrival. Whoever starts a service's last process puts it
under stress for 1000 seconds: processes started meanwhile have the time limit for stress, all others are
asked to end behind their present client. A session keeps the limits of the process that has it. A process
ends after max_use clients, or max_idle seconds without one.

Not in it: work that takes longer when more is done at a time (processors, filters), and clients that come
again. Times are seconds.
"""

from heapq import heappop, heappush, heapreplace
from math import inf

import msgspec
import numpy as np

from advisor.capacity.occupancy import Floats, Integers, Mask, Occupancy, Places

# How long a service stays under stress behind the start of its last process (src/master/master_avail.c).
_STRESS_SECONDS = 1000.0


class Demand(msgspec.Struct, frozen=True):
    """Sessions by arrival, as they would be if none had to wait. Each holds a process for `work` seconds,
    and then for as long as its client keeps silent: `silence`, inf where it would never speak again; 0 for
    one that takes leave. `client` is a number for each address; `is_good` tells those that deliver mail.
    """

    arrival: Floats
    work: Floats
    silence: Floats
    client: Places
    is_good: Mask

    def __len__(self) -> int:
        return len(self.arrival)

    def where(self, chosen: Mask | Integers) -> "Demand":
        """Those that are chosen, by truth or by place."""
        return Demand(**{name: getattr(self, name)[chosen] for name in self.__struct_fields__})

    def in_order(self) -> "Demand":
        """The same by arrival; those that came at once keep their order."""
        return self.where(np.argsort(self.arrival, kind="stable"))

    @classmethod
    def joined(cls, *parts: "Demand") -> "Demand":
        """One behind the other."""
        return cls(
            **{
                name: np.concatenate([getattr(part, name) for part in parts])
                for name in cls.__struct_fields__
            }
        )


class Limits(msgspec.Struct, frozen=True):
    """What a pool is held to: at most `processes`, 0 for any number; silence of at most `timeout` seconds,
    and of `stress_timeout` in a process that master started under stress; at most `client_limit` sessions of
    one client at a time, 0 for any number. A process serves `max_use` clients and waits `max_idle` seconds.
    """

    processes: int
    timeout: float
    stress_timeout: float
    client_limit: int = 0
    max_use: int = 100
    max_idle: float = 100.0


class Replayed(msgspec.Struct, frozen=True):
    """For each session of the demand: when a process took it and let it go; `is_lost` where its client had
    gone before, `is_refused` where it had too many sessions already. Both hold a process for no time.
    """

    demand: Demand
    start: Floats
    end: Floats
    is_lost: Mask
    is_refused: Mask

    @property
    def waited(self) -> Floats:
        """The seconds from the arrival until a process took it, or the client left."""
        return self.start - self.demand.arrival

    @property
    def occupancy(self) -> Occupancy:
        """How many processes were busy."""
        return Occupancy.of(self.start, self.end)


def replay(demand: Demand, limits: Limits, patience: float = inf) -> Replayed:
    """What becomes of the demand under the limits, when clients leave that have waited for `patience` seconds
    without a banner.
    """
    normal = (demand.work + np.minimum(demand.silence, limits.timeout)).tolist()
    short = (demand.work + np.minimum(demand.silence, limits.stress_timeout)).tolist()
    arrivals = demand.arrival.tolist()
    codes = demand.client.tolist() if limits.client_limit else []
    processes, max_use, max_idle = limits.processes or inf, limits.max_use, limits.max_idle
    starts, ends = [0.0] * len(arrivals), [0.0] * len(arrivals)
    lost: list[int] = []
    refused: list[int] = []
    open_ends: dict[int, list[float]] = {}
    # Of each process: when it is free again, its generation, whether it began under stress, its clients.
    pool: list[tuple[float, int, bool, int]] = []
    generation, stress_until, begin = 0, -inf, -inf
    for place, arrival in enumerate(arrivals):
        # Nobody is served before those that came earlier.
        begin = max(arrival, begin)
        if len(pool) >= processes and pool[0][0] > begin:
            begin = pool[0][0]
        if begin - arrival > patience:  # its turn has come, and the process goes to the next
            starts[place] = ends[place] = arrival + patience
            lost.append(place)
            continue
        while pool and (first := pool[0])[0] <= begin:
            if first[1] == generation and first[3] < max_use and begin - first[0] < max_idle:
                break
            heappop(pool)
        is_idle = bool(pool) and pool[0][0] <= begin
        if is_idle:
            _, _, stressed, uses = pool[0]
        else:
            if len(pool) + 1 >= processes:
                if stress_until < begin:
                    generation += 1
                stress_until = begin + _STRESS_SECONDS
            stressed, uses = stress_until > begin, 0
        end = begin + (short if stressed else normal)[place]
        if codes and codes[place] >= 0:
            own = open_ends.setdefault(codes[place], [])
            while own and own[0] <= begin:
                heappop(own)
            if len(own) >= limits.client_limit:
                refused.append(place)
                end = begin
            else:
                heappush(own, end)
        starts[place], ends[place] = begin, end
        if is_idle:
            heapreplace(pool, (end, generation, stressed, uses + 1))
        else:
            heappush(pool, (end, generation, stressed, 1))
    return Replayed(
        demand,
        np.array(starts),
        np.array(ends),
        _chosen(lost, len(arrivals)),
        _chosen(refused, len(arrivals)),
    )


def _chosen(places: list[int], size: int) -> Mask:
    found = np.zeros(size, np.bool_)
    found[places] = True
    return found
