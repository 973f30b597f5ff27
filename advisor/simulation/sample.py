"""The sessions of a log -> the demand on a service, and draws of it: as it was, and as it might have been.

A log shows when a client was accepted, not when it came. While processes are free the two are one; while all
are busy they are not, and who gave up in the queue is not in the log at all. So the time in which the pool
was full is filled with what came in the free time before it. Where there is too little of that, or more were
accepted since a rush had begun, those accepted are kept, which is the least that came: who had left the queue
by then, and was logged as lost after CONNECT, counts as a good client, but for as many as leave so in free
time.
"""

from math import inf

import msgspec
import numpy as np

from advisor.capacity.occupancy import Floats, Integers, Mask, Windows
from advisor.capacity.replay import Demand
from advisor.facts.pool import Pool
from advisor.logs.classes import CLASSES, ENDINGS, STAGES, SessionClass
from advisor.simulation.stretch import fullest

_LOST = ENDINGS.index("lost-connection")
_AT_CONNECT = STAGES.index("CONNECT")
_ON_THE_WAY = tuple(map(STAGES.index, ("HELO", "EHLO", "MAIL", "RCPT", "DATA")))
_JUNK = CLASSES.index(SessionClass.JUNK)
# The peer's reset came before smtpd(8) asked for its address: many clients have this name.
_UNSEEN = "unknown"
_TIMEOUT = CLASSES.index(SessionClass.TIMEOUT)
# From so many sessions of the free time before a full window on, these stand for those that came within.
_ENOUGH = 20
# A client that is gone when a process takes it holds that for no longer.
_AT_ONCE = 1.0
# Where more were accepted than the free time before lets expect, a rush had begun: by so many deviations.
_CHANCE = 2.0
# But for a rush, what comes is alike for ten minutes.
_BEFORE_SECONDS = 600.0
# So much free time shows how many leave by themselves.
_FREE_SECONDS = 10.0
# A draw is put together from stretches that are long beside a burst and short beside the log.
_STRETCHES = 20
_SHORTEST = 5.0


class Fill(msgspec.Struct, frozen=True):
    """A full time, in which `expected` sessions like those in `source` stand for those in `replaced`."""

    begin: float
    end: float
    replaced: Integers
    source: Integers
    expected: float


class Sample(msgspec.Struct, frozen=True):
    """The demand as it was logged, from `first` to `last`, and when the pool was `full`; `gone` are those
    that left at once. `fills` stand for what the log lacks of the full time, but for what came in `unfilled`:
    of that it shows only who was accepted, and who had left by then. `whole_seconds`: the log's stamps have
    no fraction.
    """

    logged: Demand
    first: float
    last: float
    full: Windows
    gone: Mask
    whole_seconds: bool
    fills: tuple[Fill, ...]
    unfilled: tuple[tuple[float, float], ...]
    is_least: bool

    @classmethod
    def of(
        cls,
        pool: Pool,
        first: float,
        last: float,
        exempt: Mask,
        timeout: float = inf,
        most: int | None = None,
    ) -> "Sample":
        """The sample of a pool's sessions between two times; `exempt` tells the places in Pool.addresses to
        which no limit per client applies. `timeout`: the time limit of those days, in seconds. Of more than
        `most` sessions so many are taken: the fullest time.
        """
        lost, stage = pool.busy.column("ended_by") == _LOST, pool.busy.column("stage")
        gone = lost & (stage == _AT_CONNECT) & (pool.busy.seconds <= _AT_ONCE)
        # Whoever had waited for the banner may lose patience before the message is taken.
        gone |= lost & (pool.busy.column("kind") == _JUNK) & np.isin(stage, _ON_THE_WAY)
        gone[np.searchsorted(pool.busy.place, pool.slow.place)] = False
        logged = _demand(pool, exempt, timeout)
        stamps = logged.arrival[:1000]
        whole_seconds = bool(np.all(stamps == np.floor(stamps)))
        full = pool.full
        if most is not None and len(logged) > most:
            first, last = fullest(logged.arrival, full, pool.occupancy, most)
            # Who was there when it began held a process as well.
            inside = (pool.busy.end > first) & (logged.arrival <= last) | (logged.arrival == first)
            logged, gone, full = logged.where(inside), gone[inside], full.between(first, last)
        return cls.of_demand(logged, first, last, full, gone, whole_seconds=whole_seconds)

    @classmethod
    def of_demand(
        cls, logged: Demand, first: float, last: float, full: Windows, gone: Mask, *, whole_seconds: bool
    ) -> "Sample":
        """The sample of sessions by arrival."""
        fills: list[Fill] = []
        unfilled: list[tuple[float, float]] = []
        is_least = False
        silent = logged.silence > 0
        for place, (begin, end) in enumerate(zip(full.starts.tolist(), full.ends.tolist(), strict=True)):
            inside = np.arange(*np.searchsorted(logged.arrival, (begin, end)))
            for kind in (silent, ~silent):
                found = _source(logged, full, place, first, kind)
                accepted = inside[kind[inside]]
                expected = len(found[0]) * (end - begin) / found[1] if found else 0.0
                if found and len(accepted) <= expected + _CHANCE * (1 + np.sqrt(expected)):
                    fills.append(Fill(begin, end, accepted, found[0], expected))
                    continue
                is_least = True
                if kind is not silent:
                    unfilled.append((begin, end))
        return cls(logged, first, last, full, gone, whole_seconds, tuple(fills), tuple(unfilled), is_least)

    def draw(self, random: np.random.Generator) -> Demand:
        """The demand once more: full time is filled, whole seconds get a fraction."""
        return self._filled(random).in_order()

    def redraw(self, random: np.random.Generator) -> Demand:
        """A demand that might have come as well: stretches of the log, put together at random."""
        drawn = self.draw(random)
        length = self.last - self.first
        stretch = max(length / _STRETCHES, _SHORTEST)
        number = max(1, int(np.ceil(length / stretch)))
        begins = self.first + random.random(number) * max(0.0, length - stretch)
        # Those that were there before stay what they were.
        before = np.arange(np.searchsorted(drawn.arrival, self.first))
        places, moved = [before], [drawn.arrival[before]]
        for index, begin in enumerate(begins.tolist()):
            low, high = np.searchsorted(drawn.arrival, (begin, begin + stretch))
            places.append(np.arange(low, high))
            moved.append(drawn.arrival[low:high] + (self.first + index * stretch - begin))
        again = msgspec.structs.replace(drawn.where(np.concatenate(places)), arrival=np.concatenate(moved))
        return again.where(again.arrival < self.last)

    def _filled(self, random: np.random.Generator) -> Demand:
        logged = self.logged
        if self.whole_seconds:
            logged = msgspec.structs.replace(logged, arrival=logged.arrival + random.random(len(logged)))
        for begin, end in self.unfilled:
            logged = self._as_if_served(logged, begin, end, random)
        kept = np.ones(len(logged), np.bool_)
        parts = []
        for fill in self.fills:
            kept[fill.replaced] = False
            number = int(random.poisson(fill.expected))
            if number:
                drawn = self.logged.where(random.choice(fill.source, number))
                times = fill.begin + random.random(number) * (fill.end - fill.begin)
                parts.append(msgspec.structs.replace(drawn, arrival=times))
        return Demand.joined(logged.where(kept), *parts) if parts else logged.where(kept)

    def _as_if_served(self, logged: Demand, begin: float, end: float, random: np.random.Generator) -> Demand:
        """The demand, in which those that left between two times are good clients with the work of one."""
        good = np.flatnonzero(self.logged.is_good)
        inside = np.flatnonzero(self.gone & (self.logged.arrival >= begin) & (self.logged.arrival < end))
        probes = int(np.ceil(self._leaving_rate * (end - begin)))
        if not len(good) or len(inside) <= probes:
            return logged
        chosen = random.choice(inside, len(inside) - probes, replace=False)
        work, is_good = logged.work.copy(), logged.is_good.copy()
        work[chosen] = self.logged.work[random.choice(good, len(chosen))]
        is_good[chosen] = True
        return msgspec.structs.replace(logged, work=work, is_good=is_good)

    @property
    def _leaving_rate(self) -> float:
        """How many leave at once in a second while processes are free: probes, and the like. A few seconds
        tell nothing of that, and then none is taken for one.
        """
        free = self.last - self.first - self.full.seconds
        number = int(np.sum(self.gone & ~_within(self.full, self.logged.arrival)))
        return number / free if free >= _FREE_SECONDS else 0.0


def _demand(pool: Pool, exempt: Mask, timeout: float) -> Demand:
    """Only what holds a process and gives nothing back is cut by a time limit: its last and longest silence.
    A good client may keep silent as well, and its pauses are not told from the server's own. Who is still
    there after twice the time limit is not silent: a shorter one would end it no sooner.
    """
    seconds = pool.busy.seconds
    is_slow = np.zeros(len(pool.busy), np.bool_)
    is_slow[np.searchsorted(pool.busy.place, pool.slow.place)] = True
    is_open = np.isnan(pool.busy.column("end"))
    timed_out = pool.busy.column("kind") == _TIMEOUT
    pause = np.minimum(pool.busy.column("longest_pause").astype(np.float64), seconds)
    outlasts = is_slow & is_open & (seconds > 2 * timeout)
    silence = np.where(is_slow & ~outlasts, np.where(timed_out | is_open, np.inf, pause), 0.0)
    work = np.where(is_slow, np.where(is_open, 0.0, seconds - pause), seconds)
    work[outlasts] = np.inf
    is_good = np.zeros(len(pool.busy), np.bool_)
    is_good[np.searchsorted(pool.busy.place, pool.good.place)] = True
    unseen = np.array([name == _UNSEEN for name in pool.addresses], np.bool_)
    client = np.where((exempt | unseen)[pool.busy.client], -1, pool.busy.client)
    return Demand(pool.busy.start, work, silence, client, is_good)


def _source(
    logged: Demand, full: Windows, place: int, first: float, kind: Mask
) -> tuple[Integers, float] | None:
    """The sessions of a kind in the free time before a full window, by place, and its seconds; None if the
    sessions of all kinds are few.
    """
    begin, end = float(full.starts[place]), float(full.ends[place])
    since = max(first, begin - max(_BEFORE_SECONDS, end - begin))
    low, high = np.searchsorted(logged.arrival, (since, begin))
    busy = float(full.overlaps(np.array([since]), np.array([begin]))[0])
    free = np.arange(low, high)[~_within(full, logged.arrival[low:high])]
    if len(free) < _ENOUGH or begin - since <= busy:
        return None
    return free[kind[free]], begin - since - busy


def _within(full: Windows, times: Floats) -> Mask:
    """For each time whether it is in a window; the end belongs to the time behind it."""
    place = np.searchsorted(full.starts, times, "right") - 1
    found: Mask = (place >= 0) & (times < full.ends[place])
    return found
