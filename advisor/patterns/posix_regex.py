"""Extended regular expressions as regcomp(3) of the GNU C library reads them, made trees.

Knowledge: regex(7), regexp_table(5), posix/regcomp.c of glibc.
"""

import re
import string

from advisor.patterns.regex_reader import WORD_SETS, NotReadError, Reader
from advisor.patterns.tree import (
    ALL,
    LOWER,
    NOTHING,
    Chars,
    Edge,
    End,
    Group,
    Opaque,
    Start,
    Tree,
    anchored_at_ends,
    byte_set,
)


class Posix(Reader):
    """Extended regular expressions of the GNU C library."""

    def __init__(self, data: bytes, flags: str) -> None:
        super().__init__(data, flags)
        # REG_NEWLINE takes the newline from `.` and from [^...] as well.
        self.any = self.dot = ALL ^ byte_set("\n") if self.by_line else ALL
        self.depth = 0

    def read(self) -> Tree:
        # Within a pattern, the C library takes the place beside a newline for an end of the line.
        return anchored_at_ends(super().read())

    def closes(self) -> bool:
        return self.depth > 0

    def bracket_sign(self) -> int:
        sign = super().bracket_sign()
        return sign >> 32 if self.folds and sign & LOWER else sign  # before it is the end of a range

    def is_interval(self, match: re.Match[bytes]) -> bool:
        if not match[1] and not match[3]:
            raise NotReadError("an interval without numbers")
        return True

    def atom(self, *, is_first: bool) -> Tree:
        char = self.peek()
        if char in (b"*", b"+", b"?") and is_first:
            raise NotReadError("a repetition of nothing")
        self.at += 1
        match char:
            case b"(":
                self.depth += 1
                inner = self.group()
                self.depth -= 1
                return Group(inner)
            case b"{":
                raise NotReadError("an interval of nothing")
        return self.common_atom(char)

    def escape(self) -> Tree:
        if not self.peek():
            raise NotReadError("a backslash at the end")
        char = chr(self.data[self.at])
        self.at += 1
        if char in WORD_SETS:
            return Chars(WORD_SETS[char])
        if char in "bB<>":
            return Edge(char)
        if char in "`'":
            return Start() if char == "`" else End()
        if char in "123456789":
            return Opaque(f"\\{char}")
        # REG_ICASE folds the line to capitals, but not an escaped letter: \d matches nothing.
        return Chars(NOTHING) if self.folds and char in string.ascii_lowercase else self.sign(ord(char))
