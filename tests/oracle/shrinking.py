"""A smaller case that shows the same difference, by delta debugging.

Hypothesis shrinks one example at a time, and a campaign finds its differences in a heap of them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tests.oracle.comparison import Case, Difference, Oracle

_MOST_STEPS = 6
_MOST_CANDIDATES = 160


def shrunk(difference: Difference, oracle: Oracle) -> Difference:
    """A difference of the same kind in less text."""
    best = difference
    for _ in range(_MOST_STEPS):
        smaller = _one_step(best, oracle)
        if smaller is None:
            break
        best = smaller
    return best


def _one_step(difference: Difference, oracle: Oracle) -> Difference | None:
    """The smallest of all cases with one piece less, as far as they differ alike."""
    case = difference.case
    candidates = [less for less in dict.fromkeys(_less(case)) if _interfaces(less) <= _interfaces(case)]
    found_again = oracle.differences(candidates[:_MOST_CANDIDATES], again=False)
    alike = [found for found in found_again if found.kind == difference.kind]
    return min(alike, key=lambda found: _size(found.case), default=None)


def _interfaces(case: Case) -> set[str]:
    """The lines that name interfaces: cut in two, they would make postconf look for a host."""
    return {line for line in case.main.splitlines(keepends=True) if "inet_interfaces" in line}


def _size(case: Case) -> int:
    return len(case.main) + len(case.master) + sum(map(len, case.arguments)) + len(case.arguments)


def _less(case: Case) -> Iterator[Case]:
    for main in _shorter(case.main):
        yield replace(case, main=main)
    for master in _shorter(case.master):
        yield replace(case, master=master)
    for index in range(len(case.arguments)):
        yield replace(case, arguments=(*case.arguments[:index], *case.arguments[index + 1 :]))


def _shorter(text: str) -> Iterator[str]:
    """The text without one run of lines, then words, then characters, of lengths that halve."""
    splitters: tuple[Callable[[str], Sequence[str]], ...] = (_lines_of, _words_of, list)
    for split in splitters:
        parts = split(text)
        length = len(parts)
        while length:
            for start in range(0, len(parts), length):
                yield "".join((*parts[:start], *parts[start + length :]))
            length //= 2
        if len(parts) > 60:
            return


def _lines_of(text: str) -> Sequence[str]:
    return text.splitlines(keepends=True)


def _words_of(text: str) -> Sequence[str]:
    return [word + " " for word in text.split(" ")]
