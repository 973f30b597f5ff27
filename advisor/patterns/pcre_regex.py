"""Perl's regular expressions as PCRE2 reads them, made trees.

Knowledge: pcre2pattern(3), pcre_table(5).
"""

import re
import string

from advisor.patterns.regex_reader import DIGIT, WORD_SETS, NotReadError, Reader
from advisor.patterns.tree import (
    ALL,
    EMPTY,
    Alt,
    Chars,
    Edge,
    End,
    Group,
    Opaque,
    Repeat,
    Seq,
    Start,
    Tree,
    byte_set,
)

_HORIZONTAL = byte_set(" \t\xa0")
_VERTICAL = byte_set("\n\v\f\r\x85")
_PCRE_SETS = WORD_SETS | {
    "d": DIGIT,
    "D": ALL ^ DIGIT,
    "h": _HORIZONTAL,
    "H": ALL ^ _HORIZONTAL,
    "v": _VERTICAL,
    "V": ALL ^ _VERTICAL,
    "N": ALL ^ byte_set("\n"),
}
_PCRE_PLACES: dict[str, Tree] = {
    "b": Edge("b"),
    "B": Edge("B"),
    "A": Start(),
    "G": Start(),
    "Z": End(),
    "z": End(),
    "E": EMPTY,
    "K": EMPTY,
}
_PCRE_SIGNS = {"a": 7, "e": 27, "f": 12, "n": 10, "r": 13, "t": 9}


class Pcre(Reader):
    """Perl's regular expressions. `.` takes a newline too, as Postfix asks for, but with flag `s`."""

    has_negated_classes = True

    def __init__(self, data: bytes, flags: str) -> None:
        super().__init__(data, flags)
        if "x" in flags or "X" in flags:
            raise NotReadError("the flag x")
        self.is_anchored = flags.count("A") % 2 == 1
        self.dot = ALL if flags.count("s") % 2 == 0 else ALL ^ byte_set("\n")

    def read(self) -> Tree:
        tree = super().read()
        return Seq((Start(), tree)) if self.is_anchored else tree

    def is_interval(self, match: re.Match[bytes]) -> bool:
        return bool(match[1])

    def repeated(self, item: Tree, least: int, most: int | None) -> Tree:
        is_atomic = self.take(b"+")
        if not is_atomic:
            self.take(b"?")  # the lazy form finds the same lines
        if self.repetition() is not None:
            raise NotReadError("a repetition of a repetition")
        return Repeat(item, least, most, is_atomic)

    def atom(self, *, is_first: bool) -> Tree:
        del is_first
        char = self.peek()
        self.at += 1
        match char:
            case b"(":
                return self.parenthesis()
            case b"*" | b"+" | b"?":
                raise NotReadError("a repetition of nothing")
        return self.common_atom(char)

    def parenthesis(self) -> Tree:
        start = self.at
        if self.take(b"?#"):
            self.at = self.data.find(b")", self.at) + 1 or len(self.data)
            return EMPTY
        if self.take(b"?:"):
            return self.group()
        if self.take(b"?>"):
            return Repeat(self.group(), 1, 1, is_atomic=True)
        if match := re.compile(rb"\?(?:P?<|')\w+[>']").match(self.data, self.at):
            self.at = match.end()
            return Group(self.group())
        if match := re.compile(rb"\?(i?)(?:-(i?))?([:)])").match(self.data, self.at):
            return self.option(match)
        if self.peek() in (b"?", b"*"):
            return self.unknown_parenthesis(start)
        return Group(self.group())

    def option(self, match: re.Match[bytes]) -> Tree:
        """(?i) to the end of the group around it, (?i:...) for what it encloses."""
        self.at = match.end()
        before = self.folds
        self.folds = (before or bool(match[1])) and not match[2]
        if match[3] == b")":
            return EMPTY  # group() takes it back
        inner = self.group()
        self.folds = before
        return inner

    def unknown_parenthesis(self, start: int) -> Tree:
        """(?=...), (?!...), (?1) and their like: passed over up to the parenthesis that closes them."""
        match = re.compile(rb"\?(?:[=!]|<[=!])").match(self.data, self.at)
        if not match:
            raise NotReadError(f"at {start}")
        self.at = match.end()
        self.group()
        return Opaque(self.data[start - 1 : self.at].decode("latin-1"))

    def escape(self) -> Tree:
        if not self.peek():
            raise NotReadError("a backslash at the end")
        char = chr(self.data[self.at])
        if char in _PCRE_SETS:
            self.at += 1
            return Chars(_PCRE_SETS[char])
        if place := _PCRE_PLACES.get(char):
            self.at += 1
            return place
        if char == "R":
            self.at += 1
            return Alt((Seq((Chars(byte_set("\r")), Chars(byte_set("\n")))), Chars(_VERTICAL)))
        if char in string.digits[1:] or char in "gkXCpPQ":
            raise NotReadError(f"\\{char}")
        return self.sign(self.escaped_sign())

    def escaped_sign(self) -> int:
        """The byte that an escape stands for which is no class."""
        char = chr(self.data[self.at])
        if match := re.compile(rb"x(?:\{([0-9A-Fa-f]{1,2})\}|([0-9A-Fa-f]{0,2}))").match(self.data, self.at):
            self.at = match.end()
            return int(match[1] or match[2] or b"0", 16)
        if match := re.compile(rb"[0-7]{1,3}").match(self.data, self.at):
            self.at = match.end()
            return int(match[0], 8) & 255
        self.at += 1
        if char in _PCRE_SIGNS:
            return _PCRE_SIGNS[char]
        if char in string.ascii_letters:
            raise NotReadError(f"\\{char}")
        return ord(char)

    def bracket_sign(self) -> int:
        if self.peek() != b"\\":
            return super().bracket_sign()
        self.at += 1
        if not self.peek():
            raise NotReadError("[ without ]")
        char = chr(self.data[self.at])
        if char in _PCRE_SETS and char != "N":
            self.at += 1
            return _PCRE_SETS[char]
        if char == "b":
            self.at += 1
            return 1 << 8
        return 1 << self.escaped_sign()
