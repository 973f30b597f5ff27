"""What a change of limits would have done on the log's own day, and where that would turn: or why it cannot
be told.
"""

import msgspec

from advisor.capacity.replay import Limits
from advisor.facts.causes import Cause
from advisor.missing import Missing
from advisor.simulation.flips import Flips
from advisor.simulation.outcome import Outcome
from advisor.simulation.study import FILLS, LEAST, MEASURE, Study

# Less than this is no difference: of the good clients, of a second's wait, of the time with all busy.
_NEXT_TO_NONE = 0.005
_SAME_SECONDS, _SAME_SHARE = 0.5, 0.02
# As advisor simulate counts: so few wait that nothing is needed; with so much left, it was no help.
_HARDLY, _NO_HELP = 0.01, 0.7
# Programs that try without end, and faster where they are served.
_COME_AGAIN = {Cause.AUTH_ABUSE, Cause.REJECTED_CLIENTS}
_ANOTHER_LOG = "give a log of a longer time"
_FILLS_LATER = Missing(
    "silent clients may stay for longer than the log is long, and would fill these processes too",
    _ANOTHER_LOG,
)
_FILLS_LATER_THAN_PART = Missing(
    "silent clients may stay for longer than the log's fullest part is long, which is replayed here",
    "advisor simulate replays all of it",
)


class Prediction(msgspec.Struct, frozen=True):
    """The demand of a service from `first` to `last` under the limits `now` and `then`; times in seconds
    since the epoch. `is_part`: that is the fullest part of a longer log. `is_least`: the log lacks a part of
    what came. `flips` is None where the change does not help, or is not advised.
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
    def is_help(self) -> bool:
        """Whether clearly fewer good clients wait, or, where hardly one does, all are busy for less time."""
        return _is_less(self.then, self.now)

    @property
    def is_worse(self) -> bool:
        """Whether clearly more do."""
        return _is_less(self.now, self.then)

    @property
    def is_at_ease(self) -> bool:
        """Whether hardly a good client waits or is lost as it is."""
        return _waiting(self.now) <= _HARDLY


class Before(msgspec.Struct, frozen=True):
    """A study, and what becomes of its demand as things are."""

    study: Study
    now: Outcome | Missing

    @classmethod
    def of(cls, study: Study, sessions: int) -> "Before":
        """Of about so many sessions, replayed."""
        return cls(study, study.outcome(study.limits, sessions))


def predict(of: Before, then: Limits, sessions: int, *, is_advice: bool = True) -> Prediction | Missing:
    """The prediction for other limits, for which about so many sessions are replayed; Missing where a replay
    cannot tell. Where they are not advised there is nothing that flips.
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
    is_least = study.sample.is_least
    if is_least and _waiting(before) <= _HARDLY:
        return Missing(
            "who waited while the processes were full is not in the log",
            "give a log that begins earlier",
        )
    is_help = _is_less(after, before)
    if is_help and study.fills_later(then):
        return _FILLS_LATER_THAN_PART if study.is_part else _FILLS_LATER
    if is_help and is_least and not is_advice:
        return Missing(
            "who came while the processes were full is not in the log, and may fill these too", _ANOTHER_LOG
        )
    # More processes may be advice for a day to come.
    is_for_later = _waiting(before) <= _HARDLY and study.has_more(then)
    return Prediction(
        study.service.key,
        study.sample.first,
        study.sample.last,
        study.is_part,
        is_least,
        before,
        after,
        Flips.of(study, then) if is_advice and (is_help or is_for_later) else None,
        tuple(each for each in study.doubts(then) if each not in (LEAST, FILLS)),
    )


def _unknowable(study: Study, then: Limits) -> Missing | None:
    if study.grows:
        return Missing(study.grows, MEASURE)
    if study.has_more(then) and not _COME_AGAIN.isdisjoint(study.causes):
        return Missing("who is turned away comes again, and would fill these processes too", MEASURE)
    if not study.sample.logged.is_good.any():
        return Missing("no client of this log delivered mail", _ANOTHER_LOG)
    if 0 < study.limits.client_limit < (then.client_limit or study.limits.client_limit + 1):
        return Missing("whom the limit turned away, the log does not show at work", MEASURE)
    return None


def _is_less(one: Outcome, other: Outcome) -> bool:
    """Whether with the first clearly fewer good clients wait; where hardly one does with either, whether all
    processes are busy for a shorter time.
    """
    if max(_waiting(one), _waiting(other)) > _HARDLY:
        return _waiting(one) < _NO_HELP * _waiting(other)
    return one.full_seconds.value < _NO_HELP * other.full_seconds.value


def _waiting(outcome: Outcome) -> float:
    return outcome.waited.value + outcome.lost.value
