"""Exact occupancy of sessions that are known from begin to end: a sum over spans (start, end, class)."""

from collections import defaultdict
from collections.abc import Iterator

Span = tuple[float, float, str]
_MINUTE = 60


def levels_by_minute(spans: list[Span]) -> dict[int, dict[int, float]]:
    """Seconds at each number of sessions, by minute since the epoch, from the first begin to the last end."""
    changes = sorted([(start, 1) for start, _, _ in spans] + [(end, -1) for _, end, _ in spans])
    found: dict[int, dict[int, float]] = defaultdict(dict)
    level, before = 0, changes[0][0] if changes else 0.0
    for time, change in changes:
        for minute, seconds in _minutes(before, time):
            found[minute][level] = found[minute].get(level, 0.0) + seconds
        level, before = level + change, time
    return dict(found)


def held_by_minute(spans: list[Span]) -> dict[int, dict[str, float]]:
    """Seconds of process slots held by each class of session, by minute since the epoch."""
    found: dict[int, dict[str, float]] = defaultdict(dict)
    for start, end, kind in spans:
        for minute, seconds in _minutes(start, end):
            found[minute][kind] = found[minute].get(kind, 0.0) + seconds
    return dict(found)


def most_at_a_time(spans: list[Span]) -> int:
    """The most of them at a time; what ends makes room for what begins then, and one is seen at least."""
    changes = sorted([(start, 1) for start, _, _ in spans] + [(end, -1) for _, end, _ in spans])
    level = most = 0
    for _, change in changes:
        level += change
        most = max(most, level)
    return max(most, 1)


def _minutes(start: float, end: float) -> Iterator[tuple[int, float]]:
    while start < end:
        minute = int(start // _MINUTE)
        stop = min(end, (minute + 1) * _MINUTE)
        yield minute, stop - start
        start = stop
