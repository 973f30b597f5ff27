"""What cleanup(8) and smtp(8) log of header and body checks: which lines they acted on, and what they said.

Only lines that name a header or a body are looked at one by one, so a log is read about as fast as it comes
from the disk. Knowledge: cleanup_act_log() in src/cleanup/cleanup_message.c, cleanup_milter_hbc_log() in
src/cleanup/cleanup_milter.c, smtp_hbc_logger() in src/smtp/smtp_proto.c, src/global/header_body_checks.c.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from advisor.logs.blocks import LogFile
from advisor.logs.headers import HeaderReader
from advisor.logs.order import in_order
from advisor.logs.source import Source
from advisor.logs.sources import files_of

_MOST_HITS = 100_000  # different lines that are kept; a flood of others is counted as untold
_LINE = re.compile(
    r"[0-9A-Za-z]{5,}: (?:milter-(?:header|body)-)?(?P<action>[a-z]+): (?P<kind>header|body) (?P<rest>.*)"
)
# The content may hold the same words, so the last place counts that its 200 bytes allow.
_ADDRESS = r"<(?:\"[^\"]*\")?[^>]*>"
_FROM_CLEANUP = re.compile(
    rf"(?P<content>.{{0,200}}) from [^\s;]+; from={_ADDRESS}(?: (?:to|helo)={_ADDRESS}| proto=\S+)*"
    r"(?:: (?P<text>.*))?"
)
_FROM_SMTP = re.compile(r"(?P<content>.{0,60})(?P<text>.*)")
_ACTIONS = frozenset(
    (
        "reject",
        "warning",
        "discard",
        "hold",
        "filter",
        "prepend",
        "redirect",
        "replace",
        "strip",
        "info",
        "bcc",
        "delay",
    )
)
_ENHANCED = re.compile(r"^[245]\.\d{1,3}\.\d{1,3} ")
_PROGRAMS = frozenset(("cleanup", "smtp", "lmtp"))
_MARKS = {"header": b": header ", "body": b": body "}
_ACTIVE = re.compile(rb"size=(\d+), nrcpt=\d+ \(queue active\)")


class Hit(msgspec.Struct, frozen=True):
    """A line of a message that a check acted on: at most 200 bytes of it, `?` for what cannot be printed.

    `action` in small letters as it is logged (IGNORE, DUNNO and OK are not), `kind` is `header` for those of
    MIME parts and attached messages too. `text` is the pattern's own words without the status code. smtp(8)
    puts its words behind the first 60 bytes of the line with nothing to tell them apart: then `text` is all.
    """

    action: str
    kind: str
    content: str
    text: str


class ContentLog(msgspec.Struct, frozen=True):
    """How often each line was hit, and when last (seconds since the epoch). `messages` went through
    cleanup(8), `busiest_hour` the most of them in an hour; `mean_size` in bytes, None without qmgr's lines.
    `begins` and `ends` enclose the log, None without stamps. `untold`: hits beyond those that are kept.
    """

    hits: dict[Hit, int]
    last: dict[Hit, float]
    messages: int
    busiest_hour: int
    mean_size: float | None
    begins: float | None
    ends: float | None
    untold: int


def read_content_log(sources: Sequence[Source]) -> ContentLog:
    """The content checks of all sources together. Raises InputError for what cannot be read."""
    files, _ = in_order(list(files_of(sources)))
    reader = _Reader()
    for file in files:
        reader.read(file)
    return reader.result()


class _Reader:
    def __init__(self) -> None:
        self.hits: Counter[Hit] = Counter()
        self.last: dict[Hit, float] = {}
        self.hours: Counter[int] = Counter()
        self.sizes = self.sized = self.untold = 0
        self.begins: float | None = None
        self.ends: float | None = None

    def read(self, file: LogFile) -> None:
        headers = HeaderReader(file.modified)
        for block in _whole_lines(file):
            self._time(block, headers)
            self._messages(block, headers)
            for size in _ACTIVE.findall(block):
                self.sizes += int(size)
                self.sized += 1
            for kind, mark in _MARKS.items():
                for line in _lines_with(block, mark):
                    self._hit(line, kind, headers)

    def _time(self, block: bytes, headers: HeaderReader) -> None:
        first = _time_of(block[: block.find(b"\n")], headers)
        last = _time_of(block[block.rfind(b"\n", 0, -1) + 1 :], headers)
        self.begins = first if self.begins is None else self.begins
        self.ends = last if last is not None else self.ends

    def _messages(self, block: bytes, headers: HeaderReader) -> None:
        """Counts by the hour: stamps are read where the text before the minutes changes."""
        known: dict[bytes, int] = {}
        for line in _lines_with(block, b": message-id="):
            stamp = line[:13]
            if stamp not in known:
                time = _time_of(line, headers)
                known[stamp] = int(time // 3600) if time is not None else 0
            self.hours[known[stamp]] += 1

    def _hit(self, data: bytes, kind: str, headers: HeaderReader) -> None:
        line = data.decode("utf-8", "replace")
        header = headers.read(line)
        program = header.tag.rpartition("/")[2] if header else ""
        if header is None or program not in _PROGRAMS:
            return
        match = _LINE.fullmatch(line, header.text)
        if not match or match["action"] not in _ACTIONS or match["kind"] != kind:
            return
        found = (_FROM_CLEANUP if program == "cleanup" else _FROM_SMTP).fullmatch(match["rest"])
        if not found:
            return
        text = (found["text"] or "") if program == "cleanup" else match["rest"]
        hit = Hit(match["action"], kind, found["content"], _ENHANCED.sub("", text).strip())
        if hit not in self.hits and len(self.hits) >= _MOST_HITS:
            self.untold += 1
            return
        self.hits[hit] += 1
        if header.time is not None:
            self.last[hit] = max(header.time, self.last.get(hit, header.time))

    def result(self) -> ContentLog:
        return ContentLog(
            dict(self.hits),
            self.last,
            self.hours.total(),
            max(self.hours.values(), default=0),
            self.sizes / self.sized if self.sized else None,
            self.begins,
            self.ends,
            self.untold,
        )


def _whole_lines(file: LogFile) -> Iterator[bytes]:
    """The file in blocks that end where a line does."""
    torn = b""
    for block in file.blocks():
        end = block.rfind(b"\n") + 1
        if not end:
            torn += block
            continue
        yield torn + block[:end]
        torn = block[end:]
    if torn:
        yield torn + b"\n"


def _lines_with(block: bytes, mark: bytes) -> Iterator[bytes]:
    place = block.find(mark)
    while place >= 0:
        end = block.find(b"\n", place)
        yield block[block.rfind(b"\n", 0, place) + 1 : end]
        place = block.find(mark, end)


def _time_of(line: bytes, headers: HeaderReader) -> float | None:
    header = headers.read(line.decode("utf-8", "replace"))
    return header.time if header else None


def day(time: float) -> str:
    """The date of a time, in UTC."""
    return datetime.fromtimestamp(time, UTC).date().isoformat()
