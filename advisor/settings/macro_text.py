"""The pieces that a value with macros is cut into.

Knowledge: src/util/mac_parse.c, extpar.c and balpar.c in src/util.
"""

import re
from typing import Final

_SPACE: Final = " \t\r\n"
_NAME: Final = re.compile(r"[A-Za-z0-9_]*", re.ASCII)
_NEST: Final = {"{": re.compile(r"[{}]"), "(": re.compile(r"[()]")}
# The brace or parenthesis that closes a macro, by the one that opens it.
CLOSING: Final = {"{": "}", "(": ")"}


def short(text: str) -> str:
    """The text as a message quotes it: the beginning, if it is long."""
    return repr(text if len(text) <= 60 else text[:59] + "…")


def name_at(text: str, index: int) -> str:
    """The name that begins at the index; empty if none does."""
    match = _NAME.match(text, index)
    return match.group() if match else ""


def skip_space(text: str, index: int) -> int:
    """The index of the first character from there on that is no white space, or the end."""
    while index < len(text) and text[index] in _SPACE:
        index += 1
    return index


def end_of_group(text: str, opening: int) -> int | None:
    """The index behind the brace or parenthesis that closes the one at `opening`; None if nothing does."""
    depth = 0
    for match in _NEST[text[opening]].finditer(text, opening):
        depth += 1 if match.group() == text[opening] else -1
        if depth == 0:
            return match.end()
    return None
