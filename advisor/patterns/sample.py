"""Messages cut into what cleanup(8) hands to its checks: logical headers, and lines of bodies.

A header is looked at with its continuation lines, the newlines in it. Headers inside of a MIME part go to
mime_header_checks, those of an attached message to nested_header_checks, all else to body_checks, of each
part the first body_checks_size_limit bytes. Knowledge: header_checks(5), src/global/mime_state.c.
"""

import mailbox
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from advisor.errors import InputError

_BOUNDARY = re.compile(
    rb"^content-type:\s*multipart/.*?boundary\s*=\s*(?:\"([^\"]+)\"|([^\s;]+))", re.IGNORECASE | re.DOTALL
)
_MESSAGE = re.compile(rb"^content-type:\s*message/(?:rfc822|global)", re.IGNORECASE)
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
    box = mailbox.mbox(path, create=False)
    for key in box.iterkeys():
        yield box.get_bytes(key)


def _cut(message: bytes, body_limit: int) -> Iterator[tuple[LineKind, bytes]]:
    """The lines of one message, in their order."""
    boundaries: list[bytes] = []
    kind: LineKind | None = LineKind.HEADER  # of the header that is being read; None within a body
    header = b""
    is_message = False
    seen = 0
    for line in [*message.replace(b"\r\n", b"\n").split(b"\n"), b""]:
        if kind is not None:
            if header and line[:1] in (b" ", b"\t"):
                header += b"\n" + line
                continue
            if header:
                yield kind, header
                if match := _BOUNDARY.match(header):
                    boundaries.append(b"--" + (match[1] or match[2]))
                is_message = is_message or bool(_MESSAGE.match(header))
            header = line
            if not line:
                kind, is_message = (LineKind.NESTED_HEADER if is_message else None), False
                seen = 0
            continue
        if any(line.startswith(boundary) for boundary in boundaries):
            kind = None if line.rstrip().endswith(b"--") else LineKind.MIME_HEADER
            seen = 0
        elif not body_limit or seen < body_limit:
            seen += len(line) + 1
            for start in range(0, max(len(line), 1), _LINE_LIMIT):
                yield LineKind.BODY, line[start : start + _LINE_LIMIT]
