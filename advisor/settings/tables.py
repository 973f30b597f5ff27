"""The text behind a lookup table that a configuration names, such as `regexp:/etc/postfix/body_checks`.

A configuration may be a copy: then the paths in it are those of another machine, and only what stands in the
copy itself is read. /etc/postfix/NAME is NAME beside main.cf.
"""

import stat
from collections.abc import Callable
from functools import cache
from pathlib import Path, PurePosixPath

from advisor.syntax.source import SourceFile

# The folder that a configuration calls its own, unless it says otherwise (DEF_CONFIG_DIR in mail_params.h).
CONFIGURATION = PurePosixPath("/etc/postfix")
# The largest pattern tables of real sites have a few hundred kB; more is no table to be counted by hand.
_LARGEST = 16 << 20

# The file's text by the path that the configuration names; None where it cannot be read.
TableReader = Callable[[str], SourceFile | None]


def no_tables(path: str) -> SourceFile | None:  # noqa: ARG001 - the reader of one who has no files
    """The reader where nothing but text was given: it finds no table."""
    return None


def folder_tables(folder: Path, *, is_own: bool) -> TableReader:
    """The reader for a configuration in `folder`. `is_own`: it is that of this machine, so paths elsewhere
    are this machine's too.
    """

    @cache  # what stands in a table is the same for the whole run
    def read(path: str) -> SourceFile | None:
        named = PurePosixPath(path)
        if is_own:
            return _regular(Path(path)) if named.is_absolute() else None
        if named.is_relative_to(CONFIGURATION) and ".." not in named.parts:
            return _regular(folder / named.relative_to(CONFIGURATION))
        return None

    return read


def _regular(path: Path) -> SourceFile | None:
    """The text of a regular file of sane size: a pipe would be waited for, a device has no end."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
            return None
        return SourceFile.from_bytes(str(path), path.read_bytes())
    except (OSError, ValueError):
        return None
