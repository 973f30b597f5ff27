"""What a change of limits would have done on the log's own day, and where that would turn: or why it cannot
be told.
"""

import msgspec

from advisor.capacity.replay import Limits
from advisor.missing import Missing
from advisor.simulation.flips import Flips
from advisor.simulation.outcome import Outcome
from advisor.simulation.study import FILLS, LEAST, MEASURE, Study

# Less than this is no difference: of the good clients, of a second's wait, of the time with all busy.
_NEXT_TO_NONE = 0.005
_SAME_SECONDS, _SAME_SHARE = 0.5, 0.02
# As advisor simulate counts: so few wait that nothing is needed; with so much left, it was no help.
_HARDLY, _NO_HELP = 0.01, 0.7
_ANOTHER_LOG = "give a log of a longer time"


class Prediction(msgspec.Struct, frozen=True):
    """The demand of a service from `first` to `last` under the limits `now` and `then`; times in seconds
    since the epoch. `is_part`: that is the fullest part of a longer log. `is_least`: the log lacks a part of
    what came. `flips` is None where the change does not help.
    """

    service: str
    first: float
    last: float
    is_part: bool
    is_least: bool
    now: Outcome
    then: Outcome
    flips: Flips | None
    doubts: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether nobody would see a difference."""
        one, other = self.now, self.then
        shares = ((one.waited, other.waited), (one.lost, other.lost))
        return (
            all(abs(left.value - right.value) < _NEXT_TO_NONE for left, right in shares)
            and abs(one.wait_p95.value - other.wait_p95.value) < _SAME_SECONDS
            and abs(one.busy_p99.value - other.busy_p99.value) < 1
            and abs(one.full_seconds.value - other.full_seconds.value)
            <= _SAME_SECONDS + _SAME_SHARE * one.full_seconds.value
        )

    @property
    def is_at_ease(self) -> bool:
        """Whether hardly a good client waits or is lost as it is."""
        return self.now.waited.value + self.now.lost.value <= _HARDLY


class Before(msgspec.Struct, frozen=True):
    """A study, and what becomes of its demand as things are."""

    study: Study
    now: Outcome | Missing

    @classmethod
    def of(cls, study: Study, sessions: int) -> "Before":
        """Of about so many sessions, replayed."""
        return cls(study, study.outcome(study.limits, sessions))


def predict(of: Before, then: Limits, sessions: int) -> Prediction | Missing:
    """The prediction for other limits, for which about so many sessions are replayed; Missing where a replay
    cannot tell.
    """
    study, before = of.study, of.now
    unknown = _unknowable(study, then)
    if unknown is not None:
        return unknown
    after = study.outcome(then, sessions)
    if isinstance(before, Missing):
        return before
    if isinstance(after, Missing):
        return after
    if not before.finds(study.measured):
        return Missing("a replay of what was does not find what the log shows", MEASURE)
    is_help = _helps(before, after)
    if is_help and study.fills_later(then):
        return Missing(
            "the log is shorter than silent clients may stay, and they would fill the processes after its end",
            _ANOTHER_LOG,
        )
    return Prediction(
        study.service.key,
        study.sample.first,
        study.sample.last,
        study.is_part,
        study.sample.is_least,
        before,
        after,
        Flips.of(study, then) if is_help else None,
        tuple(each for each in study.doubts(then) if each not in (LEAST, FILLS)),
    )


def _unknowable(study: Study, then: Limits) -> Missing | None:
    if study.grows:
        return Missing(study.grows, MEASURE)
    if not study.sample.logged.is_good.any():
        return Missing("no client of this log delivered mail", _ANOTHER_LOG)
    if 0 < study.limits.client_limit < (then.client_limit or study.limits.client_limit + 1):
        return Missing("whom the limit turned away, the log does not show at work", MEASURE)
    return None


def _helps(before: Outcome, after: Outcome) -> bool:
    """Whether fewer good clients wait, or all processes are busy for a shorter time where none waits."""
    was, left = ((each.waited.value + each.lost.value, each.full_seconds.value) for each in (before, after))
    measure = 0 if was[0] > _HARDLY else 1
    return left[measure] < _NO_HELP * was[measure]
