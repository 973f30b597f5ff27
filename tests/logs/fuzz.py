"""Damaged logs through the whole scan, a million lines of them: `make fuzz N=1000000`.

Four laws: no error, no line missing from the coverage, the same metrics wherever the log is split, and the
same ones when every line is read by the grammar alone. That takes long, so not every file is held to it.
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
from tests.logs.readable import differences

_LAB = Path(__file__).parent.parent / "data" / "lab"
_REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)
_A_FILE = 4_000
_PARTS = 3
_COMPARED = 5  # each so many files is read the slow way too
_SHOWN = 600
Scan = Callable[[bytes], Part]


class LawBrokenError(AssertionError):
    """What went wrong, with the seed that shows it again."""


def usual(data: bytes) -> Part:
    """The scan that people get."""
    return scan(data, "mail.log", _REFERENCE)


def one_by_one(data: bytes) -> Part:
    """The scan that reads every line with the grammar."""
    return scan(data, "mail.log", _REFERENCE, usual=False)


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
    if told := differences(first.finish(), metrics):
        raise LawBrokenError(f"another sum when split at {at[1:-1]}: {_short(told)}")
    if slow is not None and (told := differences(slow(data).finish(), metrics)):
        raise LawBrokenError(f"the fast and the slow scan differ: {_short(told)}")


def smallest(data: bytes, seed: int, fast: Scan = usual, slow: Scan | None = None) -> bytes:
    """The fewest lines of a log that still break a law, as far as leaving out more and more finds them."""
    lines = data.split(b"\n")
    step = len(lines) // 2
    while step:
        at = 0
        while at < len(lines):
            fewer = lines[:at] + lines[at + step :]
            if _breaks(b"\n".join(fewer), seed, fast, slow):
                lines = fewer
            else:
                at += step
        step //= 2
    return b"\n".join(lines)


def _breaks(data: bytes, seed: int, fast: Scan, slow: Scan | None) -> bool:
    try:
        examine(data, Random(seed), fast, slow)  # noqa: S311 - repeatable splits, no secret
    except Exception:  # noqa: BLE001 - whatever it is, it is a finding
        return True
    return False


def _short(told: dict[str, Any]) -> str:
    return f"{', '.join(told)}: {next(iter(told.values()))}"[:_SHOWN]


def campaign(number: int, seed: int = 1, compared: int = _COMPARED) -> int:
    """Examines so many lines, each `compared`th file the slow way too; the number of files that broke a law,
    each told on standard error.
    """
    lines, broken = seeds_for_mutation(), 0
    for place, begin in enumerate(range(0, number, _A_FILE)):
        file_seed = seed * 1_000_003 + begin
        random = Random(file_seed)  # noqa: S311 - repeatable damage, no secret
        data = mutated(random, lines, min(_A_FILE, number - begin))
        slow = None if place % compared else one_by_one
        try:
            examine(data, random, slow=slow)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            broken += 1
            sys.stderr.write(f"seed {file_seed}: {type(error).__name__}: {error}\n")
            sys.stderr.write(f"{smallest(data, file_seed, slow=slow)!r}\n")
    return broken


def main(number: int, seed: int) -> int:
    begun = time.perf_counter()
    broken = campaign(number, seed)
    seconds = time.perf_counter() - begun
    sys.stdout.write(f"{number} lines from seed {seed} in {seconds:.0f} s: {broken} files broke a law\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
