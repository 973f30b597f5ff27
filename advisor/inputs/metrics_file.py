"""A document that `advisor metrics --output-format json` wrote -> Metrics again.

Documents come from other hosts: whatever one says is checked before it is used, and one that lies about its
size is refused before it has taken the memory.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np

from advisor.errors import InputError, unreadable
from advisor.logs.breaks import Break
from advisor.logs.capped import Capped
from advisor.logs.classes import CLASSES, ENDINGS, STAGES, SessionClass
from advisor.logs.clock import Clock
from advisor.logs.events import BEGUN, EVENT
from advisor.logs.flow import Closing, Flow
from advisor.logs.histogram import Histogram
from advisor.logs.level_rows import LEVEL, levels_of
from advisor.logs.levels import Levels
from advisor.logs.losses import Loss
from advisor.logs.metrics import Delivery, LimitWarning, Metrics, Names, Process, Sample, Start
from advisor.logs.packed import unpacked
from advisor.logs.sums import Sums
from advisor.logs.tables import MESSAGE, SESSION, Rows, Table
from advisor.report.json_text import exact
from advisor.report.metrics_state import (
    METRICS_VERSION,
    CappedCounts,
    FlowState,
    LevelRows,
    MetricsState,
    Packed,
    Pairs,
    SessionSums,
    Values,
)

Key = TypeVar("Key")
Window = tuple[float, float]

_LONGEST = 1 << 30
_MOST_SESSIONS = 50_000_000
_MOST_LEVELS = 20_000_000
# In a minute, of as many processes as there are ids of processes.
_MOST_SECONDS = 60.0 * (1 << 32)
_LONGEST_LOG = 20 * 366 * 86_400
_TIMES = frozenset({"start", "end", "client_at", "filtered_at", "time"})
_MOST_NAMES = 60_000
_CURE = "write it again with advisor metrics --output-format json"


class _Head(msgspec.Struct, frozen=True):
    version: int


class _Body(msgspec.Struct, frozen=True):
    metrics: Any


def read_metrics_file(path: str) -> Metrics:
    """The metrics of a document. Raises InputError for one that is not whole, not sound, or newer."""
    data = _bytes(path)
    try:
        version = msgspec.json.decode(data, type=_Head).version
        if version != METRICS_VERSION:
            raise InputError(
                f"version {version} of the document, {METRICS_VERSION} is known",
                where=path,
                cure="read it with the advisor that wrote it, or a newer one",
            )
        state = msgspec.convert(exact(msgspec.json.decode(data, type=_Body).metrics), MetricsState)
        return _metrics(state)
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError) as error:
        raise InputError(f"no metrics that can be read: {error}", where=path, cure=_CURE) from error


def _bytes(path: str) -> bytes:
    try:
        size = Path(path).stat().st_size
        if size > _LONGEST:
            raise InputError(f"{size} bytes of metrics, {_LONGEST} are the most", where=path, cure=_CURE)
        return Path(path).read_bytes()
    except OSError as error:
        raise unreadable(error, path, "the metrics") from error


def _metrics(state: MetricsState) -> Metrics:
    if len(state.names) > _MOST_NAMES:
        raise ValueError(f"{len(state.names)} names, {_MOST_NAMES} are the most")
    names = len(state.names)
    window = _window(state)
    fresh = Metrics()
    return Metrics(
        first=state.first,
        last=state.last,
        lines=Counter(state.lines),
        matched=Counter(state.matched),
        unknown=_capped(state.unknown, _pair),
        foreign=_capped(state.foreign, _single),
        unstamped=state.unstamped,
        outside=state.outside,
        breaks=[Break(*each) for each in state.breaks],
        counters=Counter({(tag, name): count for tag, name, count in state.counters}),
        details={(each.tag, each.message): _capped(each.counts, tuple) for each in state.details},
        peaks={(each.tag, each.message): dict(each.highest) for each in state.peaks},
        series={(each.tag, each.message): Counter(dict(each.minutes)) for each in state.series},
        samples=_samples(state),
        names=Names(state.names),
        clients={int(number, 16): text for number, text in state.clients.items()},
        sessions=_table(SESSION, state.sessions or (), names, window),
        messages=_table(MESSAGE, state.messages or (), names, window),
        session_flow=_flow(fresh.session_flow, state.session_flow, names, window, keys=True),
        message_flow=_flow(fresh.message_flow, state.message_flow, names, window, keys=False),
        durations={(tag, SessionClass(kind)): each for (tag, kind), each in _histograms(state.durations)},
        sums={each.tag: _sums(each) for each in state.sums},
        levels={_tag(each, state.names): _levels(each, window) for each in state.levels},
        summed=[_inside(each, window) for each in state.summed],
        limit_warnings=[LimitWarning(*each) for each in state.limit_warnings],
        starts=[Start(*each) for each in state.starts],
        deliveries=Counter({Delivery(tag, status): count for tag, status, count in state.deliveries}),
        delays=dict(_histograms(state.delays)),
        destinations={each.tag: _capped(each.counts, _pair) for each in state.destinations},
        relays={each.tag: _capped(each.counts, _pair) for each in state.relays},
        sizes=_histogram(state.sizes),
        clocks={each.origin: Clock(each.first, each.last, _histogram(each.back)) for each in state.clocks},
        minutes=Counter(dict(state.minutes)),
        processes={Process(host, pid) for host, pids in state.processes.items() for pid in pids},
        losses=Counter({Loss(writer, whose): count for writer, whose, count in state.losses}),
    )


def _window(state: MetricsState) -> Window:
    """The times that rows may have. Minutes are counted one by one, so they cannot be for ever."""
    first, last = state.first or 0.0, state.last or 0.0
    if not 0 <= last - first <= _LONGEST_LOG:
        raise ValueError("a log that ends before it begins, or lasts for decades")
    return first, last


def _single(key: Sequence[str]) -> str:
    (only,) = key
    return only


def _pair(key: Sequence[str]) -> tuple[str, str]:
    first, second = key
    return first, second


def _capped(state: CappedCounts, key: Callable[[Sequence[str]], Key]) -> Capped[Key]:
    return Capped({key(parts): count for parts, count in state.counts}, state.other, state.missed)


def _histogram(pairs: Pairs) -> Histogram:
    found = Histogram.from_pairs(pairs)
    try:
        found.quantile(1.0)
    except IndexError as error:
        raise ValueError("a histogram with a bucket that is not known") from error
    return found


def _histograms(values: Iterable[Values]) -> Iterator[tuple[tuple[str, str], Histogram]]:
    return (((each.tag, each.part), _histogram(each.buckets)) for each in values)


def _sums(state: SessionSums) -> Sums:
    return Sums(
        Counter(
            {(ENDINGS.index(ending), STAGES.index(stage)): count for ending, stage, count in state.endings}
        ),
        state.unseen,
        state.authenticated,
        state.messages,
        _histogram(state.connect),
        _histogram(state.envelope),
        _histogram(state.content),
    )


def _tag(state: LevelRows, names: Sequence[str]) -> str:
    if state.tag >= len(names):
        raise ValueError("levels of a tag that has no name")
    return names[state.tag]


def _levels(state: LevelRows, window: Window) -> Levels:
    if sum(each.rows for each in state.rows) > _MOST_LEVELS:
        raise ValueError(f"more than {_MOST_LEVELS} rows of levels")
    rows = np.concatenate([np.empty(0, LEVEL), *(_unpacked(each, LEVEL) for each in state.rows)])
    first, last = (int(time // 60) for time in window)
    if len(rows) and not (first <= rows["minute"].min() and rows["minute"].max() <= last):
        raise ValueError("levels of a time outside of the log")
    for name in LEVEL.names or ():
        if not bool((np.isfinite(rows[name]) & (rows[name] >= 0) & (rows[name] <= _MOST_SECONDS)).all()):
            raise ValueError(f"levels whose {name} cannot be")
    return levels_of(rows)


def _inside(times: Window, window: Window) -> Window:
    if not window[0] <= times[0] <= times[1] <= window[1]:
        raise ValueError("levels of a time outside of the log")
    return times


def _samples(state: MetricsState) -> dict[tuple[str, str], list[Sample]]:
    found: dict[tuple[str, str], list[Sample]] = {}
    for each in state.samples:
        found.setdefault((each.tag, each.message), []).append(Sample(each.origin, each.line, each.text))
    return found


def _table(dtype: np.dtype[Any], packets: Sequence[Packed], names: int, window: Window) -> Table:
    if sum(each.rows for each in packets) > _MOST_SESSIONS:
        raise ValueError(f"more than {_MOST_SESSIONS} rows")
    table = Table(dtype)
    for packet in packets:
        table.append(_sound(_unpacked(packet, dtype), names, window))
    return table


def _unpacked(packet: Packed, dtype: np.dtype[Any]) -> Rows:
    if packet.columns != [(name, dtype[name].str) for name in dtype.names or ()]:
        raise ValueError("packed rows with other columns")
    try:
        return unpacked(b64decode(packet.data, validate=True), dtype, packet.rows)
    except NotBase64 as error:
        raise ValueError("packed rows that are no base64") from error


def _flow(fresh: Flow, state: FlowState, names: int, window: Window, *, keys: bool) -> Flow:
    heads, opens, begun = (
        _events(each, names, window, keys=keys) for each in (state.heads, state.opens, state.begun)
    )
    for host, _, _, _ in state.closings:
        if not 0 <= host < names:
            raise ValueError("a host that has no name")
    closings = [Closing(*each) for each in state.closings]
    begun = begun[np.argsort(begun["key"], kind="stable")]
    return Flow(fresh.begins, fresh.ends, heads, opens, begun, closings)


def _events(packets: Sequence[Packed], names: int, window: Window, *, keys: bool) -> Rows:
    blocks = [np.empty(0, EVENT), *_table(EVENT, packets, names, window).blocks()]
    rows = np.concatenate(blocks)
    if keys and len(rows):
        places = rows["key"] >> np.uint64(48), (rows["key"] >> np.uint64(32)) & np.uint64(0xFFFF)
        if max(int(each.max()) for each in places) >= names:
            raise ValueError("a process whose host or tag has no name")
    return rows


def _sound(rows: Rows, names: int, window: Window) -> Rows:
    """The rows, if each of their numbers stands for something. Raises ValueError."""
    most = {
        "tag": names,
        "host": names,
        "kind": BEGUN + 1 if "key" in (rows.dtype.names or ()) else len(CLASSES),
        "ended_by": len(ENDINGS),
        "stage": len(STAGES),
        "sasl": 2,
    }
    for column in rows.dtype.names or ():
        values = np.ascontiguousarray(rows[column])
        # A bool of any other byte than 0 and 1 is no bool to numpy either.
        numbers = values.view(np.uint8) if values.dtype.kind == "b" else values
        if column in most and len(rows) and int(numbers.max()) >= most[column]:
            raise ValueError(f"a {column} that is not known")
        if values.dtype.kind == "f" and bool(np.isinf(values).any()):
            raise ValueError(f"a {column} that is no time")
        if column in _TIMES and bool(((values < window[0]) | (values > window[1])).any()):
            raise ValueError(f"a time ({column}) outside of the log")
    return rows
