"""Text in braces: `{ … }`.

Knowledge: balpar() in src/util/balpar.c, extpar() in src/util/extpar.c.
"""

import msgspec


class Unbraced(msgspec.Struct, frozen=True):
    """What stands between the braces, white space and all; `problem` in Postfix's words, empty if none."""

    text: str
    problem: str = ""


def unbraced(text: str) -> Unbraced:
    """What stands between the first character, a brace, and the one that closes it.

    Without a closing brace it reaches to the end; what stands behind the closing one is dropped.
    """
    depth = 0
    for index, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            problem = "" if index + 1 == len(text) else f"syntax error after '}}' in \"{text}\""
            return Unbraced(text[1:index], problem)
    return Unbraced(text[1:], f"missing '}}' in \"{text}\"")
