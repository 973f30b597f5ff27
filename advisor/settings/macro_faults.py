"""What can be wrong with a `$` in a value, in the terms of Postfix's own parser.

Knowledge: the warnings of src/util/mac_parse.c, src/util/mac_expand.c, src/util/mac_midna.c and
src/global/compat_level.c.
"""

from enum import Enum, auto

import msgspec


class Broken(Enum):
    """What is wrong. The parts of a Fault are what Postfix's warning shows of it, in its order."""

    TRUNCATED = auto()  # value: no brace closes the macro
    NO_NAME = auto()  # value
    NAME = auto()  # text before, text after
    NESTING = auto()  # the text where Postfix gave up
    UNBALANCED = auto()  # text from the brace on
    OPERATOR = auto()  # left side, text after
    SUFFIX = auto()  # operator, suffix
    NO_OPERAND = auto()  # left side, operator, text after
    NO_BRANCH = auto()  # text after the comparison
    NO_COLON = auto()  # text of the branch, text after
    LEFTOVER = auto()  # text of the branch, text after
    LEVEL = auto()  # text that is no compatibility level
    DOMAIN = auto()  # function, text that is no domain name
    NUMBER = auto()  # text of a number that is too large: Postfix stops at once
    SIZE = auto()  # nothing: Postfix would go on until memory ends


class Fault(msgspec.Struct, frozen=True):
    """One fault of a value; `message` and `cure` are for an administrator."""

    broken: Broken
    parts: tuple[str, ...]
    message: str
    cure: str
