"""Damaged logs through the whole scan, a million lines of them: `make fuzz N=1000000`.

Three laws: no error, no line missing from the coverage, the same metrics wherever the log is split. With a
second way to scan a fourth: both give the same metrics.
"""

import gzip
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from advisor.logs.metrics import Metrics
from advisor.logs.scan import Part, scan
from benchmarks.generate_log import generate
from benchmarks.maillog.plan import Plan
from tests.logs.mutations import mutated
from tests.logs.readable import shape

_LAB = Path(__file__).parent.parent / "data" / "lab"
_REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)
_A_FILE = 4_000
_PARTS = 3
Scan = Callable[[bytes], Part]


class LawBrokenError(AssertionError):
    """What went wrong, with the seed that shows it again."""


def usual(data: bytes) -> Part:
    """The scan that people get."""
    return scan(data, "mail.log", _REFERENCE)


def seeds_for_mutation() -> list[bytes]:
    """Real lines of the lab, and generated ones in several forms."""
    lines: list[bytes] = []
    for log in sorted(_LAB.glob("*/mail.log.gz")):
        lines += gzip.decompress(log.read_bytes()).splitlines()[:400]
    with TemporaryDirectory() as folder:
        for number, form in enumerate(
            ("rfc3164", "rfc3339", "postlogd", "solaris", "docker", "journal-json")
        ):
            path = Path(folder) / form
            generate(
                Plan(800, seed=number, form=form, postscreen=True, queue_id_first=bool(number % 2)), path
            )
            lines += path.read_bytes().splitlines()
    return lines


def total(count: Any) -> int:
    """The total of a count, whether it is a number, a Counter or a capped table."""
    return count if isinstance(count, int) else int(count.total())


def covered(metrics: Metrics) -> int:
    """The lines that the coverage speaks of."""
    places = (metrics.matched, metrics.unknown, metrics.foreign, metrics.unstamped, metrics.outside)
    return sum(total(place) for place in places)


def lines_of(data: bytes) -> int:
    """The lines of a file; what follows the last newline is one, too."""
    return data.count(b"\n") + (not data.endswith(b"\n") and bool(data))


def examine(data: bytes, random: Random, fast: Scan = usual, slow: Scan | None = None) -> None:
    """Holds one log to the laws; raises `LawBrokenError`."""
    metrics = fast(data).finish()
    if not metrics.lines.total() == covered(metrics) == lines_of(data):
        raise LawBrokenError(
            f"{lines_of(data)} lines, read {metrics.lines.total()}, covered {covered(metrics)}"
        )
    at = [0, *sorted(random.randrange(len(data) + 1) for _ in range(_PARTS - 1)), len(data)]
    first, *others = (fast(data[a:b]) for a, b in pairwise(at))
    for other in others:
        first += other
    if shape(first.finish()) != shape(metrics):
        raise LawBrokenError(f"another sum when split at {at[1:-1]}")
    if slow is not None and shape(slow(data).finish()) != shape(metrics):
        raise LawBrokenError("the fast and the slow scan differ")


def campaign(number: int, seed: int = 1, slow: Scan | None = None) -> int:
    """Examines so many lines; the number of files that broke a law, each told on standard error."""
    lines, broken = seeds_for_mutation(), 0
    for begin in range(0, number, _A_FILE):
        file_seed = seed * 1_000_003 + begin
        random = Random(file_seed)  # noqa: S311 - repeatable damage, no secret
        data = mutated(random, lines, min(_A_FILE, number - begin))
        try:
            examine(data, random, slow=slow)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            broken += 1
            sys.stderr.write(f"seed {file_seed}: {type(error).__name__}: {error}\n")
    return broken


def main(number: int, seed: int) -> int:
    begun = time.perf_counter()
    broken = campaign(number, seed)
    seconds = time.perf_counter() - begun
    sys.stdout.write(f"{number} lines from seed {seed} in {seconds:.0f} s: {broken} files broke a law\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
