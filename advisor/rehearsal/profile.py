"""The demand of a log -> visits of a scene: the stretch that shows the trouble, in less time than it took.

Arrivals, the clients' own pace and silence, and time limits are divided by the same factor, so that as many
processes are busy as in the log. What the server itself made clients wait for is left out of their pace: the
rehearsal has that of its own. Work of processors cannot be made faster, and is played as fast as it was.
"""

from collections.abc import Sequence
from math import inf, isinf

import msgspec
import numpy as np

from advisor.capacity.occupancy import Floats
from advisor.capacity.replay import Demand, Limits, replay
from advisor.facts.causes import Cause
from advisor.rehearsal.addresses import addresses_of
from advisor.rehearsal.scene import Kind, Visit
from advisor.rehearsal.stage_values import Delays
from advisor.rehearsal.staging import TimeLimit
from advisor.rehearsal.stretch import Stretch
from advisor.simulation.sample import Sample

_SEED = 25
# Who leaves within a second had nothing to ask.
_AT_ONCE = 1.0
# A client of the scene pauses so often: before EHLO, MAIL, RCPT, DATA, the message, and QUIT.
_PAUSES = 6
# Who comes so shortly before the end is not expected to be served by then.
_MARGIN = 1.0
_PACE = 1.0


class Played(msgspec.Struct, frozen=True):
    """A stretch of a log as a scene: `visits`, which of them are good and should be served by its end, and
    the same as a demand, in the time of the log, which is `stretch.factor` times as long.
    """

    visits: tuple[Visit, ...]
    good: tuple[bool, ...]
    expected: tuple[bool, ...]
    demand: Demand
    stretch: Stretch
    patience: float
    notes: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """How long the scene takes."""
        return self.stretch.seconds / self.stretch.factor

    def predicted(self, limits: Limits) -> "Prediction":
        """What a replay says of the same visits."""
        found = replay(self.demand, limits, self.patience)
        good, end = self.demand.is_good, self.stretch.seconds
        waited = np.minimum(found.waited[good], np.maximum(0.0, end - self.demand.arrival[good]))
        expected = np.array(self.expected, np.bool_)
        served = (found.end <= end) & ~found.is_lost & ~found.is_refused
        return Prediction(
            float(np.mean(served[expected])) if expected.any() else 1.0,
            float(np.quantile(waited, 0.95)) if len(waited) else 0.0,
            float(np.mean(found.start[good] >= end)) if len(waited) else 0.0,
        )


class Prediction(msgspec.Struct, frozen=True):
    """Of the good clients: the share served, 0 to 1; the seconds that 19 of 20 wait for the banner, at least
    where more than that share are `without_banner` by the end.
    """

    served: float
    banner_p95: float
    without_banner: float


def play_of(
    sample: Sample,
    stretch: Stretch,
    limits: Limits,
    causes: Sequence[Cause],
    *,
    waits: float,
    size: int,
    networks: Sequence[str],
    patience: float,
) -> Played:
    """The scene of a stretch. `limits` are those of the log, `waits` the mean seconds for which a server kept
    a good client waiting, `size` the bytes of a message, `networks` the elements of mynetworks.
    """
    random = np.random.default_rng(_SEED)
    demand = _within(sample.draw(random), stretch, limits)
    good = demand.is_good
    own = _own_share(demand.work[good], waits)
    factor = stretch.factor
    addresses, notes = addresses_of(demand, networks)
    visits = []
    for place in range(len(demand)):
        at, work = float(demand.arrival[place]) / factor, float(demand.work[place])
        stay = (work + float(demand.silence[place])) / factor
        address = addresses[place]
        if good[place]:
            visits.append(Visit(at, Kind.MAIL, address, work * own / factor / _PAUSES, size=size))
        elif stay * factor <= _AT_ONCE:
            visits.append(Visit(at, Kind.RESET if demand.client[place] < 0 else Kind.FIN, address))
        else:
            visits.append(_holding(at, work, stay, address, limits, causes, factor))
    until = demand.arrival + demand.work + _MARGIN * factor
    expected = good & (until <= stretch.seconds)
    return Played(
        tuple(visits), tuple(good.tolist()), tuple(expected.tolist()), demand, stretch, patience, tuple(notes)
    )


def _holding(
    at: float, work: float, stay: float, address: str, limits: Limits, causes: Sequence[Cause], factor: float
) -> Visit:
    """Who holds a process and gives nothing back. Whoever stays longer than any silence may last talks."""
    if Cause.SLOW_TRANSFER in causes:
        return Visit(at, Kind.LINES, address, _PACE / factor, stay)
    talks = work > limits.timeout
    return Visit(at, Kind.BYTES if talks else Kind.SILENT, address, _PACE / factor if talks else 0.0, stay)


def _within(demand: Demand, stretch: Stretch, limits: Limits) -> Demand:
    """The sessions that begin within a stretch, from its begin on; and those that were there already, which
    stay for the rest of their time.
    """
    begin = stretch.begin
    end = demand.arrival + demand.work + np.minimum(demand.silence, limits.timeout)
    there = np.flatnonzero((demand.arrival < begin) & (end > begin))
    there = there[-limits.processes :] if limits.processes else there
    inside = demand.where((demand.arrival >= begin) & (demand.arrival < begin + stretch.seconds))
    first = demand.where(there)
    rest: Floats = end[there] - begin
    return Demand(
        np.concatenate((np.zeros(len(there)), inside.arrival - begin)),
        np.concatenate((np.zeros(len(there)), inside.work)),
        np.concatenate((rest, inside.silence)),
        np.concatenate((first.client, inside.client)),
        np.concatenate((np.zeros(len(there), np.bool_), inside.is_good)),
    )


def _own_share(work: Floats, waits: float) -> float:
    """The part of good clients' sessions that was not spent waiting for the server."""
    mean = float(np.mean(work)) if len(work) else 0.0
    return max(0.0, mean - waits) / mean if mean else 0.0


def time_limit(limits: Limits, factor: int) -> TimeLimit | None:
    """smtpd_timeout in a scene that is so many times as fast; None where it stays as it is."""
    if factor == 1 or isinf(limits.timeout):
        return None
    return TimeLimit(*(max(1, round(each / factor)) for each in (limits.timeout, limits.stress_timeout)))


def delays_in(delays: Delays, factor: int) -> Delays:
    """What stand-ins take in such a scene."""
    return Delays(
        delays.policy / factor,
        delays.milter / factor,
        delays.filter / factor,
        delays.resolver / factor,
        delays.filter_workers,
    )


def patience_in(patience: float, factor: int) -> float:
    """How long a client of the scene waits for an answer; it is bounded where it was not."""
    return 3600.0 if patience == inf else patience / factor
