"""The shape of a line: what stays when everything that varies is taken out of it.

Lines that the grammar does not know are counted by it. Nothing of a person is left: no local part, no
address, no quoted text.
"""

import re

_LONGEST = 120
# A shape is short; what stands far behind does not reach it.
_READ = 1_000

# One pass from left to right. Each alternative has a beginning of its own, so that a text is walked once.
_VARYING = re.compile(
    r"(?P<id>^(?:NOQUEUE|[0-9A-Z]{5,}|(?=[A-Za-z]*\d)[0-9A-Za-z]{10,})(?=: ))"
    r"|<[^<>]*>?"
    r'|"[^"]*"?'
    r"|(?<![^\s=:(])'[^']*'?"
    r"|\[[^\[\]]*\]?(?::\d+)?"
    r"|(?P<word>[^\s<>\"\[\]'=,;()]+)"
)


def masked(text: str) -> str:
    """The shape of a line's text, of at most 120 characters; the shape of a shape is itself."""
    return _VARYING.sub(_mask, text[:_READ])[:_LONGEST].rstrip()


def _mask(found: re.Match[str]) -> str:
    if found["id"]:
        return "ID"
    word = found["word"]
    if word is None:
        return found[0][0] + {"<": ">", '"': '"', "'": "'", "[": "]"}[found[0][0]]
    if any(sign in word for sign in "@/\\.") or any(letter.isdigit() for letter in word):
        return _of_word(word)
    return word if word.isascii() and word.isprintable() else "*"


def _of_word(word: str) -> str:
    end = word[-1] if word[-1] in ":.!" else ""
    return "*" + end
