"""What a generated file holds, counted from the lines that were written and what they were meant to say.

Nothing is parsed here. Keys are the log tag and a name, with a blank between.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from benchmarks.maillog.events import Line
from benchmarks.maillog.occupancy import held_by_minute, levels_by_minute

_SESSION_NAMES = frozenset(
    "connect disconnect client lost-connection timeout too-many-errors reject sasl-failure".split()
)
_ENDS = ("lost-connection", "timeout", "too-many-errors")
_QUANTILES = (0.5, 0.9, 0.99)


@dataclass(slots=True)
class Written:
    """A session as far as it is in the file; times in seconds since the epoch."""

    tag: str
    host: str
    kind: str
    start: float | None = None
    end: float | None = None


@dataclass(slots=True)
class Truth:
    """Sums of the written lines."""

    first: float | None = None
    last: float | None = None
    lines: int = 0
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    delays: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    sizes: list[int] = field(default_factory=list)
    series: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    sessions: dict[Any, Written] = field(default_factory=dict)
    limit_warnings: list[tuple[float, str, int]] = field(default_factory=list)
    starts: list[tuple[float, str, str]] = field(default_factory=list)

    def take(self, line: Line, time: float) -> None:
        """Counts a line that was written with this time."""
        self.lines += 1
        self.first = time if self.first is None else min(self.first, time)
        self.last = time if self.last is None else max(self.last, time)
        if line.name == "foreign":
            self.counts["foreign"][line.tag] += 1
            return
        self.counts["minutes"][str(int(time) // 60)] += 1
        if line.name == "unknown":
            self.counts["unknown"][line.tag.rpartition("/")[2]] += 1
            return
        self.counts["matched"][line.tag] += 1
        self.counts["counters"][f"{line.tag} {line.name}"] += 1
        self.series[f"{line.tag} {line.name}"][int(time) // 60] += 1
        self._meaning(line, time)

    def _meaning(self, line: Line, time: float) -> None:
        if line.name == "delivery":
            status, relay, *delays = line.facts
            self.counts["deliveries"][f"{line.tag} {status}"] += 1
            self.counts["relays"][f"{line.tag} {relay} {status}"] += 1
            for part, seconds in zip("abcd", delays, strict=True):
                self.delays[f"{line.tag} {part}"].append(seconds)
        elif line.name == "queue-active":
            self.sizes.append(line.facts[0])
        elif line.name == "process-limit":
            self.limit_warnings.append((time, line.host, line.facts[0]))
        elif line.name == "start":
            self.starts.append((time, line.host, line.facts[0]))
        elif line.name in _SESSION_NAMES:
            self._session(line, time)

    def _session(self, line: Line, time: float) -> None:
        key, address, kind, *more = line.facts
        session = self.sessions.setdefault(key, Written(line.tag, line.host, kind))
        if line.name == "connect":
            session.start = time
            self.counts["clients"][f"{line.tag} {address}"] += 1
        elif line.name == "disconnect":
            session.end = time
        elif line.name in _ENDS:
            self.counts[line.name][f"{line.tag} {more[0]}"] += 1
        elif line.name == "reject":
            self.counts["rejects"][" ".join((line.tag, *more))] += 1

    def document(self) -> dict[str, Any]:
        """Everything as JSON can hold it."""
        whole = [x for x in self.sessions.values() if x.start is not None and x.end is not None]
        tags = sorted({session.tag for session in self.sessions.values()})
        return {
            "first": self.first,
            "last": self.last,
            "lines": self.lines,
            **{name: dict(counts) for name, counts in self.counts.items()},
            "sessions": dict(Counter(f"{x.tag} {x.kind}" for x in whole)),
            "open": dict(Counter(x.tag for x in self.sessions.values() if x.end is None)),
            "begun_before": dict(Counter(x.tag for x in self.sessions.values() if x.start is None)),
            "session_seconds": {tag: sum(_seconds(x) for x in whole if x.tag == tag) for tag in tags},
            "levels": {tag: levels_by_minute(self._spans(tag)) for tag in tags},
            "held": {tag: held_by_minute(self._spans(tag)) for tag in tags},
            "delays": {key: _quantiles(values) for key, values in self.delays.items()},
            "sizes": _quantiles([float(size) for size in self.sizes]),
            "series": {key: dict(counts) for key, counts in self.series.items()},
            "limit_warnings": self.limit_warnings,
            "starts": self.starts,
        }

    def _spans(self, tag: str) -> list[tuple[float, float, str]]:
        """The sessions of a tag; what reaches beyond the log is cut at its first or last line."""
        first, last = self.first or 0.0, self.last or 0.0
        return [
            (first if x.start is None else x.start, last if x.end is None else x.end, x.kind)
            for x in self.sessions.values()
            if x.tag == tag
        ]


def _seconds(session: Written) -> float:
    return (session.end or 0.0) - (session.start or 0.0)


def _quantiles(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    found = {"count": float(len(ordered)), "sum": sum(ordered)}
    for share in _QUANTILES:
        if ordered:
            found[str(share)] = ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)]
    return found
