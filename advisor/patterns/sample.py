"""Messages cut into what cleanup(8) hands to its checks: logical headers, and lines of bodies.

A header is looked at with its continuation lines, the newlines in it. Headers of MIME parts, and those that
are about MIME wherever they stand, go to mime_header_checks, others of an attached message to
nested_header_checks, all else but empty lines to body_checks, of each part the first body_checks_size_limit
bytes. Knowledge: header_checks(5), src/global/mime_state.c, maps_find() in src/global/maps.c.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from advisor.errors import InputError

_MBOX = re.compile(rb"(?:\A|(?<=\n\n))From [^\n]*\n")  # the line between two messages
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_TYPE = re.compile(rb"content-type[ \t]*:\s*([^\s;/]+)/([^\s;]+)", re.IGNORECASE)
_BOUNDARY = re.compile(rb";\s*boundary\s*=\s*(?:\"([^\"]+)\"|([^\s;]+))", re.IGNORECASE)
_OF_MIME = frozenset(
    (
        b"content-description",
        b"content-disposition",
        b"content-id",
        b"content-transfer-encoding",
        b"content-type",
        b"mime-version",
    )
)
_LINE_LIMIT = 2048  # line_length_limit: a longer line is looked at in parts


class LineKind(StrEnum):
    """Which checks look at a line."""

    HEADER = "header"
    MIME_HEADER = "mime-header"
    NESTED_HEADER = "nested-header"
    BODY = "body"


class Sample(msgspec.Struct, frozen=True):
    """Lines by the checks that look at them, of `messages` messages with `size` bytes together."""

    source: str
    messages: int
    size: int
    lines: dict[LineKind, tuple[bytes, ...]]


def read_sample(paths: Iterable[Path], body_limit: int) -> Sample:
    """The sample that files make: a message each, an mbox, or a folder that is a maildir or holds messages.

    `body_limit` is body_checks_size_limit in bytes, 0 for none. Raises InputError for a path without
    messages.
    """
    chosen = list(paths)
    messages = [message for path in chosen for message in _messages(path)]
    return make_sample(", ".join(str(path) for path in chosen), messages, body_limit)


def make_sample(source: str, messages: Iterable[bytes], body_limit: int) -> Sample:
    """The sample that these messages make."""
    lines: dict[LineKind, list[bytes]] = {kind: [] for kind in LineKind}
    count = size = 0
    for message in messages:
        count += 1
        size += len(message)
        for kind, line in _cut(message, body_limit):
            lines[kind].append(line)
    return Sample(source, count, size, {kind: tuple(found) for kind, found in lines.items()})


def _messages(path: Path) -> Iterator[bytes]:
    try:
        found = list(_files(path) if path.is_dir() else _file(path))
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", where=str(path), cure="name readable mail"
        ) from error
    if not found:
        raise InputError("no message here", where=str(path), cure="name a message, an mbox or a maildir")
    yield from found


def _files(folder: Path) -> Iterator[bytes]:
    inner = [folder / name for name in ("cur", "new") if (folder / name).is_dir()] or [folder]
    for directory in inner:
        for path in sorted(directory.iterdir()):
            if path.is_file():
                yield from _file(path)


def _file(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    if not data.startswith(b"From "):
        yield data
        return
    for message in _MBOX.split(data.replace(b"\r\n", b"\n"))[1:]:
        yield message.removesuffix(b"\n")


def _cut(message: bytes, body_limit: int) -> Iterator[tuple[LineKind, bytes]]:
    """The lines of one message, in their order."""
    return _Cutter(body_limit).cut(message.replace(b"\r\n", b"\n").removesuffix(b"\n").split(b"\n"))


class _Cutter:
    def __init__(self, body_limit: int) -> None:
        self.body_limit = body_limit
        self.boundaries: list[tuple[bytes, bool]] = []  # outermost first; is it of multipart/digest?
        self.kind: LineKind | None = LineKind.HEADER  # of the headers that are read; None within a body
        self.is_message = False  # what these headers are of
        self.seen = 0  # bytes of the body

    def cut(self, lines: Iterable[bytes]) -> Iterator[tuple[LineKind, bytes]]:
        header = b""
        for line in lines:
            if header and line[:1] in (b" ", b"\t"):
                header += b"\n" + line
                continue
            if header:
                yield self._header(header)
            # Postfix takes out the blanks before the colon.
            header = _FIELD.sub(rb"\1:", line, count=1) if self.kind and _FIELD.match(line) else b""
            if not header:
                yield from self._other(line)
        if header:
            yield self._header(header)

    def _header(self, header: bytes) -> tuple[LineKind, bytes]:
        field = _FIELD.match(header)
        if match := _TYPE.match(header):
            kind, name = match[1].lower(), match[2].lower()
            self.is_message = kind == b"message" and name in (b"rfc822", b"global")
            if kind == b"multipart" and (found := _BOUNDARY.search(header)):
                self.boundaries.append((b"--" + (found[1] or found[2]), name == b"digest"))
        is_of_mime = field is not None and field[1].lower() in _OF_MIME
        return LineKind.MIME_HEADER if is_of_mime else self.kind or LineKind.HEADER, header

    def _other(self, line: bytes) -> Iterator[tuple[LineKind, bytes]]:
        """The end of headers, or a line of a body."""
        if self.kind and not line and self.is_message:
            self.kind, self.is_message = LineKind.NESTED_HEADER, False
            return
        if self.kind:
            self.kind, self.seen = None, 0
        for start in range(0, len(line), _LINE_LIMIT):
            if not self.body_limit or self.seen < self.body_limit:
                yield LineKind.BODY, line[start : start + _LINE_LIMIT]
            self.seen += len(line[start : start + _LINE_LIMIT])
        self.seen += 1
        self._boundary(line)

    def _boundary(self, line: bytes) -> None:
        """A line that begins with a boundary begins a part, or ends the last one."""
        for depth in reversed(range(len(self.boundaries))):
            boundary, is_digest = self.boundaries[depth]
            if line.startswith(boundary):
                is_last = line.startswith(b"--", len(boundary))
                del self.boundaries[depth + (not is_last) :]
                self.kind, self.is_message = None if is_last else LineKind.MIME_HEADER, is_digest
                self.seen = 0
                return
