"""Regular expressions as regcomp(3) of GNU's C library and as PCRE read them, made trees.

Postfix hands both engines bytes, without regard to the locale, and asks for no difference of case unless the
flag `i` takes that back. Whether a pattern is valid is its engine's to say; what is not understood here
becomes Opaque, or NotRead where not even its extent is known.
Knowledge: regex(7), pcre2pattern(3), regexp_table(5), pcre_table(5).
"""

import re
import string
from functools import lru_cache

from advisor.patterns.tree import (
    ALL,
    EMPTY,
    LOWER,
    NOTHING,
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
    anchored_at_ends,
    both_cases,
    byte_set,
)
from advisor.syntax.pattern_table import Pattern, TableType

_WORD = byte_set(string.ascii_letters + string.digits + "_")
_BLANK = byte_set(" \t\n\v\f\r")
_DIGIT = byte_set(string.digits)
_HORIZONTAL = byte_set(" \t\xa0")
_VERTICAL = byte_set("\n\v\f\r\x85")
_CLASSES = {
    "alnum": byte_set(string.ascii_letters + string.digits),
    "alpha": byte_set(string.ascii_letters),
    "ascii": byte_set(bytes(range(128))),
    "blank": byte_set(" \t"),
    "cntrl": byte_set(bytes([*range(32), 127])),
    "digit": _DIGIT,
    "graph": byte_set(bytes(range(33, 127))),
    "lower": byte_set(string.ascii_lowercase),
    "print": byte_set(bytes(range(32, 127))),
    "punct": byte_set(string.punctuation),
    "space": _BLANK,
    "upper": byte_set(string.ascii_uppercase),
    "word": _WORD,
    "xdigit": byte_set(string.hexdigits),
}
_GNU_SETS = {"w": _WORD, "W": ALL ^ _WORD, "s": _BLANK, "S": ALL ^ _BLANK}
_PCRE_SETS = _GNU_SETS | {
    "d": _DIGIT,
    "D": ALL ^ _DIGIT,
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
_INTERVAL = re.compile(rb"\{(\d*)(,?)(\d*)\}")
_MOST = 1000  # repetitions that a tree spells out; RE_DUP_MAX of the C library is 32767


class NotReadError(ValueError):
    """A pattern whose structure is not understood; the message says where."""


@lru_cache(maxsize=16384)
def read_pattern(pattern: Pattern, table_type: TableType) -> Tree:
    """What the pattern matches as its engine reads it, negation left aside. Raises NotReadError."""
    data = pattern.body.encode("utf-8", "surrogateescape")
    flags = pattern.flags
    if table_type is TableType.PCRE:
        return _Pcre(data, flags).read()
    if flags.count("x") % 2:
        raise NotReadError("a basic regular expression")
    return _Posix(data, flags).read()


class _Reader:
    """What both engines have in common: branches, pieces with their repetitions, brackets."""

    def __init__(self, data: bytes, flags: str) -> None:
        self.data = data
        self.at = 0
        self.folds = flags.count("i") % 2 == 0
        self.by_line = flags.count("m") % 2 == 1
        self.any = ALL

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

    def is_interval(self, match: re.Match[bytes]) -> bool:
        raise NotImplementedError

    def atom(self, *, is_first: bool) -> Tree:
        raise NotImplementedError

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


class _Posix(_Reader):
    """Extended regular expressions of the GNU C library."""

    def __init__(self, data: bytes, flags: str) -> None:
        super().__init__(data, flags)
        # REG_NEWLINE takes the newline from `.` and from [^...] as well.
        self.any = ALL ^ byte_set("\n") if self.by_line else ALL
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
            case b"[":
                return self.bracket()
            case b".":
                return Chars(self.any)
            case b"^":
                return Start() if not self.by_line else Opaque("^")
            case b"$":
                return End() if not self.by_line else Opaque("$")
            case b"\\":
                return self.escape()
            case b"{":
                raise NotReadError("an interval of nothing")
        return self.sign(char[0])

    def escape(self) -> Tree:
        if not self.peek():
            raise NotReadError("a backslash at the end")
        char = chr(self.data[self.at])
        self.at += 1
        if char in _GNU_SETS:
            return Chars(_GNU_SETS[char])
        if char in "bB<>":
            return Edge(char)
        if char in "`'":
            return Start() if char == "`" else End()
        if char in "123456789":
            return Opaque(f"\\{char}")
        # REG_ICASE folds the line to capitals, but not an escaped letter: \d matches nothing.
        return Chars(NOTHING) if self.folds and char in string.ascii_lowercase else self.sign(ord(char))


class _Pcre(_Reader):
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
            case b"[":
                return self.bracket()
            case b".":
                return Chars(self.dot)
            case b"^":
                return Start() if not self.by_line else Opaque("^")
            case b"$":
                return End() if not self.by_line else Opaque("$")
            case b"\\":
                return self.escape()
            case b"*" | b"+" | b"?":
                raise NotReadError("a repetition of nothing")
        return self.sign(char[0])

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
