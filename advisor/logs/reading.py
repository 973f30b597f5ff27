"""Files -> their metrics, several processes at work.

What is packed is unpacked in one process and read in another; what is not is read in ranges.
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
from advisor.logs.parallel import ahead, in_order
from advisor.logs.scan import BLOCK, Part, joined, scan_parts
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


def read_files(
    files: Sequence[LogFile],
    window: TimeWindow | None,
    wanted: Wanted,
    jobs: int,
    progress: Progress = unheard,
) -> Iterator[Metrics]:
    """The metrics of each file, in their order; `jobs` is how many processes may be at work."""
    tasks: list[tuple[int, _Task]] = []
    texts = TextReader()
    tallies = [Tally(file.name, file.modified, window, wanted, texts) for file in files]
    for place, (file, tally) in enumerate(zip(files, tallies, strict=True)):
        tasks += [(place, task) for task in _tasks(file, tally, jobs)]
    if len(tasks) == 1 and jobs > 1 and files[0].plain is None:
        tasks = [(0, partial(_whole, files[0], tallies[0], is_ahead=True))]
    results = ((tasks[place][0], read) for place, read in in_order([task for _, task in tasks], jobs))
    for place, group in groupby(results, itemgetter(0)):
        breaks: list[Break] = []
        parts = _parts(group, tallies[place], breaks, progress)
        metrics = joined(parts, is_first=place == 0).finish()
        metrics.breaks += breaks
        yield metrics


def _parts(
    reads: Iterator[tuple[int, _Read]], tally: Tally, breaks: list[Break], progress: Progress
) -> Iterator[Part]:
    begins = True
    for _, (head, tail, metrics, broke, size) in reads:
        breaks += broke
        progress(size)
        yield Part(tally, head, tail, metrics, begins)
        begins = False


def _tasks(file: LogFile, tally: Tally, jobs: int) -> list[_Task]:
    path = file.plain
    size = path.stat().st_size if path else 0
    if path is None or size == 0:  # what tells no size, as /proc does, may have lines all the same
        return [partial(_whole, file, tally)]
    step = max(_SMALLEST_RANGE, min(_LARGEST_RANGE, size // (2 * jobs) + 1))
    return [partial(_range, path, file.name, tally, begin, begin + step) for begin in range(0, size, step)]


def _range(path: Path, name: str, tally: Tally, begin: int, end: int) -> Iterator[_Read]:
    part = Part(tally, begins=begin == 0)
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(begin)
            size = part.read(file, end - begin)
    except OSError as error:
        raise cannot_be_read(name, error) from error
    yield _Read(part.head, part.tail, part.metrics, (), size)


def _whole(file: LogFile, tally: Tally, *, is_ahead: bool = False) -> Iterator[_Read]:
    """All of a file; with `is_ahead` another process reads and unpacks it."""
    stored = partial(_stored, file)
    breaks: list[Break] = []
    sizes: list[int] = []
    blocks = _gathered(ahead(stored) if is_ahead else stored(), breaks, sizes)
    for part in scan_parts(blocks, tally):
        yield _Read(part.head, part.tail, part.metrics, (), sum(sizes))
        sizes.clear()
    yield _Read(None, b"", Metrics(), tuple(breaks), sum(sizes))


def _stored(file: LogFile) -> Iterator[_Stored]:
    heard: list[int] = []
    for block in file.blocks(heard.append):
        yield _Stored(block, sum(heard), ())
        heard.clear()
    yield _Stored(b"", sum(heard), tuple(file.breaks))


def _gathered(stored: Iterator[_Stored], breaks: list[Break], sizes: list[int]) -> Iterator[bytes]:
    """The blocks, made larger; what else is to be known of them goes into the lists."""
    kept: list[bytes] = []
    for block, size, broke in stored:
        breaks += broke
        sizes.append(size)
        kept.append(block)
        if sum(map(len, kept)) >= BLOCK:
            yield b"".join(kept)
            kept = []
    yield b"".join(kept)
