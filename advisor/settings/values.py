"""Typed values, read as the daemons read them.

A text that the daemon would refuse gives a BadValue. Knowledge: src/global/conv_time.c, mail_conf_time.c,
mail_conf_int.c, mail_conf_long.c, mail_conf_bool.c; mystrtokq() in src/util/mystrtok.c for lists.
"""

import re
from functools import lru_cache
from typing import Final

import msgspec

_NUMBER: Final = re.compile(r"[ \t\n\v\f\r]*([+-]?[0-9]+)", re.ASCII)
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
# The daemons keep times and int parameters in a C int, long ones in a C long (64 bits on what runs today).
INT_MAX: Final = 2**31 - 1
LONG_MAX: Final = 2**63 - 1
# More digits than any bound has; int() would refuse a text of thousands of them.
_MOST_DIGITS: Final = 40
LIST_SEPARATORS: Final = ", \t\r\n"
_ITEM: Final = re.compile(f"[^{LIST_SEPARATORS}]+")


class BadValue(msgspec.Struct, frozen=True):
    """A text that the daemon refuses, and what it expects instead."""

    text: str
    expected: str

    def __str__(self) -> str:
        return f"{self.text!r} is not {self.expected}"


def _leading_number(text: str) -> tuple[int, str] | None:
    """What strtol(3) reads and the rest; it reads 0 and leaves everything where there is no number."""
    match = _NUMBER.match(text)
    if match is None:
        return 0, text
    digits = match.group(1)
    if len(digits) > _MOST_DIGITS:
        return None
    return int(digits), text[match.end() :]


def parse_seconds(text: str, default_unit: str = "s") -> int | BadValue:
    """The seconds of a time: digits and one letter of s m h d w; without a letter `default_unit` counts.

    What stands behind the letter does not matter to Postfix, and a lone letter is zero.
    """
    bad = BadValue(text, "a time: a whole number and one of s, m, h, d, w")
    number = _leading_number(text)
    if not text or number is None:
        return bad
    amount, rest = number
    factor = _SECONDS.get(rest[:1] or default_unit)
    if factor is None or not 0 <= amount <= INT_MAX or (factor > 1 and amount >= INT_MAX // factor):
        return bad
    return amount * factor


def format_seconds(seconds: int) -> str:
    """The shortest exact way to write that many seconds, in the largest fitting unit: `90s`, `2m`, `0s`."""
    for unit, factor in reversed(_SECONDS.items()):
        if seconds and seconds % factor == 0:
            return f"{seconds // factor}{unit}"
    return f"{seconds}s"


def parse_number(text: str, *, maximum: int = INT_MAX) -> int | BadValue:
    """A whole number, negative ones too. `maximum` is INT_MAX, or LONG_MAX for a parameter of kind long."""
    number = _leading_number(text)
    if not text or number is None or number[1] or not -maximum - 1 <= number[0] <= maximum:
        return BadValue(text, "a whole number")
    return number[0]


def parse_boolean(text: str) -> bool | BadValue:
    """`yes` or `no`, in capitals or not."""
    if (word := text.lower()) in ("yes", "no"):
        return word == "yes"
    return BadValue(text, "yes or no")


@lru_cache(maxsize=4096)
def split_items(text: str) -> tuple[str, ...]:
    """The elements of a list: between commas, blanks, tabs and line ends; `{ … }` is (part of) one element.

    Empty elements are dropped, and braces stay where they were written.
    """
    if "{" not in text:
        return tuple(_ITEM.findall(text))
    return tuple(text[start:end] for start, end in item_places(text))


def item_places(text: str, separators: str = LIST_SEPARATORS) -> tuple[tuple[int, int], ...]:
    """The first index of each element of a list, and the one behind its last."""
    places: list[tuple[int, int]] = []
    start, depth = -1, 0
    for index, character in enumerate(text):
        if depth == 0 and character in separators:
            if start >= 0:
                places.append((start, index))
            start = -1
            continue
        if start < 0:
            start = index
        if character == "{":
            depth += 1
        elif character == "}" and depth:
            depth -= 1
    if start >= 0:
        places.append((start, len(text)))
    return tuple(places)
