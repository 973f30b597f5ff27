"""The shape of a line: what stays when everything that varies is taken out of it.

Lines that the grammar does not know are counted by it. Nothing of a person is left: no local part, no
address, no quoted text.
"""

import re

_LONGEST = 120
# A shape is short; what stands far behind does not reach it.
_READ = 1_000

_QUEUE_ID = re.compile(r"([0-9A-Za-z]{5,}): ")
# One pass from left to right. Each alternative has a beginning of its own, so that a text is walked once.
_VARYING = re.compile(
    r"<[^<>]*>?"
    r'|"[^"]*"?'
    r"|'[^']*'?"
    r"|\[[^\[\]]*\]?(?::\d+)?"
    r"|(?P<word>[^\s<>\"\[\]=,;()]+)"
)
_CLOSING = {"<": ">", '"': '"', "'": "'", "[": "]"}


def masked(text: str) -> str:
    """The shape of a line's text, of at most 120 characters; the shape of a shape is itself."""
    begin = text[:_READ]
    found = _QUEUE_ID.match(begin)
    if found and (found[1].isupper() or any(letter.isdigit() for letter in found[1])):
        begin = "ID: " + begin[found.end() :]
    return _VARYING.sub(_mask, begin)[:_LONGEST].rstrip()


def _mask(found: re.Match[str]) -> str:
    word = found["word"]
    if word is None:
        return found[0][0] + _CLOSING[found[0][0]]
    if any(sign in word for sign in "@/\\.") or any(letter.isdigit() for letter in word):
        return "*:" if word.endswith(":") else "*"
    return word if word.isascii() and word.isprintable() else "*"
