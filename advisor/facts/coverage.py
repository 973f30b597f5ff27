"""How far a log can be trusted: what was lost on its way, where it is silent, and whose lines it has."""

from bisect import bisect_left
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from advisor.logs.histogram import Histogram

_DAY_SECONDS = 86_400


class Silence(NamedTuple):
    """Minutes in a row without a line of Postfix: from `start`, in seconds since the epoch.

    `expected` is how many lines there would have been at the pace of the quieter side.
    """

    start: float
    minutes: int
    expected: float


class Coverage(msgspec.Struct, frozen=True):
    """What is known of a log's gaps. `silences` are those that are not explained, the longest first.

    `lost` has the lines of Postfix that log writers dropped, by writer; of those that are anybody's, all.
    `connects` are the SMTP sessions that began, `unpaired` those of which the end is missing. `back` has the
    seconds of each step of the clock backwards, `dialogue` counts lines that only `-v` writes.
    """

    seconds: float
    lines: int
    lost: Mapping[str, int]
    silences: tuple[Silence, ...]
    connects: int
    unpaired: int
    back: "Histogram"
    hosts: tuple[str, ...]
    dialogue: int


def unusual(coverage: Coverage, least_minutes: int, least_lines: float) -> tuple[Silence, ...]:
    """The silences of at least so many minutes in which at least so many lines are missing.

    Silences that come again and again are how the server works: one a day, and one more, may be half as long.
    """
    habit = 1 + coverage.seconds / _DAY_SECONDS
    lengths = sorted(each.minutes for each in coverage.silences)
    return tuple(
        each
        for each in coverage.silences
        if each.minutes >= least_minutes
        and each.expected >= least_lines
        and len(lengths) - bisect_left(lengths, each.minutes / 2) <= habit
    )
