"""What a regular expression matches, as a tree over bytes.

A set of bytes is an int: bit n stands for byte n. Trees are compared with `==`: two patterns with one tree
match the same lines, whichever engine they are written for.
"""

import msgspec

ALL = (1 << 256) - 1
NOTHING = 0


class Chars(msgspec.Struct, frozen=True):
    """One byte of the set."""

    mask: int


class Seq(msgspec.Struct, frozen=True):
    """One after the other; empty: the empty text."""

    items: tuple["Tree", ...]


class Alt(msgspec.Struct, frozen=True):
    """One of these."""

    branches: tuple["Tree", ...]


class Repeat(msgspec.Struct, frozen=True):
    """From `least` to `most` times (None: without end). `is_atomic`: the engine gives nothing back."""

    item: "Tree"
    least: int
    most: int | None
    is_atomic: bool = False


class Start(msgspec.Struct, frozen=True):
    """The beginning of the line."""


class End(msgspec.Struct, frozen=True):
    """The end of the line."""


class Edge(msgspec.Struct, frozen=True):
    """The edge of a word, by the letter that asks for it: `b`, `<` or `>`; `B`: where none is."""

    kind: str


class Group(msgspec.Struct, frozen=True):
    """What `$number` may stand for."""

    item: "Tree"


class Opaque(msgspec.Struct, frozen=True):
    """Something that a tree cannot say: a reference back, a look around. It may match any text, or none."""

    text: str


Tree = Chars | Seq | Alt | Repeat | Start | End | Edge | Group | Opaque

EMPTY = Seq(())


def byte_set(members: str | bytes) -> int:
    """The mask of these bytes."""
    data = members.encode("latin-1") if isinstance(members, str) else members
    mask = 0
    for byte in data:
        mask |= 1 << byte
    return mask


UPPER = byte_set(bytes(range(ord("A"), ord("Z") + 1)))
LOWER = UPPER << 32


def both_cases(mask: int) -> int:
    """The set with each letter in capitals and in small letters."""
    return mask | (mask & UPPER) << 32 | (mask & LOWER) >> 32


def children(tree: Tree) -> tuple[Tree, ...]:
    """The trees that it is made of."""
    match tree:
        case Seq(items):
            return items
        case Alt(branches):
            return branches
        case Repeat(item) | Group(item):
            return (item,)
    return ()


def has(tree: Tree, *kinds: type) -> bool:
    """Whether the tree holds one of these kinds, itself among them."""
    return isinstance(tree, kinds) or any(has(child, *kinds) for child in children(tree))


def is_inexact(tree: Tree) -> bool:
    """Whether an automaton matches more than the tree: it leaves out edges of words, and what an atomic part
    keeps.
    """
    is_atomic = isinstance(tree, Repeat) and tree.is_atomic
    return is_atomic or isinstance(tree, Edge) or any(map(is_inexact, children(tree)))


def least_length(tree: Tree) -> int:
    """The fewest bytes that a match has."""
    match tree:
        case Chars():
            return 1
        case Alt(branches):
            return min(map(least_length, branches), default=0)
        case Repeat(item, least):
            return least * least_length(item)
    return sum(map(least_length, children(tree)))


def has_dead_end(tree: Tree) -> bool:
    """Whether some place of it takes no byte at all."""
    return tree == Chars(NOTHING) or any(map(has_dead_end, children(tree)))


def has_nested_repeat(tree: Tree) -> bool:
    """Whether a repetition without end has a choice within: only then a text may go around in two ways."""
    if isinstance(tree, Repeat) and tree.most is None and has(tree.item, Repeat, Alt):
        return True
    return any(map(has_nested_repeat, children(tree)))


def groups(tree: Tree) -> int:
    """How many groups it has that a `$number` may name."""
    return isinstance(tree, Group) + sum(groups(child) for child in children(tree))


def anchored_at_ends(tree: Tree, *, is_first: bool = True, is_last: bool = True) -> Tree:
    """The tree with each anchor that has something before `^`, or behind `$`, made Opaque."""
    match tree:
        case Start():
            return tree if is_first else Opaque("^")
        case End():
            return tree if is_last else Opaque("$")
        case Seq(items):
            last = len(items) - 1
            return Seq(
                tuple(
                    anchored_at_ends(item, is_first=is_first and at == 0, is_last=is_last and at == last)
                    for at, item in enumerate(items)
                )
            )
        case Alt(branches):
            return Alt(tuple(anchored_at_ends(each, is_first=is_first, is_last=is_last) for each in branches))
        case Group(item):
            return Group(anchored_at_ends(item, is_first=is_first, is_last=is_last))
        case Repeat(item, least, most, is_atomic):
            return Repeat(anchored_at_ends(item, is_first=False, is_last=False), least, most, is_atomic)
    return tree


def bare(tree: Tree) -> Tree:
    """The tree without its groups: what it matches, and no more."""
    match tree:
        case Group(item):
            return bare(item)
        case Seq(items):
            return Seq(tuple(bare(item) for item in items))
        case Alt(branches):
            return Alt(tuple(bare(branch) for branch in branches))
        case Repeat(item, least, most, is_atomic):
            return Repeat(bare(item), least, most, is_atomic)
    return tree
