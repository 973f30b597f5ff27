"""What is to be written: one file, as it was read and as it is to be."""

from pathlib import Path

import msgspec


class Rewrite(msgspec.Struct, frozen=True):
    """The file at `path`, which may be a link, has `before` and is to have `after`."""

    path: Path
    before: bytes
    after: bytes
