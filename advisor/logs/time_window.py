"""Which part of a log is looked at: --since and --until.

A time without a zone is what the log itself shows, whatever zone its server was in; a time with a zone is an
instant. `2h`, `yesterday` and their like count back from the log's last line, not from now: a log that was
copied here last week is as good as a live one, and no clock needs to be the server's.
"""

import re
from datetime import UTC, datetime
from math import inf
from typing import TYPE_CHECKING

import msgspec

from advisor.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ABSOLUTE = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)
_AGO = re.compile(
    r"-?(\d{1,9})\s*(?:(s|sec|seconds?)|(m|min|minutes?)|(h|hours?)|(d|days?)|(w|weeks?))(?:\s+ago)?",
    re.ASCII,
)
_UNITS = (1, 60, 3_600, 86_400, 604_800)
_DAY = 86_400
_DAYS = {"today": 0, "yesterday": 1}
_CURE = "write 2026-11-23, '2026-11-23 04:00', 2026-11-23T04:00:00Z, 2h, 3d, today or yesterday"


class Moment(msgspec.Struct, frozen=True):
    """A time in seconds since the epoch; not `zoned`, it is what a stamp shows, read as if it were UTC."""

    seconds: float
    zoned: bool


class Ago(msgspec.Struct, frozen=True):
    """So many seconds before the log's last line."""

    seconds: int


class DayStart(msgspec.Struct, frozen=True):
    """Midnight, by the log's clock: of the last line's day, or so many days earlier."""

    days: int


Bound = Moment | Ago | DayStart


class LogEnd(msgspec.Struct, frozen=True):
    """The last line's time in seconds since the epoch, and its zone's seconds east of UTC."""

    time: float
    offset: float


class TimeWindow(msgspec.Struct, frozen=True):
    """The lines from `since` on, those at `until` and later left out; None stands for no bound."""

    since: Moment | None = None
    until: Moment | None = None

    def holds(self, time: float, offset: float) -> bool:
        """Whether a line is in it; `offset` is what its stamp's zone is east of UTC, in seconds."""
        if self.since is not None and _compared(self.since, time, offset) < self.since.seconds:
            return False
        return self.until is None or _compared(self.until, time, offset) < self.until.seconds

    def holds_all(self, time: "NDArray[np.float64]", offset: "NDArray[np.float64]") -> "NDArray[np.bool_]":
        """The same of many lines; those without a time are not in it."""
        held = time > -inf  # NaN is not
        if self.since is not None:
            held &= (time if self.since.zoned else time + offset) >= self.since.seconds
        if self.until is not None:
            held &= (time if self.until.zoned else time + offset) < self.until.seconds
        return held


class AskedTime(msgspec.Struct, frozen=True):
    """What was asked for, before the log's end is known."""

    since: Bound | None = None
    until: Bound | None = None

    @classmethod
    def of(cls, since: str = "", until: str = "") -> "AskedTime":
        """What --since and --until ask for; no text is no bound. Raises UsageError."""
        return cls(parse_bound(since, "--since"), parse_bound(until, "--until"))

    @property
    def needs_end(self) -> bool:
        """Whether the time of the log's last line has to be known first."""
        return any(isinstance(bound, Ago | DayStart) for bound in (self.since, self.until))

    def since_epoch(self, end: float) -> float | None:
        """Where the window begins in seconds since the epoch, for a log in UTC that ends at `end`."""
        begin = _settled(self.since, LogEnd(end, 0.0))
        return begin.seconds if begin else None

    def window(self, end: LogEnd | None) -> TimeWindow:
        """The window, for a log that ends there (None where `needs_end` is False). Raises UsageError."""
        since, until = (_settled(bound, end) for bound in (self.since, self.until))
        if since and until and since.zoned == until.zoned and since.seconds >= until.seconds:
            raise UsageError("--since is not before --until", cure="give an earlier --since")
        return TimeWindow(since, until)


def parse_bound(text: str, option: str) -> Bound | None:
    """The bound that the option's text names, None for no text. Raises UsageError."""
    word = text.strip()
    if not word:
        return None
    if word in _DAYS:
        return DayStart(_DAYS[word])
    if match := _AGO.fullmatch(word):
        return Ago(
            int(match[1]) * next(unit for unit, name in zip(_UNITS, match.groups()[1:], strict=True) if name)
        )
    if match := _ABSOLUTE.fullmatch(word):
        day, clock, zone = match.groups()
        try:
            moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}{zone or '+00:00'}")
        except ValueError as error:
            raise UsageError(f"{text!r} is no time: {error}", where=option, cure=_CURE) from error
        return Moment(moment.astimezone(UTC).timestamp(), zoned=zone is not None)
    raise UsageError(f"{text!r} is no time", where=option, cure=_CURE)


def _settled(bound: Bound | None, end: LogEnd | None) -> Moment | None:
    match bound:
        case None | Moment():
            return bound
        case Ago(seconds):
            return Moment(_known(end).time - seconds, zoned=True)
        case DayStart(days):
            clock = _known(end).time + _known(end).offset
            return Moment(clock - clock % _DAY - days * _DAY, zoned=False)


def _known(end: LogEnd | None) -> LogEnd:
    assert end is not None  # noqa: S101 - whoever reads the log asks `needs_end`
    return end


def _compared(bound: Moment, time: float, offset: float) -> float:
    return time if bound.zoned else time + offset
