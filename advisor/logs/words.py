"""Bytes, eight at a time: finding and hashing in many places of a text at once.

All positions are arrays; what would take a loop over characters takes one over words of eight bytes, for all
places together. A text is padded, so that a word may be read at any of its bytes. The tricks with whole words
are those of H. S. Warren, Hacker's Delight, chapter 6.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
Bool = NDArray[np.bool_]

WORD = 8
# Behind a text stand so many zero bytes.
PADDING = 64

_ONES = np.uint64(0x0101010101010101)
_HIGH = np.uint64(0x8080808080808080)
_LOW7 = np.uint64(0x7F7F7F7F7F7F7F7F)
_GATHER = np.uint64(0x0002040810204081)
_SEVEN = np.uint64(7)
_TOP = np.uint64(56)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_FOLD = np.uint64(32)
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)
_LOWEST = np.array([8, *((n & -n).bit_length() - 1 for n in range(1, 256))], np.int64)
_HIGHEST = np.array([n.bit_length() - 1 for n in range(256)], np.int64)


def word(text: bytes) -> np.uint64:
    """Up to eight bytes as the word that is read where they stand."""
    return np.uint64(int.from_bytes(text[:WORD], "little"))


class Text:
    """A block of bytes; `size` of them count, the rest is padding."""

    def __init__(self, data: bytes | bytearray | memoryview, size: int) -> None:
        self.bytes = np.frombuffer(data, np.uint8)
        self.size = size
        self.words: U64 = np.ndarray(
            (len(self.bytes) - WORD + 1,), np.dtype("<u8"), buffer=data, strides=(1,)
        )

    def slice(self, start: int, stop: int) -> bytes:
        """The bytes between two positions."""
        return self.bytes[start:stop].tobytes()

    def starts_with(self, at: I64, text: bytes) -> Bool:
        """Whether `text` stands at each position."""
        found = self._is(at, text[:WORD])
        for offset in range(WORD, len(text), WORD):
            found &= self._is(at + offset, text[offset : offset + WORD])
        return found

    def _is(self, at: I64, part: bytes) -> Bool:
        return (self.words[at] & _MASKS[len(part)]) == word(part)

    def find(self, start: I64, stop: I64, *characters: bytes) -> I64:
        """Where one of the characters first stands in each stretch; its end where none does."""
        found = stop.copy()
        rest = np.flatnonzero(start < stop)
        at = start[rest]
        while len(rest):
            flags = _flags(self.words[at], characters)
            hit = flags != 0
            place = at + _LOWEST[_bits(flags)]
            found[rest[hit]] = np.minimum(place[hit], stop[rest[hit]])
            at = at + WORD
            going = ~hit & (at < stop[rest])
            rest, at = rest[going], at[going]
        return found

    def find_last(self, start: I64, stop: I64, *characters: bytes) -> I64:
        """The position behind the last of the characters in each stretch; its begin where there is none."""
        found = start.copy()
        rest = np.flatnonzero(start < stop)
        at = stop[rest] - WORD
        while len(rest):
            flags = _flags(self.words[np.maximum(at, 0)] << _short(at), characters)
            hit = flags != 0
            place = at + _HIGHEST[_bits(flags)] + 1
            found[rest[hit]] = np.maximum(place[hit], start[rest[hit]])
            going = ~hit & (at > start[rest])
            rest, at = rest[going], at[going] - WORD
        return found

    def hash(self, start: I64, stop: I64) -> U64:
        """A number of 64 bits for each stretch: `hash_of` its bytes."""
        length = stop - start
        total = length.astype(np.uint64) * _MIX
        if not len(length):
            return total
        for offset in range(0, max(0, int(length.max())), WORD):
            rest = length - offset
            if offset == 0 or (some := np.flatnonzero(rest > 0)).size == len(length):
                part = self.words[start + offset] & _MASKS[np.clip(rest, 0, WORD)]
                total = (total ^ part) * _MIX
                total ^= total >> _FOLD
            else:
                part = self.words[start[some] + offset] & _MASKS[np.minimum(rest[some], WORD)]
                mixed = (total[some] ^ part) * _MIX
                total[some] = mixed ^ (mixed >> _FOLD)
        return total

    def digits(self, start: I64, stop: I64) -> tuple[U64, Bool]:
        """The numbers that stand in stretches of one to eight digits, and which stretches are that."""
        length = stop - start
        good = (length > 0) & (length <= WORD)
        length = np.clip(length, 1, WORD)
        found = self.words[start] << ((WORD - length) * 8).astype(np.uint64)
        found |= _ZEROES & _MASKS[WORD - length]
        good &= ((found & _UPPER) == _ZEROES) & (((found + _SIX) & _UPPER) == _ZEROES)
        return eight_digits(found), good

    def leading_digits(self, at: I64) -> I64:
        """How many digits stand at each position, up to eight."""
        return _LOWEST[_bits(~digits_in(self.words[at]) & _HIGH)]

    def decimals(self, start: I64, stop: I64) -> tuple[NDArray[np.float64], Bool]:
        """The numbers, such as 12 or 0.75, that stand in stretches of one to eight characters, and which
        stretches are that.
        """
        length = stop - start
        good = (length > 0) & (length <= WORD)
        length = np.clip(length, 1, WORD)
        found = self.words[start] & _MASKS[length]
        point = _LOWEST[_bits(_flags(found, (b".",)))]
        has_point = point < WORD
        below = _MASKS[point]
        found = np.where(has_point, (found & below) | ((found >> np.uint64(8)) & ~below), found)
        digits = length - has_point
        good &= digits > 0
        found <<= ((WORD - digits) * 8).astype(np.uint64)
        found |= _ZEROES & _MASKS[WORD - digits]
        good &= ((found & _UPPER) == _ZEROES) & (((found + _SIX) & _UPPER) == _ZEROES)
        behind = np.where(has_point, length - point - 1, 0)
        return eight_digits(found) / _TENS[behind], good

    def consists_of(self, start: I64, stop: I64, *characters: bytes) -> Bool:
        """Whether stretches of one to eight characters have digits and these characters alone."""
        length = stop - start
        wanted = _HIGH & _MASKS[np.clip(length, 0, WORD)]
        found = self.words[start]
        return (length > 0) & (length <= WORD) & ((digits_in(found) | _flags(found, characters)) & wanted == wanted)


_TENS = 10.0 ** np.arange(9)
_ZEROES = np.uint64(0x3030303030303030)
_UPPER = np.uint64(0xF0F0F0F0F0F0F0F0)
_SIX = np.uint64(0x0606060606060606)


def eight_digits(words: U64) -> U64:
    """The numbers whose eight decimal digits are the words' bytes (the first the highest)."""
    found = words & np.uint64(0x0F0F0F0F0F0F0F0F)
    found = (found * np.uint64(10) + (found >> np.uint64(8))) & np.uint64(0x00FF00FF00FF00FF)
    found = (found * np.uint64(100) + (found >> np.uint64(16))) & np.uint64(0x0000FFFF0000FFFF)
    return (found * np.uint64(10_000) + (found >> np.uint64(32))) & np.uint64(0xFFFFFFFF)


def is_alphanumeric(words: U64) -> U64:
    """The high bit of each byte that is an ASCII letter or digit."""
    low = words & _LOW7
    lower = low | np.uint64(0x2020202020202020)
    letter = _at_least(lower, b"a") & ~_at_least(lower, b"{") & _at_least(low, b"A")
    return (letter | digits_in(words)) & ~words & _HIGH


def digits_in(words: U64) -> U64:
    """The high bit of each byte that is an ASCII digit."""
    low = words & _LOW7
    return _at_least(low, b"0") & ~_at_least(low, b":") & ~words & _HIGH


def whole(digits: str) -> int:
    """The number; one that no column can hold is as large as may be."""
    return int(digits) if len(digits) < 19 else 10**18


def hash_of(text: bytes) -> int:
    """The number of one stretch of bytes, as Text.hash has it."""
    total = len(text) * int(_MIX) & _ALL
    for offset in range(0, len(text), WORD):
        total = ((total ^ int.from_bytes(text[offset : offset + WORD], "little")) * int(_MIX)) & _ALL
        total ^= total >> 32
    return total


_ALL = (1 << 64) - 1


def _at_least(low: U64, character: bytes) -> U64:
    return low + np.uint64((0x80 - character[0]) * 0x0101010101010101)


def _flags(words: U64, characters: tuple[bytes, ...]) -> U64:
    """The high bit of each byte that is one of the characters."""
    found: Any = 0
    for character in characters:
        odd = words ^ (_ONES * np.uint64(character[0]))
        found = found | ~(((odd & _LOW7) + _LOW7) | odd | _LOW7)
    return np.asarray(found, np.uint64)


def _bits(flags: U64) -> I64:
    """The eight high bits as one number below 256, the first byte's as its lowest bit."""
    return (((flags >> _SEVEN) * _GATHER) >> np.uint64(49) & np.uint64(255)).astype(np.int64)


def _short(at: I64) -> U64:
    """By how many bits to move a word that was read at 0 in place of a negative position."""
    return (np.clip(-at, 0, WORD - 1) * 8).astype(np.uint64)
