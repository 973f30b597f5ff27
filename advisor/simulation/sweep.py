"""A limit from its first value to its last: the values between, and the knee of the curve."""

from collections.abc import Callable, Iterable, Sequence
from math import floor, log10

import msgspec
import numpy as np

from advisor.errors import UsageError
from advisor.missing import Missing
from advisor.settings.values import BadValue, parse_number, parse_seconds
from advisor.simulation.asked import Range
from advisor.simulation.outcome import Outcome

# What can be drawn, and whether more of it leaves fewer waiting.
_MORE_IS_BETTER = {
    "process_limit": True,
    "default_process_limit": True,
    "smtpd_timeout": False,
    "smtpd_client_connection_count_limit": False,
}
_TIMES = ("smtpd_timeout",)
# So many lines leave room on a screen.
_MOST = 25
# Of the good clients so many may wait for more than a second; facts/holders.py counts as strictly.
_MAY_WAIT = 0.01


class Point(msgspec.Struct, frozen=True):
    """One value, in seconds where it is a time, and what becomes of the demand."""

    value: int
    outcome: Outcome | Missing


class Sweep(msgspec.Struct, frozen=True):
    """The curve. `knee` is the smallest number of processes, or the largest of the other limits, from which
    on at most one good client in a hundred waits for more than a second; None where that is so for no value.
    `safe_knee` is the same by the upper end of the interval.
    """

    key: str
    is_time: bool
    points: tuple[Point, ...]
    knee: int | None
    safe_knee: int | None

    @classmethod
    def of(cls, asked: Range, points: Sequence[Point]) -> "Sweep":
        """The sweep of a range, with its points by value."""
        name = asked.key.name
        # From the value that leaves the fewest waiting to the one that leaves the most.
        ordered = tuple(reversed(points)) if _MORE_IS_BETTER[name] else tuple(points)
        knee, safe = (_knee(ordered, which) for which in (_value, _high))
        return cls(str(asked.key), name in _TIMES, tuple(points), knee, safe)


def values_of(asked: Range) -> tuple[int, ...]:
    """The first and the last value and rounded ones between, each nearly as many times the one before; times
    in seconds. Raises UsageError for what cannot be drawn.
    """
    name = asked.key.name
    if name not in _MORE_IS_BETTER:
        known = ", ".join(_MORE_IS_BETTER)
        raise UsageError(f"a sweep of {name} cannot be drawn", where="--sweep", cure=f"there are {known}")
    first, last = (_number(text, is_time=name in _TIMES) for text in (asked.first, asked.last))
    if not 0 < first < last:
        raise UsageError(
            f"from {asked.first} to {asked.last} is no range", where="--sweep", cure="the smaller comes first"
        )
    between = np.geomspace(first, last, _MOST)[1:-1].tolist()
    inside = {value for value in map(_rounded, between) if first < value < last}
    return (first, *sorted(inside), last)


def _number(text: str, *, is_time: bool) -> int:
    value = parse_seconds(text) if is_time else parse_number(text)
    if isinstance(value, BadValue):
        raise UsageError(str(value), where="--sweep", cure="write 50..400, or 10s..5m")
    return value


def _rounded(value: float) -> int:
    """To two digits."""
    step = int(10 ** max(0, floor(log10(value)) - 1))
    return round(value / step) * step


def _knee(points: Iterable[Point], waiting: Callable[[Outcome], float]) -> int | None:
    knee = None
    for point in points:
        if isinstance(point.outcome, Missing) or waiting(point.outcome) > _MAY_WAIT:
            break
        knee = point.value
    return knee


def _value(outcome: Outcome) -> float:
    return outcome.waited.value


def _high(outcome: Outcome) -> float:
    return outcome.waited.high
