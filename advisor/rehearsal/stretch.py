"""Which part of a log is played, and how many times as fast."""

from collections.abc import Sequence

import msgspec
import numpy as np

from advisor.capacity.replay import Limits
from advisor.facts.causes import Cause
from advisor.simulation.sample import Sample

# More clients in a second than two processors serve would be a trouble of the rehearsal's own.
_CLIENTS_PER_SECOND = 60.0
_MOST_CLIENTS = 3000
# Of what is to be seen, a third may be cut off before time is pressed.
_ENOUGH = 2 / 3
# A session of a good client takes half a second or more, beside which starts and forks are short.
_SHORTEST_WORK = 0.5
_FASTEST = 60
_EXACT = 0.1
_BY_SILENCE = frozenset({Cause.SLOW_CLIENTS, Cause.SINGLE_CLIENT, Cause.PROBES, Cause.NONE})


class Stretch(msgspec.Struct, frozen=True):
    """From `begin`, a time of day, for so many `seconds` of the log, which are played `factor` times as fast.
    `was_cut`: there were more clients than can be played.
    """

    begin: float
    seconds: float
    factor: int
    was_cut: bool = False


def stretch_of(sample: Sample, causes: Sequence[Cause], limits: Sequence[Limits], seconds: float) -> Stretch:
    """The stretch to play within `seconds`, so that each of the limits can be told apart."""
    total = sample.last - sample.first
    begin, lead, length = _trouble(sample, limits[0])
    factor = _factor(sample, causes, limits, _ENOUGH * min(total, lead + length) / seconds)
    seen = min(total, seconds * factor)
    start = begin - min(lead, seen / 2) if lead else begin
    start = max(sample.first, min(start, sample.last - seen))
    arrivals = sample.logged.arrival
    number = int(np.searchsorted(arrivals, start + seen) - np.searchsorted(arrivals, start))
    if number > _MOST_CLIENTS:
        return Stretch(start, seen * _MOST_CLIENTS / number, factor, was_cut=True)
    return Stretch(start, seen, factor)


def _trouble(sample: Sample, limits: Limits) -> tuple[float, float, float]:
    """When all processes were busy for the longest time; the seconds before in which they filled; how long
    to look on. Of a log in which they never were: its busiest part.
    """
    full = sample.full
    if not len(full):
        arrivals = sample.logged.arrival
        middle = float(np.median(arrivals)) if len(arrivals) else sample.first
        return middle, 0.0, 0.0
    place = int(np.argmax(full.full))
    begin = float(full.starts[place])
    lead = min(begin - sample.first, limits.timeout)
    return begin, lead, min(float(full.ends[place]) - begin, limits.timeout)


def _factor(sample: Sample, causes: Sequence[Cause], limits: Sequence[Limits], wanted: float) -> int:
    """The least factor that is enough, or else the largest that all bounds allow."""
    if Cause.CPU_BOUND_CHECKS in causes:
        return 1
    rate = len(sample.logged) / max(1.0, sample.last - sample.first)
    most = min(_FASTEST, _CLIENTS_PER_SECOND / rate if rate else _FASTEST)
    if not _BY_SILENCE.issuperset(causes):
        good = sample.logged.work[sample.logged.is_good]
        most = min(most, float(np.mean(good)) / _SHORTEST_WORK if len(good) else most)
    times = {time for each in limits for time in (each.timeout, each.stress_timeout)}
    allowed = [1] + [each for each in range(2, int(most) + 1) if all(_is_exact(time, each) for time in times)]
    return next((each for each in allowed if each >= wanted), allowed[-1])


def _is_exact(seconds: float, factor: int) -> bool:
    """Whether a time limit can be pressed by it: Postfix takes whole seconds."""
    pressed = round(seconds / factor)
    return pressed >= 1 and abs(pressed * factor - seconds) <= _EXACT * seconds
