"""What a replay comes to, in numbers an administrator knows; each with the interval that a log allows."""

from math import inf

import msgspec
import numpy as np

from advisor.capacity.occupancy import Floats, Integers, Mask, Occupancy
from advisor.capacity.replay import Limits, Replayed, replay
from advisor.simulation.sample import Sample

# Who waits longer for a process has been kept waiting.
_NOTICED = 1.0
# At least so many draws, and more of a small log: so many sessions are replayed for one set of limits.
_FEWEST, _MOST, SESSIONS = 3, 40, 1_000_000
# Of a hundred draws, ninety lie within an interval.
_LOW, _HIGH = 0.05, 0.95
_SEED = 25


class Estimate(msgspec.Struct, frozen=True):
    """A number, and the bounds within which nine of ten draws of the demand have it."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, drawn: Floats, redrawn: Floats) -> "Estimate":
        """The middle of draws of the demand as it was; the interval of those as it might have been, too."""
        both = np.concatenate((drawn, redrawn))
        # What never happens is infinitely late: no mean of two draws.
        low, high = (float(np.quantile(both, share, method="nearest")) for share in (_LOW, _HIGH))
        value = float(np.quantile(drawn, 0.5, method="nearest"))
        return cls(value, min(low, value), max(high, value))


class Busy(msgspec.Struct, frozen=True):
    """How busy a service was: the first four fields of an Outcome, as they were measured."""

    busy_p50: float
    busy_p99: float
    full_from: float
    full_seconds: float

    @classmethod
    def of(cls, occupancy: Occupancy, processes: int, first: float) -> "Busy":
        """Of a pool of `processes`, 0 for any number, from `first` on."""
        lengths = np.diff(occupancy.edges)
        full = occupancy.full_windows(processes or inf, 0)
        return cls(
            _weighted(occupancy.busy, lengths, 0.5),
            _weighted(occupancy.busy, lengths, 0.99),
            float(full.starts[0] - first) if len(full) else inf,
            float(np.sum(full.full)),
        )


class Outcome(msgspec.Struct, frozen=True):
    """What becomes of a service under some limits. `busy_p50`, `busy_p99`: processes busy for half and for 99
    % of the time; `full_from`: seconds from the log's begin until all are busy, inf where they never are;
    `full_seconds` for how long they are. Of the good clients: `waited`, the share that waits for a process
    for more than a second; `wait_p95`, the seconds that 19 of 20 wait at most; `served`, the share of those
    with time enough whose mail was taken before the log's end; `lost`, the share that left without a banner
    or had too many sessions open.
    """

    busy_p50: Estimate
    busy_p99: Estimate
    full_from: Estimate
    full_seconds: Estimate
    waited: Estimate
    wait_p95: Estimate
    served: Estimate
    lost: Estimate

    def finds(self, measured: Busy) -> bool:
        """Whether the time for which the log shows all processes busy is one that the replay finds."""
        seconds = measured.full_seconds
        # Stamps of whole seconds shift each begin and end.
        slack = 1 + 0.1 * seconds
        return self.full_seconds.low - slack <= seconds <= self.full_seconds.high + slack


def outcome(sample: Sample, limits: Limits, patience: float = inf, sessions: int = SESSIONS) -> Outcome:
    """What becomes of a sample under the limits; the same for the same input. `patience` in seconds."""
    random = np.random.default_rng(_SEED)
    draws = int(np.clip(sessions // max(1, 2 * len(sample.logged)), _FEWEST, _MOST))
    drawn, redrawn = (
        np.array(
            [_numbers(sample, replay(draw(random), limits, patience), limits) for _ in range(draws)]
        ).reshape(draws, -1)
        for draw in (sample.draw, sample.redraw)
    )
    return Outcome(*map(Estimate.of, drawn.T, redrawn.T))


def kept_waiting(found: Replayed, last: float) -> float:
    """The share of the good clients that wait for more than a second by then, or are lost."""
    good = found.demand.is_good
    waited = np.minimum(found.start, last)[good] - found.demand.arrival[good]
    return _share((waited > _NOTICED) | (found.is_lost | found.is_refused)[good])


def example(sample: Sample, limits: Limits, patience: float = inf) -> Occupancy:
    """The processes that one draw of the demand keeps busy, up to the log's end."""
    found = replay(sample.draw(np.random.default_rng(_SEED)), limits, patience)
    seen = found.start < sample.last
    return Occupancy.of(found.start[seen], np.minimum(found.end[seen], sample.last))


def _numbers(sample: Sample, found: Replayed, limits: Limits) -> tuple[float, ...]:
    """The fields of an Outcome, of one replay, in their order."""
    until = np.minimum(found.end, sample.last)
    seen = found.start < sample.last
    occupancy = Occupancy.of(found.start[seen], until[seen]).between(sample.first, sample.last)
    busy = Busy.of(occupancy, limits.processes, sample.first)
    good = found.demand.is_good
    waited = np.minimum(found.start, sample.last)[good] - found.demand.arrival[good]
    gone = (found.is_lost | found.is_refused)[good]
    in_time = (found.demand.arrival + found.demand.work)[good] <= sample.last
    served = (found.end[good] <= sample.last) & ~gone
    return (
        *msgspec.structs.astuple(busy),
        _share(waited > _NOTICED),
        float(np.quantile(waited, 0.95)) if len(waited) else 0.0,
        _share(served[in_time]),
        _share(gone),
    )


def _weighted(busy: Integers, seconds: Floats, share: float) -> float:
    """What is not exceeded for a share of the time."""
    if not len(busy):
        return 0.0
    order = np.argsort(busy)
    held = np.cumsum(seconds[order])
    return float(busy[order][np.searchsorted(held, share * held[-1])])


def _share(which: Mask) -> float:
    return float(np.mean(which)) if len(which) else 0.0
