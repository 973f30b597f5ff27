"""Where advice would no longer hold: by how many clients, and by which value of the limit that it changes.

It holds as long as hardly a good client waits for a process. Both scales are monotone: more clients leave
more of them waiting, and so do fewer processes, or a longer time limit. So the turn is found by bisection.
"""

from collections.abc import Callable
from enum import StrEnum
from math import inf, sqrt

import msgspec
import numpy as np

from advisor.capacity.occupancy import Mask
from advisor.capacity.replay import Demand, Limits, replay
from advisor.facts.causes import Cause
from advisor.simulation.outcome import kept_waiting
from advisor.simulation.scale import scaled
from advisor.simulation.study import Study

# As many good clients may wait for more than a second: as in sweep.py.
_MAY_WAIT = 0.01
# How far the number of clients is scaled, and how near to the turn is near enough.
_FEWEST, _MOST, _NEAR = 1 / 16, 4.0, 1.05
# No limit per client is as good as this one.
_UNLIMITED = 10_000
_DRAWS, _SESSIONS = 5, 3000
_SEED = 25


class Scaled(StrEnum):
    """Who comes more often: those that hold a process and say nothing, or all."""

    SLOW = "slow clients"
    ALL = "clients"


class Bound(msgspec.Struct, frozen=True):
    """The value of the changed limit up to which the advice holds: the fewest processes, or else the longest
    time in seconds, or the most sessions a client.
    """

    parameter: str
    value: int


class Flips(msgspec.Struct, frozen=True):
    """`now` and `then`: up to how many times as many clients as in the log hardly a good one waits, without
    the change and with it; 0 where it does not help even if few come, inf where that is more than was tried.
    `now` is 0 as well where silent clients may stay for longer than the log is long: fewer fill it later.
    `tried` is how many were. `bound` is None where no value of the changed limit alone will do, or the
    present one does.
    """

    scaled: Scaled
    now: float
    then: float
    bound: Bound | None
    tried: float = _MOST

    @classmethod
    def of(cls, study: Study, then: Limits) -> "Flips":
        """The flips of a change from the limits of the study to other ones."""
        trial = _Trial.of(study)
        now = 0.0 if study.fills_later(study.limits) else trial.bears(study.limits)
        return cls(trial.scaled, now, trial.bears(then), trial.bound(then))


class _Trial(msgspec.Struct, frozen=True):
    """Some draws of a study's demand."""

    study: Study
    draws: tuple[Demand, ...]
    scaled: Scaled

    @classmethod
    def of(cls, study: Study) -> "_Trial":
        random = np.random.default_rng(_SEED)
        number = int(np.clip(_SESSIONS // max(1, len(study.sample.logged)), 1, _DRAWS))
        is_slow = study.causes[0] in (Cause.SLOW_CLIENTS, Cause.SINGLE_CLIENT)
        draws = tuple(study.sample.draw(random) for _ in range(number))
        return cls(study, draws, Scaled.SLOW if is_slow else Scaled.ALL)

    def holds(self, limits: Limits, times: float = 1.0) -> bool:
        """Whether hardly a good client waits when so many times as many come."""
        sample = self.study.sample
        shares = [
            kept_waiting(
                replay(
                    scaled(each, self._chosen(each), times, sample.first, sample.last),
                    limits,
                    self.study.patience,
                ),
                sample.last,
            )
            for each in self.draws
        ]
        return float(np.median(shares)) <= _MAY_WAIT

    def _chosen(self, demand: Demand) -> Mask:
        return demand.silence > 0 if self.scaled is Scaled.SLOW else np.ones(len(demand), np.bool_)

    def bears(self, limits: Limits) -> float:
        """Up to how many times as many clients it holds."""
        low, high = 1.0, 1.0
        if self.holds(limits):
            while (high := 2 * low) <= _MOST and self.holds(limits, high):
                low = high
            if high > _MOST:
                return inf
        else:
            while (low := high / 2) >= _FEWEST and not self.holds(limits, low):
                high = low
            if low < _FEWEST:
                return 0.0
        while high / low > _NEAR:
            middle = sqrt(low * high)
            low, high = (middle, high) if self.holds(limits, middle) else (low, middle)
        return low

    def bound(self, then: Limits) -> Bound | None:
        """The last value of the limit that alone is changed with which the advice holds."""
        now = self.study.limits
        for parameter, knob in _KNOBS.items():
            if knob.turns(now, then):
                value = None if self.holds(now) else self._turn(knob, now, then)
                return None if value is None else Bound(parameter, value)
        return None

    def _turn(self, knob: "_Knob", now: Limits, then: Limits) -> int | None:
        """The value nearest to the present one that holds; None where none does."""
        bad, good = knob.read(now), knob.read(then)
        further = iter(knob.further(good))
        while not self.holds(knob.turned(then, good)):
            bad, good = good, next(further, 0)
            if not good:
                return None
        while max(good, bad) > _NEAR * min(good, bad):
            middle = round(sqrt(good * bad))
            if middle in (good, bad):
                break
            good, bad = (middle, bad) if self.holds(knob.turned(then, middle)) else (good, middle)
        return good


class _Knob(msgspec.Struct, frozen=True):
    """A limit that may be changed; the first of its `fields` is its value, `further` the values to try where
    that does not do. `more_is_better`: more of it leaves fewer clients waiting.
    """

    fields: tuple[str, ...]
    more_is_better: bool
    further: Callable[[int], list[int]]

    def read(self, limits: Limits) -> int:
        """The value; of no limit per client, one that is as good as none."""
        return int(getattr(limits, self.fields[0])) or _UNLIMITED

    def turned(self, limits: Limits, value: int) -> Limits:
        """The limits with another value; no field of it is above that."""
        return msgspec.structs.replace(
            limits,
            **{
                name: value if name == self.fields[0] else min(value, getattr(limits, name))
                for name in self.fields
            },
        )

    def turns(self, now: Limits, then: Limits) -> bool:
        """Whether it, and nothing else, is changed for the better."""
        others = [name for name in Limits.__struct_fields__ if name not in self.fields]
        better = self.read(then) > self.read(now) if self.more_is_better else self.read(then) < self.read(now)
        return better and all(getattr(now, name) == getattr(then, name) for name in others)


def _halves(value: int) -> list[int]:
    return [value >> each for each in range(1, value.bit_length())]


_KNOBS = {
    "process_limit": _Knob(("processes",), more_is_better=True, further=lambda value: [2 * value, 4 * value]),
    "smtpd_timeout": _Knob(("timeout", "stress_timeout"), more_is_better=False, further=_halves),
    "smtpd_client_connection_count_limit": _Knob(("client_limit",), more_is_better=False, further=_halves),
}
