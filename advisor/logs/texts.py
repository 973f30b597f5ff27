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
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.logs import columns, events
from advisor.logs.classes import stage_place
from advisor.logs.columns import Block, Columns, texts_of, word_hash
from advisor.logs.deliveries import Strings, delivery_row, delivery_rows, status_place
from advisor.logs.events import KINDS, OTHER
from advisor.logs.memo import Memo
from advisor.logs.messages import MESSAGES, PROGRAMS, Feeds, Message, details, recognise
from advisor.logs.numbers import decimal
from advisor.logs.pieces import Lines, Told, events_of
from advisor.logs.reasons import HOST, IPV4, IPV6
from advisor.logs.sessions import counts_flags
from advisor.logs.tables import DELIVERY, Rows, chosen, joined
from advisor.logs.templates import Template, Templates

I64 = NDArray[np.int64]

_PLACES = {message.name: place for place, message in enumerate(MESSAGES)}
# Lines of Postfix that no row of the grammar matches.
UNKNOWN = len(MESSAGES)
# Their template.
NO_TEMPLATE = 0

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
_RARE = frozenset({Feeds.PROCESS_LIMIT, Feeds.START, Feeds.PROCESS_END, Feeds.REPEATED})
_ENDINGS = ("lost-connection", "timeout", "too-many-errors")
# What a template leaves out behind the client, and what a reason's class does not hang on. It keeps what DNS
# lists answer.
_NAMED = re.compile(rf"{HOST}|<[^<>]*>|(?!127\.){IPV4}|{IPV6}|(?<==)\d+(?:/\d+)?(?!\S)")
# What else it leaves out.
_CHOSEN = re.compile(r"(?<=sasl_username=)[^\s,]+|(?<=warning: hostname )\S+|\d+(?= bytes\) from )")
# A row whose texts are seldom the same twice is not worth learning.
_TRIED, _WORTH = 100, 2
_MOST_TEMPLATES = 50_000
# What columns.c gives as the template of an odd line.
_ODD = 0
# The rows that columns.c has a reader for; of all others it reads templates alone.
_READ = {
    "message-id": (columns.HEADER,),
    "queue-active": (columns.ACTIVE,),
    "delivery": (columns.SENT, columns.UNSENT),
}

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
    """`template` for each line: a place in TextReader.templates."""

    template: NDArray[np.int32]
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


def _known_from_the_begin() -> Templates:
    """At NO_TEMPLATE what no row matches."""
    templates = Templates()
    templates.place(Template(UNKNOWN))
    return templates


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
    templates: Templates = field(default_factory=_known_from_the_begin)
    tried: Counter[int] = field(default_factory=Counter)
    used: I64 = field(default_factory=lambda: np.zeros(2 * UNKNOWN + 2, np.int64))
    _details: dict[Details, int] = field(default_factory=dict)

    def read(self, posts: Posts) -> Texts:
        """What the lines say."""
        self._forget_many()
        reading = _Reading(self, posts)
        rest = reading.read_usual() if self.usual and columns.IS_COMPILED else np.arange(len(posts))
        reading.read_alone(rest)
        return reading.texts()

    def new_clients(self) -> dict[int, str]:
        """The clients that were met since this was asked last."""
        found, self.clients.texts = self.clients.texts, {}
        return found

    def _forget_many(self) -> None:
        """Begins anew with what hostile text has made too much."""
        self.strings.forget_many()
        if max(len(self.memo), len(self.templates), len(self.details)) > _MOST_TEMPLATES:
            self.memo, self.templates = Memo(2 * _MOST_TEMPLATES), _known_from_the_begin()
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
        self.template = np.zeros(count, np.int32)
        self.client, self.id = np.zeros(count, np.uint64), np.zeros(count, np.uint64)
        self.sizes: list[NDArray[np.float64]] = []
        self.deliveries: list[Rows] = []
        self.alone: list[Alone] = []
        self.deliveries_alone: list[tuple[int | float, ...]] = []
        self.sizes_alone: list[float] = []

    def texts(self) -> Texts:
        """What was read, as it goes on."""
        posts, templates = self.posts, self.reader.templates
        kind, stage, flags = (templates.column(name).astype(np.uint8) for name in ("kind", "stage", "flags"))
        told = Told(kind, stage, flags, _FEEDS[templates.column("row")])
        sessions, messages = events_of(
            Lines(
                posts.seq, posts.time, posts.key, posts.tag, posts.host, self.template, self.client, self.id
            ),
            told,
        )
        self.deliveries.append(np.array(self.deliveries_alone, DELIVERY))
        self.sizes.append(np.array(self.sizes_alone, np.float64))
        return Texts(
            self.template,
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
        self.id = texts["id"].copy()
        template, read = self._templates_of(texts)
        known = template >= 0
        self.template = np.where(known, template, self.template)
        self._take_clients(texts)
        own = chosen(figures, known[figures["place"]])
        kind = texts["kind"][own["place"]]
        self.sizes.append(own["size"][kind == columns.ACTIVE])
        self._deliver(chosen(own, kind != columns.ACTIVE))
        known[read] = True
        return np.flatnonzero(~known)

    def read_alone(self, places: I64) -> None:
        """Reads lines one by one, with the grammar."""
        starts, stops = self.posts.start[places].tolist(), self.posts.stop[places].tolist()
        for place, start, stop in zip(places.tolist(), starts, stops, strict=True):
            if found := self._recognised(place, start, stop):
                self._take_alone(place, *found, self._template(*found))

    def _told(self, name: str, places: I64) -> NDArray[np.int32]:
        """A field of the templates of some lines."""
        told: NDArray[np.int32] = self.reader.templates.column(name)[self.template[places]]
        return told

    def _deliver(self, figures: Columns) -> None:
        strings, block, places = self.reader.strings, self.posts.block, figures["place"]
        strings.learn(block, figures["domain"], figures["domain_at"], figures["domain_stop"] - 1)
        strings.learn(block, figures["relay"], figures["relay_at"], figures["relay_stop"] - 1)
        self.deliveries.append(delivery_rows(figures, self.posts.tag[places], self._told("status", places)))

    def _templates_of(self, texts: Columns) -> tuple[NDArray[np.int32], list[int]]:
        """The places of the lines' templates, of which those that are new are learnt; negative for lines that
        have none. Then the lines that were read on the way.
        """
        memo, posts = self.reader.memo, self.posts
        memo.learn(_ODD, -1)
        key = texts["template"].copy()
        template = memo.places(key)
        new = memo.first_of_new(key, template)
        read = []
        if len(new):
            starts, stops = posts.start[new].tolist(), posts.stop[new].tolist()
            news = zip(new.tolist(), key[new].tolist(), starts, stops, strict=True)
            read = [line[0] for line in news if not self._learn(*line, texts)]
            template = memo.places(key)
        self._count_used(template)
        return template, read

    def _count_used(self, template: NDArray[np.int32]) -> None:
        templates = self.reader.templates
        used = np.bincount(template + 2, minlength=len(templates) + 2)[2:]
        group = _group(templates.column("row"), templates.column("details"))
        np.add.at(self.reader.used, group, used)

    def _take_clients(self, texts: Columns) -> None:
        has_client = (self.reader.templates.column("has_client") != 0)[self.template]
        self.client = np.where(has_client, texts["client"], self.client)
        named = np.flatnonzero(has_client)
        self.reader.clients.learn(self.posts.block, self.client[named], texts["name"], texts["close"], named)

    def _learn(self, place: int, key: int, start: int, stop: int, texts: Columns) -> bool:
        """Learns the template of a line; if that is like no other, False, and the line is taken as it is."""
        found = self._recognised(place, start, stop)
        if found is None:
            return False
        message, match = found
        template = self._template(message, match)
        group = _group(template.row, template.details)
        tried = self.reader.tried[group]
        worth = tried < _TRIED or self.reader.used[group] > _WORTH * tried
        if not worth or not _is_fixed(message, match, start, texts[place]):
            self._take_alone(place, message, match, template)
            return False
        self.reader.tried[group] += 1
        has_client = "client" in match.re.groupindex and match["client"] is not None
        self.reader.memo.learn(key, self.reader.templates.place(template._replace(has_client=has_client)))
        return True

    def _template(self, message: Message, match: Match[str]) -> Template:
        row, values = _PLACES[message.name], details(message, match)
        place = self.reader.details_place(row, values) if values else -1
        status = status_place(match["status"]) if message.feeds is Feeds.DELIVERY else 0
        return Template(row, *_told(message, match), place, status=status)

    def _recognised(self, place: int, start: int, stop: int) -> Recognised | None:
        text = bytes(self.posts.block[start:stop]).decode("utf-8", "surrogateescape")
        return recognise(_NAMES[self.posts.program[place] >> 8], text)

    def _take_alone(self, place: int, row: Message, match: Match[str], template: Template) -> None:
        self.template[place] = self.reader.templates.place(template)
        if row.feeds is Feeds.SESSION or row.feeds is Feeds.MESSAGE:
            self._take_event(place, row, match)
        elif row.feeds is Feeds.DELIVERY:
            tag = int(self.posts.tag[place])
            self.deliveries_alone.append(delivery_row(match, tag, self.reader.strings))
        if row.feeds in _RARE or row.peak:
            values = self.reader.details[template.details].values if template.details >= 0 else ()
            self.alone.append(Alone(place, row, match, values))

    def _take_event(self, place: int, row: Message, match: Match[str]) -> None:
        groups = match.groupdict()
        if row.feeds is Feeds.SESSION and groups.get("client") is not None:
            self.client[place] = self.reader.clients.add(f"{groups['client']}[{groups['address']}]")
        queue_id = groups.get("queue_id")
        if queue_id not in (None, "NOQUEUE"):
            self.id[place] = word_hash(queue_id.encode("utf-8", "surrogateescape"))
        if row.name == "queue-active":
            self.sizes_alone.append(decimal(groups["size"]))


# The groups that tell something besides a row's keys, but for those that every template leaves out, and for
# `counts`, of which it keeps what tells.
_TELLING = ("stage", "sasl")


def _is_fixed(row: Message, match: Match[str], start: int, text: Columns) -> bool:
    """Whether every line of this template says the same: nothing that counts stands in what is left out."""
    if row.feeds not in _LEARNT or row.peak or text["kind"] not in _READ.get(row.name, (columns.TEMPLATE,)):
        return False
    body, name, close, rest = (place - start for place in text.item()[:4])
    groups = row.pattern.groupindex
    if "queue_id" in groups and body == 0 and match["queue_id"] not in (None, "NOQUEUE"):
        return False
    if row.feeds is Feeds.DELIVERY and match.span("relay") != (name, close):
        return False
    has_client = "client" in groups and match["client"] is not None
    if has_client and (match.start("client"), match.end("address")) != (name, close):
        return False
    telling = {
        group: match.span(group) for group in (*row.keys, *_TELLING) if group in groups and match[group]
    }
    if not telling or text["kind"] == columns.SENT:
        return True
    # A reason's class does not hang on what is named in it.
    named = (each.span() for each in _NAMED.finditer(match.string, rest))
    strict = [span for group, span in telling.items() if group != "reason"]
    out = ((0, body), (name, rest), *(each.span() for each in _CHOSEN.finditer(match.string)))
    return not _overlap(telling.values(), out) and not _overlap(strict, named)


def _group(row: Any, details: Any) -> Any:
    """Whose templates come again is judged for a row's lines that count something, and for the others."""
    return 2 * row + (details < 0)


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
