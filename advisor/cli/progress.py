"""A bar on stderr while large logs are read. It is moved once a block, and never where nobody looks."""

import glob
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.logs.source import STDIN, unheard

if TYPE_CHECKING:
    from advisor.logs.source import Progress

# Below this a log is read in a few seconds.
_LARGE = 50_000_000


@contextmanager
def reading(paths: Sequence[str]) -> Iterator["Progress"]:
    """The progress to hand to the reader: a bar for large files on a terminal, nothing otherwise."""
    size = sum(map(_size, paths))
    if size < _LARGE or not sys.stderr.isatty():
        yield unheard
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("reading the log"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=size)
        yield lambda count: bar.advance(task, count)


def _size(path: str) -> int:
    """The bytes of a file, of a folder, or of what a pattern matches; 0 where that is not known, and the
    reader
    says what is wrong with the path.
    """
    if path == STDIN:
        return 0
    matches = [path] if Path(path).exists() else glob.glob(path)  # noqa: PTH207 - as the reader does
    try:
        return sum(map(_size_of, map(Path, matches)))
    except OSError:
        return 0


def _size_of(path: Path) -> int:
    files = [each for each in path.iterdir() if each.is_file()] if path.is_dir() else [path]
    return sum(each.stat().st_size for each in files)
