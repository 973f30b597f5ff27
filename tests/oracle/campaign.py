"""`make oracle N=100000`: so many pairs of a configuration and a list of arguments, ours and postconf's.

Work is cut into blocks; the number of a block is its seed, so that a run can be repeated, and block by block.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.conftest import find_postconf
from tests.oracle.comparison import Case, Difference, oracle
from tests.oracle.configurations import arguments, files
from tests.oracle.shrinking import shrunk

_CONFIGURATIONS_A_BLOCK = 150
_ARGUMENTS_A_CONFIGURATION = 4
_SHRUNK_A_KIND = 1


def block(number: int) -> list[Case]:
    """The cases of a block, all different; the same for a number on every machine."""
    cases: dict[Case, None] = {}

    @seed(number)
    @settings(
        max_examples=_CONFIGURATIONS_A_BLOCK,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        files,
        st.lists(
            arguments, min_size=_ARGUMENTS_A_CONFIGURATION, max_size=_ARGUMENTS_A_CONFIGURATION, unique=True
        ),
    )
    def collect(texts: tuple[str, str], asked: list[tuple[str, ...]]) -> None:
        cases.update((Case(*texts, words), None) for words in asked)

    collect()
    return list(cases)


def cases(wanted: int, first: int = 0) -> Iterator[Case]:
    """So many cases, block by block."""
    taken = 0
    for number in count(first):
        for case in block(number):
            if taken == wanted:
                return
            yield case
            taken += 1


@dataclass(slots=True)
class Tally:
    """What a block, or many, came to."""

    pairs: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    examples: list[Difference] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take in another one's figures."""
        self.pairs += other.pairs
        self.kinds += other.kinds
        self.examples += other.examples


def hold(program: Path, number: int) -> Tally:
    """The tally of one block."""
    held = oracle(program)
    drawn = block(number)
    found = held.differences(drawn)
    tally = Tally(len(drawn), kinds=Counter(difference.kind for difference in found))
    for kind in tally.kinds:
        alike = [difference for difference in found if difference.kind == kind]
        tally.examples += [shrunk(difference, held) for difference in alike[:_SHRUNK_A_KIND]]
    return tally


def campaign(program: Path, wanted: int, first: int, workers: int) -> Iterator[Tally]:
    """What it came to so far, time and again, until there are so many pairs; blocks from `first` on."""
    total = Tally()
    with ProcessPoolExecutor(workers) as pool:
        number = first
        while total.pairs < wanted:
            together = range(number, number + 2 * workers)
            for tally in pool.map(partial(hold, program), together):
                total.add(tally)
            number = together.stop
            yield total


def told(difference: Difference) -> str:
    """The difference as text: the files, the arguments, and both answers."""
    case = difference.case

    def answer(stdout: bytes, lines: Counter[bytes]) -> str:
        return "".join(
            f"    {line!r}\n" for line in (*stdout.splitlines(keepends=True), *sorted(lines.elements()))
        )

    real, ours = difference.real, difference.ours
    return (
        f"{difference.kind}\n  postconf {' '.join(map(repr, case.arguments))}\n"
        f"  main.cf   {case.main!r}\n  master.cf {case.master!r}\n"
        f"  postconf, {real.status}:\n{answer(real.stdout, real.stderr)}"
        f"  advisor, {ours.status} {ours.problem}:\n{answer(ours.stdout, ours.stderr)}"
    )


def main() -> int:
    """Run it, and say what came out; 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=int)
    parser.add_argument("--first", type=int, default=0, help="the block to begin with")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("oracle-differences.txt"))
    options = parser.parse_args()
    program = find_postconf()
    if program is None:
        sys.stderr.write("postconf is not installed: run make test-host\n")
        return 2
    release = oracle(program).release
    began = time.monotonic()
    total = Tally()
    for total in campaign(program, options.pairs, options.first, options.workers):
        took = time.monotonic() - began
        line = f"{total.pairs} pairs, {total.kinds.total()} differences, {took:.0f} s, Postfix {release}"
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        if total.examples:
            kinds = (f"{number:7} {kind}" for kind, number in total.kinds.most_common())
            text = "\n".join((line, *kinds, "", *dict.fromkeys(map(told, total.examples))))
            options.out.write_text(text, encoding="utf-8", errors="backslashreplace")
    if total.examples:
        sys.stdout.write(f"The smallest differences are in {options.out}\n")
    return 1 if total.kinds else 0


if __name__ == "__main__":
    sys.exit(main())
