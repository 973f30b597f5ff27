"""`name = value`, split as src/util/split_nameval.c does it: in main.cf and behind `-o` in master.cf."""

import re

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
    name = _NAME.match(text)
    if name is None:
        return NoAssignment("no parameter name before '='")
    equals = _EQUALS.match(text, name.end())
    if equals is None:
        return NoAssignment("no '=' behind the parameter name")
    value_start, value_end = equals.end(), len(text.rstrip(WHITE_SPACE))
    if value_start >= value_end:
        value_start = value_end = equals.end(1)
    return NameValue(name.start(1), name.end(1), value_start, value_end)


_NAME = re.compile(f"[{WHITE_SPACE}]*([^={WHITE_SPACE}]+)")
_EQUALS = re.compile(f"[{WHITE_SPACE}]*(=)[{WHITE_SPACE}]*")
