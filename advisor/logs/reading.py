"""Files -> their metrics, several processes at work.

What is packed is unpacked in a thread while it is read, what another program's format holds is translated in
a process of its own, and all else is read in ranges.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from advisor.logs.blocks import LogFile, cannot_be_read
from advisor.logs.breaks import Break
from advisor.logs.metrics import Metrics
from advisor.logs.parallel import ahead, ahead_in_thread, in_order
from advisor.logs.scan import Part, Stream, line_metrics, scan_parts
from advisor.logs.source import Progress, unheard
from advisor.logs.tally import Tally
from advisor.logs.texts import TextReader
from advisor.logs.time_window import TimeWindow
from advisor.logs.wanted import Wanted

# Less is read by one process: to start another takes as long.
_SMALLEST_RANGE, _LARGEST_RANGE = 4 << 20, 32 << 20


class _Read(NamedTuple):
    """What was read of a stretch: a Part without what read it, what breaks off, the bytes of the file."""

    head: bytes | None
    tail: bytes
    metrics: Metrics
    breaks: tuple[Break, ...]
    size: int


class _Stored(NamedTuple):
    """A block of a file, unpacked; for how many of its bytes it stands; what broke off."""

    block: bytes
    size: int
    breaks: tuple[Break, ...]


_Task = Callable[[], Iterator[_Read]]
_Reader = Callable[[Callable[[], Iterator[_Stored]]], Iterator[_Stored]]


def read_files(
    files: Sequence[LogFile],
    window: TimeWindow | None,
    wanted: Wanted,
    jobs: int,
    progress: Progress = unheard,
) -> Iterator[Metrics]:
    """The metrics of stretches of the files, in their order, to be added: only a few are in memory at a time.
    `jobs` is how many processes may be at work.
    """
    tasks: list[tuple[int, _Task]] = []
    texts = TextReader()
    tallies = [Tally(file.name, file.modified, window, wanted, texts) for file in files]
    for place, (file, tally) in enumerate(zip(files, tallies, strict=True)):
        tasks += [(place, task) for task in _tasks(file, tally, jobs)]
    if len(tasks) == 1 and jobs > 1 and files[0].plain is None:
        tasks = [(0, partial(_whole, files[0], tallies[0], ahead_in_thread if files[0].is_packed else ahead))]
    results = ((tasks[place][0], read) for place, read in in_order([task for _, task in tasks], jobs))
    for place, group in groupby(results, itemgetter(0)):
        yield from _stretches(group, tallies[place], progress)


def _stretches(reads: Iterator[tuple[int, _Read]], tally: Tally, progress: Progress) -> Iterator[Metrics]:
    """The metrics of what was read of one file: of its parts, and of the lines torn between them."""
    torn = b""
    for _, (head, tail, metrics, breaks, size) in reads:
        progress(size)
        if head is not None:
            yield line_metrics(torn + head, tally)
            yield metrics
            torn = b""
        torn += tail
        yield Metrics(breaks=[*breaks])
    if torn:
        yield line_metrics(torn, tally)


def _tasks(file: LogFile, tally: Tally, jobs: int) -> list[_Task]:
    path = file.plain
    size = path.stat().st_size if path else 0
    if path is None or size == 0:  # what tells no size, as /proc does, may have lines all the same
        return [partial(_whole, file, tally)]
    step = max(_SMALLEST_RANGE, min(_LARGEST_RANGE, size // (2 * jobs) + 1))
    return [partial(_range, path, file.name, tally, begin, begin + step) for begin in range(0, size, step)]


def _range(path: Path, name: str, tally: Tally, begin: int, end: int) -> Iterator[_Read]:
    part = Part(tally)
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(begin)
            size = part.read(file, end - begin)
    except OSError as error:
        raise cannot_be_read(name, error) from error
    yield _Read(part.head, part.tail, part.metrics, (), size)


def _here(stored: Callable[[], Iterator[_Stored]]) -> Iterator[_Stored]:
    return stored()


def _whole(file: LogFile, tally: Tally, reader: _Reader = _here) -> Iterator[_Read]:
    """All of a file; `reader` says who reads and unpacks it."""
    stored = partial(_stored, file)
    breaks: list[Break] = []
    sizes: list[int] = []
    blocks = _blocks_of(reader(stored), breaks, sizes)
    for part in scan_parts(Stream(blocks), tally):
        yield _Read(part.head, part.tail, part.metrics, (), sum(sizes))
        sizes.clear()
    yield _Read(None, b"", Metrics(), tuple(breaks), sum(sizes))


def _stored(file: LogFile) -> Iterator[_Stored]:
    heard: list[int] = []
    for block in file.blocks(heard.append):
        yield _Stored(block, sum(heard), ())
        heard.clear()
    yield _Stored(b"", sum(heard), tuple(file.breaks))


def _blocks_of(stored: Iterator[_Stored], breaks: list[Break], sizes: list[int]) -> Iterator[bytes]:
    """The blocks; what else is to be known of them goes into the lists."""
    for block, size, broke in stored:
        breaks += broke
        sizes.append(size)
        yield block
