"""What regular expressions of both engines have in common: branches, repetitions, brackets, sets of bytes.

Knowledge: regex(7), pcre2pattern(3).
"""

import re
import string
from abc import ABC, abstractmethod

from advisor.patterns.tree import (
    ALL,
    Alt,
    Chars,
    End,
    Opaque,
    Repeat,
    Seq,
    Start,
    Tree,
    both_cases,
    byte_set,
)

WORD = byte_set(string.ascii_letters + string.digits + "_")
BLANK = byte_set(" \t\n\v\f\r")
DIGIT = byte_set(string.digits)
_CLASSES = {
    "alnum": byte_set(string.ascii_letters + string.digits),
    "alpha": byte_set(string.ascii_letters),
    "ascii": byte_set(bytes(range(128))),
    "blank": byte_set(" \t"),
    "cntrl": byte_set(bytes([*range(32), 127])),
    "digit": DIGIT,
    "graph": byte_set(bytes(range(33, 127))),
    "lower": byte_set(string.ascii_lowercase),
    "print": byte_set(bytes(range(32, 127))),
    "punct": byte_set(string.punctuation),
    "space": BLANK,
    "upper": byte_set(string.ascii_uppercase),
    "word": WORD,
    "xdigit": byte_set(string.hexdigits),
}
WORD_SETS = {"w": WORD, "W": ALL ^ WORD, "s": BLANK, "S": ALL ^ BLANK}
_INTERVAL = re.compile(rb"\{(\d*)(,?)(\d*)\}")
_MOST = 1000  # repetitions that a tree spells out; RE_DUP_MAX of the C library is 32767


class NotReadError(ValueError):
    """A pattern whose structure is not understood; the message says where."""


class Reader(ABC):
    """What both engines have in common: branches, pieces with their repetitions, brackets."""

    def __init__(self, data: bytes, flags: str) -> None:
        self.data = data
        self.at = 0
        self.folds = flags.count("i") % 2 == 0
        self.by_line = flags.count("m") % 2 == 1
        self.any = self.dot = ALL  # what [^...] may take, and what `.` takes

    def read(self) -> Tree:
        tree = self.branches()
        if self.at < len(self.data):
            raise NotReadError(f"at {self.at}")
        return tree

    def branches(self) -> Tree:
        found = [self.sequence()]
        while self.take(b"|"):
            found.append(self.sequence())
        return found[0] if len(found) == 1 else Alt(tuple(found))

    def sequence(self) -> Tree:
        items: list[Tree] = []
        while (char := self.peek()) and char != b"|" and not (char == b")" and self.closes()):
            items.append(self.piece(is_first=not items))
        return items[0] if len(items) == 1 else Seq(tuple(items))

    def closes(self) -> bool:
        return True

    def piece(self, *, is_first: bool) -> Tree:
        item = self.atom(is_first=is_first)
        while (bounds := self.repetition()) is not None:
            item = self.repeated(item, *bounds)
        return item

    def repetition(self) -> tuple[int, int | None] | None:
        if self.take(b"*"):
            return 0, None
        if self.take(b"+"):
            return 1, None
        if self.take(b"?"):
            return 0, 1
        return self.interval()

    def interval(self) -> tuple[int, int | None] | None:
        match = _INTERVAL.match(self.data, self.at)
        if not match or not self.is_interval(match):
            return None
        self.at = match.end()
        least = int(match[1] or 0)
        most = int(match[3]) if match[3] else (None if match[2] else least)
        if max(least, most or 0) > _MOST:
            raise NotReadError("a long repetition")
        return least, most

    @abstractmethod
    def is_interval(self, match: re.Match[bytes]) -> bool:
        """Whether the engine takes this for an interval, not for the signs that it is written with."""

    @abstractmethod
    def atom(self, *, is_first: bool) -> Tree:
        """The next piece without its repetitions; `is_first`: nothing stands before it in its branch."""

    @abstractmethod
    def escape(self) -> Tree:
        """What a backslash makes of the signs behind it."""

    def common_atom(self, char: bytes) -> Tree:
        """The piece that begins with this sign, where both engines read it in one way."""
        match char:
            case b"[":
                return self.bracket()
            case b".":
                return Chars(self.dot)
            case b"^":
                return Opaque("^") if self.by_line else Start()
            case b"$":
                return Opaque("$") if self.by_line else End()
            case b"\\":
                return self.escape()
        return self.sign(char[0])

    def repeated(self, item: Tree, least: int, most: int | None) -> Tree:
        return Repeat(item, least, most)

    def chars(self, mask: int) -> Chars:
        return Chars(both_cases(mask) if self.folds else mask)

    def sign(self, byte: int) -> Chars:
        return self.chars(1 << byte)

    def bracket(self) -> Tree:
        """What stands behind `[`."""
        is_negated = self.take(b"^")
        mask = 0
        is_first = True
        while is_first or self.peek() != b"]":
            is_first = False
            low = self.bracket_member()
            if self.data[self.at : self.at + 1] == b"-" and self.data[self.at + 1 : self.at + 2] not in (
                b"]",
                b"",
            ):
                low = self.bracket_range(low)
            mask |= low
        self.at += 1
        mask = both_cases(mask) if self.folds else mask
        if is_negated:
            mask = self.any & ~mask
        return Chars(mask)

    def bracket_range(self, low: int) -> int:
        if low & (low - 1):
            raise NotReadError("a range from a class")
        self.at += 1
        high = self.bracket_member()
        if high & (high - 1) or high < low:
            raise NotReadError("a range to nowhere")
        return (high << 1) - low

    def bracket_member(self) -> int:
        if not self.peek():
            raise NotReadError("[ without ]")
        if self.data.startswith((b"[:", b"[.", b"[="), self.at):
            return self.named_class()
        return self.bracket_sign()

    def named_class(self) -> int:
        mark = self.data[self.at + 1 : self.at + 2]
        end = self.data.find(mark + b"]", self.at + 2)
        name = self.data[self.at + 2 : end].decode("latin-1")
        if end < 0 or mark != b":":
            raise NotReadError("a collating element")
        self.at = end + 2
        negated = name.startswith("^") and self.has_negated_classes
        mask = _CLASSES.get(name.removeprefix("^") if negated else name)
        if mask is None or (name in ("word", "ascii") and not self.has_negated_classes):
            raise NotReadError(f"the class {name}")
        return ALL ^ mask if negated else mask

    has_negated_classes = False

    def bracket_sign(self) -> int:
        byte = self.data[self.at]
        self.at += 1
        return 1 << byte

    def take(self, text: bytes) -> bool:
        if not self.data.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def peek(self) -> bytes:
        return self.data[self.at : self.at + 1]

    def group(self) -> Tree:
        before = self.folds
        inner = self.branches()
        self.folds = before
        if not self.take(b")"):
            raise NotReadError("( without )")
        return inner
