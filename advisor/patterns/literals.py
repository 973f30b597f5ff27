"""The texts that each match of a tree must contain, whatever else it holds.

They are read off the tree and hold for every line: what stands in a branch, or may be left out, does not
count. Letters are folded to small ones, so a text is to be looked for without regard to case.
"""

from advisor.patterns.tree import Alt, Chars, Edge, End, Group, Repeat, Seq, Start, Tree, both_cases

_TEXT = {mask: chr(byte).lower() for byte in range(32, 127) for mask in (1 << byte, both_cases(1 << byte))}


def required_texts(tree: Tree) -> frozenset[str]:
    """The texts of printable ASCII that every line which matches must contain, each as long as it goes."""
    texts: set[str] = set()
    texts.add(_walk(tree, "", texts))
    return frozenset(text for text in texts if text)


def anchored_text(tree: Tree) -> str:
    """The text that every line which matches must begin with; empty where there is none."""
    match tree:
        case Group(item):
            return anchored_text(item)
        case Seq((Start(), *rest)):
            return _prefix(Seq(tuple(rest)))[0]
        case Alt(branches):
            return _common_prefix([anchored_text(branch) for branch in branches])
    return ""


def _walk(tree: Tree, before: str, texts: set[str]) -> str:
    """The text that ends where the tree ends, `before` being the one that ends where it begins."""
    match tree:
        case Chars(mask) if mask in _TEXT:
            return before + _TEXT[mask]
        case Group(item):
            return _walk(item, before, texts)
        case Seq(items):
            for item in items:
                before = _walk(item, before, texts)
            return before
        case Repeat(item, least) if least > 0:
            texts.add(_walk(item, before, texts))
            return ""
        case Edge():
            return before
    texts.add(before)
    return ""


def _prefix(tree: Tree) -> tuple[str, bool]:
    """The text that each match of the tree begins with, and whether it is all of the match."""
    match tree:
        case Chars(mask) if mask in _TEXT:
            return _TEXT[mask], True
        case Group(item):
            return _prefix(item)
        case Seq(items):
            text = ""
            for item in items:
                more, is_all = _prefix(item)
                text += more
                if not is_all:
                    return text, False
            return text, True
        case Alt(branches):
            return _common_prefix([_prefix(branch)[0] for branch in branches]), False
        case Repeat(item, least) if least > 0:
            return _prefix(item)[0], False
        case Edge() | Start() | End():
            return "", True
    return "", False


def _common_prefix(texts: list[str]) -> str:
    shortest = min(texts, key=len)
    for index, char in enumerate(shortest):
        if any(text[index] != char for text in texts):
            return shortest[:index]
    return shortest


def common_texts(some: frozenset[str], others: frozenset[str], least: int) -> frozenset[str]:
    """The longest texts of at least `least` bytes that are part of one of `some` and of one of `others`."""
    found = {common for one in some for other in others for common in _common(one, other, least)}
    return frozenset(text for text in found if not any(text != other and text in other for other in found))


def _common(one: str, other: str, least: int) -> set[str]:
    """The common parts of two texts that no common part encloses at the same place of `one`."""
    found: set[str] = set()
    end = 0
    for start in range(len(one)):
        stop = max(end, start)
        while stop < len(one) and one[start : stop + 1] in other:
            stop += 1
        if stop > end and stop - start >= least:
            found.add(one[start:stop])
        end = max(end, stop)
    return found
