"""What a generated file holds, counted from the lines that were written and what they were meant to say.

Nothing is parsed here. Keys are the log tag and a name, with a blank between.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from benchmarks.maillog.events import Line
from benchmarks.maillog.occupancy import held_by_minute, levels_by_minute, most_at_a_time
from benchmarks.maillog.written import SESSION_NAMES, Session, Written

_MESSAGE_NAMES = frozenset({"message-id", "queue-active", "removed"})
_QUANTILES = (0.5, 0.9, 0.99)


@dataclass(slots=True)
class Truth:
    """Sums of the written lines."""

    first: float | None = None
    last: float | None = None
    lines: int = 0
    unstamped: int = 0
    outside: int = 0
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    details: dict[str, Counter[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(Counter))
    peaks: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    delays: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    sizes: list[float] = field(default_factory=list)
    series: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    written: Written = field(default_factory=Written)
    processes: set[tuple[str, str]] = field(default_factory=set)
    limit_warnings: list[tuple[float, str, str, int]] = field(default_factory=list)
    starts: list[tuple[float, str, str]] = field(default_factory=list)

    def take(self, line: Line, time: float, *, asked: bool = True) -> None:
        """Counts a line that was written with this time; `asked` is whether it is of what is asked for."""
        self.lines += 1
        if line.name == "unstamped":
            self.unstamped += 1
            return
        if not asked:
            self.outside += 1
            return
        self.first = time if self.first is None else min(self.first, time)
        self.last = time if self.last is None else max(self.last, time)
        if line.name == "foreign":
            self.counts["foreign"][line.tag] += 1
            return
        self.counts["minutes"][str(int(time) // 60)] += 1
        self.processes.add((line.host, str(line.pid)))
        if line.name == "unknown":
            self.counts["unknown"][f"{line.tag.rpartition('/')[2]} {line.facts[0]}"] += 1
            return
        self._count(line, time)
        self._meaning(line, time)

    def _count(self, line: Line, time: float) -> None:
        key = f"{line.tag} {line.name}"
        self.counts["matched"][line.tag] += 1
        self.counts["counters"][key] += 1
        self.series[key][int(time) // 60] += 1
        if line.keys:
            self.details[key][line.keys] += 1
        if line.peak is not None:
            name = " ".join(line.keys)
            self.peaks[key][name] = max(line.peak, self.peaks[key].get(name, 0.0))

    def _meaning(self, line: Line, time: float) -> None:
        if line.name == "delivery":
            status, domain, relay, *delays = line.facts
            self.counts["deliveries"][f"{line.tag} {status}"] += 1
            self.counts["destinations"][f"{line.tag} {domain} {status}"] += 1
            self.counts["relays"][f"{line.tag} {relay} {status}"] += 1
            for part, seconds in zip("abcd", delays, strict=True):
                self.delays[f"{line.tag} {part}"].append(seconds)
        elif line.name == "process-limit":
            self.limit_warnings.append((time, line.host, *line.facts))
        elif line.name == "start":
            self.starts.append((time, line.host, line.facts[0]))
        elif line.name in SESSION_NAMES:
            self.written.take_session(line, time)
        elif line.name in _MESSAGE_NAMES:
            self.written.take_message(line, time)
            if line.name == "queue-active":
                self.sizes.append(float(line.facts[1]))

    def document(self) -> dict[str, Any]:
        """Everything as JSON can hold it."""
        return {
            "first": self.first,
            "last": self.last,
            "lines": self.lines,
            "unstamped": self.unstamped,
            "outside": self.outside,
            **{name: dict(counts) for name, counts in self.counts.items()},
            "details": {key: [[*found] for found in counts.items()] for key, counts in self.details.items()},
            "peaks": {key: dict(peaks) for key, peaks in self.peaks.items()},
            "smtp": {tag: self._sessions(found) for tag, found in self.written.by_tag().items()},
            "phases": {tag: sorted(found, key=str) for tag, found in self.written.phases().items()},
            "delays": {key: _quantiles(values) for key, values in self.delays.items()},
            "sizes": _quantiles(self.sizes),
            "series": {key: dict(counts) for key, counts in self.series.items()},
            "processes": sorted(self.processes),
            "limit_warnings": self.limit_warnings,
            "starts": self.starts,
        }

    def _sessions(self, sessions: list[Session]) -> dict[str, Any]:
        """What the sessions of one log tag come to."""
        first, last = self.first or 0.0, self.last or 0.0
        whole = [each for each in sessions if each.is_whole]
        lasted: dict[str, list[float]] = defaultdict(list)
        clients = defaultdict(list)
        for each in whole:
            lasted[each.kind].append(each.seconds)
        for each in sessions:
            clients[each.address].append(each.span(first, last))
        spans = [each.span(first, last) for each in sessions]
        return {
            "whole": dict(Counter(each.kind for each in whole)),
            "open": sum(each.end is None for each in sessions),
            "begun_before": sum(each.start is None for each in sessions),
            "seconds": sum(each.seconds for each in whole),
            "lasted": {kind: _quantiles(values) for kind, values in lasted.items()},
            "levels": levels_by_minute(spans),
            "held": held_by_minute(spans),
            "clients": {who: [len(found), most_at_a_time(found)] for who, found in clients.items()},
            "messages": sum(each.messages for each in sessions),
            "sasl": sum(each.sasl for each in sessions),
            "endings": dict(Counter(f"{x.ended_by} {x.stage}" for x in sessions if x.ended_by)),
            "until_client": sorted(
                each.first_client - each.start
                for each in sessions
                if each.kind == "productive" and each.start is not None and each.first_client is not None
            ),
        }


def _quantiles(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    found = {"count": float(len(ordered)), "sum": sum(ordered)}
    for share in _QUANTILES:
        if ordered:
            found[str(share)] = ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)]
    return found
