"""The clock by which the lines of one file were stamped: how often it went back, and how often it leapt."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from advisor.logs.histogram import Histogram

# In a day a server that runs writes a line: cron, logrotate and the queue manager see to that. A longer step
# is either a clock that was set, or a server that was off; a log alone cannot tell, an administrator can.
LEAP = 86_400.0


class Clock(msgspec.Struct):
    """The stamps of the first and the last line, in the order of the file, in seconds since the epoch.

    `back` has the seconds of each step back, `ahead` those of each step forward by `LEAP` or more. A merge
    sees the step between two parts as well.
    """

    first: float
    last: float
    back: Histogram = msgspec.field(default_factory=Histogram)
    ahead: Histogram = msgspec.field(default_factory=Histogram)

    @classmethod
    def of(cls, times: NDArray[np.float64]) -> "Clock":
        """The clock that gave these stamps, one at least."""
        clock = cls(float(times[0]), float(times[-1]))
        steps = np.diff(times)
        clock.back.add_all(-steps[steps < 0])
        clock.ahead.add_all(steps[steps >= LEAP])
        return clock

    def read(self, time: float) -> None:
        """Takes the stamp of the next line."""
        if time < self.last:
            self.back.add(self.last - time)
        elif time - self.last >= LEAP:
            self.ahead.add(time - self.last)
        self.last = time

    def merge(self, later: "Clock") -> None:
        """Adds the stamps of the part of the file that follows."""
        self.read(later.first)
        self.last = later.last
        self.back += later.back
        self.ahead += later.ahead
