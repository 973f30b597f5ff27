"""Where an engine that backtracks may try exponentially many ways, and a line that makes it do so.

A pattern has such a place if some text leads from a state back to it in two ways: repeated n times, there are
2 to the n ways through it, and all are tried when what follows does not match.
Knowledge: Weber and Seidl, On the degree of ambiguity of finite automata; pcre2perform(3).
"""

from collections import deque
from collections.abc import Iterator

import msgspec

from advisor.patterns.automaton import Automaton

_NO_MATCH = b"\x01!"
_MOST_STATES = 120  # of a pattern that is looked at: pairs of them are walked


class Blowup(msgspec.Struct, frozen=True):
    """A text that leads to the place, one that leads from it back to it in two ways, and one that would end
    a match.
    """

    before: bytes
    pump: bytes
    after: bytes

    def lines(self, times: int) -> tuple[bytes, ...]:
        """Lines that go so many times around, and then do not match. PCRE looks no further at a line
        without a byte that each match must have, so the second one has it, out of place.
        """
        line = self.before + self.pump * times + _NO_MATCH
        return (line, line + self.after) if self.after else (line,)


def find_blowup(pattern: Automaton) -> Blowup | None:
    """A place of exponential ambiguity; None where there is none, or the pattern is too large to be told."""
    if len(pattern.masks) > _MOST_STATES:
        return None
    for state, before in _reached(pattern).items():
        if state in pattern.last and not pattern.ends:
            continue  # here the line has matched, whatever follows
        pump = _two_ways(pattern, state)
        if pump:
            return Blowup(before, pump, _to_the_end(pattern, state))
    return None


def _reached(pattern: Automaton) -> dict[int, bytes]:
    """Each state that can be reached, with a shortest text that leads to it."""
    found = {state: bytes([_byte(pattern.masks[state])]) for state in pattern.first if pattern.masks[state]}
    waiting = deque(found)
    while waiting:
        state = waiting.popleft()
        for other in pattern.follow[state]:
            if pattern.masks[other] and other not in found:
                found[other] = found[state] + bytes([_byte(pattern.masks[other])])
                waiting.append(other)
    return found


def _to_the_end(pattern: Automaton, origin: int) -> bytes:
    """A shortest text that leads from the state to the end of a match; empty where none does."""
    texts = {origin: b""}
    waiting = deque([origin])
    while waiting:
        state = waiting.popleft()
        if state in pattern.last:
            return texts[state]
        for other in pattern.follow[state]:
            if pattern.masks[other] and other not in texts:
                texts[other] = texts[state] + bytes([_byte(pattern.masks[other])])
                waiting.append(other)
    return b""


def _two_ways(pattern: Automaton, origin: int) -> bytes:
    """A text that leads from the state back to it in two ways; empty where there is none."""
    start = (origin, origin, False)
    texts: dict[tuple[int, int, bool], bytes] = {start: b""}
    waiting = deque([start])
    while waiting:
        place = waiting.popleft()
        for one, other, differ, mask in _pairs(pattern, *place):
            text = texts[place] + bytes([_byte(mask)])
            if one == other == origin and differ:
                return text
            following = (one, other, differ)
            if following not in texts:
                texts[following] = text
                waiting.append(following)
    return b""


def _pairs(pattern: Automaton, one: int, other: int, differ: bool) -> Iterator[tuple[int, int, bool, int]]:  # noqa: FBT001
    """The pairs of states behind one more byte of the mask, and whether the two ways have parted by then."""
    for left, ways in pattern.follow[one].items():
        for right in pattern.follow[other]:
            if mask := pattern.masks[left] & pattern.masks[right]:
                yield left, right, differ or left != right or (one == other and ways > 1), mask


def _byte(mask: int) -> int:
    """A byte of the set, a letter if there is one."""
    for low, high in ((97, 122), (48, 57), (33, 126)):
        for byte in range(low, high + 1):
            if mask >> byte & 1:
                return byte
    return (mask & -mask).bit_length() - 1
