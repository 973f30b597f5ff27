"""What the lines' texts say, as columns: which row of the grammar each is, and what it tells.

Most lines of a log differ from others in a queue id, a client and addresses alone. What is left of a text
without them is its template: the grammar reads a template once, and then knows it by its hash. Three messages
say something new in each line, and columns.c has readers for them: a message-id, a queued message's size, the
delays of a delivery, of which the rest is a template again. Every other text is read by the grammar, alone.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from re import Match
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.logs import columns, events
from advisor.logs.classes import stage_place
from advisor.logs.columns import TEMPLATE_OF, Block, Columns, apply_templates, texts_of, word_hash
from advisor.logs.deliveries import Strings, delivery_row, delivery_rows, status_place
from advisor.logs.events import KINDS, OTHER
from advisor.logs.memo import Memo
from advisor.logs.messages import MESSAGES, PROGRAMS, Feeds, Message, details, recognise
from advisor.logs.numbers import decimal
from advisor.logs.pieces import Told, events_of
from advisor.logs.reasons import IPV4, IPV6, PEER
from advisor.logs.sessions import counts_flags
from advisor.logs.tables import DELIVERY, Rows, chosen, joined

I64 = NDArray[np.int64]

_PLACES = {message.name: place for place, message in enumerate(MESSAGES)}
# Lines of Postfix that no row of the grammar matches.
UNKNOWN = len(MESSAGES)

_NAMES = sorted(PROGRAMS)
_HEADERS, _ACTIVE, _DELIVERING = (
    MESSAGES[_PLACES[name]].daemons for name in ("message-id", "queue-active", "delivery")
)
# What columns.c knows of a program: its number, and what its lines may be.
_PROGRAMS = {
    name: place << 8
    | columns.CLEANUP * (name in _HEADERS)
    | columns.QMGR * (name in _ACTIVE)
    | columns.DELIVERS * (name in _DELIVERING)
    for place, name in enumerate(_NAMES)
}
_FEEDS = np.array([*(message.feeds.value for message in MESSAGES), 0], np.uint8)
_LEARNT = frozenset({Feeds.SESSION, Feeds.MESSAGE, Feeds.COUNTER, Feeds.DELIVERY})
_RARE = frozenset({Feeds.PROCESS_LIMIT, Feeds.START, Feeds.PROCESS_END})
_ENDINGS = ("lost-connection", "timeout", "too-many-errors")
# What a template leaves out behind the client, and a reason's class as well: what DNS lists answer is kept.
_NAMED = re.compile(rf"{PEER}|<[^<>]*>|(?!127\.){IPV4}|{IPV6}")
# What no reason's class leaves out.
_CHOSEN = re.compile(r"(?<=sasl_username=)[^\s,]+|(?<=warning: hostname )\S+")
# A row whose texts are seldom the same twice is not worth learning.
_TRIED, _WORTH = 100, 2
_MOST_TEMPLATES = 50_000

_SENT = status_place("sent")

Recognised = tuple[Message, Match[str]]


class Details(NamedTuple):
    """The values of a row's `keys`."""

    row: int
    values: tuple[str, ...]


class Alone(NamedTuple):
    """A line that the grammar read and that tells what no column has; `place` is that of the line."""

    place: int
    row: Message
    match: Match[str]
    values: tuple[str, ...]


@dataclass(slots=True)
class Posts:
    """Lines of Postfix, as columns: where their texts are, the process (`key`), its tag (a place in
    Metrics.names), its program, a number for its host; seq is the number of the line.
    """

    block: Block
    start: I64
    stop: I64
    seq: I64
    time: NDArray[np.float64]
    key: NDArray[np.uint64]
    tag: NDArray[np.uint16]
    program: NDArray[np.int32]
    host: NDArray[np.uint64]
    plain: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.start)


@dataclass(slots=True)
class Texts:
    """`row` for each line: a place in MESSAGES, or UNKNOWN; `details`: one in TextReader.details, or -1."""

    row: NDArray[np.int32]
    details: NDArray[np.int32]
    sessions: Rows
    messages: Rows
    sizes: NDArray[np.float64]
    deliveries: Rows
    alone: list[Alone]


def program_place(program: str) -> int:
    """What Posts.program has for a daemon."""
    return _PROGRAMS[program]


def program_of_place(place: int) -> str:
    """The daemon for which Posts.program has this."""
    return _NAMES[place >> 8]


@dataclass(slots=True)
class TextReader:
    """Reads the texts of lines; `usual=False` reads each alone. `details` has the keys of all that was read,
    `clients` the NAME[ADDRESS] behind the hashes, `strings` the domains and relays.
    """

    usual: bool = True
    details: list[Details] = field(default_factory=list)
    clients: Strings = field(default_factory=Strings)
    strings: Strings = field(default_factory=Strings)
    memo: Memo = field(default_factory=lambda: Memo(2 * _MOST_TEMPLATES))
    tried: Counter[int] = field(default_factory=Counter)
    used: I64 = field(default_factory=lambda: np.zeros(UNKNOWN + 1, np.int64))
    _details: dict[Details, int] = field(default_factory=dict)
    _templates: Rows = field(default_factory=lambda: np.empty(0, TEMPLATE_OF))
    _new_templates: list[tuple[int, ...]] = field(default_factory=list)

    def read(self, posts: Posts) -> Texts:
        """What the lines say."""
        self._forget_many()
        reading = _Reading(self, posts)
        rest = reading.read_usual() if self.usual and columns.IS_COMPILED else np.arange(len(posts))
        reading.read_alone(rest)
        return reading.texts()

    def add_template(self, key: int, template: tuple[int, ...]) -> None:
        """Remembers a template (a row of columns.TEMPLATE_OF) by its hash."""
        self.memo.learn(key, len(self._templates) + len(self._new_templates))
        self._new_templates.append(template)

    def templates(self) -> Rows:
        """All templates, by their places in `memo`."""
        if self._new_templates:
            self._templates = np.append(self._templates, np.array(self._new_templates, TEMPLATE_OF))
            self._new_templates = []
        return self._templates

    def new_clients(self) -> dict[int, str]:
        """The clients that were met since this was asked last."""
        found, self.clients.texts = self.clients.texts, {}
        return found

    def _forget_many(self) -> None:
        """Begins anew with what hostile text has made too much."""
        self.strings.forget_many()
        if len(self.templates()) > _MOST_TEMPLATES or len(self.details) > _MOST_TEMPLATES:
            self.memo, self._templates = Memo(2 * _MOST_TEMPLATES), self._templates[:0]
            self.details, self._details = [], {}

    def details_place(self, row: int, values: tuple[str, ...]) -> int:
        """The place of a row's details in `details`."""
        key = Details(row, values)
        place = self._details.setdefault(key, len(self.details))
        if place == len(self.details):
            self.details.append(key)
        return place


class _Reading:
    """The reading of one block: a column for each thing that a line may tell, filled in from two sides."""

    def __init__(self, reader: TextReader, posts: Posts) -> None:
        self.reader, self.posts = reader, posts
        count = len(posts)
        self.row = np.full(count, UNKNOWN, np.int32)
        self.details = np.full(count, -1, np.int32)
        self.kind, self.stage, self.flags = (np.zeros(count, np.uint8) for _ in range(3))
        self.client, self.id = np.zeros(count, np.uint64), np.zeros(count, np.uint64)
        self.sizes: list[NDArray[np.float64]] = []
        self.deliveries: list[Rows] = []
        self.alone: list[Alone] = []
        self.deliveries_alone: list[tuple[int | float, ...]] = []
        self.sizes_alone: list[float] = []

    def texts(self) -> Texts:
        """What was read, as it goes on."""
        posts = self.posts
        sessions, messages = events_of(
            Told(
                *(posts.seq, posts.time, posts.key, posts.tag, posts.host, self.row, self.kind),
                *(self.stage, self.flags, self.client, self.id, _FEEDS),
            )
        )
        self.deliveries.append(np.array(self.deliveries_alone, DELIVERY))
        self.sizes.append(np.array(self.sizes_alone, np.float64))
        return Texts(
            self.row,
            self.details,
            sessions,
            messages,
            np.concatenate(self.sizes),
            joined(*self.deliveries),
            sorted(self.alone, key=lambda alone: alone.place),
        )

    def read_usual(self) -> I64:
        """Reads what can be read as columns; gives the places of the other lines."""
        posts = self.posts
        texts, figures = texts_of(posts.block, posts.start, posts.stop, posts.plain, posts.program)
        kind = texts["kind"].copy()
        self.id = texts["id"].copy()
        for which, name in (
            (columns.HEADER, "message-id"),
            (columns.ACTIVE, "queue-active"),
            (columns.SENT, "delivery"),
        ):
            places = np.flatnonzero(kind == which)
            self.row[places], self.kind[places] = _PLACES[name], KINDS.get(name, OTHER)
        own = kind[figures["place"]]
        self.sizes.append(figures["size"][own == columns.ACTIVE])
        self._deliver(chosen(figures, own == columns.SENT), _SENT)
        has_template = (kind == columns.TEMPLATE) | (kind == columns.UNSENT)
        unsent = chosen(figures, own == columns.UNSENT)
        self._by_template(texts, unsent, np.flatnonzero(has_template))
        return np.flatnonzero(kind == columns.ODD)

    def read_alone(self, places: I64) -> None:
        """Reads lines one by one, with the grammar."""
        starts, stops = self.posts.start[places].tolist(), self.posts.stop[places].tolist()
        for place, start, stop in zip(places.tolist(), starts, stops, strict=True):
            self._take_alone(place, self._recognised(place, start, stop))

    def _deliver(self, figures: Columns, status: NDArray[np.int32] | int) -> None:
        strings, block = self.reader.strings, self.posts.block
        strings.learn(block, figures["domain"], figures["domain_at"], figures["domain_stop"] - 1)
        strings.learn(block, figures["relay"], figures["relay_at"], figures["relay_stop"] - 1)
        self.deliveries.append(delivery_rows(figures, self.posts.tag[figures["place"]], status))

    def _by_template(self, texts: Columns, unsent: Columns, places: I64) -> None:
        """Reads lines by their templates; learns those that are new. Of some `unsent` has the figures."""
        key = texts["template"][places]
        memo = self.reader.memo
        new = memo.first_of_new(key, memo.places(key))
        starts, stops = (column[places[new]].tolist() for column in (self.posts.start, self.posts.stop))
        news = zip(places[new].tolist(), key[new].tolist(), starts, stops, strict=True)
        alone = [line[0] for line in news if not self._learn(*line, texts)]
        template = np.full(len(texts), -1, np.int32)
        template[places] = memo.places(key)
        self._take_templates(template, texts)
        of_unsent = template[unsent["place"]]
        known = of_unsent >= 0
        self._deliver(chosen(unsent, known), self.reader.templates()["status"][of_unsent[known]])
        left = places[template[places] < 0]
        self.read_alone(left[~np.isin(left, alone)])

    def _learn(self, place: int, key: int, start: int, stop: int, texts: Columns) -> bool:
        """Learns the template of a line; if that is like no other, False, and the line is taken as it is."""
        found = self._recognised(place, start, stop)
        row = _PLACES[found[0].name] if found else UNKNOWN
        tried = self.reader.tried
        worth = tried[row] < _TRIED or self.reader.used[row] > _WORTH * tried[row]
        if found is None or not worth or not _is_fixed(*found, start, texts[place]):
            self._take_alone(place, found)
            return False
        tried[row] += 1
        message, match = found
        values = details(message, match)
        counted = self.reader.details_place(row, values) if values else -1
        has_client = "client" in match.re.groupindex and match["client"] is not None
        status = status_place(match["status"]) if message.feeds is Feeds.DELIVERY else 0
        self.reader.add_template(key, (row, counted, *_told(message, match), has_client, status))
        return True

    def _take_templates(self, template: NDArray[np.int32], texts: Columns) -> None:
        reader = self.reader
        lines = (self.row, self.details, self.kind, self.stage, self.flags, self.client)
        known = reader.clients.seen.slots()
        new = apply_templates(texts, template, reader.templates(), known, lines, reader.used)
        reader.clients.learn(self.posts.block, texts["client"][new], texts["name"], texts["close"], new)

    def _recognised(self, place: int, start: int, stop: int) -> Recognised | None:
        text = bytes(self.posts.block[start:stop]).decode("utf-8", "surrogateescape")
        return recognise(_NAMES[self.posts.program[place] >> 8], text)

    def _take_alone(self, place: int, found: Recognised | None) -> None:
        if found is None:
            return
        row, match = found
        self.row[place] = _PLACES[row.name]
        values = details(row, match)
        if values:
            self.details[place] = self.reader.details_place(_PLACES[row.name], values)
        if row.feeds is Feeds.SESSION or row.feeds is Feeds.MESSAGE:
            self._take_event(place, row, match)
        elif row.feeds is Feeds.DELIVERY:
            tag = int(self.posts.tag[place])
            self.deliveries_alone.append(delivery_row(match, tag, self.reader.strings))
        if row.feeds in _RARE or row.peak:
            self.alone.append(Alone(place, row, match, values or ()))

    def _take_event(self, place: int, row: Message, match: Match[str]) -> None:
        self.kind[place], self.stage[place], self.flags[place] = _told(row, match)
        groups = match.groupdict()
        if row.feeds is Feeds.SESSION and groups.get("client") is not None:
            self.client[place] = self.reader.clients.add(f"{groups['client']}[{groups['address']}]")
        queue_id = groups.get("queue_id")
        if queue_id not in (None, "NOQUEUE"):
            self.id[place] = word_hash(queue_id.encode("utf-8", "surrogateescape"))
        if row.name == "queue-active":
            self.sizes_alone.append(decimal(groups["size"]))


# The groups that tell something besides a row's keys, but for those that every template leaves out.
_TELLING = ("stage", "counts", "sasl")


def _is_fixed(row: Message, match: Match[str], start: int, text: Columns) -> bool:
    """Whether every line of this template says the same: nothing that counts stands in what is left out."""
    if row.feeds not in _LEARNT or row.peak or row.name == "queue-active":
        return False
    is_delivery = row.feeds is Feeds.DELIVERY
    if is_delivery is not bool(text["kind"] == columns.UNSENT):
        return False
    body, name, close, rest = (place - start for place in text.item()[:4])
    groups = row.pattern.groupindex
    if "queue_id" in groups and body == 0 and match["queue_id"] not in (None, "NOQUEUE"):
        return False
    if is_delivery and match.span("relay") != (name, close):
        return False
    has_client = "client" in groups and match["client"] is not None
    if has_client and (match.start("client"), match.end("address")) != (name, close):
        return False
    telling = {
        group: match.span(group) for group in (*row.keys, *_TELLING) if group in groups and match[group]
    }
    if not telling:
        return True
    # A reason's class does not hang on what is named in it.
    named = (each.span() for each in _NAMED.finditer(match.string, rest))
    strict = [span for group, span in telling.items() if group != "reason"]
    out = ((0, body), (name, rest), *(each.span() for each in _CHOSEN.finditer(match.string)))
    return not _overlap(telling.values(), out) and not _overlap(strict, named)


def _overlap(spans: Iterable[tuple[int, int]], others: Iterable[tuple[int, int]]) -> bool:
    return any(first < end and last > begin for begin, end in others for first, last in spans)


def _told(row: Message, match: Match[str]) -> tuple[int, int, int]:
    """The kind, the stage and the flags of the event."""
    kind = KINDS.get(row.name, OTHER)
    stage = flags = 0
    if row.name in _ENDINGS:
        stage = stage_place(match["stage"])
    elif kind == events.DISCONNECT:
        flags = counts_flags(match["counts"])
    elif kind == events.CLIENT:
        flags = events.SASL * bool(match["sasl"]) | events.QUEUED * (match["queue_id"] != "NOQUEUE")
    return kind, stage, flags
