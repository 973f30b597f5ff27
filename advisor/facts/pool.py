"""The sessions of one service, how many of its processes they kept busy, and when that was all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from advisor.capacity.occupancy import Interval, Stretch, Window, full_windows, overlap, stretches
from advisor.facts.thresholds import Thresholds
from advisor.logs.sessions import Session, SessionClass

_NOT_SLOW = (
    SessionClass.PRODUCTIVE,
    SessionClass.HANGUP,
    SessionClass.REJECTED,
    SessionClass.AUTH_FAILED,
)


@dataclass(frozen=True, slots=True)
class Busy:
    """A session, and the time for which it kept a process busy, as far as the log shows it."""

    session: Session
    interval: Interval

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return self.interval.end - self.interval.start

    @property
    def client(self) -> str:
        """The client's address."""
        return self.session.address


@dataclass(frozen=True, slots=True)
class Pool:
    """All sessions, and those that delivered mail (`good`), that hold a process and give nothing back
    (`slow`), and that are not slow (`others`). `slow_threshold` is in seconds.

    `full` is when its processes were all busy. `during`: the time that is looked at for who held them: the
    full windows, or all of it when there is none.
    """

    busy: list[Busy]
    good: list[Busy]
    slow: list[Busy]
    others: list[Busy]
    slow_threshold: float
    occupancy: list[Stretch]
    full: list[Window]
    during: list[Window]

    @classmethod
    def of(
        cls, sessions: list[Session], first: float, last: float, limit: int, thresholds: Thresholds
    ) -> "Pool":
        """The pool of `limit` processes (0: no limit) that had these sessions between two times."""
        busy = [_busy(session, first, last) for session in sessions]
        good = [each for each in busy if each.session.kind is SessionClass.PRODUCTIVE]
        usual = quantile([each.seconds for each in good], 0.99)
        threshold = max(thresholds.slow_seconds, thresholds.slow_factor * usual)
        occupancy = stretches(each.interval for each in busy)
        level = thresholds.full_share * limit
        full = full_windows(occupancy, level, thresholds.full_gap_seconds) if limit else []
        return cls(
            busy=busy,
            good=good,
            slow=[each for each in busy if _is_slow(each, threshold)],
            others=[each for each in busy if not _is_slow(each, threshold)],
            slow_threshold=threshold,
            occupancy=occupancy,
            full=full,
            during=full or [Window(first, last, last - first)],
        )

    def held(self, sessions: Iterable[Busy]) -> float:
        """The slot seconds of the sessions, while the pool was full."""
        return sum(overlap(self.during, each.interval) for each in sessions)

    def was_met_by(self, each: Busy) -> bool:
        """Whether the session saw a part of the time that is looked at."""
        return overlap(self.during, each.interval) > 0


def _busy(session: Session, first: float, last: float) -> Busy:
    start = first if session.start is None else session.start
    end = last if session.end is None else session.end
    return Busy(session, Interval(start, max(start, end)))


def _is_slow(each: Busy, threshold: float) -> bool:
    kind = each.session.kind
    return kind not in _NOT_SLOW and (kind is SessionClass.TIMEOUT or each.seconds >= threshold)


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of them lie; 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def mean(values: Iterable[float]) -> float:
    """Their arithmetic mean; 0 for none."""
    kept = list(values)
    return fmean(kept) if kept else 0.0
