"""The clock by which the lines of one file were stamped, and how often it went back."""

from dataclasses import dataclass, field

from advisor.logs.histogram import Histogram


@dataclass(slots=True)
class Clock:
    """The stamps of the first and the last line, in the order of the file, in seconds since the epoch.

    `back` has the seconds of each step back. A merge sees the step between two parts as well.
    """

    first: float
    last: float
    back: Histogram = field(default_factory=Histogram)

    def read(self, time: float) -> None:
        """Takes the stamp of the next line."""
        if time < self.last:
            self.back.add(self.last - time)
        self.last = time

    def merge(self, later: "Clock") -> None:
        """Adds the stamps of the part of the file that follows."""
        self.read(later.first)
        self.last = later.last
        self.back += later.back
