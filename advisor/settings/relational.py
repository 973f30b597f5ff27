"""The comparisons of `${{left} < {right} ? {a} : {b}}`.

Knowledge: mac_exp_eval() in src/util/mac_expand.c, and src/global/compat_level.c for the operators that end
in `level`, which compare Postfix releases number by number.
"""

import operator
import re
from collections.abc import Callable
from typing import Any, Final

from advisor.errors import SettingsError

_COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">=": operator.ge,
    ">": operator.gt,
}
OPERATOR_CHARACTERS: Final = "<>!=?+-*/~&|%"
_DIGITS: Final = re.compile(r"[0-9]+", re.ASCII)
_LEVEL: Final = re.compile(r"([0-9]{1,4})(?:\.([0-9]{1,4}))?(?:\.([0-9]{1,4}))?", re.ASCII)
# compat_level.c packs a level into 32 bits: 11 for the first two numbers, 10 for the last.
_LEVEL_LIMITS: Final = (2047, 2047, 1023)
_LONG_DIGITS: Final = 18  # every number of so many digits fits a C long


def comparison(symbol: str, suffix: str) -> Callable[[str, str], bool]:
    """The test that `symbol` and `suffix` stand for. Raises SettingsError where Postfix gives up.

    Without a suffix two texts of digits are compared as numbers and all others byte by byte; with the suffix
    `level` both are compatibility levels, such as 3.10. The test raises SettingsError for what is neither.
    """
    holds = _COMPARISONS.get(symbol)
    if holds is None:
        raise SettingsError(
            f"{symbol!r} is no comparison",
            cure="use one of " + ", ".join(_COMPARISONS) + " between the braces",
        )
    if suffix == "level":
        return lambda left, right: holds(_level(left), _level(right))
    if suffix:
        raise SettingsError(
            f"no comparison is called '{symbol}{suffix}'", cure=f"write {symbol} or {symbol}level"
        )

    def plain(left: str, right: str) -> bool:
        if _DIGITS.fullmatch(left) and _DIGITS.fullmatch(right):
            return holds(_number(left), _number(right))
        return holds(_bytes(left), _bytes(right))

    return plain


def _number(text: str) -> int:
    if len(text.lstrip("0")) > _LONG_DIGITS:
        raise SettingsError(f"the number {text[:_LONG_DIGITS]}… is too large to compare", cure="shorten it")
    return int(text.lstrip("0") or "0")


def _bytes(text: str) -> bytes:
    """What strcmp(3) sees. Undecodable bytes are surrogates in the text, and sort above ASCII too."""
    return text.encode("utf-8", "surrogatepass")


def _level(text: str) -> tuple[int, ...]:
    match = _LEVEL.fullmatch(text)
    numbers = tuple(int(part or 0) for part in match.groups()) if match else ()
    if not numbers or any(number > most for number, most in zip(numbers, _LEVEL_LIMITS, strict=True)):
        raise SettingsError(
            f"{text[:40]!r} is no compatibility level",
            cure="write it as major.minor.patch, for example 3.6",
        )
    return numbers
