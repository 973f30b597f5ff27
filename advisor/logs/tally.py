"""The columns of a block -> its metrics."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from advisor.logs.capped import Capped
from advisor.logs.clock import Clock
from advisor.logs.columns import PADDING, Block, word_hash
from advisor.logs.counts import Posted, counted
from advisor.logs.events import process_key
from advisor.logs.flow import Closing
from advisor.logs.histogram import Histogram
from advisor.logs.lines import LineReader, Lines, Writer
from advisor.logs.losses import lost_lines
from advisor.logs.memo import Memo
from advisor.logs.messages import MESSAGES, Feeds
from advisor.logs.metrics import (
    SAMPLES,
    Delivery,
    LimitWarning,
    Metrics,
    Names,
    Process,
    Sample,
    Start,
    grouped,
)
from advisor.logs.numbers import decimal, whole
from advisor.logs.repeated import count_repeated
from advisor.logs.shapes import masked
from advisor.logs.tables import DELIVERY_STATUSES, Rows
from advisor.logs.texts import (
    NO_TEMPLATE,
    UNKNOWN,
    Alone,
    Posts,
    TextReader,
    Texts,
    program_of_place,
    program_place,
)
from advisor.logs.time_window import TimeWindow
from advisor.logs.wanted import EVERYTHING, Wanted

_NAMES = [*(message.name for message in MESSAGES), "unknown"]
_MINUTE = 60
_SERIES = np.array([*(message.series for message in MESSAGES), False])


@dataclass(slots=True)
class _Writers:
    """What is known of each writer, as columns by its place in LineReader.writers."""

    names: Names
    writers: list[Writer]
    tag: list[int] = field(default_factory=list)
    key: list[int] = field(default_factory=list)
    program: list[int] = field(default_factory=list)
    host: list[int] = field(default_factory=list)

    def take_new(self) -> None:
        """Takes those that are new."""
        for host, tag, program in self.writers[len(self.tag) :]:
            own = program is not None
            places = (self.names.place(host), self.names.place(tag)) if own else (0, 0)
            self.tag.append(places[1])
            self.key.append(process_key(*places, pid=0))
            self.program.append(program_place(program) if program is not None else -1)
            self.host.append(word_hash(host.encode("utf-8", "surrogateescape")))


I64 = NDArray[np.int64]


class Tally:
    """Sums up blocks of one file; `origin` names it for samples. Lines outside `window` are only counted,
    each by its own stamp: what began before them is a session whose begin the log does not have.
    """

    def __init__(
        self,
        origin: str,
        reference: datetime,
        window: TimeWindow | None = None,
        wanted: Wanted = EVERYTHING,
        texts: TextReader | None = None,
        *,
        usual: bool = True,
    ) -> None:
        self.origin, self._window, self._wanted = origin, window, wanted
        self._lines, self._texts = LineReader(reference, usual), texts or TextReader(usual)
        self._names = Names()
        self._writers = _Writers(self._names, self._lines.writers)
        self._sampled: Counter[tuple[int, int]] = Counter()
        self._processes = Memo(200_000)
        self._buffer = bytearray()

    def buffer(self, size: int) -> bytearray:
        """Room for so many bytes and the padding behind them, the same each time."""
        if len(self._buffer) < size + PADDING:
            self._buffer = bytearray(size + PADDING)
        return self._buffer

    def block(self, data: Block, size: int) -> Metrics:
        """The metrics of whole lines: the first `size` bytes, behind which stand columns.PADDING others."""
        metrics = Metrics(names=self._names)
        lines = self._lines.read(data, size)
        metrics.lines[self.origin] += len(lines)
        inside = self._inside(lines, metrics)
        if not len(inside):
            return metrics
        if self._writers.writers is not self._lines.writers:  # they were too many
            self._writers = _Writers(self._names, self._lines.writers)
        self._writers.take_new()
        program = np.array(self._writers.program, np.int32)
        self._take_times(lines.time[inside], metrics)
        writer = lines.writer[inside]
        own = program[writer] >= 0
        self._take_foreign(lines, inside[~own], metrics)
        inside, writer = inside[own], writer[own]
        posts = Posts(
            lines.block,
            lines.text[inside],
            lines.stop[inside],
            inside,
            lines.time[inside],
            np.array(self._writers.key, np.uint64)[writer] | lines.pid[inside].astype(np.uint64),
            np.array(self._writers.tag, np.uint16)[writer],
            program[writer],
            np.array(self._writers.host, np.uint64)[writer],
            lines.plain[inside],
        )
        texts = self._texts.read(posts)
        self._count(posts, texts, lines, metrics)
        self._take_processes(posts, metrics)
        _take_deliveries(texts.deliveries, self._texts, metrics)
        metrics.sizes.add_all(texts.sizes)
        closings: list[Closing] = []
        for each in texts.alone:
            self._take_alone(each, posts, metrics, closings)
        metrics.take_events(texts.sessions, texts.messages, closings)
        metrics.clients = self._texts.new_clients()
        return metrics

    def _inside(self, lines: Lines, metrics: Metrics) -> I64:
        read = lines.writer >= 0
        metrics.unstamped += int(np.count_nonzero(~read))
        if self._window is not None:
            held = self._window.holds_all(lines.time, lines.zone)
            metrics.outside += int(np.count_nonzero(read & ~held))
            read &= held
        if self._wanted != EVERYTHING:
            asked = np.array([self._wanted.holds(host, tag) for host, tag, _ in self._lines.writers])
            held = read.copy()
            held[read] = asked[lines.writer[read]]
            metrics.outside += int(np.count_nonzero(read & ~held))
            read = held
        return np.flatnonzero(read)

    def _take_times(self, time: NDArray[np.float64], metrics: Metrics) -> None:
        """Other programs' lines count too: a server that is full has nothing more to log itself."""
        time = time[~np.isnan(time)]
        if len(time):
            metrics.widen(float(time.min()), float(time.max()))
            metrics.clocks[self.origin] = Clock.of(time)

    def _take_foreign(self, lines: Lines, places: I64, metrics: Metrics) -> None:
        writers = lines.writer[places]
        for place, count in enumerate(np.bincount(writers).tolist()):
            if not count:
                continue
            host, tag, _ = self._lines.writers[place]
            metrics.foreign.add(tag.partition("/")[0], count)
            if tag.startswith(("rsyslogd", "systemd-journal")):
                for index in places[writers == place].tolist():
                    text = lines.text_of(int(lines.text[index]), int(lines.stop[index]))
                    line = f"{host or '-'} {tag}: {text}"
                    if lost := lost_lines(line, 0):
                        metrics.losses[lost[0]] += lost[1]

    def _count(self, posts: Posts, texts: Texts, lines: Lines, metrics: Metrics) -> None:
        rows, details = (self._texts.templates.column(name) for name in ("row", "details"))
        found = counted(Posted(posts.tag, texts.template, posts.time), np.where(_SERIES[rows], rows, -1))
        new: set[tuple[int, int]] = set()
        for tag, template, count in found.templates:
            row, place = int(rows[template]), int(details[template])
            kind = (self._names[tag], _NAMES[row])
            if row != UNKNOWN:
                metrics.matched[kind[0]] += count
                metrics.counters[kind] += count
            if place >= 0:
                metrics.details.setdefault(kind, Capped()).add(self._texts.details[place].values, count)
            # A single line may be a torn one, which stands before others that were read already.
            if self._sampled[tag, row] < SAMPLES or len(posts) == 1:
                new.add((tag, row))
        self._sample(new, posts, rows[texts.template], lines, metrics)
        for index in np.flatnonzero(texts.template == NO_TEMPLATE).tolist():
            shape = masked(lines.text_of(int(posts.start[index]), int(posts.stop[index])))
            metrics.unknown.add((program_of_place(int(posts.program[index])), shape))
        metrics.minutes.update(dict(found.minutes))
        by_kind: defaultdict[tuple[int, int], Counter[int]] = defaultdict(Counter)
        for tag, row, minute, count in found.series:
            by_kind[tag, row][minute] = count
        metrics.series.update({(self._names[tag], _NAMES[row]): own for (tag, row), own in by_kind.items()})

    def _sample(
        self,
        kinds: set[tuple[int, int]],
        posts: Posts,
        rows: NDArray[np.int32],
        lines: Lines,
        metrics: Metrics,
    ) -> None:
        for tag, row in sorted(kinds):
            places = np.flatnonzero((posts.tag == tag) & (rows == row))
            self._sampled[tag, row] += len(places)
            for line in posts.seq[places[:SAMPLES]].tolist():
                text = lines.text_of(int(lines.start[line]), int(lines.stop[line]))
                metrics.sample((self._names[tag], _NAMES[row]), Sample(self.origin, line + 1, text))

    def _take_processes(self, posts: Posts, metrics: Metrics) -> None:
        key = posts.key
        for number in key[self._processes.first_of_new(key, self._processes.places(key))].tolist():
            metrics.processes.add(Process(self._names[number >> 48], str(number & 0xFFFFFFFF)))
            self._processes.learn(number, 0)

    def _take_alone(self, alone: Alone, posts: Posts, metrics: Metrics, closings: list[Closing]) -> None:
        place, row, match, values = alone
        key, time, seq = int(posts.key[place]), float(posts.time[place]), int(posts.seq[place])
        host, timed = self._names[key >> 48], not np.isnan(time)
        if row.peak:
            own = metrics.peaks.setdefault((self._names[int(posts.tag[place])], row.name), {})
            name = " ".join(values)
            own[name] = max(own.get(name, 0.0), min(decimal(match[row.peak]), 1e18))
        if row.feeds is Feeds.PROCESS_LIMIT and timed:
            warning = LimitWarning(time, host, match["entry"], whole(match["limit"]))
            metrics.limit_warnings.append(warning)
        elif row.feeds is Feeds.REPEATED:
            tag, program = self._names[int(posts.tag[place])], program_of_place(int(posts.program[place]))
            count_repeated(metrics, tag, program, match, int(time // _MINUTE) if timed else None)
        elif row.feeds is Feeds.PROCESS_END and timed:
            closings.append(Closing(key >> 48, whole(match["pid"]) & 0xFFFFFFFF, time, seq))
        elif row.feeds is Feeds.START and timed:
            closings.append(Closing(key >> 48, 0, time, seq))
            if version := match.groupdict().get("version"):
                metrics.starts.append(Start(time, host, version))


def _take_deliveries(rows: Rows, reader: TextReader, metrics: Metrics) -> None:
    strings, names = reader.strings.texts, metrics.names
    tags = rows["tag"].astype(np.int64)
    timed = ~np.isnan(rows["a"])  # releases before 2.3 wrote no delays=
    for part in "abcd":
        for tag, values in grouped(tags[timed], rows[part][timed]):
            metrics.delays.setdefault((names[tag], part), Histogram()).add_all(values)
    group = tags * len(DELIVERY_STATUSES) + rows["status"]
    for cell, count in enumerate(np.bincount(group).tolist() if len(group) else []):
        if count:
            tag, status = divmod(cell, len(DELIVERY_STATUSES))
            metrics.deliveries[Delivery(names[tag], DELIVERY_STATUSES[status])] += count
    for column, tables in (("domain", metrics.destinations), ("relay", metrics.relays)):
        for each, hashes in grouped(group, rows[column]):
            tag, status = divmod(each, len(DELIVERY_STATUSES))
            keys, counts = np.unique(hashes, return_counts=True)
            table = tables.setdefault(names[tag], Capped())
            for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
                table.add((strings[key], DELIVERY_STATUSES[status]), count)
