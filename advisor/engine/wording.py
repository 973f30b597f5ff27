"""How a value looks to a person: numbers, times, shares, and text that is safe to print.

A value that comes from a log or a main.cf may have been written by an attacker. Whatever is not printable in
it is made visible, so that no escape sequence, line break or reordering mark reaches a terminal.
"""

from collections.abc import Callable
from math import floor, isfinite, log10

from advisor.engine.hints import plain
from advisor.missing import Missing

_SIGNIFICANT_DIGITS = 3
_SHORT = 72
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_SURROGATE_BYTES = range(0xDC80, 0xDD00)


def visible(text: str) -> str:
    r"""`text` with what is unprintable spelled out: `\x1b`, `\n`, `\u202e`; a byte outside UTF-8: `\xff`."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _spelled(char) for char in text)


def short(value: object) -> str:
    """The text, cut where it is longer than a line of a report; it is made visible when it is written."""
    text = str(value)
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def _spelled(char: str) -> str:
    code = ord(char)
    if code in _SURROGATE_BYTES:
        return f"\\x{code - 0xDC00:02x}"
    return char.encode("unicode_escape").decode("ascii")


def number(value: object) -> str:
    """A number with three significant digits and all of its whole part: 0.01234 -> 0.0123, 1234.5 -> 1234."""
    return _numeric(value, _rounded)


def percent(value: object) -> str:
    """A share as a percentage: 0.83 -> 83 %."""
    return _numeric(value, lambda share: f"{_rounded(share * 100)} %")


def seconds(value: object) -> str:
    """A time in its two largest units: 45 -> 45 s, 5400 -> 1 h 30 min."""
    return _numeric(value, _time)


def _numeric(value: object, write: Callable[[float], str]) -> str:
    if isinstance(value, Missing):
        return "unknown"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is not a number")
    return write(value)


def _rounded(value: float) -> str:
    if not isfinite(value):
        return "unlimited" if value > 0 else "not a number"
    if value == 0 or isinstance(value, int):
        return str(int(value))
    places = max(0, _SIGNIFICANT_DIGITS - 1 - floor(log10(abs(value))))
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _time(value: float) -> str:
    if not isfinite(value) or abs(value) < 60:
        return f"{_rounded(value)} s"
    if value < 0:
        return f"-{_time(-value)}"
    index = next(place for place, (size, _) in enumerate(_UNITS) if value >= size)
    larger, smaller = _UNITS[index], _UNITS[index + 1]
    # Rounded in the smaller unit first: 3599.9 s is 1 h, not 59 min 60 s.
    whole, rest = divmod(round(value / smaller[0]), larger[0] // smaller[0])
    if index > 0 and whole * larger[0] == _UNITS[index - 1][0]:
        return f"1 {_UNITS[index - 1][1]}"
    return f"{whole} {larger[1]}" + (f" {rest} {smaller[1]}" if rest else "")


def written(value: object) -> str:
    """Any value, as it stands in prose: yes and no, rounded numbers, lists with commas, visible text."""
    value = plain(value)
    if isinstance(value, Missing):
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return _rounded(value)
    if isinstance(value, tuple | list):
        return ", ".join(written(item) for item in value)
    return visible(str(value))
