"""`name = value`, split as src/util/split_nameval.c does it: in main.cf and behind `-o` in master.cf."""

import msgspec

from advisor.syntax.source import WHITE_SPACE


class NameValue(msgspec.Struct, frozen=True):
    """Where the parts of `name = value` are in the text that was split; ends are exclusive.

    An empty value is at the place behind the `=`.
    """

    name_start: int
    name_end: int
    value_start: int
    value_end: int


class NoAssignment(msgspec.Struct, frozen=True):
    """Why a text is no `name = value`."""

    problem: str


def split_name_value(text: str) -> NameValue | NoAssignment:
    """The parts of `text`: the name ends at white space or `=`; that around both is dropped."""
    name_start = _skip(text, 0)
    if text[name_start : name_start + 1] in ("", "="):
        return NoAssignment("no parameter name before '='")
    name_end = name_start
    while name_end < len(text) and text[name_end] != "=" and text[name_end] not in WHITE_SPACE:
        name_end += 1
    equals = _skip(text, name_end)
    if text[equals : equals + 1] != "=":
        return NoAssignment("no '=' behind the parameter name")
    value_start, value_end = _skip(text, equals + 1), len(text.rstrip(WHITE_SPACE))
    if value_start >= value_end:
        value_start = value_end = equals + 1
    return NameValue(name_start, name_end, value_start, value_end)


def _skip(text: str, index: int) -> int:
    while index < len(text) and text[index] in WHITE_SPACE:
        index += 1
    return index
