"""What journald and docker keep -> plain lines: `2026-11-23T04:05:06.123456+00:00 HOST TAG[PID]: TEXT`.

Three writers: `journalctl -o export` (systemd's JOURNAL_EXPORT_FORMATS: `NAME=VALUE` lines, or NAME, a length
of eight bytes and the value; an empty line ends an entry), `journalctl -o json` (an object a line; a value
that is no text is a list of bytes; a name that came twice has a list of values), and docker's json-file
driver (`{"log":"…","stream":"stdout","time":"…"}`), whose lines have a header of their own inside. A line
that is none of these is passed on as it is, and counted where lines are read.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A field may be a core dump of many megabytes; those that make a line are short.
_LONGEST_FIELD = 1 << 20
_WANTED = frozenset(
    b"MESSAGE SYSLOG_IDENTIFIER _COMM SYSLOG_PID _PID _HOSTNAME "
    b"__REALTIME_TIMESTAMP _SOURCE_REALTIME_TIMESTAMP".split()
)

Translator = type["ExportReader"] | type["JsonReader"]


def translator_of(head: bytes) -> Translator | None:
    """What translates a file that begins so; None where it holds plain lines."""
    if head.startswith((b"__CURSOR=", b"__REALTIME_TIMESTAMP=")):
        return ExportReader
    return JsonReader if head.lstrip(b"\xef\xbb\xbf").startswith((b'{"', b'{ "')) else None


class ExportReader:
    """Takes the export format in blocks, gives plain lines in blocks."""

    def __init__(self) -> None:
        self._rest = b""
        self._skip = 0  # bytes of a long value that are still to come
        self._entry: dict[bytes, bytes] = {}

    def translate(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """The lines of all entries. One that is torn at the end is left out."""
        for block in blocks:
            if lines := b"".join(self._feed(block)):
                yield lines
        yield from _line(self._entry)

    def _feed(self, block: bytes) -> Iterator[bytes]:
        data = self._rest + block if self._rest else block
        position = min(self._skip, len(data))
        self._skip -= position
        while not self._skip:
            end = data.find(b"\n", position)
            if end < 0:
                break
            field = data[position:end]
            if not field:
                yield from _line(self._entry)
                self._entry = {}
            elif b"=" in field:
                name, _, value = field.partition(b"=")
                self._take(name, value)
            else:
                begin = end + 9
                if len(data) < begin:
                    break
                size = int.from_bytes(data[end + 1 : begin], "little")
                if size > _LONGEST_FIELD:
                    self._skip = max(0, begin + size + 1 - len(data))
                    position = min(len(data), begin + size + 1)
                    continue
                if len(data) < begin + size + 1:
                    break
                self._take(field, data[begin : begin + size])
                end = begin + size
            position = end + 1
        self._rest = data[position:]
        if len(self._rest) > 2 * _LONGEST_FIELD:
            self._rest = b""  # no journal: a line without an end

    def _take(self, name: bytes, value: bytes) -> None:
        if name in _WANTED:
            self._entry.setdefault(name, value)


class JsonReader:
    """Takes lines of JSON in blocks, gives plain lines in blocks."""

    def __init__(self) -> None:
        self._rest = b""

    def translate(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """The lines of all objects."""
        for block in blocks:
            *lines, self._rest = (self._rest + block).split(b"\n")
            if len(self._rest) > 2 * _LONGEST_FIELD:
                lines, self._rest = [*lines, self._rest], b""
            if found := b"".join(map(_of_json, lines)):
                yield found
        if self._rest:
            yield _of_json(self._rest)


def _of_json(line: bytes) -> bytes:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return line + b"\n"
    log, time = found.get("log"), found.get("time")
    if isinstance(log, str):  # docker's own stamp goes ahead: it has the year, and some containers write none
        text = f"{time} {log}" if isinstance(time, str) else log
        return text.rstrip("\n").replace("\n", " ").encode("utf-8", "surrogatepass") + b"\n"
    fields = {name: _value(found[name.decode()]) for name in _WANTED if name.decode() in found}
    return b"".join(_line(fields)) or line + b"\n"


def _value(value: object) -> bytes:
    """The bytes of a JSON value: text, a list of bytes, or a list of such values, whose first counts."""
    match value:
        case str():
            return value.encode("utf-8", "surrogatepass")
        case int():
            return str(value).encode()
        case [int(), *_]:
            return bytes(each & 0xFF for each in value if isinstance(each, int))
        case [first, *_]:
            return _value(first)
    return b""


def _line(fields: Mapping[bytes, bytes]) -> Iterator[bytes]:
    """The lines of an entry, one for each line of its message; none where it has no time or no message."""
    text = fields.get(b"MESSAGE")
    stamp = _stamp(fields.get(b"_SOURCE_REALTIME_TIMESTAMP") or fields.get(b"__REALTIME_TIMESTAMP") or b"")
    if text is None or stamp is None:
        return
    host = _word(fields.get(b"_HOSTNAME", b"")) or b"localhost"
    tag = _word(fields.get(b"SYSLOG_IDENTIFIER") or fields.get(b"_COMM") or b"") or b"unknown"
    pid = fields.get(b"SYSLOG_PID") or fields.get(b"_PID") or b""
    head = b"%s %s %s%s: " % (stamp, host, tag, b"[%s]" % pid if pid.isdigit() else b"")
    for line in text.rstrip(b"\n").split(b"\n"):
        yield head + line + b"\n"


def _word(name: bytes) -> bytes:
    return b"_".join(name.split())


def _stamp(microseconds: bytes) -> bytes | None:
    try:
        moment = _EPOCH + timedelta(microseconds=int(microseconds))
    except (ValueError, OverflowError):
        return None
    return moment.isoformat(timespec="microseconds").encode()
