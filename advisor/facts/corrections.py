"""What must have been meant by a value that Postfix refuses, where there is one reading of it."""

import re
from typing import Final

from msgspec.structs import replace

from advisor.settings.catalogue import Kind
from advisor.settings.host_names import CHECKED_NAMES, refused_name
from advisor.settings.setting import Setting
from advisor.settings.values import BadValue

_YES: Final = frozenset({"true", "on", "1", "y", "enable", "enabled"})
_NO: Final = frozenset({"false", "off", "0", "n", "disable", "disabled"})
_TIME: Final = re.compile(
    r"(\d+) ?(s|m|h|d|w|sec|secs|seconds?|min|mins|minutes?|hrs?|hours?|days?|weeks?)",
    re.ASCII | re.IGNORECASE,
)
# A "MB" may be 1000 * 1000 bytes, to some.
_SIZE: Final = re.compile(r"(\d+) ?([kmg])(?:ib)?", re.ASCII | re.IGNORECASE)
_BYTES: Final = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
# The parameters that count bytes: by their last words, and two that are called a limit of something else.
_SIZES: Final = ("_size_limit", "_buffer_size", "queue_minfree", "virtual_mailbox_limit")
# More digits than any limit has.
_MOST_DIGITS: Final = 19
_QUOTES: Final = "\"'\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"


def corrected(setting: Setting, text: str) -> str:
    """The value that the text stands for, as Postfix writes it; empty if it may mean several, or none."""
    parameter = setting.parameter
    bare = text.strip(_QUOTES).strip()
    if parameter is None or "$" in text:
        return ""
    meant = {
        Kind.BOOL: _boolean,
        Kind.TIME: _time,
        Kind.INT: _number,
        Kind.LONG: _size if setting.name.endswith(_SIZES) else _number,
    }
    kind = parameter.kind(setting.release)
    if kind is Kind.INT and setting.name.endswith(_SIZES):
        kind = Kind.LONG
    found = meant[kind](bare) if kind in meant else ""
    if setting.name in CHECKED_NAMES:
        found = bare.removesuffix(".")
    return found if found != text and is_right(setting, found) else ""


def is_right(setting: Setting, text: str) -> bool:
    """Whether Postfix takes the text for this parameter; True where any text will do."""
    tried = replace(setting, text=text, normal=text, stress=text, unknown=frozenset(), problem=None)
    if setting.parameter is None or "$" in text:
        return True
    match setting.parameter.kind(setting.release):
        case Kind.BOOL:
            return not isinstance(tried.boolean(), BadValue)
        case Kind.TIME:
            return not isinstance(tried.seconds(), BadValue)
        case Kind.INT | Kind.LONG:
            return not isinstance(tried.number(), BadValue)
        case _:
            return refused_name(setting.name, text) is None


def _boolean(text: str) -> str:
    word = text.lower()
    if word in ("yes", "no"):
        return word
    return "yes" if word in _YES else "no" if word in _NO else ""


def _time(text: str) -> str:
    match = _TIME.fullmatch(text)
    if match is None or match[2] == "M":  # minutes, or months
        return _number(text)
    return match[1] + match[2][0].lower()


def _number(text: str) -> str:
    return text if text.isascii() and text.isdecimal() else ""


def _size(text: str) -> str:
    match = _SIZE.fullmatch(text)
    if match is None or len(match[1]) > _MOST_DIGITS:
        return _number(text)
    return str(int(match[1]) * _BYTES[match[2].lower()])
