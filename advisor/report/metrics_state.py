"""All of a log's metrics as a document from which they can be made again: the types are the format.

Pairs and triples are arrays, keys are never joined into one text. Histograms are [bucket, count], per-minute
counts [minute since the epoch, count].
"""

from typing import Annotated, Final

import msgspec

# Of the documents that `advisor metrics` writes and reads.
METRICS_VERSION: Final = 1

Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
# Up to the year 2999: what is later is no time of a log.
Time = Annotated[float, msgspec.Meta(ge=0, lt=32_503_680_000)]
Place = Annotated[int, msgspec.Meta(ge=0, lt=541_728_000)]
Pairs = list[tuple[Place, Count]]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class CappedCounts(_Part, frozen=True):
    """Counts by key; `other` for keys that were dropped, and no count is too low by more than `missed`."""

    counts: list[tuple[list[str], Count]]
    other: Count
    missed: Count


class TaggedCounts(_Part, frozen=True):
    """Counts by key of one kind of line; `message` is empty where the tag alone says whose they are."""

    tag: str
    message: str
    counts: CappedCounts


class Peaks(_Part, frozen=True):
    """The highest value by key."""

    tag: str
    message: str
    highest: dict[str, float]


class Series(_Part, frozen=True):
    """How often a kind of line came, by minute."""

    tag: str
    message: str
    minutes: Pairs


class Values(_Part, frozen=True):
    """A histogram of one tag; `part` is a class of sessions, or a part of the delays."""

    tag: str
    part: str
    buckets: Pairs


class Packed(_Part, frozen=True):
    """Rows of numbers: base64 of zlib of all first bytes, all second bytes, …; `columns` are types."""

    columns: list[tuple[str, str]]
    rows: Count
    data: str


class SessionSums(_Part, frozen=True):
    """What the sessions and messages of a tag come to: `endings` by what ended them and at which stage,
    `connect`, `envelope` and `content` are histograms of seconds.
    """

    tag: str
    endings: list[tuple[str, str, Count]]
    unseen: Count
    authenticated: Count
    messages: Count
    connect: Pairs
    envelope: Pairs
    content: Pairs


class LevelRows(_Part, frozen=True):
    """Rows of minute, level, seconds, and a column for the slot seconds of each class; `tag` is a place in
    `names`.
    """

    tag: Count
    rows: list[Packed]


class SampleLine(_Part, frozen=True):
    """A line of the log as it stood."""

    tag: str
    message: str
    origin: str
    line: Count
    text: str


class ClockState(_Part, frozen=True):
    """The stamps of a file's first and last line, and the seconds of each step back."""

    origin: str
    first: Time
    last: Time
    back: Pairs


class FlowState(_Part, frozen=True):
    """What is open at the end, or began before the log: rows of events. `closings`: host, pid, time, line."""

    heads: list[Packed]
    opens: list[Packed]
    begun: list[Packed]
    closings: list[tuple[int, Count, Time, Count]]


class MetricsState(_Part, frozen=True):
    """Everything. `sessions` and `messages` are null where they were left out: then `levels` has how many
    were open; from when to when, says `summed`. Times are since the epoch.
    """

    first: Time | None
    last: Time | None
    lines: dict[str, Count]
    matched: dict[str, Count]
    unknown: CappedCounts
    foreign: CappedCounts
    unstamped: Count
    outside: Count
    breaks: list[tuple[str, str]]
    counters: list[tuple[str, str, Count]]
    details: list[TaggedCounts]
    peaks: list[Peaks]
    series: list[Series]
    samples: list[SampleLine]
    names: list[str]
    clients: dict[str, str]
    sessions: list[Packed] | None
    messages: list[Packed] | None
    session_flow: FlowState
    message_flow: FlowState
    durations: list[Values]
    sums: list[SessionSums]
    levels: list[LevelRows]
    summed: list[tuple[Time, Time]]
    limit_warnings: list[tuple[Time, str, str, int]]
    starts: list[tuple[Time, str, str]]
    deliveries: list[tuple[str, str, Count]]
    delays: list[Values]
    destinations: list[TaggedCounts]
    relays: list[TaggedCounts]
    sizes: Pairs
    clocks: list[ClockState]
    minutes: Pairs
    processes: dict[str, list[str]]
    losses: list[tuple[str, str, Count]]
