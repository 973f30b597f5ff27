"""Lines that a pattern matches, to see which rule really gets them."""

from collections import deque

from advisor.patterns.automaton import Automaton

_MOST = 2048  # bytes


def example(pattern: Automaton) -> bytes | None:
    """A shortest line that the automaton takes; None where it takes none that can be a line."""
    if pattern.is_nullable:
        return b""
    texts = {
        state: bytes([_byte(pattern.masks[state])]) for state in pattern.first if _byte(pattern.masks[state])
    }
    waiting = deque(texts)
    while waiting:
        state = waiting.popleft()
        if state in pattern.last:
            return texts[state]
        for other in pattern.follow[state]:
            byte = _byte(pattern.masks[other])
            if byte and other not in texts and len(texts[state]) < _MOST:
                texts[other] = texts[state] + bytes([byte])
                waiting.append(other)
    return None


def lines_around(line: bytes) -> tuple[bytes, ...]:
    """The line, also within other text, in capitals, and without its last byte."""
    found = (line, b"x " + line, line + b" y", b"see " + line + b" there", line.upper(), line[:-1], line[1:])
    return tuple(dict.fromkeys(each for each in found if b"\n" not in each))


def _byte(mask: int) -> int:
    """A byte of the set that a line may hold, a letter if there is one; 0 for none."""
    for low, high in ((97, 122), (48, 57), (32, 126), (128, 255), (1, 9)):
        for byte in range(low, high + 1):
            if mask >> byte & 1:
                return byte
    return 0
