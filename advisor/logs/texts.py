"""What the lines' texts say, as columns: which row of the grammar each is, and what it tells.

Most lines of a log differ from others in a queue id and a client alone. What is left of a text without the two
is its template: the grammar reads a template once, and then knows it by its hash. Three messages say something
new in each line, and have readers of their own: a message-id, a queued message's size, a delivery. Every other
text is read by the grammar, alone.
"""

from dataclasses import dataclass, field
from re import Match
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.logs import events
from advisor.logs.classes import stage_place
from advisor.logs.deliveries import Strings, delivery_row, read_deliveries
from advisor.logs.events import EVENT, KINDS, OTHER
from advisor.logs.lines import Lines
from advisor.logs.memo import UNKNOWN as NOT_LEARNT
from advisor.logs.memo import Memo
from advisor.logs.messages import MESSAGES, PROGRAMS, Feeds, Message, recognise
from advisor.logs.queue_sizes import read_queue_active
from advisor.logs.sessions import counts_flags
from advisor.logs.tables import DELIVERY, Rows
from advisor.logs.words import I64, U64, Bool, Text, digits_in, hash_of, is_alphanumeric, word

_PLACES = {message.name: place for place, message in enumerate(MESSAGES)}
# Lines of Postfix that no row of the grammar matches.
UNKNOWN = len(MESSAGES)

_PROGRAMS = {name: place for place, name in enumerate(sorted(PROGRAMS))}
_QMGR = np.array([name in ("qmgr", "oqmgr", "nqmgr") for name in _PROGRAMS])
_CLEANUP = np.array([name == "cleanup" for name in _PROGRAMS])
_DELIVERS = np.array([name in MESSAGES[_PLACES["delivery"]].daemons for name in _PROGRAMS])
_LEARNT = frozenset({Feeds.SESSION, Feeds.MESSAGE, Feeds.COUNTER})
_RARE = frozenset({Feeds.PROCESS_LIMIT, Feeds.START, Feeds.PROCESS_END})
_ENDINGS = ("lost-connection", "timeout", "too-many-errors")
# What is longer is seldom the same twice.
_LONGEST_BEGIN, _LONGEST_REST = 96, 200
_LONGEST_QUEUE_ID = 20
_PRIME = np.uint64(0xD6E8FEB86659FD93)
_HIGH = 0x8080808080808080


class Details(NamedTuple):
    """The values of a row's `keys`."""

    row: int
    values: tuple[str, ...]


class Alone(NamedTuple):
    """A line that the grammar read alone and that tells what no other column has; `place` is that of the line."""

    place: int
    row: Message
    match: Match[str]
    values: tuple[str, ...]


class Template(NamedTuple):
    """What all lines of a template have in common; `details` is a place in TextReader.details, or -1."""

    row: int
    kind: int
    stage: int
    flags: int
    details: int
    has_client: bool


@dataclass(slots=True)
class Posts:
    """Lines of Postfix, as columns: where their texts are, the process (`key`), its tag (a place in
    Metrics.names), its program (a place among PROGRAMS), a number for its host; seq is the number of the line.
    """

    text: Text
    start: I64
    stop: I64
    seq: I64
    time: NDArray[np.float64]
    key: U64
    tag: NDArray[np.uint16]
    program: NDArray[np.int64]
    host: U64
    plain: Bool

    def __len__(self) -> int:
        return len(self.start)


@dataclass(slots=True)
class Texts:
    """`row` for each line: a place in MESSAGES, or UNKNOWN. `details`: a place in TextReader.details, or -1."""

    row: NDArray[np.int32]
    details: NDArray[np.int32]
    sessions: Rows
    messages: Rows
    sizes: NDArray[np.float64]
    deliveries: Rows
    alone: list[Alone]


def program_place(program: str) -> int:
    """The place of a daemon in Posts.program."""
    return _PROGRAMS[program]


@dataclass(slots=True)
class TextReader:
    """Reads the texts of lines; `usual=False` reads each alone. `details` has the keys of all that was read,
    `clients` the NAME[ADDRESS] behind the hashes, `strings` the domains and relays.
    """

    usual: bool = True
    details: list[Details] = field(default_factory=list)
    clients: Strings = field(default_factory=Strings)
    strings: Strings = field(default_factory=Strings)
    templates: list[Template] = field(default_factory=list)
    memo: Memo = field(default_factory=Memo)
    _details: dict[Details, int] = field(default_factory=dict)

    def read(self, posts: Posts) -> Texts:
        """What the lines say."""
        reading = _Reading(self, posts)
        rest = reading.read_usual() if self.usual else np.arange(len(posts))
        reading.read_alone(rest)
        return reading.texts()

    def new_clients(self) -> dict[int, str]:
        """The clients that were met since this was asked last."""
        found, self.clients.texts = self.clients.texts, {}
        return found

    def details_place(self, row: int, values: tuple[str, ...]) -> int:
        """The place of a row's details in `details`."""
        key = Details(row, values)
        place = self._details.setdefault(key, len(self.details))
        if place == len(self.details):
            self.details.append(key)
        return place


class _Holes(NamedTuple):
    """What a template leaves out: the queue id up to `body`, the client from `name` to `rest`."""

    queue_id: I64
    body: I64
    name: I64
    close: I64
    rest: I64
    good: Bool
    form: I64


class _Reading:
    """The reading of one block: parts of the columns, joined in the end."""

    def __init__(self, reader: TextReader, posts: Posts) -> None:
        self.reader, self.posts = reader, posts
        self.row = np.full(len(posts), UNKNOWN, np.int32)
        self.details = np.full(len(posts), -1, np.int32)
        self.sessions: list[Rows] = [events.no_events()]
        self.messages: list[Rows] = [events.no_events()]
        self.sizes: list[NDArray[np.float64]] = [np.empty(0)]
        self.deliveries: list[Rows] = [np.empty(0, DELIVERY)]
        self.alone: list[Alone] = []

    def texts(self) -> Texts:
        sessions, messages = (_in_order(np.concatenate(parts)) for parts in (self.sessions, self.messages))
        return Texts(
            self.row,
            self.details,
            sessions,
            messages,
            np.concatenate(self.sizes),
            np.concatenate(self.deliveries),
            self.alone,
        )

    def read_usual(self) -> I64:
        """Reads what can be read as columns; gives the places of the other lines."""
        posts, text = self.posts, self.posts.text
        colon = self._queue_id_ends()
        has_id = colon > 0
        body = np.where(has_id, colon + 2, posts.start)
        first = text.words[body]
        plain = posts.plain
        header = has_id & _CLEANUP[posts.program] & ((first == _MESSAGE_ID) | (first == _RESENT))
        active = has_id & _QMGR[posts.program] & ((first & _SIX_BYTES) == _FROM)
        delivered = has_id & _DELIVERS[posts.program] & ((first & _FOUR_BYTES) == _TO)
        left = [np.flatnonzero(~plain)]
        for which, read in ((header, self._headers), (active, self._active), (delivered, self._delivered)):
            places = np.flatnonzero(which & plain)
            left.append(read(places, colon, body))
        others = np.flatnonzero(~(header | active | delivered) & plain)
        left.append(self._by_template(others, colon[others], body[others]))
        return np.sort(np.concatenate(left))

    def _queue_id_ends(self) -> I64:
        """Where the colon behind each line's queue id is, 0 where there is none."""
        text, start = self.posts.text, self.posts.start
        colon = text.find(start, np.minimum(self.posts.stop, start + _LONGEST_QUEUE_ID + 1), b":")
        length = colon - start
        found = np.zeros(len(start), np.int64)
        some = np.flatnonzero((length >= 5) & (text.bytes[colon] == ord(":")) & (text.bytes[colon + 1] == ord(" ")))
        at, length = start[some], length[some]
        letters, digit = np.ones(len(some), np.bool_), np.zeros(len(some), np.bool_)
        for offset in range(0, _LONGEST_QUEUE_ID, 8):
            wanted = _HIGHS[np.clip(length - offset, 0, 8)]
            word = text.words[at + offset]
            letters &= is_alphanumeric(word) & wanted == wanted
            digit |= digits_in(word) & wanted != 0
        some = some[letters & digit]
        found[some] = colon[some]
        return found

    def _headers(self, places: I64, colon: I64, body: I64) -> I64:
        text, at = self.posts.text, body[places]
        good = text.starts_with(at, b"message-id=") | text.starts_with(at, b"resent-message-id=")
        self._message(places[good], colon, _PLACES["message-id"])
        return places[~good]

    def _active(self, places: I64, colon: I64, body: I64) -> I64:
        size, good = read_queue_active(self.posts.text, body[places], self.posts.stop[places])
        self._message(places[good], colon, _PLACES["queue-active"])
        self.sizes.append(size[good])
        return places[~good]

    def _delivered(self, places: I64, colon: I64, body: I64) -> I64:  # noqa: ARG002
        stop = self.posts.stop[places]
        rows, good = read_deliveries(self.posts.text, body[places], stop, self.reader.strings)
        rows["tag"] = self.posts.tag[places]
        self.deliveries.append(rows[good])
        self.row[places[good]] = _PLACES["delivery"]
        return places[~good]

    def _message(self, places: I64, colon: I64, row: int) -> None:
        self.row[places] = row
        rows = self._rows(places, np.full(len(places), KINDS[MESSAGES[row].name], np.uint8))
        rows["key"] = self.posts.text.hash(self.posts.start[places], colon[places]) ^ self.posts.host[places]
        self.messages.append(rows)

    def _by_template(self, places: I64, colon: I64, body: I64) -> I64:
        """Reads lines by their templates, learning those that are new; gives the places of the others."""
        posts, text, memo = self.posts, self.posts.text, self.reader.memo
        start, stop = posts.start[places], posts.stop[places]
        holes = self._holes(start, stop, colon, body)
        short = holes.good & (holes.name - body <= _LONGEST_BEGIN) & (stop - holes.rest <= _LONGEST_REST)
        left = [places[~short]]
        places, stop = places[short], stop[short]
        holes = _Holes(*(column[short] for column in holes))
        key = text.hash(holes.body, holes.name) * _PRIME ^ text.hash(holes.rest, stop)
        key ^= (posts.program[places] << 3 | holes.form).astype(np.uint64) * _PRIME
        template = memo.places(key)
        new = np.flatnonzero(template == NOT_LEARNT)
        known: dict[int, int] = {}
        for index, number in zip(new.tolist(), key[new].tolist(), strict=True):
            if number not in known:
                place = self._learn(int(places[index]), number, holes, index)
                if place < 0:
                    template[index] = place
                    continue
                known[number] = place
            template[index] = known[number]
        read = template >= 0
        self._take_templates(places[read], template[read], _Holes(*(column[read] for column in holes)))
        return np.concatenate(left)

    def _holes(self, start: I64, stop: I64, colon: I64, body: I64) -> _Holes:
        text = self.posts.text
        bracket = text.find(body, stop, b"[")
        name, close, rest = stop.copy(), stop.copy(), stop.copy()
        form = np.where(colon > 0, 1, 0)
        good = np.ones(len(start), np.bool_)
        some = np.flatnonzero(bracket < stop)
        begin = text.find_last(body[some], bracket[some], b" ", b"=")
        end = text.find(begin, stop[some], b"]")
        good[some] = (end > bracket[some]) & (end < stop[some])
        name[some], close[some] = begin, end
        count = text.leading_digits(end + 2)
        has_port = (text.bytes[end + 1] == ord(":")) & (count > 0)
        good[some] &= count < 8
        rest[some] = np.where(has_port, end + 2 + count, end + 1)
        form[some] |= 2 | np.where(begin == bracket[some], 4, 0) | np.where(has_port, 8, 0)
        return _Holes(start, body, name, close, rest, good, form)

    def _learn(self, place: int, key: int, holes: _Holes, index: int) -> int:
        """Learns the template of a line; _ALONE for a line that is like no other, and is then read."""
        found = self._recognised(place)
        if found is None or not _is_fixed(*found, self.posts, place, holes, index):
            self._take_alone(place, found)
            return _ALONE
        row, match = found
        values = details_of(row, match)
        details = self.reader.details_place(_PLACES[row.name], values) if values else -1
        client = "address" in row.pattern.groupindex and match["address"] is not None
        template = Template(_PLACES[row.name], *_told(row, match), details, has_client=client)
        self.reader.templates.append(template)
        self.reader.memo.learn(key, len(self.reader.templates) - 1)
        return len(self.reader.templates) - 1

    def _take_templates(self, places: I64, template: NDArray[np.int32], holes: _Holes) -> None:
        if not len(places):
            return
        used, index = np.unique(template, return_inverse=True)
        table = np.array([self.reader.templates[each] for each in used.tolist()], np.int32)[index]
        row, kind, _, _, details, has_client = table.T
        self.row[places], self.details[places] = row, details
        feeds = _FEEDS[row]
        client = np.zeros(len(places), np.uint64)
        some = np.flatnonzero(has_client)
        client[some] = self.posts.text.hash(holes.name[some], holes.close[some] + 1)
        self.reader.clients.learn(self.posts.text, client[some], holes.name[some], holes.close[some] + 1)
        session = np.flatnonzero(feeds == Feeds.SESSION.value)
        rows = self._rows(places[session], kind[session].astype(np.uint8))
        rows["client"], rows["stage"], rows["flags"] = client[session], table[session, 2], table[session, 3]
        self.sessions.append(rows)
        message = np.flatnonzero(
            (feeds == Feeds.MESSAGE.value) | ((kind == events.CLIENT) & (table[:, 3] & events.QUEUED != 0))
        )
        message = message[holes.queue_id[message] + 2 <= holes.body[message]]
        rows = self._rows(places[message], kind[message].astype(np.uint8))
        rows["key"] = self.posts.text.hash(holes.queue_id[message], holes.body[message] - 2)
        rows["key"] ^= self.posts.host[places[message]]
        self.messages.append(rows)

    def _rows(self, places: I64, kind: NDArray[np.uint8]) -> Rows:
        rows = np.zeros(len(places), EVENT)
        posts = self.posts
        rows["key"], rows["seq"], rows["time"] = posts.key[places], posts.seq[places], posts.time[places]
        rows["tag"], rows["kind"] = posts.tag[places], kind
        return rows

    def read_alone(self, places: I64) -> None:
        """Reads lines one by one, with the grammar."""
        for place in places.tolist():
            self._take_alone(place, self._recognised(place))

    def _recognised(self, place: int) -> tuple[Message, Match[str]] | None:
        posts = self.posts
        data = posts.text.slice(int(posts.start[place]), int(posts.stop[place]))
        return recognise(_NAMES[posts.program[place]], data.decode("utf-8", "surrogateescape"))

    def _take_alone(self, place: int, found: tuple[Message, Match[str]] | None) -> None:
        if found is None:
            return
        row, match = found
        self.row[place] = _PLACES[row.name]
        values = details_of(row, match)
        if values:
            self.details[place] = self.reader.details_place(_PLACES[row.name], values)
        at = np.array([place])
        kind, stage, flags = _told(row, match)
        event = self._rows(at, np.array([kind], np.uint8))
        event["stage"], event["flags"] = stage, flags
        if row.feeds is Feeds.SESSION:
            groups = match.groupdict()
            if groups.get("address") is not None:
                event["client"] = self.reader.clients.add(f"{groups['client']}[{groups['address']}]")
            self.sessions.append(event)
        if row.feeds is Feeds.MESSAGE or (kind == events.CLIENT and flags & events.QUEUED):
            event = event.copy()
            queue_id = match["queue_id"].encode("utf-8", "surrogateescape")
            event["key"] = np.uint64(hash_of(queue_id)) ^ self.posts.host[at]
            event["client"], event["stage"], event["flags"] = 0, 0, 0
            self.messages.append(event)
        if row.name == "queue-active":
            self.sizes.append(np.array([float(match["size"])]))
        if row.feeds is Feeds.DELIVERY:
            tag = int(self.posts.tag[place])
            self.deliveries.append(np.array([(tag, *delivery_row(match, self.reader.strings))], DELIVERY))
        if row.feeds in _RARE or row.peak:
            self.alone.append(Alone(place, row, match, values))


_NAMES = list(_PROGRAMS)
_FEEDS = np.array([message.feeds.value for message in MESSAGES])
_HIGHS = np.array([_HIGH & ((1 << 8 * count) - 1) for count in range(9)], np.uint64)
_ALONE = -3
_MESSAGE_ID, _RESENT, _FROM, _TO = (word(text) for text in (b"message-", b"resent-m", b"from=<", b"to=<"))
_SIX_BYTES, _FOUR_BYTES = np.uint64((1 << 48) - 1), np.uint64((1 << 32) - 1)


def details_of(row: Message, match: Match[str]) -> tuple[str, ...]:
    """The values of the groups that a row counts by."""
    return tuple(match[key] or "" for key in row.keys)


def _is_fixed(row: Message, match: Match[str], posts: Posts, place: int, holes: _Holes, index: int) -> bool:
    """Whether every line of this template says the same: nothing that counts stands in what is left out."""
    if row.feeds not in _LEARNT or row.peak or row.name == "queue-active":
        return False
    start = int(posts.start[place])
    name, close, body = (int(column[index]) - start for column in (holes.name, holes.close, holes.body))
    groups = match.groupdict()
    if groups.get("queue_id") not in (None, "NOQUEUE") and body == 0:
        return False
    if groups.get("address") is not None and (match.start("client"), match.end("address")) != (name, close):
        return False
    hollow = ((0, body), (name, int(holes.rest[index]) - start))
    return not any(
        match.start(group) < end and match.end(group) > begin
        for group in {*row.keys, "stage", "counts", "sasl"} & groups.keys()
        for begin, end in hollow
        if groups[group]
    )


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


def _in_order(rows: Rows) -> Rows:
    """The rows that have a time, in the order of the lines."""
    rows = rows[~np.isnan(rows["time"])]
    seq = rows["seq"]
    return rows if bool(np.all(seq[1:] > seq[:-1])) else rows[np.argsort(seq, kind="stable")]
