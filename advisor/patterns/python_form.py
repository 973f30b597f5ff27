"""A tree written for Python's `re`, over bytes: where the engine that Postfix uses is not at hand."""

import re

from advisor.patterns.reader import NotReadError
from advisor.patterns.tree import Alt, Chars, Edge, End, Group, Opaque, Repeat, Seq, Start, Tree

_EDGES = {"b": rb"\b", "B": rb"\B", "<": rb"\b(?=\w)", ">": rb"\b(?<=\w)"}


def python_form(tree: Tree) -> bytes:
    """The expression, to be compiled with re.DOTALL. Raises NotReadError for what a tree cannot say."""
    match tree:
        case Chars(mask):
            return _set(mask)
        case Seq(items):
            return b"".join(python_form(item) for item in items)
        case Alt(branches):
            return b"(?:" + b"|".join(python_form(branch) for branch in branches) + b")"
        case Repeat(item, least, most, is_atomic):
            bounds = b"{%d,%s}" % (least, b"" if most is None else b"%d" % most)
            return b"(?:" + python_form(item) + b")" + bounds + (b"+" if is_atomic else b"")
        case Group(item):
            return b"(" + python_form(item) + b")"
        case Start():
            return rb"\A"
        case End():
            return rb"\Z"
        case Edge(kind):
            return _EDGES[kind]
        case Opaque(text):
            raise NotReadError(text)


def _set(mask: int) -> bytes:
    members = [byte for byte in range(256) if mask >> byte & 1]
    if len(members) == 1:
        return re.escape(bytes(members))
    if not members:
        return b"(?!)"
    return b"[" + b"".join(b"\\x%02x" % byte for byte in members) + b"]"
