"""What a report on a rehearsal is made of."""

from enum import StrEnum

import msgspec

from advisor.capacity.replay import Limits
from advisor.facts.causes import Cause
from advisor.missing import Missing
from advisor.rehearsal.profile import Prediction
from advisor.rehearsal.stretch import Stretch

# By so much of the good clients one side serves more; by so much of the time the banner comes sooner.
_SHARE, _SOONER, _NOTICED = 0.05, 0.5, 1.0


class Measured(msgspec.Struct, frozen=True):
    """What the clients saw, and what the server needed. Times are those of the log, of which the rehearsal
    is a faster form; `cpu` and `memory` are the rehearsal's own.

    `offered` good clients came; of those with time enough until the end, `expected`, the share `served` was.
    `banner_p50` and `banner_p95` are the seconds that half and 19 of 20 waited for the banner, at least,
    where more than that are `without_banner`. `lost` left or were hung up on without their mail taken,
    `refused` were told no, `waiting` were left when it was over; `reply` is the most frequent word of
    refusal. `busy_peak` processes were busy at most, `full_seconds` all of them; `waiting_peak` clients
    waited for one. `cpu` is in seconds, `memory` in bytes. `trouble` is what the first program said that
    gave up, or nothing.
    """

    offered: int
    expected: int
    served: float
    banner_p50: float
    banner_p95: float
    without_banner: int
    lost: int
    refused: int
    waiting: int
    reply: str
    busy_peak: int
    waiting_peak: int
    full_seconds: float
    cpu: float
    memory: int
    trouble: str


class Side(msgspec.Struct, frozen=True):
    """One form of the configuration: its limits, what was measured under it, and what a replay says."""

    limits: Limits
    measured: Measured
    predicted: Prediction | Missing


class Logged(msgspec.Struct, frozen=True):
    """What the log itself shows, all of it: sessions, those that delivered mail, processes busy for 99 % of
    the time at most, and the seconds for which all were.
    """

    first: float
    last: float
    sessions: int
    good: int
    busy_p99: float
    full_seconds: float


class Result(StrEnum):
    """What the change does to the good clients."""

    BETTER = "the change helps"
    SAME = "the change makes no difference here"
    WORSE = "the change makes it worse"


class RehearseReport(msgspec.Struct, frozen=True):
    """A configuration before and after a change, under the load of its log. `after` is None where there is
    no change to try; `changes` say what it is, `replaced` what of the configuration was not the original,
    `notes` what to know of the figures.
    """

    configuration: str
    service: str
    causes: tuple[Cause, ...]
    logged: Logged
    stretch: Stretch
    visits: int
    before: Side
    after: Side | None
    changes: tuple[str, ...]
    replaced: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """How long each side was played."""
        return self.stretch.seconds / self.stretch.factor

    @property
    def result(self) -> Result | None:
        """None where nothing was changed."""
        if self.after is None:
            return None
        before, after = self.before.measured, self.after.measured
        if abs(after.served - before.served) >= _SHARE:
            return Result.BETTER if after.served > before.served else Result.WORSE
        slow, quick = max(before.banner_p95, after.banner_p95), min(before.banner_p95, after.banner_p95)
        if slow < _NOTICED or quick > slow * _SOONER:
            return Result.SAME
        return Result.BETTER if after.banner_p95 < before.banner_p95 else Result.WORSE
