"""The comparisons of `${{left} < {right} ? {a} : {b}}`.

Knowledge: mac_exp_eval() in src/util/mac_expand.c, and src/global/compat_level.c for the operators that end
in `level`, which compare Postfix releases number by number.
"""

import operator
import re
from collections.abc import Callable
from typing import Any, Final

import msgspec

from advisor.settings.values import LONG_MAX

_COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">=": operator.ge,
    ">": operator.gt,
}
# No C long has more; int() would refuse a text of thousands of them.
_MOST_DIGITS: Final = 30
OPERATOR_CHARACTERS: Final = "<>!=?+-*/~&|%"
_DIGITS: Final = re.compile(r"[0-9]+", re.ASCII)
_NUMBER = r"[ \t\n\v\f\r]*[+-]?[0-9]{1,30}"  # what strtol(3) reads
_LEVEL: Final = re.compile(rf"({_NUMBER})(?:\.({_NUMBER}))?(?:\.({_NUMBER}))?", re.ASCII)
# compat_level.c packs a level into a C long: 10 bits each for the last two numbers.
_LEVEL_LIMITS: Final = (LONG_MAX >> 20, 1023, 1023)


class BadLevel(msgspec.Struct, frozen=True):
    """A text that is compared as a compatibility level and is none."""

    text: str


class BadNumber(msgspec.Struct, frozen=True):
    """A number that fits no C long, on which Postfix gives up."""

    text: str


def is_comparison(symbol: str) -> bool:
    """Whether Postfix knows the operator."""
    return symbol in _COMPARISONS


def is_suffix(suffix: str) -> bool:
    """Whether there is a comparison of that kind."""
    return suffix in ("", "level")


def comparison(symbol: str, suffix: str) -> Callable[[str, str], bool | BadLevel | BadNumber]:
    """The test that a known `symbol` and `suffix` stand for.

    Without a suffix two texts of digits are compared as numbers and all others byte by byte; with the suffix
    `level` both are compatibility levels, such as 3.10.
    """
    holds = _COMPARISONS[symbol]
    return _by_level(holds) if suffix == "level" else _plain(holds)


def _by_level(holds: Callable[[Any, Any], bool]) -> Callable[[str, str], bool | BadLevel]:
    def test(left: str, right: str) -> bool | BadLevel:
        levels = [_level(left), _level(right)]
        for text, level in zip((left, right), levels, strict=True):
            if level is None:
                return BadLevel(text)
        return holds(*levels)

    return test


def _plain(holds: Callable[[Any, Any], bool]) -> Callable[[str, str], bool | BadNumber]:
    def test(left: str, right: str) -> bool | BadNumber:
        if not (_DIGITS.fullmatch(left) and _DIGITS.fullmatch(right)):
            return holds(_bytes(left), _bytes(right))
        for text in (left, right):
            if len(text.lstrip("0")) > _MOST_DIGITS or int(text.lstrip("0") or "0") > LONG_MAX:
                return BadNumber(text)
        return holds(int(left.lstrip("0") or "0"), int(right.lstrip("0") or "0"))

    return test


def _bytes(text: str) -> bytes:
    """What strcmp(3) sees. Undecodable bytes are surrogates in the text, and sort above ASCII too."""
    return text.encode("utf-8", "surrogatepass")


def _level(text: str) -> tuple[int, ...] | None:
    match = _LEVEL.fullmatch(text)
    numbers = tuple(int(part or 0) for part in match.groups()) if match else ()
    if not numbers or any(
        not 0 <= number <= most for number, most in zip(numbers, _LEVEL_LIMITS, strict=True)
    ):
        return None
    return numbers
